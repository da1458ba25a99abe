"""`/.well-known/void`: the dataset's licence and figures, as they are in the graph and counted anew."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, FOAF, RDF, VOID, Graph, Literal, URIRef

from tests.service.live_service import union_of

BASE = "https://w3id.org/coopdec/"
DATASET = URIRef(BASE + "id/dataset")
TYPE = ox.NamedNode(str(RDF.type))


def described(client: httpx.Client) -> Graph:
    answer = client.get("/.well-known/void", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    return Graph().parse(data=answer.text, format="turtle")


@pytest.fixture(scope="module")
def graph(client) -> Graph:
    return described(client)


@pytest.fixture(scope="module")
def union(store) -> set[ox.Triple]:
    return union_of(store)


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/html,*/*;q=0.8", "text/plain; charset=utf-8"),
    ],
)
def test_every_format_of_graphs(client, accept, content_type):
    answer = client.get("/.well-known/void", headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert "Accept" in answer.headers["vary"].split(", ")
    assert client.head("/.well-known/void", headers={"Accept": accept}).content == b""


def test_a_format_it_has_not(client):
    answer = client.get("/.well-known/void", headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NotAcceptable")


def test_what_the_graph_says_of_the_dataset_is_repeated(graph, store):
    said = {
        (quad.predicate.value, quad.object.value)
        for quad in store.quads_for_pattern(ox.NamedNode(DATASET), None, None, None)
    }
    found = {(str(predicate), str(value)) for predicate, value in graph.predicate_objects(DATASET)}
    assert said <= found
    assert {str(DCTERMS.title), str(DCTERMS.license), str(DCTERMS.publisher)} <= {
        predicate for predicate, _ in said
    }


def test_where_it_is_to_be_had(client, graph):
    root = str(client.base_url).rstrip("/")
    assert graph.value(DATASET, VOID.sparqlEndpoint) == URIRef(f"{root}/sparql")
    assert graph.value(DATASET, VOID.dataDump) == URIRef(f"{root}/dump.nq")
    assert graph.value(DATASET, VOID.uriSpace) == Literal(BASE + "id/")
    assert graph.value(DATASET, FOAF.homepage) == URIRef(f"{root}/")
    assert (URIRef(f"{root}/.well-known/void"), FOAF.primaryTopic, DATASET) in graph
    for address in (f"{root}/dump.nq", f"{root}/"):
        assert client.get(address).status_code == 200


def test_the_examples_are_partnerships_with_a_document(client, graph):
    examples = list(graph.objects(DATASET, VOID.exampleResource))
    assert len(examples) == 3
    for example in examples:
        path = str(example).removeprefix(BASE)
        assert client.get(f"/{path}", follow_redirects=True).status_code == 200


def test_the_sizes_are_those_of_the_union(graph, union):
    described = {triple.subject for triple in union if triple.predicate == TYPE}
    ours = {term for term in described if getattr(term, "value", "").startswith(f"{BASE}id/")}
    figures = {
        VOID.triples: len(union),
        VOID.distinctSubjects: len({triple.subject for triple in union}),
        VOID.distinctObjects: len({triple.object for triple in union}),
        VOID.entities: len(ours),
        VOID.properties: len({triple.predicate for triple in union}),
        VOID.classes: len({triple.object for triple in union if triple.predicate == TYPE}),
    }
    assert {name: graph.value(DATASET, name).toPython() for name in figures} == figures
    assert figures[VOID.triples] > 1_000


def test_the_partitions_are_complete(graph, union):
    classes = Counter(t.object.value for t in union if t.predicate == TYPE)
    found = {
        str(graph.value(part, VOID["class"])): graph.value(part, VOID.entities).toPython()
        for part in graph.objects(DATASET, VOID.classPartition)
    }
    assert found == classes
    properties = Counter(triple.predicate.value for triple in union)
    parts = list(graph.objects(DATASET, VOID.propertyPartition))
    found = {
        str(graph.value(part, VOID.property)): graph.value(part, VOID.triples).toPython()
        for part in parts
    }
    assert found == properties
    subjects = Counter(iri for iri, _ in {(t.predicate.value, t.subject) for t in union})
    found = {
        str(graph.value(part, VOID.property)): graph.value(part, VOID.distinctSubjects).toPython()
        for part in parts
    }
    assert found == subjects
    assert len(classes) > 10 and len(properties) > 40


def test_the_vocabularies_are_those_in_use(graph, union):
    used = {triple.predicate.value for triple in union}
    used |= {triple.object.value for triple in union if triple.predicate == TYPE}
    vocabularies = {str(iri) for iri in graph.objects(DATASET, VOID.vocabulary)}
    assert {BASE + "def#", str(DCTERMS), "http://www.w3.org/ns/org#"} <= vocabularies
    unused = [name for name in vocabularies if not any(iri.startswith(name) for iri in used)]
    assert unused == []


def test_many_may_ask_at_once(client, graph):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: described(client), range(16)))
    assert [len(other) for other in found] == [len(graph)] * 16


def test_a_new_host_is_not_kept(client):
    named = client.get("/.well-known/void", headers={"Host": "data.example.org"}).text
    assert "http://data.example.org/sparql" in named
    assert "data.example.org" not in client.get("/.well-known/void").text
