"""The word service where it is no keyword: answered as any other query, with the right rows."""

from __future__ import annotations

import csv
import io

import pytest

# A query with one column ?x, and the values it must give.
LOOK_ALIKES = {
    "a literal": ("SELECT ?x { BIND('SERVICE <http://a/> {}' AS ?x) }", "SERVICE <http://a/> {}"),
    "a literal, escaped": ("SELECT ?x { BIND('\\u0053ERVICE' AS ?x) }", "SERVICE"),
    "a long literal": ("SELECT ?x { BIND('''it's a\nSERVICE''' AS ?x) }", "it's a\nSERVICE"),
    "a literal with a language": ("SELECT ?x { BIND('service public'@fr AS ?x) }", "service public"),
    "a literal with a quote": ("SELECT ?x { BIND('\\'SERVICE<a:b>{}' AS ?x) }", "'SERVICE<a:b>{}"),
    "a language": ("SELECT ?x { BIND(LANG('a'@service) AS ?x) }", "service"),
    "a datatype": ("SELECT ?x { BIND(DATATYPE('a'^^<urn:service>) AS ?x) }", "urn:service"),
    "an IRI": ("SELECT ?x { BIND(<urn:x:SERVICE> AS ?x) }", "urn:x:SERVICE"),
    "a scheme": ("SELECT ?x { BIND(<service:x> AS ?x) }", "service:x"),
    "an IRI with a fragment": ("SELECT ?x { BIND(<http://a/#Service> AS ?x) }", "http://a/#Service"),
    "a comment": ("SELECT ?x { BIND(1 AS ?x) } # SERVICE <http://a/> {}", "1"),
    "a comment first": ("# SERVICE <http://a/> { ?s ?p ?o }\nSELECT ?x { BIND(1 AS ?x) }", "1"),
    "a comment ended by CR": ("SELECT ?x { #SERVICE <a:b> {}\rBIND(1 AS ?x) }", "1"),
    "a variable": ("SELECT (?service AS ?x) { BIND(1 AS ?service) }", "1"),
    "a variable, dollar": ("SELECT (?SERVICE AS ?x) { BIND(1 AS $SERVICE) }", "1"),
    "a variable that begins so": ("SELECT (?serviceX AS ?x) { BIND(1 AS ?serviceX) }", "1"),
    "two variables": (
        "SELECT ?x { BIND(1 AS ?service) BIND(2 AS ?servixe) BIND(?service AS ?x) }",
        "1",
    ),
    "a prefix": ("PREFIX service: <http://a/> SELECT ?x { BIND(service:b AS ?x) }", "http://a/b"),
    "a prefix, Service": ("PREFIX Service: <http://a/> SELECT ?x {BIND(Service: AS ?x)}", "http://a/"),
    "a prefix, SERVICE": ("PREFIX SERVICE: <urn:> SELECT ?x { BIND(SERVICE:b AS ?x) }", "urn:b"),
    "a prefix with a dash": ("PREFIX a-service: <urn:> SELECT ?x {BIND(a-service:b AS ?x)}", "urn:b"),
    "a local name": ("PREFIX ex: <urn:> SELECT ?x { BIND(ex:SERVICE AS ?x) }", "urn:SERVICE"),
    "a local name, empty prefix": ("PREFIX : <urn:> SELECT ?x { BIND(:service AS ?x) }", "urn:service"),
    "prefix and local name": (
        "PREFIX service: <urn:> SELECT ?x { BIND(service:service AS ?x) }",
        "urn:service",
    ),
    "a class of the project": (
        "SELECT ?x { BIND(cv:PublicService AS ?x) }",
        "http://data.europa.eu/m8g/PublicService",
    ),
    "a blank node": ("SELECT ?x { BIND(1 AS ?x) OPTIONAL { _:service ?p ?o } } LIMIT 1", "1"),
    "a predicate": ("SELECT ?x { BIND(1 AS ?x) OPTIONAL { ?s <urn:service> ?o } }", "1"),
    "a path": (
        "PREFIX service: <urn:> SELECT ?x { BIND(1 AS ?x) OPTIONAL { ?s service:a/service:b+ ?o } }",
        "1",
    ),
    "an object before a group": (
        "PREFIX SERVICE: <urn:> SELECT ?x { BIND(1 AS ?x) OPTIONAL { ?s ?p SERVICE:b {} } }",
        "1",
    ),
    "a graph": ("SELECT ?x { BIND(1 AS ?x) OPTIONAL { GRAPH <urn:service> { ?s ?p ?o } } }", "1"),
    "a regular expression": ("SELECT ?x { BIND(REGEX('a service', 'SERVICE', 'i') AS ?x) }", "true"),
    "a comparison": ("SELECT ?x { BIND('a'<'service'AS ?x) }", "true"),
    "a replacement": ("SELECT ?x { BIND(REPLACE('service', 's', 'S') AS ?x) }", "Service"),
    "a row of VALUES": ("SELECT ?x { VALUES ?x { 'service' } }", "service"),
    "an alias": ("SELECT ?x { { SELECT (1 AS ?service) {} } BIND(?service AS ?x) }", "1"),
    "a group key": ("SELECT (?service AS ?x) { BIND(1 AS ?service) } GROUP BY ?service", "1"),
    "an order": ("SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?service) } ORDER BY DESC(?service)", "1"),
    "words of updates": ("SELECT ?x { BIND('LOAD <http://a/>; INSERT' AS ?x) }", "LOAD <http://a/>; INSERT"),
    "a variable named load": ("SELECT (?load AS ?x) { BIND(1 AS ?load) }", "1"),
    "a prefix named silent": ("PREFIX silent: <urn:> SELECT ?x { BIND(silent:x AS ?x) }", "urn:x"),
    "a word that only begins so": ("SELECT ?x { BIND(<urn:servicing> AS ?x) }", "urn:servicing"),
}  # fmt: skip


def test_as_many_as_promised():
    assert len(LOOK_ALIKES) == 41


@pytest.mark.parametrize("way", ["GET", "form", "body"])
@pytest.mark.parametrize("name", LOOK_ALIKES)
def test_it_is_answered(name: str, way: str, client):
    query, expected = LOOK_ALIKES[name]
    headers = {"Accept": "text/csv"}
    if way == "GET":
        answer = client.get("/sparql", params={"query": query}, headers=headers)
    elif way == "form":
        answer = client.post("/sparql", data={"query": query}, headers=headers)
    else:
        headers["Content-Type"] = "application/sparql-query"
        answer = client.post("/sparql", content=query.encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert rows == [["x"], [expected]]
