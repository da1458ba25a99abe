"""Files, folders and sidecars; a build of them: what is published, what is refused and why."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.model import Agent, AgentKind
from coopdec_graph.pipeline import BuildOptions, Outcome, run
from tests.pipeline.commands import coopdec
from tests.sources.iati.iati_files import (
    IATI,
    activity,
    codes,
    documents,
    file,
    read,
    readings,
)
from tests.sources.iati.test_whole_activities import EARLIER, LATEST

SIDECAR = """\
url = "https://exemple.example/activites.xml"
captured = 2025-01-02T03:04:05+01:00
publisher = "Exemple SA"
licence = "https://exemple.example/licence"
"""

IDENTIFIER_OF_EARLIER = "<iati-identifier>XM-EXEMPLE-2</iati-identifier>"

BACKWARDS = (
    '<activity-date type="1" iso-date="2022-01-01"/><activity-date type="3" iso-date="2021-01-01"/>'
)


def identified(number: int | str, **elements: str) -> str:
    identifier = f"<iati-identifier>XM-EXEMPLE-{number}</iati-identifier>"
    return activity(iati_identifier=identifier, **elements)


def test_a_folder_gives_its_activities_in_order(tmp_path: Path) -> None:
    many = file(*(identified(number) for number in range(12)))
    for name in ("b.xml", "a/c.XML", "a/.hidden.xml", "a/d.txt", "b.xml.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("" if name.endswith(".toml") else many)
    found = sorted(IATI.documents([tmp_path, tmp_path / "b.xml"]), key=lambda d: d.place())
    names = [f"a/c.XML#{n}" for n in range(1, 13)] + [f"b.xml#{n}" for n in range(1, 13)]
    assert [document.name for document in found] == names
    assert len({IATI.fingerprint(document) for document in found}) == 24


def test_a_file_that_is_named_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "activites"
    path.write_text(file(activity()))
    assert [document.name for document in documents(path)] == ["activites#1"]


def test_a_path_that_does_not_exist() -> None:
    with pytest.raises(UsageError, match=r"\.xml"):
        list(IATI.documents([Path("nulle-part.xml")]))


def test_a_name_is_shown_without_mailbox() -> None:
    (found,) = readings(file(activity()), name="sacha@exemple.example.xml")
    assert "exemple.example" not in found.name
    assert found.activity is not None and "exemple.example" not in found.activity.source.name


def test_a_sidecar_says_what_the_file_does_not() -> None:
    for found in readings(file(activity(), activity()), sidecar=SIDECAR):
        assert found.activity is not None
        source = found.activity.source
        assert source.url == "https://exemple.example/activites.xml"
        assert source.captured == datetime.fromisoformat("2025-01-02T03:04:05+01:00")
        assert source.publisher == Agent(AgentKind.ORGANISATION, "Exemple SA", language=None)
        assert source.licence == "https://exemple.example/licence"


def test_without_one_the_reporting_organisation_publishes() -> None:
    found = read(activity())
    assert found.source.publisher == found.reporter
    assert found.source.licence is None


@pytest.mark.parametrize(
    "sidecar",
    [
        "project_id = 3",
        'url = "ftp://exemple.example"',
        'licence = "à voir"',
        'licence = "http://sacha@exemple.example"',
        "captured = 2025-01-02",
        "captured = 2025-01-02T03:04:05",
        "publisher = 3",
        'publisher = " "',
        "url",
    ],
)
def test_a_wrong_sidecar_refuses_its_file_once(sidecar: str) -> None:
    (found,) = readings(file(activity(), activity()), sidecar=sidecar)
    assert codes(found) == ["sidecar-wrong"]
    assert "publisher" in found.issues[0].message("fr")


def test_what_an_activity_depends_on_changes_its_fingerprint(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"

    def fingerprints(content: str, sidecar: str = "") -> list[bytes]:
        path.write_text(content)
        path.with_name("x.xml.toml").write_text(sidecar)
        return [IATI.fingerprint(document) for document in documents(path)]

    one, two = fingerprints(file(identified(1), identified(2)))
    assert fingerprints(file(identified(1), identified(3)))[0] == one
    assert fingerprints(file(identified(1), identified(2), attributes='xml:lang="fr"'))[0] != one
    assert fingerprints(file(identified(1), identified(2)), SIDECAR) != [one, two]
    assert fingerprints(file(identified(1), identified(2)), "") == [one, two]
    assert fingerprints("<x/>") != fingerprints("<y/>")


# ---- a build ---------------------------------------------------------------------------------------


def built(folder: Path, out: Path) -> Outcome:
    options = BuildOptions(programme="iati")
    return run([folder], out, options, lambda items, label, total: items)


def test_a_build_publishes_what_keeps_the_standard_and_says_why_not_the_rest(
    tmp_path: Path,
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.xml").write_text(
        file(
            identified(1),
            identified(2, activity_date=BACKWARDS),
            identified(1, title="<title><narrative>Encore</narrative></title>"),
            identified(3, activity_status=""),
            identified(4, sector='<sector vocabulary="77" code="x"/>'),
        )
    )
    (pages / "a.xml.toml").write_text(SIDECAR)
    (pages / "b.xml").write_text(LATEST)
    (pages / "c.xml").write_text(EARLIER.replace("XM-EXEMPLE-2<", "XM-EXEMPLE-20<"))
    (pages / "d.xml").write_text(
        EARLIER.replace(IDENTIFIER_OF_EARLIER, "").replace("Wells", "Springs")
    )
    (pages / "e.xml").write_text("<html/>")
    outcome = built(pages, tmp_path / "out")
    refused = {
        record.page: [i.code for i in record.issues if i.level == "error"]
        for record in outcome.records
        if record.refused
    }
    assert refused == {
        "a.xml#2": ["iati-breaks-standard"],
        "a.xml#3": ["duplicate-partnership"],
        "a.xml#4": ["iati-breaks-standard"],
        "e.xml": ["iati-other-root"],
    }
    keys = {record.page: record.key for record in outcome.records if not record.refused}
    assert keys.keys() == {"a.xml#1", "a.xml#5", "b.xml#1", "c.xml#1", "d.xml#1"}
    assert keys["a.xml#1"] == "iati-XM-EXEMPLE-1"
    assert keys["d.xml#1"] and "XM" not in keys["d.xml#1"]
    graph = outcome.release.quads.read_text("utf-8")
    assert "Sacha" not in graph and 'exemple.example"' not in graph
    assert "<https://exemple.example/licence>" in graph
    issues = (outcome.release.folder / "issues.jsonl").read_text("utf-8").splitlines()
    twice = [json.loads(line) for line in issues if "duplicate" in line]
    assert [entry["page"] for entry in twice] == ["a.xml#3"]
    assert "iati-identifier" in twice[0]["message"]["fr"] + twice[0]["message"]["en"]
    assert all(reading.lines == () for reading in outcome.readings)


def test_activities_without_identifier_are_told_apart_by_who_and_when(tmp_path: Path) -> None:
    """Version 1 lets them be without; a title alone would make one activity of many."""
    pages = tmp_path / "pages"
    pages.mkdir()
    bare = EARLIER.replace(IDENTIFIER_OF_EARLIER, "")
    (pages / "a.xml").write_text(bare)
    (pages / "b.xml").write_text(bare.replace("ONG Fictive", "ONG Inventée"))
    (pages / "c.xml").write_text(bare.replace("2011-01-01", "2010-01-01"))
    (pages / "d.xml").write_text(bare)
    outcome = built(pages, tmp_path / "out")
    keys = {record.page: record.key for record in outcome.records if not record.refused}
    assert keys.keys() == {"a.xml#1", "b.xml#1", "c.xml#1"}
    assert len(set(keys.values())) == 3


def test_the_same_files_give_the_same_release(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "b.xml").write_text(LATEST)
    first, second = built(pages, tmp_path / "one"), built(pages, tmp_path / "two")
    assert first.release.quads.read_bytes() == second.release.quads.read_bytes()
    assert not built(pages, tmp_path / "one").fresh


# ---- the commands ----------------------------------------------------------------------------------


def test_read_says_what_each_activity_says(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text(LATEST)
    done = coopdec("read", "--programme", "iati", tmp_path / "b.xml", "--json", "--explain")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert said["page"] == "b.xml#1"
    assert said["identifier"] == "FR-INSEE-78000-1"
    assert said["titles"] == [
        {"value": "Puits", "language": "fr"},
        {"value": "Wells", "language": "en"},
    ]
    assert said["items"][2]["amount"] == "-10"
    assert (
        sum(said["lines"][state] for state in ("used", "ignored", "issue"))
        == said["lines"]["total"]
    )
    assert len(said["explanation"]) == said["lines"]["total"] > 150
    assert "Sacha" not in done.stdout


def test_explain_adds_up(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text(LATEST)
    done = coopdec("read", "--programme", "iati", tmp_path / "b.xml", "--explain")
    assert done.returncode == 0
    total = next(
        line for line in done.stdout.splitlines() if "éléments, attributs et textes" in line
    )
    assert total == "182 used + 10 ignored + 0 issue = 192 éléments, attributs et textes"


def test_read_refuses_with_exit_1(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text(file(identified(1), identified(2, activity_date=BACKWARDS)))
    done = coopdec("read", "--programme", "iati", tmp_path / "b.xml")
    assert done.returncode == 1
    assert "erreur b.xml#2:" in done.stdout and "ruleset-date_order" in done.stdout
