"""Places of the world: countries, their subdivisions and cities, by code or by name in a country.

Cities lie in one archive member per country, read when that country is first asked for: a run
that meets forty countries never loads the others.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar
from zipfile import ZipFile

from coopdec_graph.countries import countries
from coopdec_graph.reference.names import place_key
from coopdec_graph.resources import reference_file

__all__ = [
    "City",
    "MoroccanUnit",
    "Subdivision",
    "WorldCountry",
    "cities",
    "cities_named",
    "city_with_geonames",
    "moroccan_units",
    "moroccan_units_named",
    "subdivision_with_geonames",
    "subdivision_with_iso",
    "subdivisions",
    "subdivisions_named",
    "world_countries",
]


@dataclass(frozen=True, slots=True)
class WorldCountry:
    """ISO 3166-1 and M49 codes, the Wikidata item, the GeoNames id, names in three languages."""

    alpha2: str
    alpha3: str
    m49: str | None
    wikidata: str
    geonames: int | None
    fr: str
    en: str
    ar: str


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A first or second level of a country (`level` 1 or 2; deeper ones are rare).

    `code` is GeoNames's (`MA.04.421`), `iso` is ISO 3166-2's (`MA-RAB`), `parent` the code, or
    else the ISO code, of what it lies in. `kind` is an English noun (`Prefecture`).
    """

    country: str
    geonames: int | None
    code: str | None
    iso: str | None
    name: str
    level: int
    kind: str | None
    parent: str | None
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class City:
    """A populated place of GeoNames: the settlement, not the authority that runs it."""

    country: str
    geonames: int
    name: str
    subdivisions: tuple[str, ...]
    population: int
    latitude: float
    longitude: float
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoroccanUnit:
    """A unit of the census of 2024, by the code of the Haut-Commissariat au Plan.

    `level` is region, province (`kind` tells a préfecture), commune or arrondissement.
    """

    code: str
    level: str
    kind: str
    fr: str
    ar: str
    region: str | None
    province: str | None
    population: int
    geonames_code: str | None


# With the cities of every country in memory, they alone would take half a gigabyte.
_COUNTRIES_HELD = 8

_Place = TypeVar("_Place", Subdivision, City, MoroccanUnit)


@cache
def world_countries() -> Mapping[str, WorldCountry]:
    """By ISO alpha-2 code; the same 250 as `coopdec_graph.countries`."""
    rows = {row[0]: row for row in _rows(_text("world_countries.csv"))}
    return {
        country.alpha2: WorldCountry(
            country.alpha2,
            country.alpha3,
            rows[country.alpha2][1] or None,
            rows[country.alpha2][2],
            _number(rows[country.alpha2][3]),
            country.fr,
            country.en,
            rows[country.alpha2][4],
        )
        for country in countries()
    }


def _text(name: str) -> str:
    return reference_file(name).read_text("utf-8")


def _rows(text: str) -> Iterable[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""))
    next(rows)
    return rows


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _index(places: Iterable[tuple[_Place, Iterable[str]]]) -> dict[str, tuple[_Place, ...]]:
    index: defaultdict[str, list[_Place]] = defaultdict(list)
    for place, names in places:
        for key in {place_key(name) for name in names} - {""}:
            index[key].append(place)
    return {key: tuple(found) for key, found in index.items()}


@cache
def subdivisions() -> Mapping[str, tuple[Subdivision, ...]]:
    """By country."""
    found: defaultdict[str, list[Subdivision]] = defaultdict(list)
    for row in _rows(_text("world_subdivisions.csv")):
        country, geonames, code, iso, name, level, kind, parent, aliases = row
        codes = (_number(geonames), code or None, iso or None)
        inside = (int(level), kind or None, parent or None)
        found[country].append(Subdivision(country, *codes, name, *inside, _parts(aliases)))
    return {country: tuple(rows) for country, rows in found.items()}


def subdivisions_named(name: str, alpha2: str) -> tuple[Subdivision, ...]:
    """Those of a country with this name or alias (`names.place_key`), at any level."""
    return _subdivision_names(alpha2).get(place_key(name), ())


@cache
def _subdivision_names(alpha2: str) -> Mapping[str, tuple[Subdivision, ...]]:
    return _index((row, (row.name, *row.aliases)) for row in subdivisions().get(alpha2, ()))


def subdivision_with_geonames(geonames: int) -> Subdivision | None:
    return _subdivisions_by_id().get(geonames)


@cache
def _subdivisions_by_id() -> Mapping[int, Subdivision]:
    rows = (row for found in subdivisions().values() for row in found)
    return {row.geonames: row for row in rows if row.geonames is not None}


def subdivision_with_iso(code: str) -> Subdivision | None:
    """By ISO 3166-2 code: `MA-RAB`."""
    return _subdivisions_by_iso().get(code)


@cache
def _subdivisions_by_iso() -> Mapping[str, Subdivision]:
    rows = (row for found in subdivisions().values() for row in found)
    return {row.iso: row for row in rows if row.iso is not None}


@lru_cache(maxsize=_COUNTRIES_HELD)
def cities(alpha2: str) -> tuple[City, ...]:
    """Cities of a country, none for an unknown code. French ones are in `french`."""
    return tuple(_city(alpha2, row) for row in _rows(_member(f"{alpha2}.csv")))


def _member(name: str) -> str:
    with ZipFile(reference_file("world_cities.zip")) as archive:
        return archive.read(name).decode() if name in archive.namelist() else "\n"


def _city(alpha2: str, row: list[str]) -> City:
    geonames, name, inside, population, latitude, longitude, aliases = row
    point = (float(latitude), float(longitude))
    named = (alpha2, int(geonames), name)
    return City(*named, _parts(inside), int(population), *point, _parts(aliases))


def cities_named(name: str, alpha2: str) -> tuple[City, ...]:
    """Those of a country with this name or another of GeoNames's, in Latin or Arabic script."""
    return _city_names(alpha2).get(place_key(name), ())


@lru_cache(maxsize=_COUNTRIES_HELD)
def _city_names(alpha2: str) -> Mapping[str, tuple[City, ...]]:
    return _index((row, (row.name, *row.aliases)) for row in cities(alpha2))


def city_with_geonames(geonames: int) -> City | None:
    alpha2 = _city_countries().get(geonames)
    return None if alpha2 is None else _cities_by_id(alpha2).get(geonames)


@cache
def _city_countries() -> Mapping[int, str]:
    return {int(row[0]): row[1] for row in _rows(_member("ids.csv"))}


@lru_cache(maxsize=_COUNTRIES_HELD)
def _cities_by_id(alpha2: str) -> Mapping[int, City]:
    return {row.geonames: row for row in cities(alpha2)}


@cache
def moroccan_units() -> Mapping[str, MoroccanUnit]:
    """By code of the Haut-Commissariat au Plan: `04.421` is the préfecture of Rabat."""
    return {row[0]: _unit(row) for row in _rows(_text("morocco.csv"))}


def _unit(row: list[str]) -> MoroccanUnit:
    code, level, kind, fr, ar, region, province, population, geonames_code = row
    above = (region or None, province or None)
    return MoroccanUnit(code, level, kind, fr, ar, *above, int(population), geonames_code or None)


def moroccan_units_named(name: str) -> tuple[MoroccanUnit, ...]:
    """Units with this French or Arabic name, at any level: Rabat is a préfecture and a commune."""
    return _moroccan_names().get(place_key(name), ())


@cache
def _moroccan_names() -> Mapping[str, tuple[MoroccanUnit, ...]]:
    return _index((unit, (unit.fr, unit.ar)) for unit in moroccan_units().values())
