"""Hostile text in the data or the query stays text, and only web addresses become links."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import httpx
import pytest

from coopdec_graph.publishing.releases import Releases

SCRIPT = "<script>alert('x')</script>"
BREAKS = "\"><img src=x onerror=alert(1)> ' </textarea></pre></title> {{ 7*7 }} {% raw %} &lt;b&gt;"
HOSTILE = f"{SCRIPT} {BREAKS}"
BASE = "https://w3id.org/coopdec/"
ODD_IRIS = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,%3Cscript%3Ealert(1)%3C/script%3E",
    "vbscript:x",
    "file:///etc/passwd",
    "https://w3id.org/coopdec/id/x'onmouseover='alert(1)",
)


class Read(HTMLParser):
    """The elements, attributes and text of a page as a browser would take them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        # The content of data blocks, which are scripts only by name: none is run.
        self.blocks: list[str] = []
        self._in_block = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self._in_block = (tag, attrs) == ("script", [("type", "application/ld+json")])
        if self._in_block:
            self.blocks.append("")
            return
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src", "action"):
                self.links.append(value or "")

    def handle_endtag(self, tag):
        self._in_block = False

    def handle_data(self, data):
        if self._in_block:
            self.blocks[-1] += data
        else:
            self.text += data


def assert_harmless(answer: httpx.Response) -> Read:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Read(answer.text)
    assert not page.tags & {"script", "img", "iframe", "object", "style", "b"}
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    strange = [
        link for link in page.links if not link.startswith(("/", "http://", "https://", "#content"))
    ]
    assert strange == []
    assert not [link for link in page.links if link.startswith("//")]
    for block in page.blocks:
        assert not set(block) & set("<>&")
        assert json.loads(block)["@context"]
    return page


def literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"@fr'


@pytest.fixture
def hostile(serve, tmp_path):
    """A server over a graph whose every text and link is hostile."""
    subject, graph = f"<{BASE}id/partnership/atlas-1>", f"<{BASE}graph/source/atlas-1>"
    member = f"<{BASE}id/collectivity/fr/x>"
    cd, dct, skos = (
        f"{BASE}def#",
        "http://purl.org/dc/terms/",
        "http://www.w3.org/2004/02/skos/core#",
    )
    rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    triples = [
        (subject, rdf_type, f"<{cd}Partnership>"),
        (subject, rdf_type, f"<{cd}Activity>"),
        (subject, f"<{dct}title>", literal(HOSTILE)),
        (subject, f"<{cd}context>", literal(HOSTILE + "\n" + "x" * 400)),
        (subject, f"<{cd}startYear>", literal(SCRIPT)),
        (subject, "<http://www.w3.org/ns/org#hasMember>", member),
        (member, rdf_type, f"<{cd}FrenchCollectivity>"),
        (member, rdf_type, "<http://www.w3.org/ns/org#Organization>"),
        (member, f"<{skos}prefLabel>", literal(HOSTILE)),
        *((subject, f"<{dct}source>", f"<{iri}>") for iri in ODD_IRIS),
        *((f"<{iri}>", f"<{dct}relation>", subject) for iri in ODD_IRIS),
        (f"<{BASE}id/funding/1>", f"<{cd}fundedActivity>", subject),
        (f"<{BASE}id/funding/1>", f"<{cd}financer>", "<javascript:alert(1)>"),
        (f"<{BASE}id/funding/1>", f"<{cd}amount>", literal(SCRIPT)),
        (f"<{BASE}id/participation/1>", "<http://www.w3.org/ns/org#organization>", subject),
        (f"<{BASE}id/participation/1>", "<http://www.w3.org/ns/org#role>", "<javascript:alert(2)>"),
        (f"<{BASE}id/participation/1>", "<http://www.w3.org/ns/org#member>", "<javascript:alert(3)>"),
    ]  # fmt: skip
    quads = "".join(f"{s} {p} {o} {graph} .\n".replace("<<", "<").replace(">>", ">") for s, p, o in (
        (s if s.startswith("<") else f"<{s}>", p, o) for s, p, o in triples))  # fmt: skip
    releases = Releases(tmp_path / "out")
    with releases.writing():
        releases.publish({"graph.nq": quads.encode()}, {"base": BASE})
    with serve(tmp_path / "out") as client:
        yield client


def test_hostile_data_on_every_page(hostile):
    for path in ("/", "/doc/partnership/atlas-1", "/doc/collectivity/fr/x", "/doc/funding/1"):
        for language in ("fr", "en"):
            answer = hostile.get(path, headers={"Accept": "text/html", "Accept-Language": language})
            assert answer.status_code == 200, (path, answer.text)
            page = assert_harmless(answer)
            assert "alert(" in page.text
            assert "7*7" in page.text or path == "/doc/funding/1"


def test_hostile_rows_and_query_on_the_form(client):
    odd = " ".join(f"<{iri}>" for iri in ODD_IRIS)
    quoted = HOSTILE.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ")
    query = f"SELECT ?iri ?text {{ VALUES ?iri {{ {odd} }} BIND('{quoted}' AS ?text) }}"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    page = assert_harmless(answer)
    assert page.text.count(HOSTILE) == len(ODD_IRIS)
    assert "javascript:alert(1)" in page.text


def test_hostile_query_in_an_error(client):
    for query in (HOSTILE, f"SELECT ?{SCRIPT}", f"SELECT * {{ <{SCRIPT}> }}"):
        answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
        assert answer.status_code == 400
        assert_harmless(answer)
        assert client.get("/sparql", params={"query": query}).json()["status"] == 400


def test_hostile_addresses_and_parameters(client):
    for path in (
        "/doc/%3Cscript%3Ealert(1)%3C/script%3E",
        "/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        "/?lang=%22%3E%3Cscript%3E&x='%3E%3Cimg",
        "/sparql?lang=%3Cscript%3E&a=%22onload=%22x",
        "/doc/partnership/atlas-3203?%22%3E%3Cscript%3E",
        "//evil.example/?x",
    ):
        assert_harmless(client.get(path, headers={"Accept": "text/html"}))


def test_hostile_graph_on_the_form(client):
    query = f"CONSTRUCT {{ <a:a> <a:b> '''{SCRIPT}''' }} WHERE {{}}"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    assert SCRIPT in assert_harmless(answer).text
