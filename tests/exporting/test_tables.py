"""`coopdec export csv`, `parquet` and `geojson`: the tables of the API, described and whole."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coopdec_graph.exporting.base import Settings
from coopdec_graph.exporting.selection import Wanted
from tests.exporting.conftest import Export, Made

TABLES = ["partnerships", "collectivities", "financers", "themes", "places", "funding"]
BASE = "https://w3id.org/coopdec/id/"
# Built-in datatypes of CSV on the Web that our columns have.
DATATYPES = {"anyURI", "date", "decimal", "gYear", "integer", "string"}

Rows = list[dict[str, str]]


def tables(folder: Path) -> Mapping[str, Rows]:
    return {
        path.stem: list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        for path in sorted(folder.glob("*.csv"))
    }


def test_every_table_is_there_whole(made: Made) -> None:
    path, outcome = made("csv")
    found = tables(path)
    assert outcome.activities == 5
    assert sorted(path.name for path in path.iterdir()) == sorted(
        [*(f"{name}.csv" for name in TABLES), "csv-metadata.json"]
    )
    counts = {name: len(rows) for name, rows in found.items() if name not in ("themes", "places")}
    assert counts == {"partnerships": 5, "collectivities": 11, "financers": 5, "funding": 9}
    row = next(row for row in found["partnerships"] if row["id"] == "atlas-901")
    assert (row["title"], row["start_year"], row["end_date"], row["total_euros"]) == (
        "Éducation + santé & « droits »",
        "2019",
        "2021-12-31",
        "16000",
    )
    assert row["countries_name"] == "Maroc"
    assert sum(Decimal(line["euros"] or 0) for line in found["funding"]) == 31500


def test_the_metadata_describe_each_column(made: Made) -> None:
    """Metadata Vocabulary for Tabular Data, and what validators ask of a table that has them."""
    path, _ = made("csv")
    metadata = json.loads((path / "csv-metadata.json").read_text("utf-8"))
    assert metadata["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "fr"}]
    assert [table["url"] for table in metadata["tables"]] == [f"{name}.csv" for name in TABLES]
    found = tables(path)
    for table in metadata["tables"]:
        assert set(table) == {"url", "dc:title", "tableSchema"}
        schema, rows = table["tableSchema"], found[table["url"].removesuffix(".csv")]
        columns = {column["name"]: column for column in schema["columns"]}
        header = (path / table["url"]).read_text("utf-8").splitlines()[0].split(",")
        assert [*columns] == header
        # Names must be URI templates' variables, and the first row one of the titles.
        assert [name for name in columns if not re.fullmatch(r"[a-z][a-z_]*", name)] == []
        for name, column in columns.items():
            assert name in column["titles"]["fr"] and name in column["titles"]["en"]
            assert column["datatype"] in DATATYPES
            assert [v for row in rows if not fits(v := row[name], column)] == []
        identifiers = [row[schema["primaryKey"]] for row in rows]
        assert len(identifiers) == len(set(identifiers)) > 0
        for key in schema.get("foreignKeys", []):
            other = key["reference"]["resource"].removesuffix(".csv")
            known = {row[key["reference"]["columnReference"]] for row in found[other]}
            assert {row[key["columnReference"]] for row in rows} <= known
    assert sum("foreignKeys" in table["tableSchema"] for table in metadata["tables"]) == 1


def fits(text: str, column: Mapping[str, str]) -> bool:
    """Whether a cell is of its datatype; an empty one is null."""
    pattern = {
        "date": r"\d{4}-\d\d-\d\d",
        "decimal": r"-?\d+(\.\d+)?",
        "gYear": r"\d{4}",
        "integer": r"\d+",
        "anyURI": r"https?://\S+",
    }.get(column["datatype"], r".*")
    parts = text.split(column["separator"]) if "separator" in column else [text]
    return all(re.fullmatch(pattern, part, re.DOTALL) for part in parts if part)


def test_a_choice_keeps_what_it_leads_to(made: Made) -> None:
    found = tables(made("csv", Wanted(country="TG"))[0])
    ends = {name: {row["iri"].removeprefix(BASE) for row in rows} for name, rows in found.items()}
    assert ends["partnerships"] == {"partnership/atlas-903", "partnership/atlas-905"}
    assert ends["collectivities"] == {
        "collectivity/fr/chinon",
        "collectivity/tg/la-paix",
        "collectivity/fr/region-ile-de-france",
        "collectivity/bj/exempleville",
        "collectivity/tg/modeleville",
    }
    assert [row["partnership_iri"].removeprefix(BASE) for row in found["funding"]] == [
        "partnership/atlas-905"
    ]
    assert len(ends["financers"]) == 1
    assert "place/fr/commune/37072" in ends["places"]
    assert "place/fr/commune/78361" not in ends["places"]
    assert len(found["themes"]) == len(tables(made("csv", name="all")[0])["themes"])


def test_names_in_english(made: Made) -> None:
    path, _ = made("csv", settings=Settings(language="en"))
    row = next(row for row in tables(path)["partnerships"] if row["id"] == "atlas-901")
    assert row["countries_name"] == "Morocco"
    metadata = json.loads((path / "csv-metadata.json").read_text("utf-8"))
    assert metadata["@context"][1] == {"@language": "en"}


def test_an_archive_has_the_files_of_the_folder(made: Made) -> None:
    folder, archive = made("csv", name="tables")[0], made("csv", name="tables.zip")[0]
    with zipfile.ZipFile(archive) as opened:
        assert opened.testzip() is None
        content = {name: opened.read(name) for name in opened.namelist()}
    assert content == {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_the_same_release_gives_the_same_archive(made: Made, name: str) -> None:
    one, two = (made(name, name=f"{n}.zip")[0].read_bytes() for n in ("one", "two"))
    assert one == two


def test_parquet_has_the_rows_of_the_csv_with_types(made: Made) -> None:
    folder, expected = made("parquet", name="p")[0], tables(made("csv", name="c")[0])
    read = {path.stem: pq.read_table(path) for path in sorted(folder.iterdir())}
    assert sorted(read) == sorted(TABLES)
    for name, table in read.items():
        assert table.num_rows == len(expected[name])
        assert table.column("iri").to_pylist() == [row["iri"] for row in expected[name]]
        assert table.column_names == [*expected[name][0]]
    schema = read["partnerships"].schema
    assert schema.field("start_year").type == pa.int32()
    assert schema.field("end_date").type == pa.date32()
    assert pa.types.is_decimal(schema.field("total_euros").type)
    (row,) = [row for row in read["partnerships"].to_pylist() if row["id"] == "atlas-901"]
    assert (row["start_year"], row["end_date"], row["total_euros"]) == (
        2019,
        date(2021, 12, 31),
        Decimal(16000),
    )


def test_geojson_has_the_collectivities(made: Made) -> None:
    path, outcome = made("geojson")
    collection = json.loads(path.read_text("utf-8"))
    assert outcome.activities == 5
    assert (collection["type"], len(collection["features"])) == ("FeatureCollection", 11)
    points = {
        feature["properties"]["id"]: feature["geometry"] for feature in collection["features"]
    }
    assert points["fr/mantes-la-jolie"] == {"type": "Point", "coordinates": [1.7167, 48.99048]}
    assert points["tg/la-paix"] is None
    some = json.loads(
        made("geojson", Wanted(collectivity="Chinon"), name="s")[0].read_text("utf-8")
    )
    assert [feature["properties"]["id"] for feature in some["features"]] == [
        "fr/chinon",
        "tg/la-paix",
    ]


def test_a_folder_cannot_be_poured(export: Export, tmp_path: Path) -> None:
    done = export("csv", "--out", "-")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("Le format csv donne un dossier")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").touch()
    done = export("csv", "--out", tmp_path / "taken")
    assert done.returncode == 2
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["mine"]
    assert export("csv", "--out", tmp_path / "new", "--country", "TG").returncode == 0
    assert len(list((tmp_path / "new").iterdir())) == 7
    assert export("geojson", "--out", "-", "--language", "fr").returncode == 2
