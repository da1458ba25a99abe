"""How right the rules are on activities whose projects are known: the figures of docs/reported-twice.md."""

from __future__ import annotations

import pytest

from tests.linking.activities.gold import Figures, decisions_of, figures, rows_of
from tests.pipeline.commands import ROOT

MEASURED = [
    ("dev", 88, Figures(28, linked=(6, 6), alike=(20, 19), by_identifier=(6, 0))),
    ("test", 43, Figures(14, linked=(4, 4), alike=(9, 9), by_identifier=(3, 0))),
]


@pytest.mark.parametrize(("part", "activities", "expected"), MEASURED)
def test_the_measured_figures(part: str, activities: int, expected: Figures) -> None:
    rows = rows_of(part)
    assert len(rows) == activities
    assert figures(rows, decisions_of(rows)) == expected


def test_the_documentation_says_what_was_measured() -> None:
    told = (ROOT / "docs" / "reported-twice.md").read_text("utf-8")
    measured = next(case for case in MEASURED if case[0] == "test")[2]
    for name, (pairs, right) in (
        ("linked", measured.linked),
        ("proposed, for facts agree", measured.alike),
        (
            "waiting, for an identifier is contradicted or claimed by several",
            measured.by_identifier,
        ),
    ):
        assert f"| {name} | {pairs} | {right} |" in told
    assert f"| Of 43 activities, {measured.one_project} pairs are one project |" in told
    told = (ROOT / "docs" / "linking.md").read_text("utf-8")
    assert f"{measured.linked[0]} pairs were linked and {measured.alike[0]} proposed" in told
