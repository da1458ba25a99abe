"""docs/reconciliation.md says what the code has: types, properties, scores, limits."""

from __future__ import annotations

import re

from coopdec_graph.service.reconciliation import answers, matching, messages, router
from coopdec_graph.service.reconciliation.kinds import TYPES
from coopdec_graph.service.reconciliation.properties import DATE, PROPERTIES
from tests.service.live_service import ROOT

TEXT = (ROOT / "docs" / "reconciliation.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The cells of the table whose first header is this one."""
    lines = TEXT[TEXT.index(f"| {heading} |") :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_types() -> None:
    assert [row[0].strip("`") for row in table("Type")] == list(TYPES)


def test_properties() -> None:
    documented = {row[0].strip("`"): (row[1], row[2]) for row in table("Property")}
    assert documented == {
        one.id: (
            "yes" if one.compare is not None or one.id == DATE else "no",
            "yes" if one.values is not None else "no",
        )
        for one in PROPERTIES.values()
    }


def test_scores() -> None:
    numbers = [float(re.match(r"[0-9]+", row[1])[0]) for row in table("Found by")]  # type: ignore[index]
    assert numbers == [
        matching._WHOLE,
        matching._WHOLE,
        matching._WHOLE,
        matching._BORNE_THEN,
        matching._BARE,
        matching._BARE,
        matching._LOOSE,
        matching._PAST,
        matching._TOOK_OVER,
        matching._NEAR * 100,
        matching._BARE * matching._DISAGREES,
    ]
    assert f"takes {1 - matching._DISAGREES:.0%} off" in TEXT.replace("40 %", "40%")
    assert f"takes {1 - matching._UNKNOWN:.0%} off" in TEXT.replace("5 %", "5%")


def test_limits() -> None:
    numbers = [re.findall(r"[0-9,]+[0-9]", row[1]) for row in table("What")]
    assert numbers == [
        [f"{messages.MOST_QUERIES:,}"],
        [f"{messages.DEFAULT_LIMIT}", f"{messages.MOST_CANDIDATES}"],
        [f"{messages.MOST_PROPERTIES}"],
        [f"{messages.MOST_IDS:,}"],
        [f"{router.MOST_BYTES:,}"],
        [f"{matching.LONGEST_NAME}"],
    ]
    assert messages.MOST_PROPERTIES == messages.MOST_VALUES
    assert f"{answers.PAGE} at a time" in TEXT
