"""A whole query: the same rows as the engine gives when it calls the same endpoint itself."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.errors import QueryForbidden
from coopdec_graph.federation.allow_list import AllowList, Endpoint
from coopdec_graph.federation.client import Client
from coopdec_graph.federation.failures import FederationFailed
from coopdec_graph.federation.resolve import MOST_CLAUSES, resolve_services
from coopdec_graph.federation.solutions import MOST_ROWS
from coopdec_graph.graph.query import refuse_federation
from tests.federation.endpoints import EMPTY, head, result, serving, sparql_server

W3C = Path(__file__).parents[3] / "shared" / "w3c" / "sparql11" / "service"
PROLOGUE = "PREFIX ex: <http://example.org/>\n"


def resolve(query: str, *iris: str, most_bytes: int = 10_000_000) -> str:
    """The query with its SERVICE clauses answered by the listed loopback endpoints."""
    entries = [Endpoint(iri, seconds=5, most_bytes=most_bytes, private=True) for iri in iris]

    async def run() -> str:
        return await resolve_services(query, AllowList(tuple(entries)), Client())

    return asyncio.run(run())


def answer(store: ox.Store, query: str) -> Counter[tuple[str, ...]] | bool:
    """The solutions of a query, in no order, with the names of their columns."""
    found = store.query(query)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if isinstance(found, ox.QueryTriples):
        return Counter((str(triple),) for triple in found)
    columns = sorted(variable.value for variable in found.variables)
    return Counter(tuple(f"{name}={row[name]}" for name in columns) for row in found)


def answered(store: ox.Store, query: str) -> Counter[tuple[str, ...]]:
    rows = answer(store, query)
    assert not isinstance(rows, bool)
    return rows


# %s is the endpoint. The engine is asked the query as it is, then what it was turned into.
QUERIES = {
    "joined": "SELECT * { ?c ex:twin ?t . SERVICE <%s> { ?t ex:label ?l } }",
    "before the triples": "SELECT * { SERVICE <%s> { ?t ex:label ?l } ?c ex:twin ?t }",
    "between, no spaces": "SELECT*{?c ex:twin ?t.SERVICE<%s>{?t ex:people ?n}?c ex:name ?m}",
    "alone": "SELECT * { SERVICE <%s> { ?s ex:label|ex:people|ex:founded ?o } }",
    "two": "SELECT * { SERVICE <%s> { ?t ex:label ?l } SERVICE <%s> { ?t ex:people ?n } }",
    "a prefix": "PREFIX e: <%s> SELECT * { SERVICE e: { ?t ex:label ?l } }",
    "no row": "SELECT * { ?c ex:twin ?t SERVICE <%s> { ?t ex:none ?l } }",
    "no variable, one row": "SELECT * { ?c ex:twin ?t SERVICE <%s> { ex:a ex:name 'Modèleville' } }",
    "no variable, no row": "SELECT * { ?c ex:twin ?t SERVICE <%s> { ex:a ex:name 'x' } }",
    "no variable, twice": "SELECT * { ?c ex:twin ?t SERVICE <%s> { { } UNION { } } }",
    "empty": "SELECT * { ?c ex:twin ?t SERVICE <%s> { } }",
    "unbound": "SELECT * { SERVICE <%s> { ?t ex:people ?n OPTIONAL { ?t ex:label ?l } } }",
    "unbound joins": "SELECT * { ?c ex:name ?l SERVICE <%s> { ?t ex:people ?n OPTIONAL { ?t ex:label ?l } } }",
    "repeated rows": "SELECT (COUNT(*) AS ?n) { SERVICE <%s> { { ?t ex:label ?l } UNION { ?t ex:label ?l } } }",
    "optional": "SELECT * { ?c ex:name ?m OPTIONAL { ?c ex:twin ?t SERVICE <%s> { ?t ex:label ?l } } }",
    "alone in optional": "SELECT * { ?c ex:twin ?t OPTIONAL { SERVICE <%s> { ?t ex:label ?l } } }",
    "optional with a filter": "SELECT * { ?c ex:twin ?t OPTIONAL { SERVICE <%s> { ?t ex:people ?n } FILTER(?n > 2 && BOUND(?c)) } }",
    "union": "SELECT * { { ?c ex:twin ?t } UNION { SERVICE <%s> { ?t ex:label ?l } } }",
    "minus": "SELECT * { ?c ex:twin ?t MINUS { SERVICE <%s> { ?t ex:label ?l } } }",
    "minus nothing shared": "SELECT * { ?c ex:twin ?t MINUS { SERVICE <%s> { ?x ex:label ?l } } }",
    "exists": "SELECT * { ?c ex:twin ?t FILTER EXISTS { SERVICE <%s> { ?t ex:label ?l } } }",
    "not exists": "SELECT * { ?c ex:twin ?t FILTER NOT EXISTS { ?c ex:name ?m SERVICE <%s> { ?t ex:label ?l } } }",
    "exists in an expression": "SELECT ?t (EXISTS { SERVICE <%s> { ?t ex:label ?l } } AS ?has) { ?c ex:twin ?t }",
    "sub-select": "SELECT * { ?c ex:twin ?t { SELECT ?t (COUNT(*) AS ?n) { SERVICE <%s> { ?t ex:label ?l } } GROUP BY ?t } }",
    "a select inside": "SELECT * { ?c ex:twin ?t SERVICE <%s> { SELECT ?t (MAX(?x) AS ?n) { ?t ex:people ?x } GROUP BY ?t } }",
    "hidden variable": "SELECT * { ?l ex:twin ?t SERVICE <%s> { { SELECT ?t { ?t ex:label ?l } } } }",
    "filter inside": "SELECT * { ?c ex:twin ?t SERVICE <%s> { ?t ex:people ?n FILTER(?n < 5) } }",
    "filter on an outer variable": "SELECT * { ?c ex:twin ?t SERVICE <%s> { ?t ex:people ?n FILTER(BOUND(?c)) } }",
    "filter outside": "SELECT * { SERVICE <%s> { ?t ex:people ?n } FILTER(?n < 5) }",
    "bind after": "SELECT * { SERVICE <%s> { ?t ex:people ?n } BIND(?n * 2 AS ?m) }",
    "bind inside": "SELECT * { SERVICE <%s> { ?t ex:people ?n BIND(?n * 2 AS ?m) } }",
    "values inside": "SELECT * { SERVICE <%s> { VALUES ?t { ex:x ex:y } ?t ex:label ?l } }",
    "values after": "SELECT * { SERVICE <%s> { ?t ex:label ?l } } VALUES ?t { ex:x }",
    "a path inside": "SELECT * { SERVICE <%s> { ?t ex:at/ex:lat ?l } }",
    "a blank node inside": "SELECT * { SERVICE <%s> { ?t ex:at [ ex:lat ?l ] } }",
    "in braces": "SELECT * { ?c ex:twin ?t { SERVICE <%s> { ?t ex:label ?l } } }",
    "having": "SELECT ?t { ?c ex:twin ?t } GROUP BY ?t HAVING (EXISTS { SERVICE <%s> { ?t ex:label ?l } })",
    "aggregated": "SELECT (SUM(?n) AS ?sum) { ?c ex:twin ?t SERVICE <%s> { ?t ex:people ?n } }",
    "ask": "ASK { ?c ex:twin ?t SERVICE <%s> { ?t ex:label ?l } }",
    "ask, no": "ASK { ?c ex:twin ?t SERVICE <%s> { ?t ex:none ?l } }",
    "construct": "CONSTRUCT { ?c ex:label ?l } { ?c ex:twin ?t SERVICE <%s> { ?t ex:label ?l } }",
    "describe": "DESCRIBE ?c { ?c ex:twin ?t SERVICE <%s> { ?t ex:founded ?l } }",
    "silent": "SELECT * { ?c ex:twin ?t SERVICE SILENT <%s> { ?t ex:label ?l } }",
    "comments": "SELECT * { # SERVICE <x> { }\n SERVICE #}\n<%s> #{\n { ?t ex:label ?l # }\n } }",
    "a string of that name": "SELECT * { SERVICE <%s> { ?t ex:label ?l FILTER(!CONTAINS(?l, 'SERVICE <x> { }')) } }",
}  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_the_engine_would_have_answered_the_same(local: ox.Store, remote: str, name: str) -> None:
    query = PROLOGUE + QUERIES[name].replace("%s", remote)
    rewritten = resolve(query, remote)
    assert rewritten != query
    refuse_federation(rewritten)
    assert rewritten.count("\n") == query.count("\n")
    assert answer(local, rewritten) == answer(local, query)


def test_the_queries_compared_have_answers(local: ox.Store, remote: str) -> None:
    found = [answer(local, PROLOGUE + query.replace("%s", remote)) for query in QUERIES.values()]
    assert len(found) == 45
    assert sum(1 for rows in found if rows) >= 40


@pytest.mark.parametrize("name", ["joined", "exists", "alone in optional", "minus"])
def test_our_own_prefixes_are_known_to_the_endpoint(
    local: ox.Store, remote: str, name: str
) -> None:
    """`ex:` is declared; `xsd:` is ours, and not declared in the query."""
    text = QUERIES[name].replace("ex:label ?l", "ex:founded ?l FILTER(DATATYPE(?l) = xsd:date)")
    query = PROLOGUE + text.replace("%s", remote)
    declared = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>" + query
    assert answer(local, resolve(query, remote)) == answer(local, declared)


@pytest.mark.parametrize(("graph", "bound"), [("ex:g", ()), ("?g", ("g=<http://example.org/g>",))])
def test_a_graph_around_is_not_the_endpoint_s(
    local: ox.Store, remote: str, graph: str, bound: tuple[str, ...]
) -> None:
    """The engine asks the endpoint for the same graph. By the recommendation it asks for none."""
    pattern = f"{{ ?c ex:note ?x SERVICE <{remote}> {{ ?c ex:name ?m }} }}"
    rewritten = resolve(f"{PROLOGUE}SELECT * {{ GRAPH {graph} {pattern} }}", remote)
    row = ("c=<http://example.org/a>", *bound, 'm="Modèleville"', 'x="n"')
    assert answer(local, rewritten) == Counter([row])


def test_in_lateral_a_shared_variable_is_an_error_of_the_engine(
    local: ox.Store, remote: str
) -> None:
    """Its LATERAL, which is no part of SPARQL 1.1, takes no inline data of a bound variable."""
    text = f"?c ex:twin ?t LATERAL {{ SERVICE <{remote}> {{ ?t ex:people ?n }} }}"
    with pytest.raises(SyntaxError):
        local.query(resolve(f"{PROLOGUE}SELECT * {{ {text} }}", remote))


# What no parser takes stays what no parser takes.
NOT_SPARQL = [
    "SELECT * { } UNION SERVICE <%s> { }",
    "SELECT * { { } UNION SERVICE <%s> { } }",
    "SELECT * { SERVICE <%s> { } UNION { } }",
    "SELECT * { OPTIONAL SERVICE <%s> { } }",
    "SELECT * { MINUS SERVICE <%s> { } }",
    "SELECT * { GRAPH ?g SERVICE <%s> { } }",
    "SELECT * { FILTER EXISTS SERVICE <%s> { } }",
    "SELECT * { } SERVICE <%s> { }",
    "SELECT * { { SELECT * { } SERVICE <%s> { } } }",
    "SELECT * SERVICE <%s> { }",
    "DESCRIBE <http://h/> SERVICE <%s> { }",
    "CONSTRUCT { SERVICE <%s> { } } { }",
    "SELECT * { VALUES ?x { SERVICE <%s> { } } }",
    "SELECT * { ?s ?p SERVICE <%s> { } }",
    "SELECT * { ?s SERVICE <%s> { } }",
    "SELECT * { SERVICE <%s> { ?s ?p ?o } BIND(1 AS ?o) }",
]


@pytest.mark.parametrize("query", NOT_SPARQL)
def test_what_was_no_query_does_not_become_one(local: ox.Store, remote: str, query: str) -> None:
    text = query.replace("%s", remote)
    with pytest.raises(SyntaxError):
        local.query(text)
    with pytest.raises(SyntaxError):
        local.query(resolve(text, remote))


# ---- W3C ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not W3C.exists(), reason="the W3C tests are not beside this repository")
def test_the_w3c_tests_of_service_that_this_supports() -> None:
    """Nested and variable endpoints are refused on purpose: service03, 05 and 06."""
    cases = {
        "service01": ("data01.ttl", {"example.org": "data01endpoint.ttl"}),
        "service02": (None, {"example1.org": "data02endpoint1.ttl", "example2.org": "data02endpoint2.ttl"}),
        "service04a": ("data04.ttl", {"example.org": "data04endpoint.ttl"}),
        "service07": ("data07.ttl", {"invalid.endpoint.org": None}),
    }  # fmt: skip
    passed = [name for name, case in cases.items() if w3c_case(name, *case)]
    assert passed == list(cases)


def w3c_case(name: str, data: str | None, endpoints: dict[str, str | None]) -> bool:
    store = ox.Store()
    if data:
        store.load(path=str(W3C / data), format=ox.RdfFormat.TURTLE)
    query = (W3C / f"{name}.rq").read_text("utf-8")
    iris = []
    for host, document in endpoints.items():
        if document is None:
            with socket.create_server(("127.0.0.1", 0)) as free:
                iris.append(f"http://127.0.0.1:{free.getsockname()[1]}/")
            query = query.replace(f"http://{host}/sparql", iris[-1])
            continue
        # One server at a time is enough: the answer is written into the query.
        with sparql_server((W3C / document).read_text("utf-8")) as iri:
            query = resolve_one(query, f"http://{host}/sparql", iri)
    query = resolve(query, *iris) if iris else query
    return answer(store, query) == w3c_rows(W3C / f"{name.removesuffix('a')}.srx")


def w3c_rows(path: Path) -> Counter[tuple[str, ...]]:
    """A result of the engine must not outlive its function: it is freed on no other thread."""
    expected = ox.parse_query_results(path=str(path), format=ox.QueryResultsFormat.XML)
    assert isinstance(expected, ox.QuerySolutions)
    columns = sorted(variable.value for variable in expected.variables)
    return Counter(tuple(f"{c}={row[c]}" for c in columns) for row in expected)


def resolve_one(query: str, name: str, iri: str) -> str:
    """Answers the clauses of one endpoint and keeps the others for later."""
    kept = query.replace("SERVICE <", "LATER <").replace(f"LATER <{name}>", f"SERVICE <{iri}>")
    return resolve(kept, iri).replace("LATER <", "SERVICE <")


# ---- What is refused, and what fails -----------------------------------------------------------


def test_nothing_is_done_without_a_list_or_without_the_word() -> None:
    query = "SELECT * { SERVICE <http://h/> { } }"
    assert resolve(query) == query
    assert resolve("SELECT * { ?s ?p ?o }", "http://h/") == "SELECT * { ?s ?p ?o }"


def test_an_endpoint_that_is_not_listed_is_named_and_nothing_is_called() -> None:
    with serving(result(EMPTY)) as listed, serving(result(EMPTY)) as other:
        for silent in ("", "SILENT "):
            query = (
                f"SELECT * {{ SERVICE <{listed.iri}> {{ }} SERVICE {silent}<{other.iri}> {{ }} }}"
            )
            with pytest.raises(QueryForbidden) as caught:
                resolve(query, listed.iri)
            assert f"SERVICE <{other.iri}> is refused" in caught.value.text("en")
            assert f"SERVICE <{other.iri}> est refusé" in caught.value.text("fr")
        assert (listed.requests, other.requests) == ([], [])


@pytest.mark.parametrize("iri", ["relative", "", "//127.0.0.1/", "file:///etc/hosts", "urn:x"])
def test_an_iri_that_is_no_web_address_is_not_listed(iri: str) -> None:
    for base in ("", "BASE <http://127.0.0.1/> "):
        with pytest.raises(QueryForbidden, match="not on this service's list"):
            resolve(f"{base}SELECT * {{ SERVICE <{iri}> {{ }} }}", "http://127.0.0.1/")


def test_too_many_clauses() -> None:
    with serving(result(EMPTY)) as server:
        clause = f"SERVICE <{server.iri}> {{ }} "
        resolve(f"SELECT * {{ {clause * MOST_CLAUSES} }}", server.iri)
        assert len(server.requests) == MOST_CLAUSES
        with pytest.raises(QueryForbidden, match=f"the most is {MOST_CLAUSES}"):
            resolve(f"SELECT * {{ {clause * (MOST_CLAUSES + 1)} }}", server.iri)
        assert len(server.requests) == MOST_CLAUSES


def test_a_clause_that_the_tokens_leave_is_refused_by_the_engine() -> None:
    with serving(result(EMPTY)) as server:
        query = f"PREFIX : <{server.iri}> SELECT * {{ SERVICE:x {{ ?a ?b ?c }} }}"
        left = resolve(query, server.iri)
        assert left == query
        with pytest.raises(QueryForbidden):
            refuse_federation(left)
        assert server.requests == []


def rows_of(count: int) -> bytes:
    rows = [{"a": {"type": "literal", "value": str(number)}} for number in range(count)]
    return json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": rows}}).encode()


def failing(connection: socket.socket, request: bytes) -> None:
    connection.sendall(head("500 Oops"))


@pytest.mark.parametrize(
    ("answering", "reason"),
    [
        pytest.param(failing, "answered 500", id="500"),
        pytest.param(result(EMPTY[:-1]), "not a complete SPARQL result", id="cut"),
        pytest.param(result(b'{"head":{},"boolean":true}'), "not a complete", id="ask"),
        pytest.param(result(rows_of(MOST_ROWS + 1)), "more than 10,000 rows", id="rows"),
        pytest.param(result(b" " * 2_000_000), "more than 1,000,000 bytes", id="bytes"),
    ],
)
def test_a_failure_is_told_or_silenced(answering: object, reason: str) -> None:
    store = ox.Store()
    with serving(answering) as server:  # type: ignore[arg-type]
        query = "SELECT ?x ?a { VALUES ?x { 1 2 } SERVICE %s<%s> { ?s ?p ?a } }"
        with pytest.raises(FederationFailed) as caught:
            resolve(query % ("", server.iri), server.iri, most_bytes=1_000_000)
        assert reason in caught.value.text("en")
        assert server.iri in caught.value.text("fr")
        silenced = resolve(query % ("SILENT ", server.iri), server.iri, most_bytes=1_000_000)
        rows = Counter({(f"a={None}", f"x={ox.Literal(x)}"): 1 for x in (1, 2)})
        assert answer(store, silenced) == rows


def test_a_failure_stops_the_other_calls() -> None:
    def silent(connection: socket.socket, request: bytes) -> None:
        connection.recv(1)
        stopped.set()

    stopped = threading.Event()
    with serving(silent) as slow, serving(failing) as broken:
        query = f"SELECT * {{ SERVICE <{slow.iri}> {{ }} SERVICE <{broken.iri}> {{ }} }}"
        with pytest.raises(FederationFailed, match="answered 500"):
            resolve(query, slow.iri, broken.iri)
        assert stopped.wait(5) or not slow.requests


def test_a_blank_node_can_be_shown_and_compared_and_joins_with_nothing_else(
    remote: str, local: ox.Store
) -> None:
    query = PROLOGUE + (
        f"SELECT ?t ?at ?lat {{ SERVICE <{remote}> {{ ?t ex:at ?at . ?at ex:lat ?lat }} }}"
    )
    columns = [
        dict(cell.split("=", 1) for cell in row) for row in answered(local, resolve(query, remote))
    ]
    rows = {row["lat"]: row["at"] for row in columns}
    assert {lat: at[:10] for lat, at in rows.items()} == {'"1"': "<urn:uuid:", '"2"': "<urn:uuid:"}
    assert len(set(rows.values())) == 2
    twice = PROLOGUE + (
        f"SELECT * {{ SERVICE <{remote}> {{ ?t ex:at ?at }} SERVICE <{remote}> {{ ?u ex:at ?at }} }}"
    )
    assert answer(local, resolve(twice, remote)) == Counter()


def test_the_calls_are_made_at_the_same_time() -> None:
    """Each server answers only once both were asked."""
    barrier = threading.Barrier(2, timeout=5)

    def together(connection: socket.socket, request: bytes) -> None:
        barrier.wait()
        connection.sendall(head() + EMPTY)

    with serving(together) as one, serving(together) as two:
        query = f"SELECT * {{ SERVICE <{one.iri}> {{ }} SERVICE <{two.iri}> {{ }} }}"
        assert "SERVICE" not in resolve(query, one.iri, two.iri)
