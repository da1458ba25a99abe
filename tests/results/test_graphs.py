"""Graphs: each triple once, cut after whole triples, and the document says so."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib

from coopdec_graph.results.errors import TooManyRows
from tests.results.answers import written

FORMATS = {"turtle": "turtle", "nt": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
MARKS = {
    "turtle": b"# truncated after %d triples\n",
    "nt": b"# truncated after %d triples\n",
    "rdfxml": b"\n<!-- truncated after %d triples -->\n",
    "jsonld": b'{"truncated":{"triples":%d}}]',
}
# A warning of rdflib about its own JSON-LD parser.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

TEN = "CONSTRUCT { ?s <a:p> ?o , 'same' } WHERE { VALUES ?s { <a:s> } VALUES ?o { 1 2 3 4 5 6 7 8 9 } VALUES ?again { 1 2 } }"  # fmt: skip


@pytest.fixture
def triples() -> set[tuple[object, ...]]:
    body = written(TEN, "nt")[0]
    found = set(rdflib.Graph().parse(data=body, format="nt"))
    assert len(found) == 10
    return found


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("most", [None, 0, 1, 9, 10, 11])
def test_a_graph_up_to_a_number_of_triples(name, most, triples):
    body, done = written(TEN, name, most, cut=True)
    kept = 10 if most is None else min(most, 10)
    assert (done.rows, done.truncated) == (kept, kept < 10)
    assert body.endswith(MARKS[name] % kept) is done.truncated
    found = set(rdflib.Graph().parse(data=body, format=FORMATS[name]))
    assert len(found) == kept and found <= triples
    engine = ox.parse(body, format=_engine(name), base_iri="http://b/")
    assert len(list(engine)) == kept


@pytest.mark.parametrize("name", FORMATS)
def test_too_many_triples_write_nothing(name):
    assert written(TEN, name, 10)[1].rows == 10
    with pytest.raises(TooManyRows, match="more than 9 rows"):
        written(TEN, name, 9)


def test_turtle_has_the_prefixes_of_the_project():
    query = "PREFIX cd: <https://w3id.org/coopdec/def#> CONSTRUCT { <a:a> a cd:Partnership } {}"
    assert b"a cd:Partnership" in written(query, "turtle")[0]


def _engine(name: str) -> ox.RdfFormat:
    return {
        "turtle": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "rdfxml": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD,
    }[name]
