"""The limits of a query, as a client meets them: what is said, and that the work ends with it."""

from __future__ import annotations

import csv
import io
import json
import socket
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

import httpx
import openpyxl
import pyarrow.parquet
import pytest
import rdflib

from tests.service.live_service import Client, serving
from tests.service.processes import (
    is_idle,
    memory_of,
    processes_of,
    resident_of,
    wait_until_idle,
    wait_until_processes,
)

LIMIT = 2.0
MOST_ROWS = 500
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
ROWS = (
    'SELECT ?s ?o ("POINT(1 2)"^^geo:wktLiteral AS ?wkt)'
    " { ?s dct:isPartOf|dct:title|rdfs:label|a ?o } ORDER BY ?s ?o"
)
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"
SMALL = "ASK { ?s ?p ?o }"


@pytest.fixture(scope="module")
def served(data, tmp_path_factory) -> Iterator[Client]:
    """A server with low limits; at the end it must have logged nothing of its own."""
    log = tmp_path_factory.mktemp("limits") / "log"
    options = ("--timeout", str(LIMIT), "--memory", "256", "--rows", str(MOST_ROWS))
    with serving(data, log, options=options) as client:
        yield client
    # What is no HTTP at all never reaches the service.
    lines = log.read_text().splitlines()
    assert [line for line in lines if "Invalid HTTP request" not in line] == []


def ask(client: httpx.Client, query: str, language: str = "en", **more: str) -> httpx.Response:
    headers = {"Accept-Language": language}
    return client.post("/sparql", data={"query": query, **more}, headers=headers)


def told(answer: httpx.Response) -> tuple[int, str, str]:
    """Status, class and message of an error; that the document has all it must have."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "instance", "code"}
    assert (body["type"], body["status"], body["instance"]) == (
        "about:blank",
        answer.status_code,
        "/sparql",
    )
    return answer.status_code, body["code"], body["detail"]


# Time.

SLOW = {
    "en": ("Time limit reached", "The query exceeded {} s: it was stopped. Narrow it down, or add LIMIT."),
    "fr": ("Limite de temps atteinte", "La requête a dépassé {} s : elle a été arrêtée. Restreignez-la, ou ajoutez LIMIT."),
}  # fmt: skip


@pytest.mark.parametrize("language", SLOW)
@pytest.mark.parametrize(
    ("asked", "granted"),
    [(None, LIMIT), ("0.5", 0.5), ("1", 1.0), ("0.1", 0.1), ("2.5", LIMIT), ("86400", LIMIT)],
)  # fmt: skip
def test_a_query_is_stopped_at_its_limit_which_is_never_above_the_service_s(
    served, asked, granted, language
):
    started = time.monotonic()
    answer = ask(served, ENDLESS, language, **({} if asked is None else {"timeout": asked}))
    assert granted <= time.monotonic() - started < granted + 0.5
    wait_until_idle(served.server, 0.5)
    title, message = SLOW[language]
    assert told(answer) == (504, "QueryTooSlow", message.format(f"{granted:g}"))
    assert answer.json()["title"] == title
    assert answer.headers["content-language"] == language


def test_a_limit_that_is_enough_changes_nothing(served):
    plain = ask(served, SMALL)
    assert ask(served, SMALL, timeout="0.5").content == plain.content


def test_the_time_limit_also_holds_in_the_address(served):
    answer = served.get("/sparql", params={"query": ENDLESS, "timeout": "0.3", "lang": "en"})
    assert told(answer)[:2] == (504, "QueryTooSlow")
    assert "0.3 s" in answer.json()["detail"]
    wait_until_idle(served.server, 0.5)


NUMBERS = {
    "timeout": ("number", "nombre positif"),
    "max-rows": ("whole number", "nombre entier positif"),
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    "value",
    ["", "soon", "0", "-1", "-0.0", "nan", "inf", "1e1", "1_0", "0x10", "1,5", "5s", "٪", "٣"],
)
def test_a_limit_that_is_no_positive_number_is_refused(served, name, value):
    answer = ask(served, SMALL, **{name: value})
    number, nombre = NUMBERS[name]
    message = f"The parameter “{name}” must be a positive {number}."
    assert told(answer) == (400, "BadRequest", message)
    assert ask(served, SMALL, "fr", **{name: value}).json()["detail"] == (
        f"Le paramètre « {name} » doit être un {nombre}."
    )


@pytest.mark.parametrize("name", ["timeout", "max-rows"])
def test_a_limit_that_is_given_twice_is_refused(served, name):
    answer = served.get(f"/sparql?query=ASK{{}}&{name}=1&{name}=2&lang=en")
    assert told(answer) == (
        400, "BadRequest", f"The parameter “{name}” is given more than once.",
    )  # fmt: skip


# Memory and size.


def test_a_query_that_needs_too_much_memory_is_refused_and_gives_it_back(served):
    ask(served, SMALL)
    before = memory_of(served.server)
    for language, message in (
        ("en", "The query needs more memory than one query may have."),
        ("fr", "La requête demande plus de mémoire qu'une requête n'en a."),
    ):
        status, code, detail = told(ask(served, SORTED, language))
        assert (status, code) == (507, "QueryTooBig")
        assert detail.startswith(message[:-1])
    wait_until_idle(served.server, 0.5)
    assert memory_of(served.server) < before + 32 * 1024**2
    assert ask(served, SMALL).json()["boolean"] is True


@pytest.mark.parametrize("name", ["json", "csv", "tsv", "xml", "geojson", "xlsx", "parquet"])  # fmt: skip
def test_a_result_with_more_rows_than_the_limit_is_refused(served, name):
    one_more = ROWS + f" LIMIT {MOST_ROWS + 1}"
    answer = ask(served, one_more, format=name)
    assert told(answer)[:2] == (507, "ResultTooBig")
    assert ask(served, ROWS + f" LIMIT {MOST_ROWS}", format=name).status_code == 200


@pytest.mark.parametrize("name", ["turtle", "nt", "jsonld", "rdfxml"])
def test_a_graph_with_more_triples_than_the_limit_is_refused(served, name):
    assert told(ask(served, GRAPH, format=name))[:2] == (507, "ResultTooBig")


@pytest.mark.parametrize("asked", ["501", "1000000", "999999999999999"])
def test_more_rows_than_the_limit_cannot_be_asked_for(served, asked):
    assert told(ask(served, ROWS, **{"max-rows": asked}))[:2] == (507, "ResultTooBig")


# Results that are cut on request.


def json_rows(body: bytes) -> tuple[int, object]:
    document = json.loads(body)
    return len(document["results"]["bindings"]), document.get("truncated")


def csv_rows(body: bytes) -> tuple[int, object]:
    return len(list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))) - 1, None


def tsv_rows(body: bytes) -> tuple[int, object]:
    return body.count(b"\n") - 1, None


def xml_rows(body: bytes) -> tuple[int, object]:
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    parser.feed(body)
    tree = parser.close()
    found = list(tree.iter())
    comments = [element.text for element in found if element.tag is ElementTree.Comment]
    rows = sum(str(element.tag).endswith("}result") for element in found)
    return rows, comments[-1].strip() if comments else None


def geojson_rows(body: bytes) -> tuple[int, object]:
    document = json.loads(body)
    return len(document["features"]), document.get("truncated")


def xlsx_rows(body: bytes) -> tuple[int, object]:
    book = openpyxl.load_workbook(io.BytesIO(body))
    first, *more = book.worksheets
    return first.max_row - 1, [sheet.title for sheet in more] or None


def parquet_rows(body: bytes) -> tuple[int, object]:
    table = pyarrow.parquet.read_table(io.BytesIO(body))
    metadata = table.schema.metadata or {}
    return table.num_rows, metadata.get(b"truncated")


READERS = {
    "json": (json_rows, {"rows": 7}),
    "csv": (csv_rows, None),
    "csv-bom": (csv_rows, None),
    "tsv": (tsv_rows, None),
    "xml": (xml_rows, "truncated after 7 rows"),
    "geojson": (geojson_rows, {"rows": 7}),
    "xlsx": (xlsx_rows, ["truncated"]),
    "parquet": (parquet_rows, ...),
}


@pytest.mark.parametrize("name", READERS)
def test_max_rows_gives_so_many_rows_and_says_that_there_are_more(served, name):
    read, marker = READERS[name]
    cut = ask(served, ROWS, format=name, **{"max-rows": "7"})
    assert (cut.status_code, cut.headers["x-truncated"]) == (200, "rows")
    rows, found = read(cut.content)
    assert rows == 7
    assert found == marker or (marker is ... and found is not None)
    # Exactly as many as there are: nothing is cut, and nothing says so.
    whole = ask(served, ROWS + " LIMIT 7", format=name, **{"max-rows": "7"})
    assert (whole.status_code, read(whole.content)) == (200, (7, None))
    assert "x-truncated" not in whole.headers


@pytest.mark.parametrize("name", ["turtle", "nt", "jsonld", "rdfxml"])
def test_max_rows_counts_the_triples_of_a_graph(served, name):
    cut = ask(served, GRAPH, format=name, **{"max-rows": "7"})
    assert (cut.status_code, cut.headers["x-truncated"]) == (200, "rows")
    assert b"truncated" in cut.content[-80:]
    if name == "jsonld":
        assert json.loads(cut.content)[-1] == {"truncated": {"triples": 7}}
    else:
        parsers = {"turtle": "turtle", "nt": "nt", "rdfxml": "xml"}
        assert len(rdflib.Graph().parse(data=cut.content, format=parsers[name])) == 7
    whole = ask(served, "CONSTRUCT { <urn:a> <urn:b> 1, 2 } {}", format=name, **{"max-rows": "2"})
    assert "x-truncated" not in whole.headers
    assert b"truncated" not in whole.content


@pytest.mark.parametrize("rows", [1, 2, 500])
def test_max_rows_is_a_whole_number_of_at_least_one(served, rows):
    answer = ask(served, ROWS, **{"max-rows": str(rows)})
    assert json_rows(answer.content) == (rows, {"rows": rows})
    for asked in ("0.2", "2.9"):
        assert ask(served, ROWS, **{"max-rows": asked}).status_code == 400


def test_an_ask_is_never_cut(served):
    answer = ask(served, SMALL, **{"max-rows": "1"})
    assert answer.json() == {"head": {}, "boolean": True}
    assert "x-truncated" not in answer.headers


# The request.


def test_a_body_beyond_its_limit_is_refused_in_both_languages(served):
    for language, message in (
        ("en", "The query exceeds 1000000 bytes."),
        ("fr", "La requête dépasse 1000000 octets."),
    ):
        answer = ask(served, "ASK {} #" + "x" * 1_000_000, language)
        assert told(answer) == (413, "TooLarge", message)


def get(server: httpx.Client, target: str) -> tuple[int, str]:
    """The status and the text of an answer to any address, however long."""
    parts = urlsplit(str(server.base_url))
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30) as link:
        request = f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        link.sendall(request.encode())
        found = b"".join(iter(lambda: link.recv(65_536), b""))
    head, _, body = found.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def test_a_long_address_is_answered_or_refused_never_dropped(served):
    for size in (8_000, 30_000, 65_000):
        status, text = get(served, "/sparql?query=" + quote("ASK {} #" + "x" * size))
        assert (status, json.loads(text)) == (200, {"head": {}, "boolean": True})
    # Such a query must be posted. Who comes first says so: the server, or the library under it.
    for size in (66_000, 2_000_000):
        status, _ = get(served, "/sparql?query=" + quote("ASK {} #" + "x" * size))
        assert status in (400, 431)
    assert ask(served, SMALL).json()["boolean"] is True


def test_a_long_name_of_a_format_is_not_kept(served):
    """A defect once: the last hundred choices of a format were kept, a megabyte of name each."""
    ask(served, SMALL)
    before = resident_of(served.server)
    for number in range(100):
        answer = ask(served, SMALL, format=f"{number}{'x' * 900_000}")
        assert told(answer)[:2] == (406, "NotAcceptable")
    assert resident_of(served.server) < before + 40 * 1024**2


# Too many at once, and clients that leave.


def test_when_too_many_ask_for_too_much_they_are_told_to_come_back(served):
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda number: ask(served, f"{ENDLESS} # {number}"), range(40)))
    busy = [answer for answer in answers if answer.status_code == 503]
    slow = [answer for answer in answers if answer.status_code == 504]
    assert len(busy) + len(slow) == 40
    assert len(busy) >= 10
    assert slow
    message = "Too many queries are waiting already. Try again in a few seconds."
    for answer in busy:
        assert told(answer) == (503, "Overloaded", message)
        assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert not any("retry-after" in answer.headers for answer in slow)
    wait_until_idle(served.server, 0.5)
    assert ask(served, SMALL).json()["boolean"] is True


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_client_that_hangs_up_ends_its_query(data, tmp_path, method):
    """With the usual limit of 30 s, which is not what ends it."""
    with serving(data, tmp_path / "log") as client:
        wait_until_idle(client.server, 10)
        before = len(processes_of(client.server))
        parts = urlsplit(str(client.base_url))
        links = [
            socket.create_connection((parts.hostname or "", parts.port or 80)) for _ in range(2)
        ]
        for number, link in enumerate(links):
            body = f"query={quote(f'{ENDLESS} # {number}')}"
            start = "POST /sparql" if method == "POST" else f"GET /sparql?{body}"
            kind = "Content-Type: application/x-www-form-urlencoded"
            more = f"{kind}\r\nContent-Length: {len(body)}\r\n" if method == "POST" else ""
            sent = body if method == "POST" else ""
            head = f"{start} HTTP/1.1\r\nHost: {parts.netloc}\r\n{more}\r\n"
            link.sendall((head + sent).encode())
        time.sleep(0.5)
        for _ in range(5):
            assert not is_idle(client.server)
        links[0].close()
        assert not is_idle(client.server), "the other is still wanted"
        links[1].close()
        wait_until_idle(client.server, 1.5)
        wait_until_processes(client.server, before)
        assert ask(client, SMALL).json()["boolean"] is True
    assert (tmp_path / "log").read_text() == ""
