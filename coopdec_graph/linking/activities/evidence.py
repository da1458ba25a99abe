"""What speaks for and against two activities being one project, each piece under a name.

A feature is written "name: level", or "name: level, figure"; what is not known of one of the two is no
feature at all. Points are data (`evidence.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from coopdec_graph.graph.distance import great_circle_km
from coopdec_graph.linking.activities.reported import Body, Period, ReportedActivity, Spot
from coopdec_graph.linking.activities.titles import best_match
from coopdec_graph.namespaces import COUNTRY

__all__ = ["Evidence", "confidence_of", "evidence_of", "floor", "likeness_of"]

_FRANCE = str(COUNTRY.FRA)
_NEAR_KM = 25.0
# Sums that are rounded, or converted and back, are still one.
_TOLERANCE = Decimal("0.01")
_HALF = 0.5

_Feature = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`levels` by name of feature, `figures` what was measured for some of them."""

    levels: Mapping[str, str]
    figures: Mapping[str, str]

    @property
    def points(self) -> float:
        """What all of it counts for."""
        return sum(map(self.weight_of, self.levels))

    def weight_of(self, name: str) -> float:
        """What one feature counts for; nothing where it is not known."""
        weight: float = _table().get(name, {}).get(self.levels.get(name), 0.0)
        return weight

    @property
    def is_declared(self) -> bool:
        """One gives an identifier of the other as its own."""
        return self.levels.get("identifier") == "declared"

    @property
    def contradictions(self) -> tuple[str, ...]:
        """The features that say that they cannot be one project."""
        return self._at({"country": "apart", "dates": "disjoint"})

    @property
    def doubts(self) -> tuple[str, ...]:
        """The contradictions, and what makes an identifier look mistaken."""
        return (*self.contradictions, *self._at({"title": "apart"}))

    def _at(self, levels: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(name for name, level in levels.items() if self.levels.get(name) == level)

    def texts(self) -> tuple[str, ...]:
        """The features as cd:feature has them."""
        return tuple(
            f"{name}: {level}" + (f", {self.figures[name]}" if name in self.figures else "")
            for name, level in self.levels.items()
        )


def evidence_of(first: ReportedActivity, second: ReportedActivity) -> Evidence:
    """The evidence on two activities, whichever comes first."""
    found = [
        *_identifier(first, second),
        *_title(first, second),
        *_parties(first, second),
        *_country(first, second),
        *_place(first.spots, second.spots),
        *_dates(first.period, second.period),
        *_amounts(first, second),
    ]
    figures = {name: figure for name, _, figure in found if figure}
    return Evidence({name: level for name, level, _ in found}, figures)


def confidence_of(points: float) -> float:
    """From 0 to 0.99: without a word of a person or of a source, nothing is sure."""
    best: float = _table()["best"]
    return round(min(0.99, max(0.0, points / best)), 3)


def floor() -> float:
    """The points below which nothing is proposed."""
    found: float = _table()["floor"]
    return found


def likeness_of(level: str) -> float:
    """From which likeness of titles, from 0 to 1, a level is reached."""
    found: float = _table()["likeness"][level]
    return found


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("evidence.toml").read_text("utf-8"))


def _identifier(first: ReportedActivity, second: ReportedActivity) -> Iterator[_Feature]:
    names, theirs = first.names, second.names
    if names & theirs or first.declared & theirs or second.declared & names:
        yield "identifier", "declared", ""
    elif first.parts & theirs or second.parts & names:
        yield "identifier", "participant", ""
    elif first.declared & second.numbers or second.declared & first.numbers:
        yield "identifier", "number", ""
    elif any(map(_may_be_shared, first.declared & second.declared)):
        yield "identifier", "shared", ""


def _may_be_shared(identifier: str) -> bool:
    """Not a bare number, which two publishers may both have given."""
    return len(identifier) >= 8 and not identifier.isdecimal()


def _title(first: ReportedActivity, second: ReportedActivity) -> Iterator[_Feature]:
    match = best_match(first, second)
    if match is None:
        return
    level = next(
        (level for level in ("same", "near", "alike") if match.likeness >= likeness_of(level)),
        "apart" if match.likeness < likeness_of("apart") and match.one_language else "unlike",
    )
    if match.short and level in ("same", "near"):
        level = "alike"
    yield "title", level, f"{match.likeness:.2f}"
    if match.numbers is not None:
        yield "numbers", match.numbers, ""


def _parties(first: ReportedActivity, second: ReportedActivity) -> Iterator[_Feature]:
    """Shared bodies, of which one side at least says that they do the work.

    Who only pays for both, as a ministry or an agency does for thousands, says nothing.
    """
    french = foreign = False
    for ours, theirs in _shared(first, second):
        if _FRANCE in (ours.country, theirs.country):
            french = True
        else:
            foreign = True
    if french and foreign:
        yield "parties", "both-sides", ""
    elif french or foreign:
        yield "parties", "one-side", "French" if french else "other"
    elif first.doers and second.doers:
        yield "parties", "apart", ""


def _shared(first: ReportedActivity, second: ReportedActivity) -> Iterator[tuple[Body, Body]]:
    ours, theirs = (*first.doers, *first.payers), (*second.doers, *second.payers)
    for one, body in enumerate(ours):
        for other, counterpart in enumerate(theirs):
            does = one < len(first.doers) or other < len(second.doers)
            if does and body.is_same_as(counterpart):
                yield body, counterpart


def _country(first: ReportedActivity, second: ReportedActivity) -> Iterator[_Feature]:
    if first.countries and second.countries:
        shared = first.countries & second.countries
        yield "country", "same" if shared else "apart", ""


def _place(first: tuple[Spot, ...], second: tuple[Spot, ...]) -> Iterator[_Feature]:
    pairs = [(ours, theirs) for ours in first for theirs in second]
    if any(_is_same(ours, theirs) for ours, theirs in pairs):
        yield "place", "same", ""
        return
    distances = [
        great_circle_km(ours.point, theirs.point)
        for ours, theirs in pairs
        if ours.point and theirs.point
    ]
    if distances:
        least = min(distances)
        yield "place", "near" if least <= _NEAR_KM else "far", f"{least:.0f} km"


def _is_same(first: Spot, second: Spot) -> bool:
    place = first.place is not None and first.place == second.place
    return place or (first.geonames is not None and first.geonames == second.geonames)


def _dates(first: Period, second: Period) -> Iterator[_Feature]:
    if first.start is None or second.start is None:
        if first.end is not None and first.end == second.end:
            yield "dates", "one-end", ""
        return
    if _ends_before(first, second) or _ends_before(second, first):
        yield "dates", "disjoint", ""
        return
    agreed = _one_start(first, second) + (first.end is not None and first.end == second.end)
    if agreed:
        yield "dates", "same" if agreed == 2 else "one-end", ""
    elif first.end is None or second.end is None:
        yield "dates", "open", ""
    else:
        share = _common_share(first, second)
        yield "dates", "overlap" if share >= _HALF else "brief-overlap", f"{share:.2f}"


def _one_start(first: Period, second: Period) -> bool:
    """On one day; in one year where one of the two is known to the year."""
    if first.start is None or second.start is None:
        return False
    if first.start_is_day and second.start_is_day:
        return first.start == second.start
    return first.start.year == second.start.year


def _ends_before(first: Period, second: Period) -> bool:
    return first.end is not None and second.start is not None and first.end < second.start


def _common_share(first: Period, second: Period) -> float:
    """The days that both have, over those that one has."""
    assert first.start and second.start and first.end and second.end
    both = min(first.end, second.end) - max(first.start, second.start) + timedelta(days=1)
    either = max(first.end, second.end) - min(first.start, second.start) + timedelta(days=1)
    return max(0.0, both / either) if either > timedelta() else 0.0


def _amounts(first: ReportedActivity, second: ReportedActivity) -> Iterator[_Feature]:
    """Sums of any kind in one currency: what one announces the other may have budgeted or paid."""
    currencies = sorted(first.totals.keys() & second.totals.keys())
    if any(_meet(first.totals[code], second.totals[code]) for code in currencies):
        yield "amounts", "same", ""
    elif _is_share(first, second) or _is_share(second, first):
        yield "amounts", "share", ""
    elif currencies:
        yield "amounts", "apart", ""


def _is_share(whole: ReportedActivity, part: ReportedActivity) -> bool:
    """A financer reports what it gives of a partnership that several pay for."""
    return any(
        _meet(shares, part.totals.get(code, frozenset())) for code, shares in whole.shares.items()
    )


def _meet(first: frozenset[Decimal], second: frozenset[Decimal]) -> bool:
    return any(
        abs(ours - theirs) <= _TOLERANCE * max(ours, theirs) for ours in first for theirs in second
    )
