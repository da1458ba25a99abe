"""No request makes the service call another host: hundreds of attempts, no connection.

A control first shows that the attempts are real: the engine without a guard does call. The queries
are in attempts.py; here is how they are sent, and what else of a request may name a host.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

from tests.security.attempts import FEDERATED, FROM, NO_SPARQL, TARGETS, UNSURE_TARGETS, UPDATES
from tests.security.listeners import MARK, Listener

LANGUAGE = {"Accept-Language": "en"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
FORBIDDEN = (403, "QueryForbidden")
NOT_SPARQL = (400, "QuerySyntaxError")

Send = Callable[[httpx.Client, str], httpx.Response]


def get(client: httpx.Client, query: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers=LANGUAGE)


def form(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", data={"query": query}, headers=LANGUAGE)


def direct(client: httpx.Client, query: str) -> httpx.Response:
    return client.post("/sparql", content=query.encode(), headers={**LANGUAGE, **DIRECT})


SENDERS: tuple[Send, ...] = (get, form, direct)
# The longest address that the HTTP parser takes is 64 KiB.
MOST_IN_ADDRESS = 15_000


def fits(send: Send, query: str) -> bool:
    return send is not get or len(quote(query)) <= MOST_IN_ADDRESS


def sent_in_turn(queries: dict[str, str]) -> list[Any]:
    """Each query with one way to send it, in turn; a long one does not go into an address."""
    cases = []
    for number, (name, query) in enumerate(queries.items()):
        send = SENDERS[number % 3] if fits(SENDERS[number % 3], query) else form
        cases.append(pytest.param(send, query, id=f"{name} [{send.__name__}]"))
    return cases


def sent_in_every_way(queries: dict[str, str]) -> list[Any]:
    return [
        pytest.param(send, query, id=f"{name} [{send.__name__}]")
        for name, query in queries.items()
        for send in SENDERS
        if fits(send, query)
    ]


def on_each_target(queries: dict[str, str]) -> dict[str, str]:
    """Each query against the plain target, the first against every target."""
    first = next(iter(queries))
    targets = {**TARGETS, **UNSURE_TARGETS}
    return {
        f"{name}, {target}": query.replace("@T@", iri)
        for name, query in queries.items()
        for target, iri in targets.items()
        if name == first or target == "127.0.0.1"
    }


SERVICE_CASES = sent_in_turn({it.name: it.query for it in FEDERATED}) + sent_in_every_way(
    {f"again {it.name}": it.query for it in FEDERATED if it.name.endswith("after a triple")}
)
SYNTAX_CASES = sent_in_turn(NO_SPARQL)
FROM_CASES = sent_in_turn(on_each_target(FROM))


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which is a problem document of ours (RFC 9457)."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert (problem["status"], problem["instance"]) == (answer.status_code, "/sparql")
    assert problem["detail"] and MARK not in answer.text
    return answer.status_code, problem["code"]


def test_the_attempts_are_real(control):
    """The engine without a guard calls for each, but for those that are said not to."""
    engine, listener = control
    wrong = {}
    before = listener.settled()
    called = 0
    for attempt in [*FEDERATED, *UPDATES]:
        outcome = engine.run(
            listener.fill(attempt.query), "update" if attempt in UPDATES else "query"
        )
        after = listener.settled()
        called += after > before
        if outcome == "syntax" or (attempt.reaches and after == before):
            wrong[attempt.name] = outcome
        before = after
    assert wrong == {}
    assert called >= 500


def test_what_is_no_sparql_calls_nobody_even_without_a_guard(control):
    engine, listener = control
    before = listener.settled()
    outcomes = {name: engine.run(listener.fill(query)) for name, query in NO_SPARQL.items()}
    assert {name: it for name, it in outcomes.items() if it != "syntax"} == {}
    assert listener.settled() == before


def test_as_many_attempts_as_promised():
    """Counted here, so that a table that lost its rows does not pass for a wall."""
    assert (len(SERVICE_CASES), len(SYNTAX_CASES), len(FROM_CASES)) == (773, 61, 47)
    assert (len(UPDATE_CASES), len(REQUESTS), len(RAW), len(HEADERS)) == (152, 82, 8, 30)
    for cases in (SERVICE_CASES, SYNTAX_CASES, FROM_CASES, UPDATE_CASES):
        assert len({case.id for case in cases}) == len(cases)


@pytest.mark.parametrize(("send", "query"), SERVICE_CASES)
def test_service_is_forbidden(send: Send, query: str, client, listener: Listener):
    before = listener.settled()
    answer = send(client, listener.fill(query))
    assert listener.settled() == before
    assert refusal(answer) == FORBIDDEN
    assert "SERVICE" in answer.json()["detail"]


@pytest.mark.parametrize(("send", "query"), SYNTAX_CASES)
def test_what_is_no_sparql_is_refused(send: Send, query: str, client, listener: Listener):
    """As a syntax error, or for the keyword that it has in another reading of the grammar."""
    before = listener.settled()
    answer = send(client, listener.fill(query))
    assert listener.settled() == before
    assert refusal(answer) in (NOT_SPARQL, FORBIDDEN)


@pytest.mark.parametrize(("send", "query"), FROM_CASES)
def test_a_graph_is_named_never_fetched(send: Send, query: str, client, listener: Listener):
    before = listener.settled()
    answer = send(client, listener.fill(query))
    assert listener.settled() == before
    assert answer.status_code == 200, answer.text
    assert holds_nothing(answer), answer.text


def holds_nothing(answer: httpx.Response) -> bool:
    """No row, no triple, or false."""
    if answer.headers["content-type"].startswith("application/sparql-results+json"):
        found = answer.json()
        return found["results"]["bindings"] == [] if "results" in found else not found["boolean"]
    return all(line.startswith("@prefix") for line in answer.text.splitlines() if line)


@pytest.mark.parametrize(
    "case",
    [
        it
        for it in FEDERATED
        if it.name.startswith("position in ") and not it.name.endswith(("glued", "no spaces"))
    ][::4],
    ids=lambda it: it.name,
)
def test_a_browser_is_told_the_same(case, client, listener: Listener):
    before = listener.settled()
    answer = client.get(
        "/sparql", params={"query": listener.fill(case.query)}, headers={"Accept": "text/html"}
    )
    assert listener.settled() == before
    assert (answer.status_code, MARK in answer.text) == (FORBIDDEN[0], False)
    assert answer.headers["content-type"].startswith("text/html")


# How an update may be sent: as a query, as an update, by address, by form, as the body.
UPDATE_WAYS: dict[str, Callable[[httpx.Client, str], httpx.Response]] = {
    "GET query": get,
    "form query": form,
    "body, as a query": direct,
    "GET update": lambda client, text: client.get("/sparql", params={"update": text}),
    "form update": lambda client, text: client.post("/sparql", data={"update": text}),
    "body, as an update": lambda client, text: client.post(
        "/sparql", content=text.encode(), headers=UPDATE
    ),
    "form update beside a query": lambda client, text: client.post(
        "/sparql", data={"query": "ASK {}", "update": text}
    ),
    "update in the address, query in the form": lambda client, text: client.post(
        "/sparql", params={"update": text}, data={"query": "ASK {}"}
    ),
}
UPDATE_CASES = [
    pytest.param(send, update.query, id=f"{update.name} [{way}]")
    for update in UPDATES
    for way, send in UPDATE_WAYS.items()
]


@pytest.mark.parametrize(("send", "text"), UPDATE_CASES)
def test_an_update_is_refused(send: Send, text: str, client, listener: Listener):
    before = listener.settled()
    answer = send(client, listener.fill(text))
    assert listener.settled() == before
    if send in SENDERS:
        assert refusal(answer) == (400, "UpdateRefused")
    else:
        assert refusal(answer) in ((400, "BadRequest"), (415, "UnsupportedType"))


# Requests that are not about the text of the query alone: method, address, body and headers,
# and the statuses that may answer. Nothing is fetched whatever the answer is.
SERVICE = "SELECT * { SERVICE <@IRI@> { ?a ?b ?c } }"
ALL = "SELECT * { ?s ?p ?o } LIMIT 3"
ENCODED = quote(SERVICE)
Request = tuple[str, str, dict[str, Any], frozenset[int]]
# The one success that has to show it: no row.
EMPTY = frozenset({200})
# Without a query it is the service's description that answers.
DESCRIBED = frozenset({200})
REFUSED, ANY_BUT_FAILURE = frozenset({400, 403, 404, 405, 406, 415}), frozenset(range(200, 500))


def _request(method: str, url: str, statuses: frozenset[int] = REFUSED, **more: Any) -> Request:
    return method, url, more, statuses


REQUESTS: dict[str, Request] = {
    # parameters
    "query twice, the last is bad": _request("GET", f"/sparql?query=ASK%7B%7D&query={ENCODED}"),
    "query twice, the first is bad": _request("GET", f"/sparql?query={ENCODED}&query=ASK%7B%7D"),
    "query in address and form": _request(
        "POST", f"/sparql?query={ENCODED}", data={"query": "ASK {}"}
    ),
    "query in address and body": _request(
        "POST", "/sparql?query=ASK%7B%7D", content=SERVICE, headers=DIRECT
    ),
    "query in another case": _request("GET", f"/sparql?QUERY={ENCODED}", DESCRIBED),
    "query as a list": _request("GET", f"/sparql?query[]={ENCODED}", DESCRIBED),
    "query by another name": _request("GET", f"/sparql?sparql={ENCODED}&q={ENCODED}", DESCRIBED),
    "semicolon between parameters": _request("GET", f"/sparql?a=b;query={ENCODED}", DESCRIBED),
    "encoded name": _request("GET", f"/sparql?%71uery={ENCODED}"),
    "encoded twice": _request("GET", f"/sparql?query={quote(ENCODED)}"),
    "encoded three times": _request("GET", f"/sparql?query={quote(quote(ENCODED))}"),
    "one letter encoded": _request("GET", "/sparql?query=" + ENCODED.replace("S", "%53")),
    "one letter encoded twice": _request("GET", "/sparql?query=" + ENCODED.replace("S", "%2553")),
    "encoded as by IIS": _request("GET", "/sparql?query=" + ENCODED.replace("S", "%u0053")),
    "overlong UTF-8": _request("GET", "/sparql?query=" + ENCODED.replace("S", "%C1%93")),
    "surrogate in UTF-8": _request("GET", "/sparql?query=" + ENCODED.replace("S", "%ED%A0%80S")),
    "plus for each space": _request("GET", "/sparql?query=" + ENCODED.replace("%20", "+")),
    "encoded line feeds": _request("GET", "/sparql?query=" + ENCODED.replace("%20", "%0D%0A")),
    "encoded NUL": _request("GET", "/sparql?query=" + ENCODED + "%00"),
    "HEAD": _request("HEAD", f"/sparql?query={ENCODED}"),
    "PUT": _request("PUT", "/sparql", content=SERVICE, headers=DIRECT),
    "PATCH": _request("PATCH", "/sparql", content=SERVICE, headers=DIRECT),
    "DELETE": _request("DELETE", f"/sparql?query={ENCODED}"),
    "QUERY": _request("QUERY", "/sparql", content=SERVICE, headers=DIRECT),
    "method override": _request(
        "POST",
        "/sparql",
        data={"update": "LOAD <@IRI@>", "_method": "PUT"},
        headers={"X-HTTP-Method-Override": "PUT"},
    ),
    "format as HTML": _request("GET", f"/sparql?query={ENCODED}&format=html"),
    "format as a host": _request("GET", f"/sparql?query={quote(ALL)}&format=@IRI@"),
    "language as a host": _request(
        "GET", f"/sparql?query={quote(ALL)}&lang=@IRI@", ANY_BUT_FAILURE
    ),
    "parameters of other stores": _request(
        "GET",
        f"/sparql?query={quote(ALL)}&should-sponge=grab-all&service=@IRI@&endpoint=@IRI@"
        "&url=@IRI@&uri=@IRI@&callback=@IRI@&stylesheet=@IRI@&xslt-uri=@IRI@&soft-limit=@IRI@",
        ANY_BUT_FAILURE,
    ),
    # bodies
    "multipart": _request("POST", "/sparql", files={"query": ("q", SERVICE)}),
    "JSON": _request("POST", "/sparql", json={"query": SERVICE}),
    "plain text": _request(
        "POST", "/sparql", content=SERVICE, headers={"Content-Type": "text/plain"}
    ),
    "no type": _request("POST", "/sparql", content=SERVICE),
    "type with a charset": _request(
        "POST",
        "/sparql",
        content=SERVICE,
        headers={"Content-Type": "Application/SPARQL-Query; charset=utf-8"},
    ),
    "UTF-16": _request(
        "POST",
        "/sparql",
        content=SERVICE.encode("utf-16"),
        headers={"Content-Type": "application/sparql-query; charset=utf-16"},
    ),
    "UTF-7": _request(
        "POST",
        "/sparql",
        content=SERVICE.replace("S", "+AFM-"),
        headers={"Content-Type": "application/sparql-query; charset=utf-7"},
    ),
    "EBCDIC": _request(
        "POST",
        "/sparql",
        content=SERVICE.encode("cp500"),
        headers={"Content-Type": "application/sparql-query; charset=cp500"},
    ),
    "form with a charset": _request(
        "POST",
        "/sparql",
        content=urlencode({"query": SERVICE}).encode("utf-16"),
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-16"},
    ),
    "form with _charset_": _request(
        "POST", "/sparql", data={"_charset_": "utf-7", "query": SERVICE.replace("S", "+AFM-")}
    ),
    "RDF/XML with an entity": _request(
        "POST",
        "/sparql",
        content='<!DOCTYPE x SYSTEM "@IRI@" [<!ENTITY e SYSTEM "@IRI@">]><x>&e;</x>',
        headers={"Content-Type": "application/rdf+xml"},
    ),
    "JSON-LD with a context": _request(
        "POST",
        "/sparql",
        content='{"@context": "@IRI@", "@id": "urn:a"}',
        headers={"Content-Type": "application/ld+json"},
    ),
    # datasets
    "default graph": _request("GET", f"/sparql?query={quote(ALL)}&default-graph-uri=@IRI@", EMPTY),
    "named graph": _request(
        "GET",
        f"/sparql?query={quote('SELECT * { GRAPH ?g { ?s ?p ?o } }')}&named-graph-uri=@IRI@",
        EMPTY,
    ),
    "both graphs in a form": _request(
        "POST",
        "/sparql",
        EMPTY,
        data={"query": ALL, "default-graph-uri": "@IRI@", "named-graph-uri": "@IRI@"},
    ),
    "graphs beside a body": _request(
        "POST",
        "/sparql?default-graph-uri=@IRI@&named-graph-uri=http://localhost:@REDIRECT@/",
        EMPTY,
        content=ALL,
        headers=DIRECT,
    ),
    "default graph that is a file": _request(
        "GET",
        f"/sparql?query={quote(ALL)}&default-graph-uri=file:///etc/hostname",
        EMPTY,
    ),
    "default graph that is no IRI": _request(
        "GET", f"/sparql?query={quote(ALL)}&default-graph-uri=%3C@IRI@%3E"
    ),
    "graphs of an update": _request(
        "GET",
        f"/sparql?query={quote(ALL)}&using-graph-uri=@IRI@&using-named-graph-uri=@IRI@",
        ANY_BUT_FAILURE,
    ),
    # Graph Store Protocol, and where other stores take updates
    "graph store, read": _request("GET", "/sparql?graph=@IRI@", ANY_BUT_FAILURE),
    "graph store, write": _request(
        "PUT",
        "/sparql?graph=@IRI@",
        content="<urn:a> <urn:b> <@IRI@> .",
        headers={"Content-Type": "text/turtle"},
    ),
    **{
        f"update at {path}": _request(
            "POST", path, frozenset({401, *REFUSED}), data={"update": "LOAD <@IRI@>"}
        )
        for path in ("/", "/update", "/sparql/update", "/sparql-update", "/statements", "/admin")
    },
    **{
        f"graph at {path}": _request("GET", f"{path}?graph=@IRI@&url=@IRI@", ANY_BUT_FAILURE)
        for path in ("/store", "/data", "/rdf-graph-store", "/sparql-graph-crud", "/proxy")
    },
    # resources that are named after a host
    **{
        f"resource {path}": _request("GET", path, ANY_BUT_FAILURE)
        for path in (
            "/doc/@IRI@",
            "/doc/http:%2F%2F127.0.0.1:@PORT@/x",
            "/doc//127.0.0.1:@PORT@/x.ttl",
            "/doc/@127.0.0.1:@PORT@/",
            "/graph/@IRI@",
            "/graph//127.0.0.1:@PORT@/x",
            "/id/@IRI@",
            "/id//127.0.0.1:@PORT@/x",
            "/id/%5C%5C127.0.0.1:@PORT@",
            "/scheme/@IRI@",
            "/scheme//127.0.0.1:@PORT@/",
            "/def/@IRI@",
            "/shapes/@IRI@",
            "/static/@IRI@",
            "//127.0.0.1:@PORT@/",
            "/?url=@IRI@",
            "/docs?url=@IRI@&configUrl=@IRI@",
            "/openapi.json?url=@IRI@",
        )
    },
    # functions of an expression that name the listener
    "an extension function": _request(
        "GET", f"/sparql?query={quote('SELECT (<@IRI@>(1) AS ?x) {}', safe='@')}", ANY_BUT_FAILURE
    ),
    "a literal of its type": _request(
        "GET", f"/sparql?query={quote('''ASK { ?s ?p '1'^^<@IRI@> }''', safe='@')}", ANY_BUT_FAILURE
    ),
    "a geometry of its system": _request(
        "GET",
        "/sparql?query="
        + quote(
            "SELECT (<http://www.opengis.net/def/function/geosparql/distance>('<@IRI@> POINT(1 1)'"
            "^^<http://www.opengis.net/ont/geosparql#wktLiteral>, 'POINT(1 2)'"
            "^^<http://www.opengis.net/ont/geosparql#wktLiteral>, <@IRI@>) AS ?x) {}",
            safe="@",
        ),
        ANY_BUT_FAILURE,
    ),
}


def _filled(value: Any, listener: Listener) -> Any:
    """A request with the listener in its places, however deep."""
    if isinstance(value, str):
        return listener.fill(value.replace("%40", "@"))
    if isinstance(value, dict):
        return {key: _filled(item, listener) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_filled(item, listener) for item in value)
    return value


@pytest.mark.parametrize("name", REQUESTS)
def test_no_other_part_of_a_request_reaches_out(name: str, client, listener: Listener):
    method, url, more, statuses = REQUESTS[name]
    before = listener.settled()
    # A path is joined to the server's own address, whatever it looks like.
    address = f"{str(client.base_url).rstrip('/')}{_filled(url, listener)}"
    with client.stream(
        method, address, follow_redirects=False, **_filled(more, listener)
    ) as answer:
        answer.read()
    assert listener.settled() == before
    assert answer.status_code in statuses, answer.text
    assert MARK not in answer.text
    location = answer.headers.get("location", "/")
    assert location.startswith(("/", str(client.base_url))) and not location.startswith("//")
    if statuses is EMPTY:
        assert holds_nothing(answer), answer.text


# Headers from which a service may take an address.
NAMES = (
    *("Host", "X-Forwarded-Host", "X-Forwarded-Server", "X-Forwarded-For", "X-Real-IP"),
    *("Forwarded", "Referer", "Origin", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Proto"),
    *("Link", "Content-Location", "Location", "From", "Via", "Proxy", "X-Http-Destinationurl"),
    *("Destination", "Slug", "Accept-Profile", "Accept", "Accept-Language", "Profile", "Cookie"),
    *("Authorization", "User-Agent", "X-Wap-Profile", "SOAPAction", "Content-Type"),
)
VALUES = {
    "Host": "127.0.0.1:@PORT@",
    "X-Forwarded-Host": "127.0.0.1:@PORT@",
    "X-Forwarded-Server": "127.0.0.1:@PORT@",
    "Forwarded": "for=127.0.0.1;host=127.0.0.1:@PORT@;proto=http",
    "Link": '<@IRI@>; rel="http://www.w3.org/ns/json-ld#context"',
    "Accept": 'application/ld+json;profile="@IRI@"',
    "Content-Type": 'application/sparql-query; profile="@IRI@"',
}
HEADERS = {name: VALUES.get(name, "@IRI@") for name in NAMES}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_reaches_out(name: str, client, listener: Listener):
    before = listener.settled()
    headers = {name: listener.fill(HEADERS[name])}
    for path in ("/health", "/", "/sparql", "/id/nothing", "/doc/nothing", "/def", "/sparql?graph"):
        answer = client.get(path, headers=headers)
        assert answer.status_code < 500
        assert f":{listener.port}" not in answer.headers.get("location", "")
    posted = client.post("/sparql", content="ASK {}", headers={**DIRECT, **headers})
    assert posted.status_code < 500
    assert listener.settled() == before


# Requests as a client that is no browser writes them: the service is no proxy.
RAW = {
    "absolute address": "GET @IRI@ HTTP/1.1\r\nHost: 127.0.0.1:@PORT@\r\n",
    "absolute address, own host": "GET @IRI@?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\n",
    "absolute address, POST": "POST @IRI@ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n",
    "CONNECT": "CONNECT 127.0.0.1:@PORT@ HTTP/1.1\r\nHost: 127.0.0.1:@PORT@\r\n",
    "HTTP/1.0 without a host": "GET @IRI@ HTTP/1.0\r\n",
    "at sign in the address": "GET @127.0.0.1:@PORT@/ HTTP/1.1\r\nHost: localhost\r\n",
    "two hosts": "GET / HTTP/1.1\r\nHost: localhost\r\nHost: 127.0.0.1:@PORT@\r\n",
    "TRACE": "TRACE @IRI@ HTTP/1.1\r\nHost: localhost\r\n",
}


@pytest.mark.parametrize("name", RAW)
def test_the_service_is_no_proxy(name: str, client, listener: Listener):
    before = listener.settled()
    request = listener.fill(RAW[name]) + "Connection: close\r\n\r\n"
    own = (client.base_url.host, client.base_url.port)
    with socket.create_connection(own, timeout=20) as connection:
        connection.sendall(request.encode())
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    assert listener.settled() == before
    assert answer.startswith(b"HTTP/1.1 ") and not answer.startswith(b"HTTP/1.1 5")
    assert MARK.encode() not in answer


def test_the_service_is_well_after_all(client):
    assert client.get("/health").json()["status"] == "ok"
    assert form(client, "ASK { ?s ?p ?o }").json() == {"head": {}, "boolean": True}
