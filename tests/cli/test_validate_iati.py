"""`coopdec validate` of IATI files: the verdict, the findings with their lines, the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pipeline.commands import coopdec
from tests.sources.iati.iati_files import activity, file

IDENTIFIER = "<iati-identifier>XM-EXEMPLE-{0}</iati-identifier>"
GOOD = file(activity(), activity(iati_identifier=IDENTIFIER.format(2)))


def test_a_file_that_conforms(tmp_path: Path) -> None:
    (tmp_path / "bon.xml").write_text(GOOD)
    done = coopdec("validate", "bon.xml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "bon.xml : conforme (IATI 2.03, 2 activité(s))\n")


def test_findings_have_line_rule_and_message_in_two_languages(tmp_path: Path) -> None:
    bad = file(
        activity(),
        activity(iati_identifier=IDENTIFIER.format(2), sector='<sector code="99998"/>'),
        activity(
            iati_identifier=IDENTIFIER.format(3), activity_status='<activity-status code="9"/>'
        ),
    )
    (tmp_path / "mauvais.xml").write_text(bad)
    done = coopdec("validate", "mauvais.xml", "--json", cwd=tmp_path)
    assert done.returncode == 1
    (said,) = json.loads(done.stdout)
    status = bad.splitlines().index('<activity-status code="9"/>') + 1
    sector = bad.splitlines().index('<sector code="99998"/>') + 1
    findings = said.pop("findings")
    assert said == {
        "file": "mauvais.xml",
        "standard": "IATI",
        "version": "2.03",
        "activities": 3,
        "conforms": False,
    }
    assert [(f["line"], f["rule"], f["severity"], f["path"]) for f in findings] == [
        (sector, "code-unknown", "warning", "sector[@code]"),
        (status, "code-not-in-version", "error", "activity-status[@code]"),
    ]
    assert findings[1]["message"] == {
        "fr": "« 9 » n'est pas dans la liste ActivityStatus, qui fait partie de la version 2.03.",
        "en": "“9” is not in the list ActivityStatus, which is part of version 2.03.",
    }


def test_doubts_alone_are_shown_and_conform(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(file(activity(sector='<sector code="99998"/>')))
    done = coopdec("validate", "x.xml", cwd=tmp_path, COOPDEC_LANG="en")
    assert done.returncode == 0
    first, second = done.stdout.splitlines()
    assert first == "x.xml : conforms (IATI 2.03, 1 activity(ies))"
    assert second.startswith("  warning 10 : sector[@code] — “99998” is not in the list Sector")
    assert second.endswith("(code-unknown)")


def test_what_a_file_as_a_whole_may_not_do(tmp_path: Path) -> None:
    other = '<reporting-org ref="XM-AUTRE" type="10"><narrative>Autre</narrative></reporting-org>'
    text = file(
        activity(),
        activity(),
        activity(
            iati_identifier="<iati-identifier>XM-AUTRE-1</iati-identifier>", reporting_org=other
        ),
    )
    (tmp_path / "x.xml").write_text(text)
    done = coopdec("validate", "x.xml", "--json", cwd=tmp_path)
    (said,) = json.loads(done.stdout)
    assert [(f["rule"], f["line"]) for f in said["findings"]] == [
        ("identifier-repeated", 12),
        ("reporter-differs", 22),
    ]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<iati-activities version='2.03'>", "s'arrête avant sa fin"),
        ("<!DOCTYPE x><iati-activities version='2.03'/>", "DOCTYPE"),
        ("<iati-organisations version='2.03'/>", "iati-organisations"),
        ("", "vide"),
    ],
)
def test_a_file_that_cannot_be_checked(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "x.xml").write_text(content)
    done = coopdec("validate", "x.xml", cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stdout and "(file-unreadable)" in done.stdout


def test_each_file_has_its_own_rules(tmp_path: Path) -> None:
    """RDF in XML keeps its suffix; what starts as RDF is no IATI file."""
    (tmp_path / "bon.xml").write_text(GOOD)
    (tmp_path / "rien.ttl").write_text("")
    done = coopdec("validate", "bon.xml", "rien.ttl", "--json", cwd=tmp_path)
    iati, rdf = json.loads(done.stdout)
    assert (iati["conforms"], rdf["conforms"]) == (True, True)
    assert "standard" not in rdf
    (tmp_path / "x.xml").write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    )
    done = coopdec("validate", "x.xml", "--json", cwd=tmp_path)
    assert "IATI" not in done.stdout


def test_the_future_is_after_today(tmp_path: Path) -> None:
    late = file(activity(activity_date='<activity-date type="2" iso-date="2999-01-01"/>'))
    (tmp_path / "x.xml").write_text(late)
    done = coopdec("validate", "x.xml", cwd=tmp_path)
    assert done.returncode == 1
    assert "(ruleset-not-after-today)" in done.stdout


def test_a_file_without_activities_conforms_with_a_warning(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text("<iati-activities version='2.03'/>")
    done = coopdec("validate", "x.xml", cwd=tmp_path)
    assert done.returncode == 0
    assert "Le fichier ne contient aucune activité." in done.stdout
    assert "(file-empty)" in done.stdout


def test_an_unknown_version_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "x.xml").write_text(GOOD.replace('version="2.03"', 'version="2.9"'))
    done = coopdec("validate", "x.xml", cwd=tmp_path)
    assert done.returncode == 0
    assert "« 2.9 ». Le fichier est examiné comme de la version 2.03." in done.stdout
    assert "(version-unknown)" in done.stdout
