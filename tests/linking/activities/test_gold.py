"""How right the rules are on activities whose projects are known: the figures of docs/reported-twice.md."""

from __future__ import annotations

import pytest

from tests.linking.activities.gold import Figures, decisions_of, figures, rows_of


@pytest.mark.parametrize(
    ("part", "activities", "expected"),
    [
        ("dev", 88, Figures(28, linked=(6, 6), alike=(20, 19), by_identifier=(6, 0))),
        ("test", 43, Figures(14, linked=(4, 4), alike=(9, 9), by_identifier=(3, 0))),
    ],
)
def test_the_measured_figures(part: str, activities: int, expected: Figures) -> None:
    rows = rows_of(part)
    assert len(rows) == activities
    assert figures(rows, decisions_of(rows)) == expected
