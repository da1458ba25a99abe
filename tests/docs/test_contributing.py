"""The walkthrough "Add a source" of CONTRIBUTING.md, run block by block outside the repository."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from coopdec_graph import issues, sources
from coopdec_graph.namespaces import DEFAULT_BASE, SCHEME
from coopdec_graph.publishing import records
from coopdec_graph.sources.base import Document, Reading, Source

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PACKAGE = "coopdec_graph.sources.exemple"
PEOPLE = ("Sacha", "Camille", "EXEMPLE", "FICTIF")


def blocks(language: str) -> list[str]:
    return [body for found, body in BLOCK.findall(TEXT) if found == language]


@pytest.fixture
def walkthrough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the files of the walkthrough, installed as if they were in the package."""
    reader, package, line, _ = blocks("python")
    folder = tmp_path / "package" / "exemple"
    folder.mkdir(parents=True)
    (folder / "read.py").write_text(reader, "utf-8")
    (folder / "__init__.py").write_text(package, "utf-8")
    pages = tmp_path / "tests" / "sources" / "exemple" / "pages"
    pages.mkdir(parents=True)
    (pages / "subventions.csv").write_text(blocks("csv")[0], "utf-8")
    catalogue = tmp_path / "issues.toml"
    shipped = (ROOT / "coopdec_graph" / "issues.toml").read_text("utf-8")
    catalogue.write_text(shipped + "\n" + blocks("toml")[0], "utf-8")

    monkeypatch.setattr(issues, "_CATALOGUE", catalogue)
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(folder.parent)])
    monkeypatch.chdir(tmp_path)
    schemes = Graph()
    schemes += records.shipped_vocabulary()
    schemes.parse(
        data="@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n" + blocks("turtle")[0],
        publicID=str(SCHEME),
    )
    monkeypatch.setattr(records, "shipped_vocabulary", lambda: schemes)
    issues.issue_kinds.cache_clear()
    scope: dict[str, object] = {"Source": Source, "Atlas": sources.Atlas}
    exec(line, scope)  # noqa: S102
    monkeypatch.setattr(sources, "SOURCES", scope["SOURCES"])
    yield tmp_path
    issues.issue_kinds.cache_clear()
    for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
        del sys.modules[name]


def read(walkthrough: Path) -> list[Reading]:
    source = sources.source_named("exemple")
    return [source.read(document) for document in source.documents([walkthrough / "tests"])]


def test_the_walkthrough_has_all_its_blocks() -> None:
    found = [language for language, _ in BLOCK.findall(TEXT)]
    assert found == ["csv", "toml", "python", "python", "python", "turtle", "nquads", "python"]


def test_the_files_named_by_the_walkthrough_are_not_in_the_repository() -> None:
    assert "exemple" not in sources.SOURCES
    assert not (ROOT / "coopdec_graph" / "sources" / "exemple").exists()


def test_each_row_is_read_and_accounted_for(walkthrough: Path) -> None:
    readings = read(walkthrough)
    assert [reading.name for reading in readings] == ["subventions.csv:2", "subventions.csv:3"]
    first, second = (reading.activity for reading in readings)
    assert first is not None and second is not None
    assert [line.amount for line in first.funding] == [Decimal(15000)]
    assert [(line.amount, line.printed) for line in second.funding] == [(None, "env. 8000")]
    assert [[issue.code for issue in reading.issues] for reading in readings] == [
        [],
        ["grant-amount-unread"],
    ]
    fates = [
        (line.disposition.line, str(line.disposition.state)) for r in readings for line in r.lines
    ]
    assert fates == [(2, "used"), (3, "used")]


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"numero,autre\n17,x\n", ["grant-row-unread"]),
        (blocks("csv")[0].encode("latin-1"), ["grant-row-unread"] * 2),
        (
            blocks("csv")[0].replace("Togo", "Atlantide").encode(),
            ["country-unknown", "grant-amount-unread"],
        ),
        (
            blocks("csv")[0].replace("2021", "vers 2021").encode(),
            ["year-unread", "grant-amount-unread"],
        ),
    ],
)
def test_what_cannot_be_read_is_an_issue(
    walkthrough: Path, content: bytes, codes: list[str]
) -> None:
    next(walkthrough.rglob("*.csv")).write_bytes(content)
    assert [issue.code for reading in read(walkthrough) for issue in reading.issues] == codes


def test_the_fingerprint_follows_the_file(walkthrough: Path) -> None:
    source = sources.source_named("exemple")
    file = next(walkthrough.rglob("*.csv"))
    document = Document(file, "subventions.csv:2")
    before = source.fingerprint(document)
    assert source.fingerprint(document) == before
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    assert source.fingerprint(document) != before


def test_the_graph_holds_the_expected_statements(
    walkthrough: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(blocks("python")[3], {})  # noqa: S102
    assert capsys.readouterr().out.startswith("2 records in ")
    release = (walkthrough / "build-exemple" / "current").resolve()
    graph = (release / "graph.nq").read_text("utf-8")
    expected = blocks("nquads")[0].replace("<BASE", f"<{DEFAULT_BASE}").splitlines()
    assert len(expected) == 7
    assert [line for line in expected if line not in graph.splitlines()] == []
    assert "exemple-18> <https://w3id.org/coopdec/def#totalAmount>" not in graph

    doubts = [
        json.loads(line) for line in (release / "issues.jsonl").read_text("utf-8").splitlines()
    ]
    assert [doubt["value"] for doubt in doubts if "code" in doubt] == ["env. 8000"]
    assert not any(doubt["refused"] for doubt in doubts)
    everything = graph + (release / "issues.jsonl").read_text("utf-8")
    assert [person for person in PEOPLE if person in everything] == []


def test_the_programme_is_declared_where_the_graph_points() -> None:
    prefixes = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    declared = list(
        ox.parse(prefixes + blocks("turtle")[0], format=ox.RdfFormat.TURTLE, base_iri=str(SCHEME))
    )
    assert {quad.subject.value for quad in declared} == {f"{SCHEME}programme/exemple"}
    assert len(declared) == 6
    pointed = re.findall(r"def#programme> <([^>]+)>", blocks("nquads")[0])
    assert pointed == [f"{SCHEME}programme/exemple"]
