"""What a name is in a country by other sources than Wikidata: GeoNames, ISO 3166-2, the census.

A name that is some place's cannot be a misspelling of another's: "Anshun" is no "Anshan". And a
name that is both a town's and a province's says little about an item of which nothing is known but
that it is administrative.
"""

from __future__ import annotations

from collections.abc import Iterable

from coopdec_graph.linking.decisions import Kind
from coopdec_graph.linking.names import compact, key_of
from coopdec_graph.reference.world import cities, moroccan_units, subdivisions

__all__ = ["KnownPlaces"]


class KnownPlaces:
    """Asked for one country after the other, it holds the names of one country at a time."""

    def __init__(self) -> None:
        self._country = ""
        self._names: dict[Kind, frozenset[str]] = {}

    def kinds(self, iso2: str, key: str) -> frozenset[Kind]:
        """The kinds of the places that bear a name; none where nobody knows it."""
        if iso2 != self._country:
            self._country, self._names = iso2, _names(iso2)
        text = compact(key)
        return frozenset(kind for kind, names in self._names.items() if text in names)


def _names(iso2: str) -> dict[Kind, frozenset[str]]:
    # Not through the cache: with every country's cities in it, it alone takes half a gigabyte.
    places = {name for city in cities.__wrapped__(iso2) for name in (city.name, *city.aliases)}
    within = {n for row in subdivisions().get(iso2, ()) for n in (row.name, *row.aliases)}
    if iso2 == "MA":
        places |= {unit.fr for unit in moroccan_units().values() if unit.level == "commune"}
        within |= {unit.fr for unit in moroccan_units().values() if unit.level != "commune"}
    return {Kind.SETTLEMENT: _keys(places), Kind.SUBDIVISION: _keys(within)}


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(compact(key_of(name)) for name in names)
