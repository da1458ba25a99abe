"""Rows of decisions.csv about two activities: what is taken, what is refused, old files as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_graph.linking.people import (
    DecisionsDamaged,
    HumanDecision,
    HumanDecisions,
    Verdict,
    append,
)
from tests.linking.link_pages import put
from tests.pipeline.commands import ROOT

A, B, C = "partnership/atlas-3203", "activity/iati-XM-A-1", "activity/iati-XM-B~0123abcd"


def row(one: str, other: str, verdict: str = "same") -> str:
    return f"{one},{other},{verdict},,2026-02-03,documentaliste"


def test_rows_about_bodies_and_activities_stand_in_one_file(tmp_path: Path) -> None:
    body = row("ma/rabat", "Q1")
    people = HumanDecisions.load(put(tmp_path / "d.csv", body, row(A, B), row(C, A, "unsure")))
    assert [(one.body, one.object) for one in people.about_activities()] == [(A, B), (C, A)]
    assert [one.body for one in people.about_bodies()] == ["ma/rabat"]
    assert [one.about() for one in people.about_activities()] == [(B, A), (C, A)]
    # Neither is an item, so that nothing of Wikidata is followed.
    assert people.followed({"Q1": "Q2"}).about_activities() == people.about_activities()


def test_the_file_of_the_project_says_nothing_of_activities() -> None:
    people = HumanDecisions.load(ROOT / "data" / "links" / "decisions.csv")
    assert people.about_activities() == [] and len(people.about_bodies()) >= 2


@pytest.mark.parametrize(
    ("lines", "number", "reason"),
    [
        ([row(A, A)], 2, "is not the end of the IRI of another activity"),
        ([row(A, "Q1")], 2, "is not the end of the IRI of another activity"),
        ([row(A, "fr/commune/78361")], 2, "of another activity"),
        ([row(A, "activity/")], 2, "of another activity"),
        ([row(A, "activity/a/b")], 2, "of another activity"),
        ([row(A, "Activity/x")], 2, "of another activity"),
        ([row("ma/rabat", A)], 2, "is neither a Wikidata item"),
        ([row(A, B), row(A, B, "different")], 3, "are already on line 2"),
        ([row(A, B), row(B, A)], 3, "are already on line 2"),
        ([row(A, B, "maybe")], 2, "is no decision"),
        ([row(A, B), row(B, C), row(A, C, "different")], 4, "one project by other lines"),
        ([row(C, A, "different"), row(A, B), row(C, B)], 2, "one project by other lines"),
    ],
)
def test_a_line_that_cannot_stand_is_named(
    lines: list[str], number: int, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(DecisionsDamaged) as refused:
        HumanDecisions.load(put(tmp_path / "d.csv", *lines))
    told = refused.value.text("en")
    assert f"line {number}:" in told and reason in told
    assert refused.value.exit_code == 2


def test_one_activity_may_be_several_others(tmp_path: Path) -> None:
    people = HumanDecisions.load(put(tmp_path / "d.csv", row(A, B), row(A, C)))
    assert len(people.rows) == 2 and people.have_settled(B, C)


def test_an_addition_that_contradicts_the_file_is_refused_whole(tmp_path: Path) -> None:
    file = put(tmp_path / "d.csv", row(A, B), row(B, C, "different"))
    before = file.read_bytes()
    same = HumanDecision(A, C, Verdict.SAME, "", "2026-02-03", "documentaliste")
    with pytest.raises(DecisionsDamaged):
        append(file, [same])
    assert file.read_bytes() == before
    append(file, [HumanDecision(A, C, Verdict.UNSURE, "", "2026-02-03", "documentaliste")])
    assert len(HumanDecisions.load(file).rows) == 3
