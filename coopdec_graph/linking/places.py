"""What a name is in a country by other sources than Wikidata: GeoNames, ISO 3166-2, the census.

A name that is some place's cannot be a misspelling of another's: "Anshun" is no "Anshan". A name
that is both a town's and a province's says little about an item of which nothing is known but that
it is administrative. And a name that a single place of GeoNames bears has a number, which items of
Wikidata bear too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from coopdec_graph.linking.decisions import Kind
from coopdec_graph.linking.names import ParsedName, compact, key_of
from coopdec_graph.reference.places import Place, place_of_city, place_of_subdivision
from coopdec_graph.reference.world import City, Subdivision, cities, moroccan_units, subdivisions

__all__ = ["KnownPlaces"]

_Row = City | Subdivision
_LEVELS = {"first": 1, "second": 2}


class KnownPlaces:
    """Asked for one country after the other, it holds the names of one country at a time."""

    def __init__(self) -> None:
        self._country = ""
        self._rows: Mapping[str, Sequence[_Row]] = {}
        self._census: Mapping[str, frozenset[Kind]] = {}

    def kinds(self, iso2: str, key: str) -> frozenset[Kind]:
        """The kinds of the places that bear a name; none where nobody knows it."""
        self._turn_to(iso2)
        text = compact(key)
        return frozenset(map(_kind, self._rows.get(text, ()))) | self._census.get(text, frozenset())

    def meant(self, iso2: str, name: ParsedName, sought: Kind | None) -> Place | None:
        """The one place of GeoNames that a name means; None where there is none, or several.

        The first reading of the name that is a name decides, as in matching.find.
        """
        self._turn_to(iso2)
        for form in name.forms:
            rows = [
                row for row in self._rows.get(compact(form.key), ()) if _suits(row, sought, name)
            ]
            if rows:
                return _place(rows[0]) if len(rows) == 1 else None
        return None

    def _turn_to(self, iso2: str) -> None:
        if iso2 == self._country:
            return
        rows: defaultdict[str, list[_Row]] = defaultdict(list)
        for row, names in _named(iso2):
            for key in _keys(names):
                rows[key].append(row)
        self._country, self._rows, self._census = iso2, rows, _census(iso2)


def _named(iso2: str) -> Iterator[tuple[_Row, Iterable[str]]]:
    for city in cities(iso2):
        yield city, (city.name, *city.aliases)
    for row in subdivisions().get(iso2, ()):
        yield row, (row.name, *row.aliases)


def _census(iso2: str) -> Mapping[str, frozenset[Kind]]:
    found: defaultdict[str, frozenset[Kind]] = defaultdict(frozenset)
    for unit in moroccan_units().values() if iso2 == "MA" else ():
        kind = Kind.SETTLEMENT if unit.level == "commune" else Kind.SUBDIVISION
        for key in _keys([unit.fr]):
            found[key] |= {kind}
    return found


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(compact(key_of(name)) for name in names) - {""}


def _kind(row: _Row) -> Kind:
    return Kind.SETTLEMENT if isinstance(row, City) else Kind.SUBDIVISION


def _suits(row: _Row, sought: Kind | None, name: ParsedName) -> bool:
    if sought is None:
        return True
    if isinstance(row, City):
        return sought is not Kind.SUBDIVISION
    levels = {_LEVELS[level] for level in name.levels}
    return sought is Kind.SUBDIVISION and (not levels or row.level in levels)


def _place(row: _Row) -> Place | None:
    return place_of_city(row) if isinstance(row, City) else place_of_subdivision(row)
