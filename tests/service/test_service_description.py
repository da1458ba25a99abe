"""`/sparql` describes itself: SPARQL 1.1 Service Description, with its limits for programs to read."""

from __future__ import annotations

import http.client

import httpx
import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, RDF, RDFS, VOID, Graph, Literal, Namespace, URIRef

from coopdec_graph.engines.base import Limits
from coopdec_graph.graph.query import Form
from coopdec_graph.namespaces import CD
from coopdec_graph.results.formats import HTML, formats_of
from coopdec_graph.service.description import (
    FAMILIES,
    FIXED_GRAPHS,
    FORMAT_IRIS,
    GEOSPARQL_FUNCTIONS,
)
from coopdec_graph.validation import Report, Shapes, validate
from tests.service.live_service import ROOT, serving, union_of

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BASE = "https://w3id.org/coopdec/graph/"


def described(client: httpx.Client, **headers: str) -> Graph:
    answer = client.get("/sparql", headers={"Accept": "text/turtle", **headers})
    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/turtle; charset=utf-8",
    )
    return Graph().parse(data=answer.text, format="turtle")


@pytest.fixture(scope="module")
def graph(client) -> Graph:
    return described(client)


@pytest.fixture(scope="module")
def service(graph) -> URIRef:
    (found,) = graph.subjects(RDF.type, SD.Service)
    return found


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/rdf+xml;q=0.5, application/n-triples;q=0.4", "application/rdf+xml"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)  # fmt: skip
def test_rdf_for_programs_and_the_form_for_browsers(client, accept, content_type):
    request = client.build_request("GET", "/sparql")
    del request.headers["accept"]
    if accept is not None:
        request.headers["accept"] = accept
    answer = client.send(request)
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)
    assert "Accept" in answer.headers["vary"].split(", ")
    head = client.head("/sparql", headers={"Accept": accept or "*/*"})
    assert (head.status_code, head.headers["content-type"], head.content) == (
        200,
        content_type,
        b"",
    )


def test_every_format_says_the_same(client, graph):
    expected = {str(triple) for triple in graph.skolemize() if "b" not in str(triple)}
    formats = [format for format in formats_of(Form.GRAPH) if format is not HTML]
    assert len(formats) == 4
    for format in formats:
        answer = client.get("/sparql", headers={"Accept": format.media_type})
        quads = ox.parse(answer.content, format=format.engine)
        found = Graph().parse(
            data=ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES),
            format="nt",
        )
        assert len(found) == len(graph)
        assert expected <= {str(triple) for triple in found.skolemize()}


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("turtle", "text/turtle; charset=utf-8"),
        ("jsonld", "application/ld+json"),
        ("rdfxml", "application/rdf+xml"),
    ],
)
def test_a_format_may_be_named(client, name, content_type):
    answer = client.get("/sparql", params={"format": name}, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv", "image/png"])
def test_a_client_of_results_is_told_that_its_query_is_missing(client, accept):
    answer = client.get("/sparql", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_a_post_without_a_query_is_refused(client):
    answer = client.post("/sparql", data={"other": "1"})
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_what_the_service_is(client, graph, service):
    assert list(graph.objects(service, SD.endpoint)) == [URIRef(f"{client.base_url}/sparql")]
    assert list(graph.objects(service, SD.supportedLanguage)) == [SD.SPARQL11Query]
    # No allow-list: nothing may be federated.
    assert list(graph.objects(service, SD.feature)) == []
    assert {title.language for title in graph.objects(service, DCTERMS.title)} == {"fr", "en"}
    assert {str(iri) for iri in graph.objects(service, SD.resultFormat)} == set(FORMAT_IRIS)
    assert len(FORMAT_IRIS) == 11
    functions = {str(iri) for iri in graph.objects(service, SD.extensionFunction)}
    assert functions == {str(CD.distanceKm), *GEOSPARQL_FUNCTIONS}
    assert set(map(URIRef, functions)) == set(graph.subjects(RDF.type, SD.Function))


def test_the_limits_are_those_of_the_engine(graph, service):
    limits = Limits()
    names = ("timeLimit", "memoryLimit", "rowLimit", "resultSizeLimit", "querySizeLimit")
    found = [graph.value(service, CD[name], any=False).toPython() for name in names]
    assert [float(found[0]), *found[1:]] == [
        limits.seconds,
        limits.memory,
        limits.rows,
        limits.result_bytes,
        limits.query_bytes,
    ]


def test_the_description_conforms_to_the_shapes(graph):
    assert validate(graph, Shapes.load(ROOT / "shapes"), Graph()) == Report()


def test_the_graphs_and_their_sizes(graph, service, store):
    dataset = graph.value(service, SD.defaultDataset)
    default = graph.value(dataset, SD.defaultGraph)
    union = union_of(store)
    assert graph.value(default, VOID.triples) == Literal(len(union))
    sizes = {
        str(graph.value(named, SD.name)): graph.value(graph.value(named, SD.graph), VOID.triples)
        for named in graph.objects(dataset, SD.namedGraph)
    }
    expected = {
        BASE + name: Literal(
            len(list(store.quads_for_pattern(None, None, None, ox.NamedNode(BASE + name))))
        )
        for name in FIXED_GRAPHS
    }  # fmt: skip
    assert sizes == {name: size for name, size in expected.items() if size.toPython()}
    assert len(sizes) >= 4


def test_every_named_graph_is_listed_or_of_a_family(graph, service, store):
    families = {
        str(graph.value(family, VOID.uriSpace))
        for family in graph.objects(service, SD.availableGraphs)
    }
    assert families == {BASE + name for name in FAMILIES}
    listed = {str(name) for name in graph.objects(None, SD.name)}
    graphs = {graph.value for graph in store.named_graphs()}
    assert [name for name in graphs - listed if not name.startswith(tuple(families))] == []
    assert len(graphs) > 20


@pytest.mark.parametrize(
    ("host", "endpoint"),
    [
        ("data.example.org", "http://data.example.org/sparql"),
        ("data.example.org:8080", "http://data.example.org:8080/sparql"),
        ("[::1]:8080", "http://[::1]:8080/sparql"),
        ("coopdec_graph", "http://coopdec_graph/sparql"),
    ],
)
def test_the_endpoint_is_named_as_the_client_named_it(client, host, endpoint):
    found = described(client, Host=host)
    (service,) = found.subjects(RDF.type, SD.Service)
    assert list(found.objects(service, SD.endpoint)) == [URIRef(endpoint)]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example/path?x=",
        "user@evil.example",
        "a b",
        "<x>",
        '"> <http://evil.example/',
        "evil.example\\",
        "é.example",
        "x" * 300,
        "[::1",
        "a:b:c",
        "example.org:999999",
    ],
)
def test_a_host_that_is_none_is_not_repeated(address, host):
    port = int(address.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("GET", "/sparql", skip_host=True)
    connection.putheader("Host", host.encode("utf-8"))
    connection.putheader("Accept", "text/turtle")
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    if answer.status == 400:
        return
    assert answer.status == 200
    found = Graph().parse(data=body, format="turtle")
    (service,) = found.subjects(RDF.type, SD.Service)
    assert list(found.objects(service, SD.endpoint)) == [URIRef(f"{address}/sparql")]


def test_void_and_the_catalogue_are_linked_and_there(client, graph, service):
    links = sorted(graph.objects(service, RDFS.seeAlso))
    assert [link.rpartition("/")[2] for link in links] == ["void", "catalog"]
    assert [client.get(str(link)).status_code for link in links] == [200, 200]


def test_limits_and_federation_follow_the_options(data, tmp_path):
    allowed = tmp_path / "federation.toml"
    allowed.write_text('[[endpoint]]\nprefix = "https://endpoint.example/sparql"\n')
    options = ["--federation", allowed, "--timeout", "2.5", "--memory", "512", "--rows", "77"]
    log = tmp_path / "server.log"
    with serving(data, log, options=[*options, "--size", "3"]) as client:
        graph = described(client)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert set(graph.objects(service, SD.feature)) == {
        SD.BasicFederatedQuery,
    }
    found = {
        name: str(graph.value(service, CD[name]))
        for name in ("timeLimit", "memoryLimit", "rowLimit", "resultSizeLimit")
    }
    assert found == {
        "timeLimit": "2.5",
        "memoryLimit": str(512 * 1024**2),
        "rowLimit": "77",
        "resultSizeLimit": str(3 * 1024**2),
    }
    assert log.read_text() == ""
