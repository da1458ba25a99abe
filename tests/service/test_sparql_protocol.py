"""/sparql as a protocol: where a query may stand, how it is decoded, what is refused."""

from __future__ import annotations

import json
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.service.live_service import union_of

RAW = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ONE = "SELECT (1 AS ?n) {}"

# Every character that some layer of HTTP treats apart, and what French names are made of.
TEXTS = (
    "a+b", "a%2Bb", "a%20b", "a b", "a&b=c", "é à ç œ Ÿ", "日本語", "👩‍🔬 𝔘", "100 %", "a;b#c?d/e",
    "%C3%A9", "\u00a0\u202f", "tab\there",
)  # fmt: skip


def value(answer) -> str:
    assert answer.status_code == 200, answer.text
    [row] = answer.json()["results"]["bindings"]
    return row["x"]["value"]


@pytest.mark.parametrize("text", TEXTS)
def test_every_character_comes_back_however_it_is_sent(client, text):
    query = f"SELECT ?x {{ BIND({json.dumps(text, ensure_ascii=False)} AS ?x) }}"
    strict = quote(query, safe="").encode()
    assert {
        "get": value(client.get("/sparql", params={"query": query})),
        "get, all percent-encoded": value(client.get(f"/sparql?query={strict.decode()}")),
        "form": value(client.post("/sparql", data={"query": query})),
        "form, all percent-encoded": value(
            client.post("/sparql", content=b"query=" + strict, headers=FORM)
        ),
        "raw": value(client.post("/sparql", content=query.encode(), headers=RAW)),
        "raw, charset": value(
            client.post(
                "/sparql",
                content=query.encode(),
                headers={"Content-Type": "Application/Sparql-Query; charset=UTF-8"},
            )
        ),
    } == dict.fromkeys(
        ("get", "get, all percent-encoded", "form", "form, all percent-encoded", "raw", "raw, charset"),
        text,
    )  # fmt: skip


def test_a_plus_is_a_space_and_percent_2b_a_plus(client):
    sent = "query=SELECT+?x+{+BIND('1%2B1+%2520'+AS+?x)+}"
    assert value(client.get(f"/sparql?{sent}")) == "1+1 %20"
    assert value(client.post("/sparql", content=sent, headers=FORM)) == "1+1 %20"


REFUSED = {
    "no query": ("GET", "/sparql?format=csv", None, {}, 400, "BadRequest"),
    "no query in a form": ("POST", "/sparql", b"x=1", FORM, 400, "BadRequest"),
    "an empty query": ("GET", "/sparql?query=", None, {}, 400, "QuerySyntaxError"),
    "two queries": ("GET", "/sparql?query=ASK{}&query=ASK{}", None, {}, 400, "BadRequest"),
    "two queries, address and body": ("POST", "/sparql?query=ASK{}", b"ASK{}", RAW, 400, "BadRequest"),
    "an update parameter": ("POST", "/sparql", b"update=CLEAR+ALL", FORM, 400, "BadRequest"),
    "query and update": ("POST", "/sparql", b"query=ASK{}&update=X", FORM, 400, "BadRequest"),
    "an update body": ("POST", "/sparql", b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 415, "UnsupportedType"),
    "a JSON body": ("POST", "/sparql", b"{}", {"Content-Type": "application/json"}, 415, "UnsupportedType"),
    "no content type": ("POST", "/sparql", b"ASK{}", {}, 415, "UnsupportedType"),
    "a body that is not UTF-8": ("POST", "/sparql", b"ASK { ?s ?p '\xe9' }", RAW, 415, "UnsupportedType"),
    "percent-encoding that is not UTF-8": ("GET", "/sparql?query=ASK{?s+?p+'%E9'}", None, {}, 400, "BadRequest"),
    "the same in a form": ("POST", "/sparql", b"query=ASK{?s+?p+'%E9'}", FORM, 400, "BadRequest"),
    "a graph that is no IRI": ("GET", "/sparql?query=ASK{}&default-graph-uri=a%20b", None, {}, 400, "BadRequest"),
    "a relative graph": ("GET", "/sparql?query=ASK{}&named-graph-uri=graph", None, {}, 400, "BadRequest"),
    "a graph the engine refuses": ("GET", "/sparql?query=ASK{}&named-graph-uri=http://[/", None, {}, 400, "BadRequest"),
    "an unknown format": ("GET", "/sparql?query=ASK{}&format=pdf", None, {}, 406, "NotAcceptable"),
    "rows as Turtle": ("GET", "/sparql?query=ASK{}&format=turtle", None, {}, 406, "NotAcceptable"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(client, name):
    method, path, body, headers, status, code = REFUSED[name]
    answer = client.request(method, path, content=body, headers=headers)
    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (
        status,
        "application/problem+json",
        code,
    )


def test_bad_percent_encoding_is_kept_as_it_is(client):
    """What is no percent-encoding is text, as browsers have it."""
    assert value(client.get("/sparql?query=SELECT+?x+{BIND('100%+%zz'+AS+?x)}")) == "100% %zz"


def test_a_syntax_error_says_where(client):
    answer = client.get("/sparql", params={"query": "SELECT * {\n ?s ?p }"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "QuerySyntaxError"
    assert (answer.json()["line"], answer.json()["column"]) == (2, 8)


@pytest.mark.parametrize("headers", [RAW, FORM])
def test_a_megabyte_is_taken_and_more_is_not(client, headers):
    start = b"query=" if headers is FORM else b""
    filled = start + b"ASK{}#"
    most = filled + b"x" * (1_000_000 - len(filled))
    assert client.post("/sparql", content=most, headers=headers).json()["boolean"] is True
    for size in (1, 5_000_000):
        answer = client.post("/sparql", content=most + b"x" * size, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "TooLarge")
    assert client.get("/health").status_code == 200


def test_a_large_list_of_values_is_answered(client):
    rows = " ".join(f'("{number}")' for number in range(50_000))
    query = f"SELECT (COUNT(*) AS ?x) {{ VALUES (?v) {{ {rows} }} }}"
    assert value(client.post("/sparql", content=query, headers=RAW)) == "50000"


SOURCE = "https://w3id.org/coopdec/graph/source/atlas-3203"
DERIVED = "https://w3id.org/coopdec/graph/derived/atlas-3203"
# DISTINCT: of several graphs that a request names, the engine gives a shared triple twice.
COUNT = "SELECT (COUNT(*) AS ?x) { { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } } }"
NAMED = "SELECT (COUNT(DISTINCT ?g) AS ?x) { GRAPH ?g { ?s ?p ?o } }"


def expected(store, *graphs: str) -> str:
    if not graphs:
        return str(len(union_of(store)))
    return str(len({quad.triple for quad in store if quad.graph_name.value in graphs}))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("graphs", [(), (SOURCE,), (SOURCE, DERIVED)])
def test_the_default_graph_is_the_union_or_what_is_named(client, store, method, graphs):
    pairs = [("query", COUNT), *(("default-graph-uri", graph) for graph in graphs)]
    if method == "GET":
        answer = client.get("/sparql", params=pairs)
    else:
        body = "&".join(f"{name}={quote(text, safe='')}" for name, text in pairs)
        answer = client.post("/sparql", content=body, headers=FORM)
    assert value(answer) == expected(store, *graphs)


def test_graphs_may_stand_in_the_address_of_a_direct_post(client, store):
    path = f"/sparql?default-graph-uri={quote(SOURCE, safe='')}"
    answer = client.post(path, content=COUNT, headers=RAW)
    assert value(answer) == expected(store, SOURCE)


def test_named_graphs_are_those_of_the_request(client, store):
    every = {quad.graph_name for quad in store} - {ox.DefaultGraph()}
    assert value(client.get("/sparql", params={"query": NAMED})) == str(len(every))
    pairs = [("query", NAMED), ("named-graph-uri", SOURCE), ("named-graph-uri", DERIVED)]
    assert value(client.get("/sparql", params=pairs)) == "2"
    pairs[0] = ("query", COUNT)
    assert value(client.get("/sparql", params=pairs)) == "0"


def test_from_in_the_query_replaces_the_union(client, store):
    """A defect once: the union of all graphs silently took the place of FROM."""
    query = COUNT.replace("{", f"FROM <{SOURCE}> {{", 1)
    assert value(client.get("/sparql", params={"query": query})) == expected(store, SOURCE)
    query = NAMED.replace("{", f"FROM NAMED <{SOURCE}> {{", 1)
    assert value(client.get("/sparql", params={"query": query})) == "1"


def test_the_request_overrides_from(client, store):
    query = COUNT.replace("{", f"FROM <{SOURCE}> {{", 1)
    answer = client.get("/sparql", params={"query": query, "default-graph-uri": DERIVED})
    assert value(answer) == expected(store, DERIVED)


def test_the_word_from_elsewhere_keeps_the_union(client, store):
    query = COUNT.replace("?o } }", "?o BIND('FROM <http://a/>' AS ?from) } }") + " # from"
    assert value(client.get("/sparql", params={"query": query})) == expected(store)


def test_a_triple_of_two_graphs_counts_once(client, store):
    query = "SELECT (COUNT(*) AS ?x) { ?s ?p ?o }"
    assert value(client.get("/sparql", params={"query": query})) == expected(store)


def test_prefixes_are_declared_beforehand_and_may_be_declared_anew(client):
    query = "SELECT (COUNT(?p) AS ?x) { ?p a cd:Partnership ; dct:title ?t }"
    assert value(client.get("/sparql", params={"query": query})) == "6"
    other = f"PREFIX cd: <http://example.org/> {query}"
    assert value(client.get("/sparql", params={"query": other})) == "0"


def test_head_is_get_without_its_body(client):
    for path, accept in (
        ("/sparql?query=ASK{}", "text/csv"),
        ("/sparql", "text/html"),
        ("/sparql?query=nonsense", "*/*"),
        ("/", "text/html"),
        ("/doc/partnership/atlas-3203", "text/turtle"),
        ("/doc/partnership/nobody", "*/*"),
        ("/id/partnership/atlas-3203", "*/*"),
        ("/def", "text/html"),
        ("/shapes.nt", "*/*"),
        ("/health", "*/*"),
    ):
        get, head = (client.request(m, path, headers={"Accept": accept}) for m in ("GET", "HEAD"))
        for answer in (get, head):
            answer.headers.pop("date")
        assert (path, head.status_code, head.content) == (path, get.status_code, b"")
        assert dict(head.headers) == dict(get.headers), path


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
def test_other_methods_are_refused(client, method):
    for path, allowed in (
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
        ("/", "GET, HEAD"),
        ("/doc/partnership/atlas-3203", "GET, HEAD"),
        ("/def.ttl", "GET, HEAD"),
        ("/health", "GET, HEAD"),
    ):
        answer = client.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == "Méthode non permise"
