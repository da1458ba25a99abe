"""SPARQLWrapper, the client most Python users have, works as its documentation says."""

from __future__ import annotations

import csv
import io
import json

import pytest
import rdflib
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TURTLE, XML
from SPARQLWrapper import SPARQLWrapper as Wrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

SUMS = """SELECT ?financer (SUM(?amount) AS ?euros) WHERE {
  ?line a cd:FundingLine ; cd:financer/skos:prefLabel ?financer ; cd:amount ?amount .
  FILTER(CONTAINS(?financer, "étrang"))
} GROUP BY ?financer ORDER BY DESC(?euros)"""
EXPECTED = [
    ["Ministère de l'Europe et des Affaires étrangères", "21000"],
    ["Collectivités et partenaires étrangers", "6999"],
]


@pytest.fixture(
    params=[(GET, None), (POST, None), (POST, POSTDIRECTLY)], ids=["get", "form", "raw"]
)
def wrapper(request, address) -> Wrapper:
    """`cd:` and `skos:` are declared beforehand: none is declared here."""
    method, style = request.param
    wrapper = Wrapper(f"{address}/sparql")
    wrapper.setMethod(method)
    if style:
        wrapper.setRequestMethod(style)
    return wrapper


def test_rows_as_json(wrapper):
    wrapper.setQuery(SUMS)
    wrapper.setReturnFormat(JSON)
    found = wrapper.queryAndConvert()["results"]["bindings"]
    assert [[row["financer"]["value"], row["euros"]["value"]] for row in found] == EXPECTED


def test_rows_as_csv(wrapper):
    wrapper.setQuery(SUMS)
    wrapper.setReturnFormat(CSV)
    text = wrapper.queryAndConvert().decode("utf-8")
    assert list(csv.reader(io.StringIO(text))) == [["financer", "euros"], *EXPECTED]


def test_rows_as_xml(wrapper):
    wrapper.setQuery(SUMS)
    wrapper.setReturnFormat(XML)
    found = wrapper.queryAndConvert()
    cells = [node.firstChild.data for node in found.getElementsByTagName("literal")]
    assert cells == [cell for row in EXPECTED for cell in row]


def test_yes_or_no(wrapper):
    wrapper.setQuery("ASK { ?s a cd:Partnership }")
    wrapper.setReturnFormat(JSON)
    assert wrapper.queryAndConvert()["boolean"] is True


# A warning of rdflib about its own JSON-LD parser and about the class SPARQLWrapper fills.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("format", [TURTLE, N3, RDFXML, JSONLD])
def test_a_graph(wrapper, format):
    wrapper.setQuery("CONSTRUCT WHERE { ?s a cd:Partnership ; dct:title ?title }")
    wrapper.setReturnFormat(format)
    found = wrapper.queryAndConvert()
    if isinstance(found, bytes):
        parser = {TURTLE: "turtle", N3: "turtle"}[format]
        found = rdflib.Graph().parse(data=found, format=parser)
    assert len(found) == 12
    titles = {str(title) for title in found.objects(None, rdflib.DCTERMS.title)}
    assert "Coopération développement Niort - Atakpamé - Covè" in titles


def test_named_graphs(wrapper):
    graph = "https://w3id.org/coopdec/graph/narrative/atlas-3203"
    wrapper.setQuery("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    wrapper.setReturnFormat(JSON)
    wrapper.addDefaultGraph(graph)
    [row] = wrapper.queryAndConvert()["results"]["bindings"]
    assert row["n"]["value"] == "1"


def test_a_syntax_error(wrapper):
    wrapper.setQuery("SELECT WHERE")
    wrapper.setReturnFormat(JSON)
    with pytest.raises(QueryBadFormed) as caught:
        wrapper.queryAndConvert()
    body = str(caught.value).partition("b'")[2].rpartition("'")[0]
    problem = json.loads(body.encode().decode("unicode_escape").encode("latin-1"))
    assert problem["code"] == "QuerySyntaxError"
