"""Graphs over the Graph Store HTTP Protocol (W3C, 2013): read whole, in any RDF format, not written."""

from __future__ import annotations

import gzip

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.graph.query import Form
from coopdec_graph.results.formats import HTML, formats_of
from tests.service.live_service import union_of

BASE = "https://w3id.org/coopdec/graph/"
REFERENCE = f"{BASE}reference"
FORMATS = [format for format in formats_of(Form.GRAPH) if format is not HTML]


def triples(answer: httpx.Response, format: ox.RdfFormat = ox.RdfFormat.TURTLE) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(answer.content, format=format)}


def content(store: ox.Store, graph: str) -> set[ox.Triple]:
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
    return {quad.triple for quad in quads}


def read(client: httpx.Client, graph: str, **headers: str) -> httpx.Response:
    return client.get("/graph-store", params={"graph": graph}, headers=headers)


def test_every_named_graph_is_read_by_its_iri_and_at_its_address(client, store):
    graphs = [graph.value for graph in store.named_graphs()]
    for graph in graphs:
        indirect = read(client, graph)
        direct = client.get(f"/graph/{graph.removeprefix(BASE)}")
        assert (indirect.status_code, direct.status_code) == (200, 200)
        assert triples(indirect) == triples(direct) == content(store, graph)
    assert len(graphs) > 20


def test_the_default_graph_is_the_union_of_all(client, store):
    answer = client.get("/graph-store?default", headers={"Accept": "application/n-triples"})
    union = union_of(store)
    assert triples(answer, ox.RdfFormat.N_TRIPLES) == union
    assert len(answer.text.splitlines()) == len(union)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_every_format_by_accept_and_by_name(client, store, format):
    expected = content(store, REFERENCE)
    for answer in (
        read(client, REFERENCE, Accept=format.media_type),
        client.get("/graph-store", params={"graph": REFERENCE, "format": format.name}),
        client.get(f"/graph/reference.{format.extension}"),
    ):
        assert answer.headers["content-type"] == format.content_type
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["vary"].split(", "))
        assert triples(answer, format.engine) == expected


@pytest.mark.parametrize("address", [f"/graph-store?graph={REFERENCE}", "/graph/reference"])
def test_a_browser_is_shown_text(client, store, address):
    answer = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert triples(answer) == content(store, REFERENCE)


@pytest.mark.parametrize("address", [f"/graph-store?graph={REFERENCE}", "/graph/reference"])
def test_head_has_the_headers_of_get(client, address):
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


def test_a_graph_is_compressed_for_who_wants_it(client):
    provenance = f"{BASE}vocabulary"
    with client.stream(
        "GET",
        "/graph-store",
        params={"graph": provenance},
        headers={"Accept-Encoding": "gzip"},
    ) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    plain = read(client, provenance, **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    unzipped = gzip.decompress(raw)
    assert {q.triple for q in ox.parse(unzipped, format=ox.RdfFormat.TURTLE)} == triples(plain)
    assert len(raw) < len(plain.content)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "graph=",
        "graph=relative",
        "graph=/graph/reference",
        "graph=//host/x",
        f"graph={REFERENCE}&graph={REFERENCE}",
        f"graph={REFERENCE}&default",
        "default&default",
        "grap=x",
        "graph=http://a/%20b",
        "graph=http://a/%3E%20%7D%20UNION%20%7B",
        "graph=%ff",
        "graph=%C3%28",
        f"graph={REFERENCE}&format=turtle&format=nt",
        "graph=" + "a" * 5_000,
    ],
)
def test_what_is_no_graph_is_refused(client, query):
    answer = client.get(f"/graph-store?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert len(answer.content) < 1_000


@pytest.mark.parametrize(
    "graph",
    [
        "https://w3id.org/coopdec/graph/nothing",
        "urn:x:y",
        "http://127.0.0.1:1/graph",
        "file:///etc/passwd",
        f"{BASE}reference#x",
        "https://w3id.org/coopdec/id/dataset",
    ],
)
def test_an_unknown_graph_is_not_found(client, graph):
    answer = read(client, graph)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "NotFound"
    assert graph in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/graph/nothing", "/graph/", "/graph/a%20b", "/graph/%3E%20%7B"])
def test_an_unknown_address_is_not_found(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


def test_a_format_there_is_not(client):
    for answer in (
        read(client, REFERENCE, Accept="text/csv"),
        client.get("/graph-store", params={"graph": REFERENCE, "format": "csv"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (406, "NotAcceptable")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "address", [f"/graph-store?graph={REFERENCE}", "/graph-store?default", "/graph/reference"]
)
def test_nothing_is_written(client, store, method, address):
    before = content(store, REFERENCE)
    headers = {"Content-Type": "text/turtle"}
    answer = client.request(method, address, content=b"<x:a> <x:b> <x:c> .", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (405, "HTTP")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert triples(read(client, REFERENCE)) == before


def test_a_page_of_another_host_may_read(client):
    answer = read(client, REFERENCE, Origin="https://app.example")
    assert answer.headers["access-control-allow-origin"] == "*"
