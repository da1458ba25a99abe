"""Which format answers: Accept, `format=`, and whether the bytes are what they claim to be."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql.results.tsvresults import TSVResultParser

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
CSV = "text/csv; charset=utf-8"
TSV = "text/tab-separated-values; charset=utf-8"
TURTLE = "text/turtle; charset=utf-8"
NT = "application/n-triples"
LD = "application/ld+json"
RDFXML = "application/rdf+xml"
HTML = "text/html; charset=utf-8"

SELECT = 'SELECT ?a ?b { VALUES (?a ?b) { ("é, \\"q\\"" <http://a/>) ("2"@fr UNDEF) } }'
ASK = "ASK { ?s a cd:Partnership }"
CONSTRUCT = "CONSTRUCT WHERE { ?s a cd:Partnership ; dct:title ?t }"
DESCRIBE = "DESCRIBE <https://w3id.org/coopdec/id/partnership/atlas-3203>"

CHOICES = [
    # query, Accept headers, the type of the answer
    (SELECT, [], JSON),
    (SELECT, [""], JSON),
    (SELECT, ["*/*"], JSON),
    (SELECT, ["application/*"], JSON),
    (SELECT, ["application/json"], JSON),
    (SELECT, [JSON], JSON),
    (SELECT, [XML], XML),
    (SELECT, ["application/xml"], XML),
    (SELECT, ["text/*"], CSV),
    (SELECT, ["text/csv"], CSV),
    (SELECT, ["TEXT/CSV"], CSV),
    (SELECT, ["text/csv; charset=utf-8"], CSV),
    (SELECT, ["text/csv;header=present;q=0.4, text/tab-separated-values;q=0.5"], TSV),
    (SELECT, ["text/tab-separated-values"], TSV),
    (SELECT, [f"{XML};q=0.5, text/csv;q=0.9"], CSV),
    (SELECT, [f"{JSON};q=0.2, */*;q=0.1"], JSON),
    (SELECT, [f"{JSON};q=0, */*"], CSV),
    (SELECT, ["text/csv;q=0, text/*"], TSV),
    (SELECT, ["image/png, text/csv;q=0.1"], CSV),
    (SELECT, ["image/png", "text/csv;q=0.1"], CSV),
    (SELECT, ["text/csv;q=0.1", XML], XML),
    (SELECT, ["*/*;q=0.1, text/csv"], CSV),
    (SELECT, ["text/csv, */*"], CSV),
    (SELECT, ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"], HTML),
    (SELECT, ["text/turtle"], 406),
    (SELECT, ["image/png"], 406),
    (SELECT, ["*/*;q=0"], 406),
    (ASK, [], JSON),
    (ASK, [XML], XML),
    (ASK, ["text/csv"], CSV),
    (ASK, ["text/tab-separated-values"], TSV),
    (CONSTRUCT, [], TURTLE),
    (CONSTRUCT, ["*/*"], TURTLE),
    (CONSTRUCT, ["text/plain"], TURTLE),
    (CONSTRUCT, ["application/n-triples"], NT),
    (CONSTRUCT, ["application/rdf+xml"], RDFXML),
    (CONSTRUCT, ["application/xml"], RDFXML),
    (CONSTRUCT, ["application/json"], LD),
    (CONSTRUCT, ['application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'], LD),
    (CONSTRUCT, ["application/rdf+xml;q=0.3, text/turtle;q=0.4"], TURTLE),
    (CONSTRUCT, [JSON], 406),
    (CONSTRUCT, ["text/csv"], 406),
    (DESCRIBE, ["application/ld+json"], LD),
    (DESCRIBE, ["application/rdf+xml"], RDFXML),
    (DESCRIBE, ["application/n-triples"], NT),
    (DESCRIBE, ["text/turtle"], TURTLE),
]  # fmt: skip


@pytest.mark.parametrize(("query", "accept", "expected"), CHOICES)
def test_accept_chooses(client, query, accept, expected):
    request = client.build_request("GET", "/sparql", params={"query": query})
    del request.headers["accept"]
    headers = [*request.headers.raw, *((b"Accept", value.encode()) for value in accept)]
    request.headers = type(request.headers)(headers)
    answer = client.send(request)
    if expected == 406:
        assert (answer.status_code, answer.headers["content-type"]) == (
            406,
            "application/problem+json",
        )
        assert answer.json()["detail"].startswith("Aucun des formats demandés")
    else:
        assert (answer.status_code, answer.headers["content-type"]) == (200, expected)
    assert "Accept" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        *((SELECT, *pair) for pair in {"json": JSON, "XML": XML, "csv": CSV, "tsv": TSV}.items()),
        *((SELECT, kind.partition(";")[0], kind) for kind in (JSON, XML, CSV, TSV)),
        (SELECT, "html", HTML),
        (CONSTRUCT, "turtle", TURTLE),
        (CONSTRUCT, "ttl", TURTLE),
        (CONSTRUCT, "nt", NT),
        (CONSTRUCT, "ntriples", NT),
        (CONSTRUCT, "jsonld", LD),
        (CONSTRUCT, "json-ld", LD),
        (CONSTRUCT, "rdfxml", RDFXML),
        (CONSTRUCT, "rdf", RDFXML),
        (CONSTRUCT, "xml", RDFXML),
        (CONSTRUCT, "json", LD),
        (CONSTRUCT, "rdf+xml", RDFXML),
        (CONSTRUCT, "n3", TURTLE),
        (CONSTRUCT, "html", HTML),
    ],
)
def test_a_short_name_wins_over_accept(client, query, name, expected):
    for send in (client.get, client.post):
        pairs = {"query": query, "format": name}
        extra = {"params": pairs} if send == client.get else {"data": pairs}
        answer = send("/sparql", headers={"Accept": "image/png"}, **extra)
        assert (answer.status_code, answer.headers["content-type"]) == (200, expected)


def test_rows_are_the_same_in_every_format(client):
    def body(accept: str) -> str:
        return client.get("/sparql", params={"query": SELECT}, headers={"Accept": accept}).text

    assert json.loads(body(JSON)) == {
        "head": {"vars": ["a", "b"]},
        "results": {
            "bindings": [
                {
                    "a": {"type": "literal", "value": 'é, "q"'},
                    "b": {"type": "uri", "value": "http://a/"},
                },
                {"a": {"type": "literal", "value": "2", "xml:lang": "fr"}},
            ]
        },
    }
    assert list(csv.reader(io.StringIO(body("text/csv")))) == [
        ["a", "b"],
        ['é, "q"', "http://a/"],
        ["2", ""],
    ]
    tsv = TSVResultParser().parse(io.BytesIO(body("text/tab-separated-values").encode()), None)
    assert tsv.bindings[0] == {
        rdflib.Variable("a"): rdflib.Literal('é, "q"'),
        rdflib.Variable("b"): rdflib.URIRef("http://a/"),
    }
    names = {"s": "http://www.w3.org/2005/sparql-results#"}
    document = ElementTree.fromstring(body(XML))
    assert [v.text for v in document.findall(".//s:literal", names)] == ['é, "q"', "2"]
    assert [v.text for v in document.findall(".//s:uri", names)] == ["http://a/"]


def test_yes_and_no_in_every_format(client):
    for query, truth in ((ASK, "true"), ("ASK { <a:a> <a:b> <a:c> }", "false")):
        answers = {
            name: client.get("/sparql", params={"query": query, "format": name}).text
            for name in ("json", "xml", "csv", "tsv")
        }
        assert json.loads(answers["json"])["boolean"] is (truth == "true")
        assert f"<boolean>{truth}</boolean>" in answers["xml"]
        assert (answers["csv"].strip(), answers["tsv"].strip()) == (truth, truth)


# A warning of rdflib about its own JSON-LD parser.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
def test_a_graph_is_the_same_in_every_format(client, store, query):
    graphs = {}
    for name, parser in (
        ("turtle", "turtle"),
        ("nt", "nt"),
        ("rdfxml", "xml"),
        ("jsonld", "json-ld"),
    ):
        answer = client.get("/sparql", params={"query": query, "format": name})
        graphs[name] = set(rdflib.Graph().parse(data=answer.content, format=parser))
    prefixes = {"cd": "https://w3id.org/coopdec/def#", "dct": "http://purl.org/dc/terms/"}
    found = store.query(query, prefixes=prefixes, use_default_graph_as_union=True)
    assert isinstance(found, ox.QueryTriples)
    nt = ox.serialize(set(found), format=ox.RdfFormat.N_TRIPLES)
    expected = set(rdflib.Graph().parse(data=nt, format="nt"))
    assert len(expected) > 10
    assert graphs == dict.fromkeys(graphs, expected)


def test_csv_is_offered_under_a_name_and_as_the_specification_has_it(client):
    answer = client.get("/sparql", params={"query": SELECT, "format": "csv"})
    assert answer.headers["content-disposition"] == 'inline; filename="coopdec.csv"'
    assert answer.content == 'a,b\r\n"é, ""q""",http://a/\r\n2,\r\n'.encode()
