"""Every IRI of the graph leads somewhere, in the format asked for, and odd ones never break."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest

from tests.service.live_service import ROOT, build

BASE = "https://w3id.org/coopdec/"
PARTNERSHIP = "/doc/partnership/atlas-3203"
TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
PARSERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


def our_iris(store: ox.Store) -> list[str]:
    """Every subject, property, object and graph below our base."""
    terms = {term for quad in store for term in (*quad.triple, quad.graph_name)}
    found = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    return sorted(iri for iri in found if iri.startswith(BASE))


def path_of(iri: str) -> str:
    """As a client makes an address of an IRI: RFC 3987, section 3.1."""
    return quote(urlsplit(iri).path.removeprefix("/coopdec"), safe="/:@!$&'()*+,;=-._~%")


def test_every_iri_of_the_graph_dereferences_and_is_spoken_of(client, store):
    iris = our_iris(store)
    assert {iri.removeprefix(BASE).partition("/")[0] for iri in iris} >= {"id", "scheme", "graph"}
    assert len(iris) > 200
    silent = []
    for iri in iris:
        rdf = client.get(
            path_of(iri), headers={"Accept": "application/n-triples"}, follow_redirects=True
        )
        page = client.get(path_of(iri), headers={"Accept": "text/html"}, follow_redirects=True)
        kind = "text/plain" if "/graph/" in iri else "text/html"
        fine = rdf.status_code == page.status_code == 200
        if not (fine and page.headers["content-type"].startswith(kind)):
            silent.append((iri, rdf.status_code, page.status_code))
            continue
        triples = {quad.triple for quad in ox.parse(rdf.content, format=ox.RdfFormat.N_TRIPLES)}
        if "/graph/" in iri:
            expected = {
                q.triple for q in store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
            }
            assert triples == expected, iri
        elif not any(getattr(term, "value", None) == iri for triple in triples for term in triple):
            silent.append((iri, "does not speak of itself", len(triples)))
    assert silent == []


@pytest.mark.parametrize("extension", TYPES)
def test_a_thing_leads_to_its_document_in_each_format(client, extension):
    accept = TYPES[extension].partition(";")[0]
    seen = client.get("/id/partnership/atlas-3203", headers={"Accept": accept})
    assert (seen.status_code, seen.headers["location"]) == (303, PARTNERSHIP)
    asked = client.get(seen.headers["location"], headers={"Accept": accept})
    named = client.get(f"{PARTNERSHIP}.{extension}", headers={"Accept": "image/png"})
    for answer in (asked, named):
        assert (answer.status_code, answer.headers["content-type"]) == (200, TYPES[extension])
        assert f'<{PARTNERSHIP}.ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]
    assert "Accept" in seen.headers["vary"]
    assert "Accept" in asked.headers["vary"]


def test_a_document_says_the_same_in_every_format(client, store):
    iri = ox.NamedNode(f"{BASE}id/partnership/atlas-3203")
    expected = {q.triple for q in store.quads_for_pattern(iri, None, None)}
    expected |= {q.triple for q in store.quads_for_pattern(None, None, iri)}
    assert len(expected) > 15
    for extension, parser in PARSERS.items():
        body = client.get(f"{PARTNERSHIP}.{extension}").content
        found = {quad.triple for quad in ox.parse(body, format=parser)}
        assert found == expected, extension


def test_without_preference_the_answer_is_data(client):
    for headers in ({"Accept": "*/*"}, {"Accept": ""}, {"Accept": "application/*, text/turtle"}):
        answer = client.get(PARTNERSHIP, headers=headers)
        assert answer.headers["content-type"] == TYPES["ttl"]


def test_a_document_in_a_format_nobody_has(client):
    answer = client.get(PARTNERSHIP, headers={"Accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NotAcceptable")


def test_a_redirect_keeps_encoding_and_query(client):
    for path in (
        "/id/collectivity/ps/al%C3%AFbireh%2Fx",
        "/id/a%20b+c%25;d",
        "/scheme/theme/x%C3%A9",
    ):
        sent = client.get(f"{path}?lang=en&x=%2B+1")
        target = "/doc" + path.removeprefix("/id")
        assert (sent.status_code, sent.headers["location"]) == (303, f"{target}?lang=en&x=%2B+1")


def test_a_concept_and_its_scheme_dereference(client):
    seen = client.get("/scheme/theme/eau-et-assainissement", follow_redirects=False)
    if seen.status_code == 303:
        assert seen.headers["location"] == "/doc/scheme/theme/eau-et-assainissement"
    for path in (
        "/doc/scheme/theme",
        "/doc/scheme/dac/15112",
        "/doc/correspondence/themes-dac-sdg",
        "/doc/correspondence/themes-dac-sdg/eau-et-assainissement/dac-140",
        "/doc/scheme/status/en-cours",
        "/doc/scheme/role/maitre-d-ouvrage",
    ):
        assert client.get(path).status_code == 200, path


def test_a_graph_shows_as_text_in_a_browser(client):
    path = "/graph/source/atlas-3203"
    browser = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert browser.headers["content-type"] == "text/plain; charset=utf-8"
    data = client.get(f"{path}.nt", headers={"Accept": "text/html"})
    assert data.headers["content-type"] == "application/n-triples"


@pytest.mark.parametrize(
    "path",
    ["/doc/partnership/nobody", "/doc/", "/doc/partnership", "/doc/scheme/nothing", "/graph/nothing", "/graph/", "/nowhere", "/static/../app.py", "/static/nothing.css"],
)  # fmt: skip
def test_nothing_is_known_elsewhere(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


ODD = (
    "..", "../..", "%2e%2e", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "%00", "a%00b",
    "%0a", "%0d%0aSet-Cookie:%20a=b", "<script>alert(1)</script>", "%3Cscript%3E", "%22%27", "%E9",
    "%FF%FE", "%C3", "%ED%A0%80", "%F0%9D%94%98", "a b", "{}", "|^`", "%5C", "%7B%7B7*7%7D%7D",
    "x" * 10_000, "/" * 5_000, "%C3%A9" * 1_600, "?", "#", "%25", "%", "%zz", ".ttl", "..ttl", "a.b.c",
    "partnership/atlas-3203.", "partnership/atlas-3203.exe", "partnership/atlas-3203/", ";a=b", ":", "@",
    "http://example.org/", "//example.org", "\u00e9".encode().decode("latin-1"),
)  # fmt: skip


@pytest.mark.parametrize("start", ["id", "doc", "graph", "scheme", "def", "shapes", "static", ""])
def test_no_address_is_a_defect(address, start):
    host, port = urlsplit(address).hostname, urlsplit(address).port
    for odd in ODD:
        for accept in ("text/html", "text/turtle"):
            lines = f"GET /{start}/{odd} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
            with socket.create_connection((host, port), 30) as raw:
                raw.sendall(lines.encode("latin-1"))
                answer = b"".join(iter(lambda raw=raw: raw.recv(65_536), b""))
            head, _, body = answer.partition(b"\r\n\r\n")
            status = int(head.split()[1])
            assert status in (200, 303, 307, 400, 404, 406), (odd, head)
            assert b"set-cookie" not in head.lower()
            assert b"<script" not in body or b"application/problem+json" in head
            if status in (303, 307):
                [location] = [
                    line for line in head.split(b"\r\n") if line.lower().startswith(b"location:")
                ]
                assert not location[9:].strip().startswith(b"//"), (odd, location)


@pytest.fixture
def replaced(tmp_path: Path) -> Path:
    """The page without a number of data/atlas, and a registry that gives it one."""
    out, pages = tmp_path / "out", tmp_path / "pages"
    out.mkdir()
    pages.mkdir()
    shutil.copy(ROOT / "data" / "atlas" / "3203.txt", pages)
    registry = "id,match_keys,captures,replaced_by\nabcde12345,,,atlas-3203\n"
    (out / "registry.csv").write_text(registry)
    build(out, pages, out / "registry.csv")
    return out


def test_a_replaced_identifier_moves_for_good(serve, replaced):
    with serve(replaced) as client:
        old = client.get("/id/partnership/abcde12345", follow_redirects=True)
        assert [step.status_code for step in old.history] == [303, 301]
        assert old.url.path == PARTNERSHIP
        page = client.get("/doc/partnership/abcde12345?lang=en", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (301, f"{PARTNERSHIP}?lang=en")
        data = client.get("/doc/partnership/abcde12345.ttl")
        assert (data.status_code, data.headers["location"]) == (301, f"{PARTNERSHIP}.ttl")


def test_a_line_break_is_in_no_identifier(client):
    for path in ("/id/a%0Ab", "/scheme/a%0Ab", "/doc/a%0Ab", "/graph/a%0Ab"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["instance"]) == (404, path)
