"""Countries, subdivisions and cities of the world; Moroccan units of the census."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from babel import Locale

from coopdec_graph.namespaces import matching_key
from scripts.reference_data.pbf import FrenchCity
from scripts.reference_data.tables import Row, csv_text, drop

__all__ = [
    "CITIES",
    "COUNTRIES",
    "IDS",
    "MOROCCO",
    "SUBDIVISIONS",
    "city_members",
    "country_rows",
    "french_gazetteer",
    "moroccan_rows",
    "subdivision_rows",
]

COUNTRIES = ("alpha2", "m49", "wikidata", "geonames", "ar")
SUBDIVISIONS = ("country", "geonames", "code", "iso", "name", "level", "kind", "parent", "aliases")
CITIES = ("geonames", "name", "subdivisions", "population", "latitude", "longitude", "aliases")
MOROCCO = ("code", "level", "kind", "fr", "ar", "region", "province", "population", "geonames_code")
IDS = ("geonames", "country")

# Only names in the scripts that our sources print. A small letter at the start is GeoNames's
# transliteration for its own search ("la ba te"), three capitals are an airport.
_LATIN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ɏḀ-ỿ][\w\s.'’ʼ‘`()/,-]*", re.UNICODE)
_ARABIC = re.compile(r"[\u0621-\u064A\u0671-\u06D3][\u0600-\u06FF\s،-]*")
_NOT_LATIN = re.compile(r"[\u0250-\u1DFF\u2C60-\uA71F\uA800-\uFFFF]")
_AIRPORT = re.compile(r"[A-Z]{3,4}")


def country_rows(features: Sequence[Mapping[str, Any]], geonames: Mapping[str, str]) -> list[Row]:
    """A row per ISO code: M49, Wikidata, GeoNames, and the Arabic name of the Unicode CLDR."""
    arabic = Locale("ar").territories
    rows: list[Row] = []
    for feature in features:
        country = feature["properties"]
        alpha2 = country.get("iso1A2")
        if alpha2 and len(alpha2) == 2 and country.get("isoStatus") != "excRes":
            codes = (country.get("iso1N3"), country["wikidata"], geonames.get(alpha2))
            rows.append([alpha2, *codes, arabic.get(alpha2)])
    return rows


def _tsv(content: bytes) -> list[list[str]]:
    return [line.split("\t") for line in content.decode().split("\n") if line]


def country_codes(content: bytes) -> tuple[list[str], dict[str, str]]:
    """ISO codes in the order of the file, and the GeoNames id of each."""
    rows = _tsv(content)
    return [row[1] for row in rows], {row[1]: row[3] for row in rows if row[3]}


def subdivision_rows(content: bytes, countries: Sequence[str]) -> list[Row]:
    """Parents and countries are line numbers in the source; here they are codes."""
    rows = _tsv(content)
    result: list[Row] = []
    nameless = []
    for name, iso, code, geonames, kind, aliases, level, parent, country in rows:
        if not name:
            nameless.append(code or iso)
            continue
        above = rows[int(parent) - 1] if parent else None
        upper = (above[2] or above[1]) if above else None
        other = _others(name, aliases.split("|"))
        alpha2 = countries[int(country) - 1]
        result.append([alpha2, geonames, code, iso, name, level, kind, upper, "|".join(other)])
    drop("subdivisions without a name", nameless)
    return result


def _others(name: str, names: Iterable[str]) -> list[str]:
    """Names with a key of their own, in order of writing."""
    seen = {matching_key(name)}
    found = []
    for other in sorted({" ".join(other.replace("|", " ").split()) for other in names}):
        key = matching_key(other)
        if key and key not in seen:
            seen.add(key)
            found.append(other)
    return found


def _kept(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        latin = _LATIN.fullmatch(name) and not _NOT_LATIN.search(name)
        if (latin and not _AIRPORT.fullmatch(name)) or _ARABIC.fullmatch(name):
            yield name


def city_members(
    cities: bytes,
    subdivisions: bytes,
    countries: Sequence[str],
    names: Mapping[str, Mapping[str, Any]],
    skipped: frozenset[str],
) -> dict[str, str]:
    """A CSV per country (`MA.csv`), and `ids.csv` from a GeoNames id to its country.

    Countries in `skipped` are left out; `names` has the other names by GeoNames id.
    """
    codes = [row[2] or row[1] for row in _tsv(subdivisions)]
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    left, unnamed = [], []
    for name, geonames, above, country, population, latitude, longitude in _tsv(cities):
        alpha2 = countries[int(country) - 1]
        if alpha2 in skipped:
            left.append(name)
            continue
        known = names.get(geonames)
        if known is None:
            unnamed.append(f"{name} {geonames}")
        other = _others(name, _kept(known["alternatenames"])) if known else []
        inside = "|".join(codes[int(line) - 1] for line in above.split("|") if line)
        place = (population or 0, f"{float(latitude):.5f}", f"{float(longitude):.5f}")
        rows[alpha2].append([geonames, name, inside, *place, "|".join(other)])
    drop("French cities, which french.csv has", left)
    print(f"  cities without other names in the second source: {len(unnamed):,}")
    ids = [(row[0], alpha2) for alpha2, found in rows.items() for row in found]
    members = {f"{alpha2}.csv": csv_text(CITIES, found) for alpha2, found in rows.items()}
    return {**members, "ids.csv": csv_text(IDS, ids)}


def french_gazetteer(
    cities: bytes, subdivisions: bytes, countries: Sequence[str]
) -> Iterator[FrenchCity]:
    """Cities of European France with their département, from the subdivision's code (FR.11.78)."""
    codes = [row[2] for row in _tsv(subdivisions)]
    for name, geonames, above, country, population, latitude, longitude in _tsv(cities):
        if countries[int(country) - 1] != "FR":
            continue
        inside = [codes[int(line) - 1].split(".") for line in above.split("|") if line]
        departement = next((code[2] for code in inside if len(code) == 3), "")
        point = (int(population or 0), float(latitude), float(longitude))
        yield FrenchCity(int(geonames), name, "", departement, *point)


def moroccan_rows(read: Mapping[str, bytes], subdivisions: Iterable[Row]) -> Iterator[Row]:
    """Units of the census of 2024: régions, provinces, communes, arrondissements, by HCP code.

    The code of a province is the end of its GeoNames code, which is given when it exists.
    """
    geonames = {str(row[2]) for row in subdivisions if row[0] == "MA"}
    for level in ("region", "province", "commune", "arrondissement"):
        text = gzip.decompress(read[level]).decode()
        for row in csv.DictReader(io.StringIO(text)):
            code = row["code"]
            province = row.get("province_code") or (code[:6] if level == "arrondissement" else "")
            region = row.get("region_code") or (code[:2] if level != "region" else "")
            twin = f"MA.{code}" if f"MA.{code}" in geonames else ""
            names = (row["name_fr"], row["name_ar"])
            kind = row.get("type") or level
            if level != "province":
                twin = twin if level == "region" else ""
            yield [code, level, kind, *names, region, province, row["population_2024"], twin]


def features(content: bytes) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = json.loads(content)["features"]
    return found
