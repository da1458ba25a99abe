"""The gold list against a linker: what is decidable, what was decided, in tables."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.graph.distance import great_circle_km
from coopdec_graph.linking.decisions import NameQuery
from coopdec_graph.linking.figures import wilson
from coopdec_graph.linking.names import parsed
from coopdec_graph.linking.numbers import stands_alone
from coopdec_graph.linking.places import KnownPlaces
from coopdec_graph.namespaces import PREFIXES, matching_key
from coopdec_graph.reference.french import with_name
from coopdec_graph.reference.places import Place
from tests.linking.disguise import DISGUISES, disguised

SHARED = Path(__file__).parents[3] / "shared" / "wikidata"
PLACES, GOLD = SHARED / "places.nt", SHARED / "gold-dev.tsv"
STRATA = ("French commune", "foreign city", "foreign subdivision")
_WDT = PREFIXES["wdt"]


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    iso2: str
    qid: str
    kind: str

    @property
    def stratum(self) -> str:
        if self.iso2 == "FR":
            return STRATA[0]
        city = self.kind in ("place", "locality", "neighbourhood", "campus")
        return STRATA[1] if city else STRATA[2]


@dataclass(slots=True)
class Tally:
    """Of the names of a cell: how many, decidable, linked, linked rightly, rightly and decidable."""

    names: int = 0
    decidable: int = 0
    linked: int = 0
    right: int = 0
    found: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.linked if self.linked else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.decidable if self.decidable else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.linked)

    def plus(self, other: Tally) -> Tally:
        return Tally(
            self.names + other.names,
            self.decidable + other.decidable,
            self.linked + other.linked,
            self.right + other.right,
            self.found + other.found,
        )


@cache
def gold() -> tuple[Row, ...]:
    lines = GOLD.read_text("utf-8").splitlines()[1:]
    return tuple(Row(*line.split("\t")) for line in lines)


@cache
def _statements() -> Mapping[str, Sequence[tuple[str, ox.NamedNode | ox.Literal]]]:
    found: dict[str, list[tuple[str, ox.NamedNode | ox.Literal]]] = defaultdict(list)
    for quad in ox.parse(path=str(PLACES), format=ox.RdfFormat.N_TRIPLES):
        assert isinstance(quad.subject, ox.NamedNode)
        assert isinstance(quad.object, ox.NamedNode | ox.Literal)
        found[quad.subject.value].append((quad.predicate.value, quad.object))
    return found


@cache
def homonyms() -> Mapping[tuple[str, str], frozenset[str]]:
    """The items of a country by name: any label or alias, without case, accents and spaces."""
    codes = {
        item: value.value
        for item, facts in _statements().items()
        for property, value in facts
        if property == _WDT + "P297"
    }
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item, facts in _statements().items():
        countries = [codes.get(v.value, "") for p, v in facts if p == _WDT + "P17"]
        for property, value in facts:
            if property.endswith(("#label", "#altLabel")):
                for country in countries:
                    found[country, _key(value.value)].add(item.rsplit("/", 1)[-1])
    return {key: frozenset(items) for key, items in found.items()}


def _key(name: str) -> str:
    return matching_key(name).replace(" ", "")


@cache
def numbers() -> Mapping[str, frozenset[int]]:
    """The GeoNames numbers of the items that have one."""
    found: dict[str, set[int]] = defaultdict(set)
    for item, facts in _statements().items():
        for property, value in facts:
            if property == _WDT + "P1566":
                found[item.rsplit("/", 1)[-1]].add(int(value.value))
    return {qid: frozenset(values) for qid, values in found.items()}


def places_by_tables(asked: Iterable[tuple[str, Row, NameQuery]]) -> Tally:
    """How often the one place of GeoNames that a name means is the gold item's, Wikidata unasked.

    It is if it has the number of the item, or lies within 25 km of it: GeoNames has a town and its
    municipality as two. Only names whose gold item has a number and a point can tell.
    """
    tally, known = Tally(), KnownPlaces()
    for _, row, query in sorted(asked, key=lambda one: one[2].iso2):
        if row.iso2 == "FR" or row.qid not in numbers() or row.qid not in points():
            continue
        name = parsed(query.name)
        place = known.meant(query.iso2, name, name.kind)
        tally.names += 1
        if place is not None and stands_alone(place, name.kind):
            tally.linked += 1
            same = place.geonames in numbers()[row.qid]
            tally.right += same or _is_near(place, points()[row.qid])
    return tally


def _is_near(place: Place, point: tuple[float, float]) -> bool:
    return place.point is not None and great_circle_km(place.point[::-1], point) <= 25


@cache
def points() -> Mapping[str, tuple[float, float]]:
    """Where items are: longitude, latitude."""
    found = {}
    for item, facts in _statements().items():
        for property, value in facts:
            point = re.fullmatch(r"Point\((\S+) (\S+)\)", value.value)
            if property == _WDT + "P625" and point is not None:
                found[item.rsplit("/", 1)[-1]] = (float(point[1]), float(point[2]))
    return found


@cache
def decidable(row: Row) -> bool:
    """Whether the name and the country alone tell the item: no other one bears the name.

    Of a French name, whether one commune bears it in the whole of France.
    """
    if row.iso2 == "FR":
        return len({body.insee for body in with_name(row.name)}) == 1
    return homonyms()[row.iso2, _key(row.name)] == {row.qid}


def queries(
    rows: Iterable[Row], manners: Iterable[str] = DISGUISES, seed: int = 1
) -> list[tuple[str, Row, NameQuery]]:
    """Each row in each disguise."""
    rows = list(rows)
    return [
        (manner, row, NameQuery(disguised(row.name, row.kind, manner, seed), row.iso2))
        for manner in manners
        for row in rows
    ]


Linked = Mapping[NameQuery, str | None]


def tallies(
    asked: Iterable[tuple[str, Row, NameQuery]], linked: Linked
) -> dict[tuple[str, str], Tally]:
    """By disguise and stratum."""
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for manner, row, query in asked:
        tally = found[manner, row.stratum]
        qid = linked[query]
        tally.names += 1
        tally.decidable += decidable(row)
        tally.linked += qid is not None
        tally.right += qid == row.qid
        tally.found += decidable(row) and qid == row.qid
    return dict(found)


def total(
    cells: Mapping[tuple[str, str], Tally], keep: Callable[[str, str], bool] = lambda m, s: True
) -> Tally:
    whole = Tally()
    for (manner, stratum), tally in cells.items():
        if keep(manner, stratum):
            whole = whole.plus(tally)
    return whole


def removed(share: float = 0.1, seed: int = 7) -> tuple[Row, ...]:
    """Rows whose items are to be taken out: those whose name no other item of the country bears."""
    return tuple(r for r in gold() if decidable(r) and _dice(r, seed) < share)


def _dice(row: Row, seed: int) -> float:
    return random.Random(f"{seed} {row.qid}").random()


def places_without(rows: Iterable[Row]) -> Iterator[bytes]:
    """The lines of the extract that say nothing of these items."""
    gone = tuple(f"<{PREFIXES['wd']}{row.qid}> ".encode() for row in rows)
    with PLACES.open("rb") as file:
        yield from (line for line in file if not line.startswith(gone))


def table(cells: Mapping[tuple[str, str], Tally]) -> str:
    lines = [
        f"{'disguise':24}{'stratum':22}{'names':>7}{'linked':>8}{'precision':>11}"
        f"{'95 % interval':>18}{'recall':>8}"
    ]
    totals = {("all", stratum): total(cells, _of(stratum)) for stratum in STRATA}
    for (manner, stratum), tally in (*cells.items(), *totals.items()):
        low, high = tally.interval
        lines.append(
            f"{manner:24}{stratum:22}{tally.names:7}{tally.linked:8}{tally.precision:11.4f}"
            f"{f'{low:.4f} to {high:.4f}':>18}{tally.recall:8.3f}"
        )
    return "\n".join(lines)


def _of(stratum: str) -> Callable[[str, str], bool]:
    return lambda manner, other: other == stratum


def outcomes(decided: Iterable[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(Counter(decided).items()))
