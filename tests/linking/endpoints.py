"""An endpoint on loopback that answers as Wikidata would, until told to misbehave."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox

JSON = "application/sparql-results+json"

WORLD = """
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

wd:Q945 wdt:P297 "TG" . wd:Q962 wdt:P297 "BJ" . wd:Q142 wdt:P297 "FR" . wd:Q17012 wdt:P297 "GP" .
wd:Q91 wdt:P279 wd:Q486972 . wd:Q92 wdt:P279 wd:Q10864048 . wd:Q10864048 wdt:P279 wd:Q56061 .
wd:Q93 wdt:P279 wd:Q15284 . wd:Q15284 wdt:P279 wd:Q56061 . wd:Q94 wdt:P279 wd:Q13220204 .
wd:Q13220204 wdt:P279 wd:Q56061 .

wd:Q101 rdfs:label "Modèleville"@fr, "Modelville"@en ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 .
wd:Q102 rdfs:label "région de Modèleville"@fr, "Modelville Region"@en ; wdt:P17 wd:Q945 ;
    wdt:P31 wd:Q92 .
wd:Q103 rdfs:label "Fictiville"@fr ; skos:altLabel "Vieille-Fictive"@fr ; wdt:P17 wd:Q945 ;
    wdt:P31 wd:Q91 .
wd:Q104 rdfs:label "Fictiville"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q94 .
wd:Q105 rdfs:label "Disparue"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ;
    wdt:P576 "2001-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q106 rdfs:label "Fondue"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; owl:sameAs wd:Q107 .
wd:Q107 rdfs:label "Grande Fondue"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 .
wd:Q108 rdfs:label "La Paix"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 .
wd:Q109 rdfs:label "Paix"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 .
wd:Q110 rdfs:label "Montagne d'Exemple"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q8502 .
wd:Q111 rdfs:label "Exempleville"@fr ; wdt:P17 wd:Q962 ; wdt:P31 wd:Q93 .
wd:Q112 rdfs:label "Future"@fr ; wdt:P17 wd:Q962 ; wdt:P31 wd:Q93 ;
    wdt:P576 "2999-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q207253 rdfs:label "Mantes-la-Jolie"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "78361" .
wd:Q12820 rdfs:label "Yvelines"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q94 ; wdt:P2586 "78" .
wd:Q13917 rdfs:label "Île-de-France"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q92 ; wdt:P2585 "11" .
wd:Q201 rdfs:label "Cherbourg-en-Cotentin"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "50129" .
wd:Q202 rdfs:label "Cherbourg-Octeville"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "50129" ;
    wdt:P576 "2016-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q203 rdfs:label "Un autre nom"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "35238" .
wd:Q204 rdfs:label "Roanne"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "42187" .
wd:Q205 rdfs:label "Roanne"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "42187" .
wd:Q206 rdfs:label "Pointe-à-Pitre"@fr ; wdt:P17 wd:Q17012 ; wdt:P31 wd:Q93 .
"""

Behaviour = Callable[["Handler", str], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        query = parse_qs(self.rfile.read(length).decode())["query"][0]
        self.server.asked.append(query)
        self.server.agents.append(self.headers["User-Agent"])
        with suppress(OSError):
            self.server.behaviour(self, query)

    def do_GET(self) -> None:
        self.server.strangers.append(self.path)
        self.reply(b"", "text/plain", 404)

    def reply(
        self,
        body: bytes,
        type: str = JSON,
        status: int = 200,
        length: int | None = None,
        **more: str,
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class Endpoint(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.asked: list[str] = []
        self.agents: list[str] = []
        self.strangers: list[str] = []
        self.behaviour: Behaviour = good
        self.store = ox.Store()
        self.store.load(WORLD.encode(), format=ox.RdfFormat.TURTLE)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/sparql"

    def answer(self, query: str) -> bytes:
        result = self.store.query(query)
        assert isinstance(result, ox.QuerySolutions)
        body = result.serialize(format=ox.QueryResultsFormat.JSON)
        assert body is not None
        return body


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def good(handler: Handler, query: str) -> None:
    handler.reply(handler.server.answer(query))


def status(code: int, **headers: str) -> Behaviour:
    return lambda handler, query: handler.reply(b"no", "text/plain", code, **headers)


def html(handler: Handler, query: str) -> None:
    handler.reply(b"<html>maintenance</html>", "text/html; charset=utf-8")


def html_said_to_be_json(handler: Handler, query: str) -> None:
    handler.reply(b"<html>maintenance</html>")


def cut(handler: Handler, query: str) -> None:
    handler.reply(handler.server.answer(query)[:-20])


def shorter_than_said(handler: Handler, query: str) -> None:
    body = handler.server.answer(query)
    handler.reply(body, length=len(body) + 50)


def ten_times(handler: Handler, query: str) -> None:
    """Every row ten times."""
    head, rows, tail = handler.server.answer(query).partition(b'"bindings":[')
    body = tail.removesuffix(b"]}}")
    handler.reply(head + rows + b",".join([body] * 10 if body else []) + b"]}}")


def invented_rows(handler: Handler, query: str) -> None:
    """A hundred thousand rows that nobody asked for."""
    if "?iso" not in query:
        good(handler, query)
        return
    row = '{"iso":{"type":"literal","value":"TG"},"item":{"type":"uri","value":"urn:x:%d"}}'
    rows = ",".join(row % number for number in range(100_000))
    handler.reply(
        f'{{"head":{{"vars":["iso","item"]}},"results":{{"bindings":[{rows}]}}}}'.encode()
    )


def other_variables(handler: Handler, query: str) -> None:
    handler.reply(b'{"head":{"vars":["x"]},"results":{"bindings":[]}}')


def yes_or_no(handler: Handler, query: str) -> None:
    handler.reply(b'{"head":{},"boolean":true}')


def endless(handler: Handler, query: str) -> None:
    handler.reply(b"", length=10**12)
    while True:
        handler.wfile.write(b" " * 65536)


def dripping(handler: Handler, query: str) -> None:
    """A byte now and then: no single wait is long."""
    handler.reply(b"", length=10**6)
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.05)


def silent(handler: Handler, query: str) -> None:
    handler.connection.settimeout(60)
    handler.rfile.read(1)


def hangs_up(handler: Handler, query: str) -> None:
    handler.close_connection = True


def elsewhere(handler: Handler, query: str) -> None:
    address = handler.server.url.replace("/sparql", "/elsewhere")
    handler.reply(b"", "text/plain", 302, Location=address)


def after(count: int, then: Behaviour, first: Behaviour = good) -> Behaviour:
    """Behaves one way so many times, then another."""
    left = [count]

    def behave(handler: Handler, query: str) -> None:
        left[0] -= 1
        (first if left[0] >= 0 else then)(handler, query)

    return behave
