"""Content negotiation as one table: every Accept × every form of result × every `format`, GET and POST.

The tables say what is expected in full; nothing here asks the product how it chooses.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest

# What each format answers with: its media type, and the file it would be kept as.
ANSWERS = {
    "json": ("application/sparql-results+json", 'attachment; filename="coopdec.json"'),
    "csv": ("text/csv; charset=utf-8", 'inline; filename="coopdec.csv"'),
    "tsv": ("text/tab-separated-values; charset=utf-8", 'inline; filename="coopdec.tsv"'),
    "xml": ("application/sparql-results+xml", 'attachment; filename="coopdec.xml"'),
    "csv-bom": ("text/csv; charset=utf-8", 'inline; filename="coopdec.csv"'),
    "geojson": ("application/geo+json", 'attachment; filename="coopdec.geojson"'),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        'attachment; filename="coopdec.xlsx"',
    ),
    "parquet": ("application/vnd.apache.parquet", 'attachment; filename="coopdec.parquet"'),
    "turtle": ("text/turtle; charset=utf-8", 'inline; filename="coopdec.ttl"'),
    "jsonld": ("application/ld+json", 'attachment; filename="coopdec.jsonld"'),
    "nt": ("application/n-triples", 'attachment; filename="coopdec.nt"'),
    "rdfxml": ("application/rdf+xml", 'attachment; filename="coopdec.rdf"'),
    "html": ("text/html; charset=utf-8", None),
}

QUERIES = {
    "select": 'SELECT ?a ?wkt { VALUES (?a ?wkt) { ("é" "POINT(1 2)"^^geo:wktLiteral) } }',
    "ask": "ASK { ?s a cd:Partnership }",
    "construct": "CONSTRUCT WHERE { ?s a cd:Partnership }",
    "describe": "DESCRIBE <https://w3id.org/coopdec/id/partnership/atlas-3203>",
    "error": "SELECT * { SERVICE <http://a/> {} }",
}
# The columns of the tables that each form of result is read from.
COLUMN = {"select": 0, "ask": 1, "construct": 2, "describe": 2}

NO = None
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;"
    "q=0.8,application/signed-exchange;v=b3;q=0.7"
)
OLD_EDGE = "text/html, application/xhtml+xml, image/jxr, */*"
POWER_QUERY = (
    "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
    "application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,"
    "text/plain;q=0.7"
)
WRAPPER_JSON = (
    "application/sparql-results+json,application/json,text/javascript,application/javascript"
)
WRAPPER_N3 = (
    "application/turtle,text/turtle,text/rdf+n3,application/n-triples,application/n3,text/n3"
)
XLSX = ANSWERS["xlsx"][0]
PROFILE = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'

# Accept, in as many lines as it is sent in: the format of a SELECT, of an ASK, of a graph (None:
# 406), and whether a page answers when something is wrong.
ACCEPTS: dict[tuple[str, ...], tuple[str | None, str | None, str | None, bool]] = {
    # Nothing said; pandas and urllib send no header.
    (): ("json", "json", "turtle", False),
    ("",): ("json", "json", "turtle", False),
    ("  ",): ("json", "json", "turtle", False),
    ("*/*",): ("json", "json", "turtle", False),  # curl, requests
    # Every media type.
    ("application/sparql-results+json",): ("json", "json", NO, False),
    ("text/csv",): ("csv", "csv", NO, False),
    ("text/tab-separated-values",): ("tsv", "tsv", NO, False),
    ("application/sparql-results+xml",): ("xml", "xml", NO, False),
    ("application/geo+json",): ("geojson", NO, NO, False),
    (XLSX,): ("xlsx", NO, NO, False),
    ("application/vnd.apache.parquet",): ("parquet", NO, NO, False),
    ("text/turtle",): (NO, NO, "turtle", False),
    ("application/ld+json",): (NO, NO, "jsonld", False),
    ("application/n-triples",): (NO, NO, "nt", False),
    ("application/rdf+xml",): (NO, NO, "rdfxml", False),
    ("text/html",): ("html", "html", "html", True),
    # Every other name of one.
    ("application/json",): ("json", "json", "jsonld", False),
    ("application/xml",): ("xml", "xml", "rdfxml", False),
    ("text/xml",): ("xml", "xml", "rdfxml", False),
    ("application/vnd.geo+json",): ("geojson", NO, NO, False),
    ("application/x-parquet",): ("parquet", NO, NO, False),
    ("text/plain",): (NO, NO, "turtle", False),
    ("application/x-turtle",): (NO, NO, "turtle", False),
    ("application/xhtml+xml",): ("html", "html", "html", True),
    # Families. What must be named is not of them.
    ("application/*",): ("json", "json", "jsonld", False),
    ("text/*",): ("csv", "csv", "turtle", False),
    ("image/*",): (NO, NO, NO, False),
    ("text/*, application/*;q=0.9",): ("csv", "csv", "turtle", False),
    ("application/*, text/*;q=0.9",): ("json", "json", "jsonld", False),
    # Spelled otherwise.
    ("TEXT/CSV",): ("csv", "csv", NO, False),
    ("  text/csv  ,  text/turtle  ",): ("csv", "csv", "turtle", False),
    (",, text/csv,",): ("csv", "csv", NO, False),
    # Parameters choose nothing.
    ("text/csv; charset=utf-8",): ("csv", "csv", NO, False),
    ("text/csv; header=present; charset=iso-8859-1",): ("csv", "csv", NO, False),
    (PROFILE,): (NO, NO, "jsonld", False),
    ("text/turtle;version=1.2",): (NO, NO, "turtle", False),
    # Qualities.
    ("application/sparql-results+xml;q=0.5, text/csv;q=0.9",): ("csv", "csv", NO, False),
    ("text/csv;q=0.001, application/sparql-results+xml;q=0.002",): ("xml", "xml", NO, False),
    ("text/csv;q=0.5, text/tab-separated-values;q=0.5",): ("csv", "csv", NO, False),
    ("text/csv;q=1.000, */*;q=0.1",): ("csv", "csv", "turtle", False),
    ("*/*;q=0.1, application/n-triples;q=0.2",): ("json", "json", "nt", False),
    ("text/csv, */*",): ("csv", "csv", "turtle", False),
    ("text/*;q=0.3, text/tab-separated-values;q=0.2, */*;q=0.1",): ("csv", "csv", "turtle", False),
    ("application/rdf+xml;q=0.3, text/turtle;q=0.4",): (NO, NO, "turtle", False),
    (f"{XLSX};q=0.9, text/csv;q=0.8",): ("xlsx", "csv", NO, False),
    ("application/json;q=0.4, application/ld+json;q=0.2, text/turtle;q=0.3",): (
        "json", "json", "turtle", False,
    ),
    # A quality that is none leaves its range out.
    ("text/csv;q=much, text/tab-separated-values;q=0.1",): ("tsv", "tsv", NO, False),
    ("text/csv;q=7, text/tab-separated-values;q=0.1",): ("tsv", "tsv", NO, False),
    ("text/csv;q=-1",): (NO, NO, NO, False),
    # Exclusions.
    ("*/*;q=0",): (NO, NO, NO, False),
    ("text/csv;q=0",): (NO, NO, NO, False),
    ("application/sparql-results+json;q=0, */*",): ("csv", "csv", "turtle", False),
    ("text/csv;q=0, text/*",): ("tsv", "tsv", "turtle", False),
    ("text/turtle;q=0, application/ld+json;q=0, */*;q=0.1",): ("json", "json", "nt", False),
    ("application/*;q=0, */*",): ("csv", "csv", "turtle", False),
    ("application/*;q=0, text/*;q=0, application/n-triples, application/sparql-results+xml",): (
        "xml", "xml", "nt", False,
    ),
    ("text/html;q=0, */*",): ("json", "json", "turtle", False),
    # Several lines are one list.
    ("image/png", "text/csv;q=0.1"): ("csv", "csv", NO, False),
    ("text/csv;q=0.1", "application/sparql-results+xml", "text/turtle"): (
        "xml", "xml", "turtle", False,
    ),
    ("*/*;q=0.1", "text/html;q=0.2"): ("html", "html", "html", True),
    ("", "text/csv"): ("csv", "csv", NO, False),
    # Nothing we have.
    ("image/png",): (NO, NO, NO, False),
    ("application/pdf, image/*;q=0.5",): (NO, NO, NO, False),
    ("csv",): (NO, NO, NO, False),
    ("application/vnd.ms-excel",): (NO, NO, NO, False),
    # What programs really send.
    (FIREFOX,): ("html", "html", "html", True),
    (CHROME,): ("html", "html", "html", True),
    (OLD_EDGE,): ("html", "html", "html", True),
    (POWER_QUERY,): ("json", "json", "jsonld", False),
    (WRAPPER_JSON,): ("json", "json", "jsonld", False),
    (WRAPPER_N3,): (NO, NO, "turtle", False),
    ("application/turtle,text/turtle",): (NO, NO, "turtle", False),
    ("application/ld+json,application/x-json+ld",): (NO, NO, "jsonld", False),
    ("application/sparql-results+xml,application/rdf+xml,*/*",): ("xml", "xml", "rdfxml", False),
    # A page is no more than one of the formats.
    ("text/html;q=0.5, text/csv, text/turtle",): ("csv", "csv", "turtle", False),
    ("text/csv;q=0.5, text/html",): ("html", "html", "html", True),
}  # fmt: skip

# `format`: that of a SELECT, of an ASK, of a graph (None: 406). It wins over Accept.
FORMATS: dict[str, tuple[str | None, str | None, str | None]] = {
    "json": ("json", "json", "jsonld"),
    "csv": ("csv", "csv", NO),
    "tsv": ("tsv", "tsv", NO),
    "xml": ("xml", "xml", "rdfxml"),
    "csv-bom": ("csv-bom", NO, NO),
    "geojson": ("geojson", NO, NO),
    "xlsx": ("xlsx", NO, NO),
    "excel": ("xlsx", NO, NO),
    "parquet": ("parquet", NO, NO),
    "turtle": (NO, NO, "turtle"),
    "ttl": (NO, NO, "turtle"),
    "n3": (NO, NO, "turtle"),
    "jsonld": (NO, NO, "jsonld"),
    "json-ld": (NO, NO, "jsonld"),
    "nt": (NO, NO, "nt"),
    "ntriples": (NO, NO, "nt"),
    "rdfxml": (NO, NO, "rdfxml"),
    "rdf": (NO, NO, "rdfxml"),
    "rdf+xml": (NO, NO, "rdfxml"),
    "html": ("html", "html", "html"),
    "application/sparql-results+json": ("json", "json", NO),
    "text/csv": ("csv", "csv", NO),
    "text/tab-separated-values": ("tsv", "tsv", NO),
    "application/sparql-results+xml": ("xml", "xml", NO),
    "application/geo+json": ("geojson", NO, NO),
    XLSX: ("xlsx", NO, NO),
    "application/vnd.apache.parquet": ("parquet", NO, NO),
    "text/turtle": (NO, NO, "turtle"),
    "application/ld+json": (NO, NO, "jsonld"),
    "application/n-triples": (NO, NO, "nt"),
    "application/rdf+xml": (NO, NO, "rdfxml"),
    "text/html": ("html", "html", "html"),
    "CSV": ("csv", "csv", NO),
    "Text/Turtle": (NO, NO, "turtle"),
    "pdf": (NO, NO, NO),
    "*/*": (NO, NO, NO),
    "text/csv; charset=utf-8": (NO, NO, NO),
}
# Without it, and with an empty one, Accept decides.
UNSAID = (None, "")
METHODS = ("GET", "POST")

DATA_VARIES = "Accept, Accept-Encoding"
TEXT_VARIES = "Accept, Accept-Language"
PROBLEM = "application/problem+json"


class Seen(NamedTuple):
    """What of an answer the table speaks of."""

    status: int
    type: str | None
    vary: str | None
    file: str | None


def expected(form: str, lines: tuple[str, ...], format: str | None) -> Seen:
    """The answer by the tables."""
    *by_accept, page = ACCEPTS[lines]
    wrong = Seen(0, ANSWERS["html"][0] if page else PROBLEM, TEXT_VARIES, None)
    if form == "error":
        return wrong._replace(status=403)
    name = (FORMATS[format] if format else by_accept)[COLUMN[form]]
    if name is None:
        return wrong._replace(status=406)
    kind, file = ANSWERS[name]
    return Seen(200, kind, TEXT_VARIES if name == "html" else DATA_VARIES, file)


class Asker:
    """Requests as they are, over one kept connection: the header in as many lines as wanted.

    They are tens of thousands: several are sent before the first answer is read, and no library
    stands between.
    """

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        host, _, port = self._host.partition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=60)
        self._answers = self._socket.makefile("rb")

    def ask(self, *requests: bytes) -> list[tuple[Seen, bytes]]:
        """The answers with their bodies. Few enough requests that none waits to be sent."""
        self._socket.sendall(b"".join(requests))
        return [self._answer() for _ in requests]

    def request(self, method: str, pairs: dict[str, str], headers: list[tuple[str, str]]) -> bytes:
        body = urlencode(pairs)
        lines = [f"Host: {self._host}", *(f"{name}: {value}" for name, value in headers)]
        if method == "POST":
            kind = "Content-Type: application/x-www-form-urlencoded"
            lines += [kind, f"Content-Length: {len(body)}", "", body]
        else:
            lines += ["", ""]
        path = "/sparql" if method == "POST" else f"/sparql?{body}"
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines]).encode()

    def _answer(self) -> tuple[Seen, bytes]:
        status = int(self._answers.readline().split()[1])
        found: dict[str, str] = {}
        while line := self._answers.readline().rstrip():
            name, _, value = line.decode().partition(": ")
            assert name not in found, f"{name} is sent twice"
            found[name] = value
        body = self._answers.read(int(found["content-length"]))
        names = ("content-type", "vary", "content-disposition")
        return Seen(status, *map(found.get, names)), body

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


@pytest.fixture(scope="module")
def asker(address: str) -> Iterator[Asker]:
    asker = Asker(address)
    yield asker
    asker.close()


def pairs_of(form: str, format: str | None) -> dict[str, str]:
    return {"query": QUERIES[form], **({} if format is None else {"format": format})}


@pytest.mark.parametrize("form", QUERIES)
def test_every_combination_is_answered_as_the_table_says(asker, form):
    wrong: list[object] = []
    seen: Counter[int] = Counter()
    bodies: dict[str, set[bytes]] = {}
    for lines in ACCEPTS:
        headers = [("Accept", line) for line in lines]
        cases = list(product((*UNSAID, *FORMATS), METHODS))
        requests = [asker.request(how, pairs_of(form, format), headers) for format, how in cases]
        for (format, method), (answer, body) in zip(cases, asker.ask(*requests), strict=True):
            if answer != expected(form, lines, format):
                wrong.append((lines, format, method, answer, expected(form, lines, format)))
            seen[answer.status] += 1
            if answer.status == 200 and answer.type and not answer.type.startswith("text/html"):
                bodies.setdefault(f"{answer.type} {format == 'csv-bom'}", set()).add(body)
    assert wrong == []
    assert sum(seen.values()) == len(ACCEPTS) * (len(FORMATS) + 2) * 2 == 76 * 39 * 2
    # Whatever asked for it, a format is the same bytes.
    kinds = {"select": 8, "ask": 4, "construct": 4, "describe": 4, "error": 0}
    assert {kind: len(found) for kind, found in bodies.items()} == dict.fromkeys(bodies, 1)
    assert len(bodies) == kinds[form]
    assert set(seen) == ({403} if form == "error" else {200, 406})


def test_vary_names_what_an_answer_depends_on(asker):
    """Of each kind of answer, the headers whose value changes it are those it names."""
    kinds = {
        "rows": ("select", None, "*/*", 200),
        "graph": ("describe", "turtle", "*/*", 200),
        "page": ("ask", None, "text/html", 200),
        "problem": ("error", None, "*/*", 403),
        "error page": ("error", None, "text/html", 403),
        "not acceptable": ("ask", "pdf", "*/*", 406),
    }
    long = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 100"
    others = {
        "Accept": "text/csv, application/n-triples;q=0.9",
        "Accept-Encoding": "gzip",
        "Accept-Language": "en",
    }
    found: dict[str, tuple[int, list[str]]] = {}
    named: dict[str, tuple[int, list[str]]] = {}
    for kind, (form, format, accept, status) in kinds.items():
        pairs = pairs_of(form, format)
        if form == "select":
            pairs["query"] = long
        usual = {"Accept": accept, "Accept-Encoding": "identity", "Accept-Language": "fr"}
        every = [usual, *({**usual, name: value} for name, value in others.items())]
        (plain, body), *changed = asker.ask(
            *(asker.request("GET", pairs, list(headers.items())) for headers in every)
        )
        changing = [name for name, (_, other) in zip(others, changed, strict=True) if other != body]
        found[kind] = (plain.status, changing)
        named[kind] = (status, (plain.vary or "").split(", "))
    assert {kind: status for kind, (status, _) in found.items()} == {
        kind: status for kind, (status, _) in named.items()
    }
    assert {kind: changing for kind, (_, changing) in found.items()} == {
        "rows": ["Accept", "Accept-Encoding"],
        # `format` names it: Accept does not matter here, it does where `format` is absent.
        "graph": ["Accept-Encoding"],
        "page": ["Accept", "Accept-Language"],
        "problem": ["Accept-Language"],
        "error page": ["Accept", "Accept-Language"],
        "not acceptable": ["Accept-Language"],
    }
    for kind, (_, changing) in found.items():
        assert set(changing) <= set(named[kind][1]), kind
