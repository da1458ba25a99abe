"""The queries, the addresses they may go to, and the answers kept on disk."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.linking.cache import AnswerCache, default_folder
from coopdec_graph.linking.endpoint import checked_address
from coopdec_graph.linking.wikidata import default_limits, default_url, filled_query, languages_of
from tests.remote.stores import ROOT

QUERIES = ROOT / "coopdec_graph" / "queries" / "wikidata"
ROWS = [{"item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q1"}}]


def test_every_query_parses_as_it_is_and_finds_nothing() -> None:
    """A `VALUES ?x { }` that nobody filled is SPARQL, and holds nothing."""
    store = ox.Store()
    store.load(b"<urn:s> <urn:p> 'o'@fr .", format=ox.RdfFormat.TURTLE)
    files = sorted(QUERIES.glob("*.rq"))
    assert len(files) == 8
    for file in files:
        text = file.read_text("utf-8")
        assert text.startswith("#+ title_fr: ") and "#+ title_en: " in text
        assert list(store.query(text)) == []


def test_terms_are_written_with_their_escapes() -> None:
    evil = 'a"\\\n} . ?s ?p ?o #'
    query = filled_query("countries", {"iso": [ox.Literal(evil), ox.Literal("TG")]})
    store = ox.Store()
    store.add(
        ox.Quad(
            ox.NamedNode("urn:s"),
            ox.NamedNode("http://www.wikidata.org/prop/direct/P297"),
            ox.Literal(evil),
        )
    )
    assert [row["iso"].value for row in store.query(query)] == [evil]
    with pytest.raises(KeyError):
        filled_query("countries", {"nothing": []})


def test_the_settings_are_those_documented() -> None:
    assert default_url() == "https://query.wikidata.org/sparql"
    assert default_limits().tries >= 2
    assert languages_of("MA")[:3] == ["fr", "en", "ar"] and "tzm" in languages_of("MA")
    assert languages_of("XX") == ["fr", "en", "ar", "mul"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "query.wikidata.org/sparql",
        "https://",
        "https://user:pass@example.org/",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://example.org:0/",
        "https://[::1/",
        "",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(UsageError):
        checked_address(url)


def test_an_answer_is_kept_for_its_endpoint_and_its_time(tmp_path: Path) -> None:
    now = [1000.0]
    cache = AnswerCache(tmp_path, days=1, clock=lambda: now[0])
    assert cache.get("http://a/", "q") is None
    cache.put("http://a/", "q", ROWS)
    assert cache.get("http://a/", "q") == ROWS
    assert cache.get("http://b/", "q") is None and cache.get("http://a/", "r") is None
    now[0] += 86_399
    assert cache.get("http://a/", "q") == ROWS
    now[0] += 2
    assert cache.get("http://a/", "q") is None
    assert AnswerCache(tmp_path, days=None, clock=lambda: now[0]).get("http://a/", "q") == ROWS
    now[0] = 0
    assert cache.get("http://a/", "q") is None, "an answer from the future"


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"endpoint":"http://a/"}', "\x00"])
def test_a_damaged_file_is_no_answer(damage: str, tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("http://a/", "q", ROWS)
    (file,) = tmp_path.rglob("*.json")
    file.write_text(damage)
    assert cache.get("http://a/", "q") is None
    cache.put("http://a/", "q", ROWS)
    assert json.loads(file.read_text("utf-8"))["rows"] == ROWS


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = AnswerCache(tmp_path)
    cache.put("http://a/", "q", ROWS)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        cache.put("http://a/", "q", [])
    assert cache.get("http://a/", "q") == ROWS
    assert [
        path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".json"
    ] == []


def test_where_answers_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "coopdec-graph" / "wikidata"
    for unusable in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", unusable)
        assert default_folder() == Path.home() / ".cache" / "coopdec-graph" / "wikidata"
