"""What keeps a record out, how it is reported, and what is published all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pipeline.commands import (
    REFUSED,
    ask,
    build,
    coopdec,
    issues,
    manifest,
    mantes,
    release_files,
    rows,
    write_pages,
)

RULE = "https://w3id.org/coopdec/shapes#Partnership-frenchCollectivity"
# A start year before the first agreement is a warning; a negative amount cannot be printed.
FOREIGN_ONLY = mantes("Sans collectivité").replace(
    "Nom de la collectivité territoriale  \nMantes la Jolie commun.ico.loupe.alter",
    "Nom de la collectivité territoriale  ",
)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "pages", good=mantes("Bon"), p8257=REFUSED)


def test_a_violation_keeps_one_record_out_and_the_others_in(tmp_path: Path, pages: Path) -> None:
    outcome = build(pages, tmp_path / "out")
    out = tmp_path / "out"
    assert [(record.page, record.refused) for record in outcome.records] == [
        ("8257.txt", True),
        ("good.txt", False),
    ]
    assert manifest(out)["refused"] == ["8257.txt"]
    titles = rows(out, "SELECT ?t { ?p a cd:Partnership ; dct:title ?t }")
    assert [title.startswith("Bon : ") for (title,) in titles] == [True]
    assert b"atlas-8257" not in release_files(out)["graph.nq"]


def test_a_refused_record_is_published_among_the_issues(tmp_path: Path, pages: Path) -> None:
    build(pages, tmp_path / "out")
    (violation,) = [i for i in issues(tmp_path / "out") if i.get("severity") == "violation"]
    assert violation == {
        "page": "8257.txt",
        "refused": True,
        "activity": "https://w3id.org/coopdec/id/partnership/atlas-8257",
        "severity": "violation",
        "shape": RULE,
        "focus": "https://w3id.org/coopdec/id/partnership/atlas-8257",
        "path": violation["path"],
        "component": "http://www.w3.org/ns/shacl#HasValueConstraintComponent",
        "name": {"fr": "Collectivité française", "en": "French local authority"},
        "message": violation["message"],
    }
    assert set(violation["message"]) == {"fr", "en"}  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("language", "refused", "field"),
    [
        ("fr", "Refusée 8257.txt", "Collectivité française"),
        ("en", "Refused 8257.txt", "French local authority"),
    ],
)
def test_the_command_says_page_field_and_rule(
    tmp_path: Path, pages: Path, language: str, refused: str, field: str
) -> None:
    done = coopdec("build", pages, "--out", tmp_path / "out", COOPDEC_LANG=language)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0] == refused
    assert lines[1].startswith(f"  {field} : ")
    assert lines[1].endswith("(Partnership-frenchCollectivity)")


def test_the_command_says_the_value_that_breaks_a_rule(tmp_path: Path) -> None:
    """An end before the start: the value is there to be seen."""
    late = mantes("Bon", start=2024)
    pages = write_pages(tmp_path / "pages", late=late, good=mantes("Autre"))
    done = coopdec("build", pages, "--out", tmp_path / "out")
    found = [i for i in issues(tmp_path / "out") if i["page"] == "late.txt" and "shape" in i]
    values = {str(i["value"]) for i in found if i["severity"] == "violation" and "value" in i}
    assert values & {"2021-12-31", "2024"}
    assert [value for value in values if f"« {value} »" not in done.stdout] == []


def test_strict_refuses_the_whole_build_and_keeps_the_previous_one(
    tmp_path: Path, pages: Path
) -> None:
    out = tmp_path / "out"
    build(pages / "good.txt", out, strict=True)
    before = (out / "current").readlink(), release_files(out), (out / "registry.csv").read_bytes()
    strict = coopdec("build", pages, "--out", out, "--strict")
    assert (strict.returncode, strict.stdout) == (1, "")
    assert "Refusée 8257.txt" in strict.stderr
    assert strict.stderr.endswith(
        "1 fiche(s) refusée(s) sur 2 : rien n'est publié, le graphe précédent reste servi.\n"
    )
    after = (out / "current").readlink(), release_files(out), (out / "registry.csv").read_bytes()
    assert before == after


def test_nothing_publishable_is_exit_1(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", p8257=REFUSED, other="rien")
    done = coopdec("build", pages, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Refusée 8257.txt" in done.stderr
    assert "Refusée other.txt" in done.stderr
    assert not (tmp_path / "out/current").exists()


def test_a_refusal_as_json(tmp_path: Path) -> None:
    """With --json a refused build printed nothing that a program could read."""
    pages = write_pages(tmp_path / "pages", p8257=REFUSED)
    done = coopdec("build", pages, "--out", tmp_path / "out", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert (answer["release"], answer["published"], answer["refused"]) == (None, 0, ["8257.txt"])
    assert set(answer["message"]) == {"fr", "en"}


def test_a_build_as_json(tmp_path: Path, pages: Path) -> None:
    done = coopdec("build", pages, "--out", tmp_path / "out", "--json")
    answer = json.loads(done.stdout)
    release = (tmp_path / "out/current").resolve().name
    refusals = answer.pop("refusals")
    assert answer == {"release": release, "fresh": True, **manifest(tmp_path / "out")}
    assert [(r["page"], r["issues"], len(r["violations"])) for r in refusals] == [
        ("8257.txt", [], 1)
    ]
    assert refusals[0]["violations"][0]["shape"] == RULE
    answer["refusals"] = refusals
    again = json.loads(coopdec("build", pages, "--out", tmp_path / "out", "--json").stdout)
    assert again == {**answer, "fresh": False}


def test_warnings_are_published_with_the_data(tmp_path: Path) -> None:
    """Of the reader in issues.jsonl, of the shapes there and in the graph of quality."""
    doubtful = mantes("Douteux").replace("31/12/2021", "un jour")
    pages = write_pages(tmp_path / "pages", doubtful=doubtful, good=mantes("Bon"))
    out = tmp_path / "out"
    outcome = build(pages, out)
    assert not any(record.refused for record in outcome.records)
    published = issues(out)
    assert [(i["page"], i["code"], i["level"]) for i in published if "code" in i] == [
        ("doubtful.txt", "date-unread", "warning")
    ]
    findings = [i for i in published if "shape" in i]
    assert findings
    assert {i["severity"] for i in findings} <= {"warning", "info"}
    quality = rows(
        out,
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?g (COUNT(?r) AS ?n)"
        " { GRAPH ?g { ?r a sh:ValidationResult } } GROUP BY ?g",
    )
    assert quality == [("https://w3id.org/coopdec/graph/quality", str(len(findings)))]


def test_two_captures_of_one_partnership(tmp_path: Path) -> None:
    """The second is refused, with one issue that names the first; it is not refused silently."""
    pages = write_pages(tmp_path / "pages", p3203=mantes("Un"), copy=mantes("Deux"))
    (pages / "copy.toml").write_text("project_id = 3203\n")
    out = tmp_path / "out"
    build(pages, out)
    (duplicate,) = [i for i in issues(out) if i["page"] == "copy.txt" and i.get("level") == "error"]
    assert duplicate["code"] == "duplicate-partnership"
    assert "« 3203.txt »" in duplicate["message"]["fr"]  # type: ignore[index]
    assert "“3203.txt”" in duplicate["message"]["en"]  # type: ignore[index]
    assert manifest(out)["refused"] == ["copy.txt"]
    assert ask(out, 'ASK { ?p dct:title ?t FILTER(STRSTARTS(?t, "Un : ")) }')
    assert not ask(out, 'ASK { ?p dct:title ?t FILTER(STRSTARTS(?t, "Deux : ")) }')
    done = coopdec("build", pages, "--out", tmp_path / "other", "--strict", COOPDEC_LANG="en")
    assert done.returncode == 1
    assert "already read from “3203.txt”" in done.stderr
