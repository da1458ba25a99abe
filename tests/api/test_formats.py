"""One list in every format: the same rows, whole, and read back by somebody else's reader."""

from __future__ import annotations

import csv
import io
import json

import httpx
import openpyxl
import pyarrow.parquet
import pytest
import rdflib
import zstandard

from coopdec_graph.index.records import cell_names
from coopdec_graph.index.resources import resources
from coopdec_graph.service.api.formats import EXTENSIONS, offered_formats
from tests.api.conftest import Get

PATH = "/api/v1"


@pytest.mark.parametrize("name", resources())
def test_tables_have_the_same_cells(name: str, client: httpx.Client, get: Get) -> None:
    text = client.get(f"{PATH}/{name}.csv").text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == cell_names(resources()[name], ())
    assert len(rows) - 1 == get(name)["total"] >= 3
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"{PATH}/{name}.xlsx").content)).active
    assert sheet is not None
    cells = [["" if c is None else c for c in row] for row in sheet.iter_rows(values_only=True)]
    assert [list(map(_text, row)) for row in cells] == [list(map(_text, row)) for row in rows]
    parquet = pyarrow.parquet.read_table(io.BytesIO(client.get(f"{PATH}/{name}.parquet").content))
    assert parquet.column_names == rows[0]
    columns = [["" if c is None else c for c in parquet[column].to_pylist()] for column in rows[0]]
    assert [list(map(_text, row)) for row in zip(*columns, strict=True)] == [
        list(map(_text, row)) for row in rows[1:]
    ]


def _text(value: object) -> str:
    """A cell as the CSV has it, whatever the type it has elsewhere."""
    text = str(value).removesuffix(" 00:00:00")
    try:
        return str(float(text))
    except ValueError:
        return text


def test_csv_for_excel_has_a_mark_and_is_the_same_otherwise(client: httpx.Client) -> None:
    plain = client.get(f"{PATH}/places.csv")
    assert plain.headers["content-type"] == "text/csv; charset=utf-8"
    assert plain.content.startswith(b"iri,id,name,") and b"\r\n" in plain.content
    for address in ("places.csv?bom=1", "places?format=csv-bom", "places?format=csv&bom=1"):
        assert client.get(f"{PATH}/{address}").content == b"\xef\xbb\xbf" + plain.content


def test_names_in_a_table_are_in_the_language_asked_for(client: httpx.Client) -> None:
    for headers, parameters, name in (
        ({"accept-language": "en"}, {}, "Morocco"),
        ({"accept-language": "en"}, {"lang": "fr"}, "Maroc"),
        ({}, {}, "Maroc"),
    ):
        answer = client.get(f"{PATH}/partnerships.csv", params=parameters, headers=headers)
        assert "Accept-Language" in answer.headers["vary"]
        names = {row["countries_name"] for row in csv.DictReader(io.StringIO(answer.text))}
        assert name in names


def test_csv_is_described(client: httpx.Client) -> None:
    """Metadata Vocabulary for Tabular Data: each column of the table, in its order."""
    assert len(resources()) == 6
    for name in resources():
        answer = client.get(f"{PATH}/{name}.csv")
        link = answer.headers["link"]
        assert (
            link
            == f'<{PATH}/{name}.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
        )
        metadata = client.get(f"{PATH}/{name}.csv-metadata.json")
        assert metadata.headers["content-type"] == "application/csvm+json"
        columns = metadata.json()["tableSchema"]["columns"]
        assert [c["name"] for c in columns] == next(csv.reader(io.StringIO(answer.text)))
        assert all(c["titles"]["fr"] and c["titles"]["en"] and c["datatype"] for c in columns)


def test_geojson_has_points_where_the_graph_has_them(client: httpx.Client, get: Get) -> None:
    found = client.get(f"{PATH}/collectivities.geojson").json()
    assert found["type"] == "FeatureCollection"
    rows = get("collectivities")["rows"]
    assert [f["id"] for f in found["features"]] == [row["iri"] for row in rows]
    points = {f["properties"]["id"]: f["geometry"] for f in found["features"]}
    assert points["fr/mantes-la-jolie"] == {"type": "Point", "coordinates": [1.7167, 48.99048]}
    assert points["tg/la-paix"] is None
    assert client.get(f"{PATH}/themes.geojson").status_code == 406
    assert client.get(f"{PATH}/themes?format=geojson").status_code == 406


@pytest.mark.parametrize("name", resources())
def test_formats_by_extension_by_name_and_by_accept(name: str, client: httpx.Client) -> None:
    offered = {format.name: format for format in offered_formats(resources()[name])}
    assert len(offered) in (7, 8)
    for extension, short in EXTENSIONS.items():
        if short not in offered:
            continue
        format = offered[short]
        answers = [
            client.get(f"{PATH}/{name}.{extension}"),
            client.get(f"{PATH}/{name}", params={"format": short}),
            client.get(f"{PATH}/{name}", headers={"accept": format.media_type}),
        ]
        bodies = {json.dumps(_timeless(answer)) for answer in answers}
        assert len(bodies) == 1, short
        assert {answer.headers["content-type"] for answer in answers} == {format.content_type}
    assert client.get(f"{PATH}/{name}", headers={"accept": "image/png"}).status_code == 406
    assert client.get(f"{PATH}/{name}.nope").status_code == 404


def _timeless(answer: httpx.Response) -> object:
    if "json" not in answer.headers["content-type"]:
        return answer.content.hex()
    return {key: value for key, value in answer.json().items() if key not in ("took_ms", "next")}


def test_a_table_has_all_rows_unless_a_limit_is_given(client: httpx.Client, get: Get) -> None:
    whole = client.get(f"{PATH}/funding.csv")
    assert len(whole.text.splitlines()) - 1 == get("funding")["total"]
    assert "x-truncated" not in whole.headers
    cut = client.get(f"{PATH}/funding.csv", params={"limit": 2})
    assert len(cut.text.splitlines()) == 3
    assert (cut.headers["x-truncated"], cut.headers["x-total-count"]) == (
        "rows",
        str(get("funding")["total"]),
    )


def test_chosen_columns_in_every_format(client: httpx.Client, get: Get) -> None:
    asked = {"fields": "title,countries"}
    assert set(get("partnerships", **asked)["rows"][0]) == {"iri", "id", "title", "countries"}
    header = client.get(f"{PATH}/partnerships.csv", params=asked).text.splitlines()[0]
    assert header == "iri,id,title,countries_name,countries_iri,countries_code"
    graph = rdflib.Graph()
    graph.parse(data=client.get(f"{PATH}/partnerships.ttl", params=asked).text, format="turtle")
    assert {str(p).rpartition("/")[2] for p in graph.predicates()} == {
        "title",
        "spatial",
        "core#prefLabel",
    }


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_bodies_are_coded(coding: str, client: httpx.Client) -> None:
    for address in ("partnerships.csv", "partnerships", "context.jsonld", "partnerships/atlas-901"):
        plain = client.get(f"{PATH}/{address}", headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        with client.stream(
            "GET", f"{PATH}/{address}", headers={"accept-encoding": coding}
        ) as answer:
            assert answer.headers["content-encoding"] == coding
            raw = b"".join(answer.iter_raw())
        if coding == "zstd":
            body = zstandard.ZstdDecompressor().decompressobj().decompress(raw)
        else:
            import gzip

            body = gzip.decompress(raw)
        assert abs(len(body) - len(plain.content)) < 10
