"""No query makes the service call another host, however SERVICE is disguised.

Each disguise is first shown to be real: the engine, asked without the guard, does connect.
"""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest

from coopdec_graph.errors import QueryForbidden, QuerySyntaxError
from coopdec_graph.graph.query import refuse_federation

# %s is the listener's IRI; `ex:` and `:` are prefixes of it.
DISGUISES = {
    "plain": "SELECT * { SERVICE <%s> { ?a ?b ?c } }",
    "case": "SELECT * { sErViCe <%s> { ?a ?b ?c } }",
    "silent": "SELECT * { SERVICE SILENT <%s> { ?a ?b ?c } }",
    "silent, no spaces": "SELECT*{SERVICE SILENT<%s>{?a ?b ?c}}",
    "after a dot, no spaces": "SELECT * { ?s ?p ?o.SERVICE<%s>{?a ?b ?c}}",
    "after a bracket": "SELECT*{BIND(1AS?n)SERVICE<%s>{?a ?b ?c}}",
    "prefixed name": "SELECT * { SERVICE ex:foo { ?a ?b ?c } }",
    "empty prefix, no space": "SELECT * { SERVICE:foo{?a ?b ?c}}",
    "variable": "SELECT * { BIND(<%s> AS ?e) LATERAL { SERVICE ?e { ?a ?b ?c } } }",
    "comments": "SELECT * { #SERVICE\n SERVICE #'\n <%s> #\"\n { ?a ?b ?c } }",
    "carriage return ends a comment": "SELECT * { #\rSERVICE <%s> { ?a ?b ?c } }",
    "after an escaped quote": "SELECT * { BIND('\\'' AS ?n) SERVICE <%s> { ?a ?b ?c } }",
    "after an escaped backslash": "SELECT * { BIND('\\\\' AS ?n) SERVICE <%s> { ?a ?b ?c } #'\n }",
    "between names with a quote": "SELECT * { BIND(ex:a\\' AS ?n) SERVICE <%s> { ?a ?b ?c } BIND(ex:a\\' AS ?m) }",
    "after an escaped bracket": "SELECT * { BIND(ex:a\\( AS ?n) SERVICE <%s> { ?a ?b ?c } }",
    "less than, then a comment": "SELECT * { ?s ?p ?o FILTER(?o<2)SERVICE#>\n<%s>{?a ?b ?c}}",
    "less than a string": "SELECT * { BIND(1 AS ?o) BIND(?o<'b>c' AS ?n)SERVICE<%s>{?a ?b 'z'}}",
    "less than a number": "SELECT * { BIND(1<2AS?n)SERVICE#>\n<%s>{?a ?b ?c}}",
    "after an escape in an IRI": "SELECT * { BIND(<ex:\\u0041#> AS ?n) SERVICE <%s> { ?a ?b ?c } }",
    "after a long string": "SELECT * { BIND('''a'b''c\"\"\"''' AS ?n) SERVICE <%s> { ?a ?b ?c } #'''\n }",
    "after 100 kB of string": f"SELECT * {{ BIND('{'x' * 100_000}' AS ?n) SERVICE <%s> {{ ?a ?b ?c }} }}",
    "in EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <%s> { ?a ?b ?c } } }",
    "in a sub-select": "SELECT * { { SELECT * { SERVICE <%s> { ?a ?b ?c } } } }",
    "in MINUS": "SELECT * { ?s ?p ?o MINUS { SERVICE <%s> { ?s ?p ?o } } }",
    "in OPTIONAL": "SELECT * { ?s ?p ?o OPTIONAL { SERVICE <%s> { ?s ?p ?o } } }",
    "in UNION": "SELECT * { {} UNION { SERVICE <%s> { ?a ?b ?c } } }",
    "in GRAPH": "SELECT * { GRAPH ?g { SERVICE <%s> { ?a ?b ?c } } }",
    "in the projection": "SELECT (EXISTS { SERVICE <%s> { ?a ?b ?c } } AS ?n) {}",
    "in ORDER BY": "SELECT * { ?s ?p ?o } ORDER BY EXISTS { SERVICE <%s> { ?a ?b ?c } }",
    "in HAVING": "SELECT (1 AS ?n) {} HAVING (EXISTS { SERVICE <%s> { ?a ?b ?c } })",
    "in LATERAL": "SELECT * { LATERAL { SERVICE <%s> { ?a ?b ?c } } }",
    "in ASK": "ASK { SERVICE <%s> { ?a ?b ?c } }",
    "in CONSTRUCT": "CONSTRUCT { ?a ?b ?c } { SERVICE <%s> { ?a ?b ?c } }",
    "in DESCRIBE": "DESCRIBE ?a { SERVICE <%s> { ?a ?b ?c } }",
    "after a triple term": "SELECT * { BIND(<<(<a:a><a:b>'x>')>>AS?n)SERVICE<%s>{?a ?b 'o'}}",
    "after a version": "VERSION '1.2' SELECT * { SERVICE<%s>{?a ?b ?c}}",
    "a prefix of that name": "PREFIX service: <%s> SELECT * { SERVICE service:x { ?a ?b ?c } }",
}


def query(disguise: str, iri: str) -> str:
    prologue = f"PREFIX ex: <{iri}#> PREFIX : <{iri}#>\n"
    version, _, rest = disguise.rpartition("' SELECT")
    if version.startswith("VERSION"):
        return f"{version}' {prologue}SELECT{rest.replace('%s', iri)}"
    return prologue + disguise.replace("%s", iri)


@pytest.fixture(scope="module")
def unguarded() -> ox.Store:
    store = ox.Store()
    subject, predicate = ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p")
    graph = ox.NamedNode("http://example.org/g")
    store.add(ox.Quad(subject, predicate, ox.Literal(1)))
    store.add(ox.Quad(subject, predicate, ox.Literal(1), graph))
    return store


def ask_engine(store: ox.Store, text: str) -> str:
    """How the engine answers without any guard: 'answered', 'syntax', or the error's name."""
    try:
        result = store.query(text)
        if not isinstance(result, ox.QueryBoolean):
            list(result)
    except SyntaxError:
        return "syntax"
    except Exception as error:
        return type(error).__name__
    return "answered"


@pytest.mark.parametrize("name", DISGUISES)
def test_the_disguise_is_real(name, listener, unguarded):
    before = listener.settled()
    outcome = ask_engine(unguarded, query(DISGUISES[name], listener.iri))
    assert outcome != "syntax"
    assert listener.settled() > before


@pytest.mark.parametrize("name", DISGUISES)
def test_service_is_refused_and_nothing_is_called(name, client, listener):
    text = query(DISGUISES[name], listener.iri)
    before = listener.settled()
    answer = client.post("/sparql", data={"query": text}, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["detail"], answer.json()["code"]) == (
        403,
        "SERVICE is refused: this endpoint never queries another server.",
        "QueryForbidden",
    )
    assert listener.settled() == before


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { \\u0053ERVICE <%s> { ?a ?b ?c } }",
        "SELECT * { SERV\\u0049CE <%s> { ?a ?b ?c } }",
        "SELECT * { \u017fERVICE <%s> { ?a ?b ?c } }",
        "SELECT * { BIND('a\\u0027 AS ?n) SERVICE <%s> { ?a ?b ?c } #'\n }",
        "SELECT * { #\r'''\nSERVICE <%s> { ?a ?b ?c } #'''\n}",
        "SELECT * { SERVICE <%s> { ?a ?b ?c }",
    ],
)
def test_what_the_engine_cannot_read_is_a_syntax_error(text, client, listener):
    before = listener.settled()
    answer = client.post("/sparql", data={"query": text.replace("%s", listener.iri)})
    assert (answer.status_code, answer.json()["code"]) == (400, "QuerySyntaxError")
    assert listener.settled() == before


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { BIND(1 AS ?service) }",
        "SELECT $SERVICE { BIND(1 AS $SERVICE) }",
        "SELECT ?x { BIND('SERVICE <http://a/> {' AS ?x) }",
        "SELECT ?x { BIND('''it's a SERVICE'''@fr AS ?x) }",
        "SELECT ?x { BIND(<http://www.w3.org/ns/sparql-service-description#Service> AS ?x) }",
        "SELECT ?x { BIND(<urn:x:service> AS ?x) } # SERVICE <http://a/> {}",
        "SELECT ?x { BIND(cv:PublicService AS ?x) }",
        "PREFIX service: <http://a/service#> SELECT ?x { BIND(service:service AS ?x) }",
        "PREFIX : <http://a/> SELECT ?x { BIND(:service AS ?x) }",
        "SELECT ?x { BIND(1 AS ?x) FILTER('a'<'service') }",
        "SELECT ?x { OPTIONAL { _:service ?p ?q } BIND(1 AS ?x) } LIMIT 1",
    ],
)
def test_the_word_elsewhere_is_fine(text, client):
    answer = client.post("/sparql", data={"query": text}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200, answer.text
    assert len(answer.text.splitlines()) == 2


@pytest.mark.parametrize("clause", ["FROM <%s>", "FROM NAMED <%s>", "FROM <%s> FROM NAMED <%s>"])
def test_from_names_a_published_graph_and_fetches_nothing(clause, client, listener):
    before = listener.settled()
    text = f"SELECT * {clause.replace('%s', listener.iri)} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    answer = client.get("/sparql", params={"query": text})
    assert answer.json()["results"]["bindings"] == []
    parameters = [("query", "ASK { ?s ?p ?o }"), ("default-graph-uri", listener.iri)]
    assert client.get("/sparql", params=parameters).json()["boolean"] is False
    assert listener.settled() == before


def test_no_mixture_of_fragments_gets_through(listener, unguarded):
    """What the guard lets through never connects; what it stops for SERVICE would have parsed."""
    fragments = [
        "SERVICE", "service ", "<%s>", "{?a ?b ?c}", "{", "}", "(", ")", "?o", "<", ">", "'", "\"",
        "'''", "#", "\n", "\\'", "ex:a", "FILTER(?o<", "BIND(1AS?n)", "'b>c'", ".", " ", "\\u0041",
        "<ex:\\u0041#>", "OPTIONAL{", "#>\n", "?s?p?o", "AS?n", "&&", "@en", "SILENT",
    ]  # fmt: skip
    dice = random.Random(7)
    refused = 0
    before = listener.settled()
    for _ in range(6_000):
        middle = "".join(dice.choices(fragments, k=dice.randint(1, 7)))
        if dice.random() < 0.6:
            middle += (
                "SERVICE<%s>{?a ?b ?c}" if dice.random() < 0.5 else "SERVICE#>\n<%s>{?a ?b 'c'}"
            )
        tail = dice.choice(["", "}", ")", "'", "#'", "FILTER(?o<'x')", "'''}"])
        text = query(f"SELECT * {{ ?s ?p ?o {middle}{tail}\n}}", listener.iri)
        try:
            refuse_federation(text)
        except QueryForbidden:
            refused += 1
        except QuerySyntaxError:
            assert ask_engine(unguarded, text) == "syntax", text
        else:
            ask_engine(unguarded, text)
            assert listener.connections == before, text
    assert refused > 50
    assert listener.settled() == before
