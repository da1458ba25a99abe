"""A place of a reference table, whatever the table: what identifies it, where it is, what it is in.

`key` is the table's own code below the country: `fr/commune/78361` (COG), `ma/geonames/2538474`
(GeoNames). It ends the place's IRI, so that it may never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from coopdec_graph.reference.french import FrenchBody, Level, with_insee, with_siren
from coopdec_graph.reference.world import (
    City,
    Subdivision,
    city_with_geonames,
    subdivision_with_geonames,
    subdivisions,
)

__all__ = [
    "Place",
    "french_body",
    "place_of_city",
    "place_of_french",
    "place_of_subdivision",
    "place_with_key",
]

_GROUPS = frozenset({Level.EPCI, Level.EPT})
_PARTS = frozenset({Level.DELEGATED_COMMUNE, Level.ASSOCIATED_COMMUNE, Level.ARRONDISSEMENT})


@dataclass(frozen=True, slots=True)
class Place:
    """`level` is a notation of the scheme of levels (ontology/schemes.ttl); `within` the nearest
    place that holds it. `point` is latitude and longitude (WGS 84), as the table has it
    or, where the table has none, as the Wikidata item `located_by` does.

    `insee` and `siren` are of France, `geonames` may be of any place.
    """

    key: str
    name: str
    level: str
    country: str
    insee: str | None = None
    siren: str | None = None
    geonames: int | None = None
    point: tuple[float, float] | None = None
    within: Place | None = None
    located_by: str | None = None
    population: int | None = None


def place_of_french(body: FrenchBody) -> Place:
    """The territory of a French body. The SIREN is that of the body which the territory is of."""
    return Place(
        f"fr/{body.level}/{body.code}",
        body.name,
        body.level,
        "FR",
        body.insee,
        body.siren,
        body.geonames,
        body.point,
        _around(body),
        population=body.population,
    )


def _around(body: FrenchBody) -> Place | None:
    """The commune of a part of one, else the département, else the région."""
    above = None
    if body.level in _PARTS and body.part_of:
        above = with_insee(body.part_of)
    elif body.level not in (Level.REGION, Level.DEPARTEMENT) and body.departement:
        above = with_insee(body.departement, Level.DEPARTEMENT)
    if above is None and body.region:
        above = with_insee(body.region, Level.REGION)
    return None if above is None else _place_around(above)


@cache
def _place_around(body: FrenchBody) -> Place:
    return place_of_french(body)


def place_of_city(city: City) -> Place:
    """A populated place of GeoNames: the settlement, not the authority that runs it."""
    rows = (_by_code(city.country).get(code) for code in reversed(city.subdivisions))
    within = next((row for row in rows if row is not None), None)
    return Place(
        _geonames_key(city.country, city.geonames),
        city.name,
        "settlement",
        city.country,
        geonames=city.geonames,
        point=(city.latitude, city.longitude),
        within=None if within is None else place_of_subdivision(within),
        population=city.population,
    )


@cache
def place_of_subdivision(row: Subdivision) -> Place | None:
    """A subdivision that has a number in GeoNames; None for one that has not."""
    if row.geonames is None:
        return None
    above = _by_code(row.country).get(row.parent or "")
    return Place(
        _geonames_key(row.country, row.geonames),
        row.name,
        "subdivision",
        row.country,
        geonames=row.geonames,
        # A table that makes a place lie in itself would go round for ever.
        within=place_of_subdivision(above)
        if above is not None and above.level < row.level
        else None,
    )


def _geonames_key(country: str, number: int) -> str:
    return f"{country.lower()}/geonames/{number}"


@cache
def _by_code(country: str) -> Mapping[str, Subdivision]:
    """By the code of GeoNames, and by that of ISO 3166-2."""
    rows = subdivisions().get(country, ())
    return {code: row for row in rows for code in (row.iso, row.code) if code}


def place_with_key(key: str) -> Place | None:
    """The place that a key names, None where no table of ours has it."""
    body = french_body(key)
    if body is not None:
        return place_of_french(body)
    _, scheme, code = _parts_of(key)
    if scheme != "geonames" or not (code.isascii() and code.isdigit()):
        return None
    row = subdivision_with_geonames(int(code))
    found = place_of_subdivision(row) if row is not None else _city(int(code))
    return found if found is not None and found.key == key else None


def _city(number: int) -> Place | None:
    city = city_with_geonames(number)
    return place_of_city(city) if city is not None else None


def french_body(key: str) -> FrenchBody | None:
    """The French body whose territory a key names; None for any other key."""
    country, level, code = _parts_of(key)
    if country != "fr" or level not in set(Level):
        return None
    if Level(level) in _GROUPS:
        return next((body for body in with_siren(code) if body.level == level), None)
    return with_insee(code, Level(level))


def _parts_of(key: str) -> tuple[str, str, str]:
    country, _, rest = key.partition("/")
    scheme, _, code = rest.partition("/")
    return country, scheme, code
