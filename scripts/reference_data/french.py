"""French bodies of one edition of the COG: what `data/reference/french.csv` holds.

A territory that has no body of its own (Bas-Rhin since 2021, Corse-du-Sud since 2018) keeps its
row, without SIREN and with the kind "circonscription": texts still name it.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coopdec_graph.reference.names import place_key
from scripts.reference_data.pbf import FrenchCity
from scripts.reference_data.tables import Row, drop

__all__ = [
    "HEADER",
    "Json",
    "LEVEL_OF_TYPE",
    "Point",
    "french_rows",
    "is_siren",
    "points_of_france",
]

Json = dict[str, Any]
Point = tuple[int, float, float]

HEADER = (
    "level",
    "insee",
    "siren",
    "name",
    "departements",
    "region",
    "epci",
    "population",
    "kind",
    "part_of",
    "geonames",
    "latitude",
    "longitude",
)
LEVEL_OF_TYPE = {
    "commune-actuelle": "commune",
    "commune-deleguee": "commune-deleguee",
    "commune-associee": "commune-associee",
    "arrondissement-municipal": "arrondissement",
}
# Départements of the COG that are territories of a body with another level.
_TERRITORIES = {"2A", "2B", "67", "68", "972", "973"}
# Collectivities of the sea: the package repeats them as région and as département.
_OVERSEAS = {"975", "977", "978", "984", "986", "987", "988", "989"}
_NOT_BODIES = {"989"}
_SINGLE = {"02", "03", "94"}
_NEAR_KM = 5.0


def is_siren(text: str) -> bool:
    """Nine digits whose Luhn sum is a multiple of ten."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text)))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


def french_rows(
    read_json: Mapping[str, Sequence[Json]],
    sirens: Iterable[Mapping[str, str]],
    points: Mapping[str, Point],
) -> Iterator[Row]:
    """Rows of every level. `read_json` has communes, epci, ept, departements and regions;
    `sirens` are those of régions and départements; `points` places communes by INSEE code."""
    known = {(row["level"], row["insee"]): row for row in sirens}
    communes = read_json["communes"]
    current = {row["code"]: row for row in communes if row["type"] == "commune-actuelle"}
    epci_of = {m["code"]: e["code"] for e in read_json["epci"] for m in e["membres"]}
    for region in read_json["regions"]:
        if region["code"] not in _OVERSEAS:
            kind = "CTU" if region["code"] in _SINGLE else "REG"
            siren = known.get(("region", region["code"]), {}).get("siren")
            if siren is None:
                kind = "circonscription"
            yield _row("region", region["code"], siren, region["nom"], "", "", kind)
    for departement in read_json["departements"]:
        yield _departement(departement, known)
    for (level, code), row in known.items():
        if level == "collectivite":
            yield _row(level, code, row["siren"], row["name"], "67|68", "44", "CEA")
    for level, groups in (("epci", read_json["epci"]), ("ept", read_json["ept"])):
        for group in groups:
            yield _epci(level, group, current)
    for commune in communes:
        yield _commune(commune, epci_of, points)


def _row(level: str, code: str, siren: str | None, name: str, *rest: object) -> list[object]:
    if siren and not is_siren(siren):
        raise SystemExit(f"{name}: {siren} is not a SIREN")
    row: list[object] = [level, code, siren, name]
    departements, region, kind = rest
    return [*row, departements, region, None, None, kind, None, None, None, None]


def _departement(row: Json, known: Mapping[tuple[str, str], Mapping[str, str]]) -> Row:
    code, name = row["code"], row["nom"]
    if code in _OVERSEAS:
        kind = "circonscription" if code in _NOT_BODIES else "COM"
        return _row("collectivite", code, None, name, code, None, kind)
    siren = known.get(("departement", code), {}).get("siren")
    kind = "circonscription" if code in _TERRITORIES else "DEP"
    if code == "75":
        kind = "CSP"  # Paris is one body, commune and département: the same SIREN twice
    return _row("departement", code, siren, name, code, row["region"], kind)


def _epci(level: str, row: Json, communes: Mapping[str, Json]) -> Row:
    members = [communes[member["code"]] for member in row["membres"]]
    departements = sorted({member["departement"] for member in members})
    regions = sorted({member["region"] for member in members})
    if not is_siren(row["code"]):
        raise SystemExit(f"{row['nom']}: {row['code']} is not a SIREN")
    population = row.get("populationTotale")
    name = " ".join(row["nom"].split())
    places = ("|".join(departements), "|".join(regions))
    return [level, None, row["code"], name, *places, None, population, row["type"], *[None] * 4]


def _commune(row: Json, epci_of: Mapping[str, str], points: Mapping[str, Point]) -> Row:
    level, code, siren = LEVEL_OF_TYPE[row["type"]], row["code"], row.get("siren")
    if siren is not None and not is_siren(siren):
        raise SystemExit(f"{row['nom']}: {siren} is not a SIREN")
    part_of = row.get("chefLieu") or row.get("commune")
    region = None if row["region"] in _OVERSEAS else row["region"]
    epci = epci_of.get(code) if level == "commune" else None
    point: Sequence[object] = (None, None, None)
    if level == "commune" and code in points:
        geonames, latitude, longitude = points[code]
        point = (geonames, f"{latitude:.5f}", f"{longitude:.5f}")
    place = (row["departement"], region, epci, row.get("population"))
    return [level, code, siren, row["nom"], *place, None, part_of, *point]


def points_of_france(
    communes: Sequence[Json], cities: Sequence[FrenchCity], gazetteer: Sequence[FrenchCity]
) -> dict[str, Point]:
    """GeoNames id and coordinates of communes, where two sources agree; nothing where they do not.

    `cities` carry an INSEE code, with errors (69123, Lyon, stands beside Tassin-la-Demi-Lune): the
    code counts only when the name is the commune's. `gazetteer` is newer and has no INSEE code: it
    must hold the same id, département and name, within five kilometres. A commune that `cities`
    lacks is placed by the gazetteer alone when its name is unique in the département on both
    sides and the populations are alike.
    """
    current = {row["code"]: row for row in communes if row["type"] == "commune-actuelle"}
    by_id = {city.geonames: city for city in gazetteer}
    found: defaultdict[str, list[FrenchCity]] = defaultdict(list)
    renamed, moved = [], []
    for city in cities:
        commune = current.get(city.insee)
        newer = by_id.get(city.geonames)
        if commune is None or place_key(commune["nom"]) != place_key(city.name):
            renamed.append(f"{city.insee} {city.name}")
        elif newer is None or not _same_place(city, newer, commune):
            moved.append(f"{city.insee} {city.name}")
        else:
            found[city.insee].append(newer)
    drop("INSEE code of no current commune of that name", renamed)
    drop("not at the same place in the newer gazetteer", moved)
    drop("several points for one code", [code for code, places in found.items() if len(places) > 1])
    points = {code: _point(places[0]) for code, places in found.items() if len(places) == 1}
    alone = _by_name(communes, gazetteer)
    wrong = sorted(code for code in alone if code in points and alone[code][0] != points[code][0])
    both = sum(code in points for code in alone)
    print(f"  placed by INSEE code {len(points):,}, by unique name {len(alone):,}, both {both:,}")
    drop("placed differently by name and by code", wrong)
    merged = {**alone, **points}
    return {code: point for code, point in merged.items() if code not in set(wrong)}


def _by_name(communes: Sequence[Json], gazetteer: Sequence[FrenchCity]) -> dict[str, Point]:
    named: defaultdict[tuple[str, str], list[Json]] = defaultdict(list)
    for row in communes:
        named[row["departement"], place_key(row["nom"])].append(row)
    places: defaultdict[tuple[str, str], list[FrenchCity]] = defaultdict(list)
    for city in gazetteer:
        places[city.departement, place_key(city.name)].append(city)
    points = {}
    for key, rows in named.items():
        # A commune and the déléguée of its own name and code are one place here.
        actual = [row for row in rows if row["type"] == "commune-actuelle"]
        if len({row["code"] for row in rows}) == 1 and len(actual) == 1:
            cities = places.get(key, [])
            if len(cities) == 1 and _alike(actual[0].get("population"), cities[0].population):
                points[actual[0]["code"]] = _point(cities[0])
    return points


def _alike(first: int | None, second: int) -> bool:
    return bool(first and second) and 2 / 3 <= first / second <= 3 / 2


def _point(city: FrenchCity) -> Point:
    return city.geonames, city.latitude, city.longitude


def _same_place(city: FrenchCity, newer: FrenchCity, commune: Json) -> bool:
    return (
        newer.departement == commune["departement"]
        and place_key(newer.name) == place_key(commune["nom"])
        and _kilometres(city, newer) <= _NEAR_KM
    )


def _kilometres(first: FrenchCity, second: FrenchCity) -> float:
    """On a flat map, which is right enough for a few kilometres."""
    north = (first.latitude - second.latitude) * 111.2
    east = (first.longitude - second.longitude) * 111.2 * math.cos(math.radians(first.latitude))
    return math.hypot(north, east)


def read_rows(path: Path) -> list[dict[str, str]]:
    """A small table written by hand, kept beside the scripts."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def read_json(content: bytes) -> list[Json]:
    rows: list[Json] = json.loads(content)
    return rows


def ambiguous_share(communes: Sequence[Json]) -> tuple[int, int]:
    """How many current communes share their name's key with another, and how many there are."""
    keys = [place_key(row["nom"]) for row in communes if row["type"] == "commune-actuelle"]
    counts = Counter(keys)
    return sum(counts[key] > 1 for key in keys), len(keys)
