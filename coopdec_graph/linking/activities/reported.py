"""What activities are compared on, whatever programme they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

__all__ = ["Body", "Period", "ReportedActivity", "Spot", "Title", "may_be_one"]

ATLAS = "atlas"


@dataclass(frozen=True, slots=True)
class Title:
    """`key` is what titles are compared as (namespaces.matching_key); None: no language is said."""

    key: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """A body by all that identifies it: its IRI, SIREN, reference, place, and forms of its names.

    `country` is an IRI of the EU's table. Two bodies are one when they share a key, unless their
    countries differ: towns of one name are not.
    """

    iri: str
    keys: frozenset[str]
    country: str | None
    is_french: bool

    def is_same_as(self, other: Body) -> bool:
        apart = self.country and other.country and self.country != other.country
        return not apart and not self.keys.isdisjoint(other.keys)


@dataclass(frozen=True, slots=True)
class Period:
    """`start` is the first of January where the source gives the year alone."""

    start: date | None = None
    end: date | None = None
    start_is_day: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where the work is done, or of a foreign partner; longitude first."""

    place: str | None = None
    geonames: str | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class ReportedActivity:
    """One activity as one reporter gives it.

    `names` are identifiers that mean this activity and no other; `numbers` what its programme calls it
    and others may call something else; `declared` those that it says it
    also has; `parts` those that participants have for what they do in it; `relatives` those of its
    parents, children and siblings. `doers` take part, `payers` fund or pass on. `totals` are sums
    by currency, one for each kind of sum; `shares` what each financer gives of a partnership.
    """

    iri: str
    programme: str
    names: frozenset[str]
    reporter: Body | None = None
    is_secondary: bool = False
    declared: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    relatives: frozenset[str] = frozenset()
    titles: tuple[Title, ...] = ()
    doers: tuple[Body, ...] = ()
    payers: tuple[Body, ...] = ()
    countries: frozenset[str] = frozenset()
    period: Period = Period()
    spots: tuple[Spot, ...] = ()
    totals: Mapping[str, frozenset[Decimal]] = field(default_factory=dict)
    shares: Mapping[str, frozenset[Decimal]] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()

    @property
    def source(self) -> tuple[str, str]:
        """Who says it, in which programme; activities of one source are never one project."""
        return self.programme, self.reporter.iri if self.reporter else ""

    def precedence(self) -> tuple[bool, bool, str]:
        """Which of several is counted, the least first: the Atlas's, then one whose reporter takes
        part in it, then the one with the lowest IRI."""
        return self.programme != ATLAS, self.is_secondary, self.iri


def may_be_one(first: ReportedActivity, second: ReportedActivity) -> bool:
    """Whether two may be one project: of another programme or reporter, and none a part of the other."""
    if first.programme == second.programme:
        ours, theirs = first.reporter, second.reporter
        if ours is None or theirs is None or ours.is_same_as(theirs):
            return False
    return first.relatives.isdisjoint(second.names) and second.relatives.isdisjoint(first.names)
