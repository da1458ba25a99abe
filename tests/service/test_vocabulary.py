"""/def and /shapes: every format, every version, the same statements."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from tests.service.live_service import ROOT

FORMATS = {
    "ttl": (ox.RdfFormat.TURTLE, "text/turtle; charset=utf-8"),
    "nt": (ox.RdfFormat.N_TRIPLES, "application/n-triples"),
    "jsonld": (ox.RdfFormat.JSON_LD, "application/ld+json"),
    "rdf": (ox.RdfFormat.RDF_XML, "application/rdf+xml"),
}


def triples(content: bytes, format: ox.RdfFormat) -> ox.Dataset:
    dataset = ox.Dataset(quad for quad in ox.parse(content, format=format))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@pytest.mark.parametrize("name", ["def", "shapes"])
def test_each_format_by_extension_accept_and_version(client, name):
    found = {}
    for extension, (format, media_type) in FORMATS.items():
        accept = {"Accept": media_type.partition(";")[0]}
        by_path = [client.get(f"/{name}.{extension}"), client.get(f"/{name}/0.1.0.{extension}")]
        by_accept = [client.get(path, headers=accept) for path in (f"/{name}", f"/{name}/0.1.0")]
        for answer in (*by_path, *by_accept):
            assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
            assert answer.content == by_path[0].content
        assert "Accept" in by_accept[0].headers["vary"]
        found[extension] = triples(by_path[0].content, format)
    assert len(found["ttl"]) > 300
    assert [e for e, graph in found.items() if graph != found["ttl"]] == []
    for path in (f"/{name}", f"/{name}.html", f"/{name}/0.1.0"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_the_ontology_is_sent_as_it_was_written(client):
    written = (ROOT / "ontology" / "coopdec.ttl").read_bytes()
    assert client.get("/def.ttl").content == written


@pytest.mark.parametrize(
    "path",
    ["/def/0.0.9", "/def/9.9.9", "/def/0.1.0.pdf", "/def.pdf", "/shapes/1", "/shapes.xls", "/def/0.1.0/x"],
)  # fmt: skip
def test_another_version_or_format_is_not_there(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["status"]) == (404, 404)


def test_no_format_fits(client):
    answer = client.get("/def", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "NotAcceptable")
