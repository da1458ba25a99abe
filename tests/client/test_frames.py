"""DataFrames: the columns of the CSV, with types; and what happens without pandas."""

from __future__ import annotations

import io
import sys

import httpx
import pandas as pd
import pytest

from coopdec_graph.client import Coopdec, Problem
from coopdec_graph.client.frames import Field, frame_of
from coopdec_graph.index.resources import Type, resources


@pytest.mark.parametrize("name", resources())
def test_a_frame_is_the_csv_with_types(name: str, remote: Coopdec, client: httpx.Client) -> None:
    lang = {"lang": remote.language}
    text = client.get(f"/api/v1/{name}.csv", params=lang).text
    table = pd.read_csv(io.StringIO(text), dtype="string", keep_default_na=False)
    frame = getattr(remote, name)().frame()
    assert list(frame.columns) == list(table.columns)
    assert len(frame) == len(table) > 0
    for column in frame:
        expected = [value or None for value in table[column]]
        assert [shown(value) for value in frame[column]] == [plain(value) for value in expected]


def shown(value: object) -> str | None:
    if value is pd.NA or value is pd.NaT:
        return None
    return plain(str(value).removesuffix(" 00:00:00"))


def plain(text: str | None) -> str | None:
    """`7000.0` and `7000` are one number."""
    return text if text is None else text.removesuffix(".0")


def test_columns_have_the_types_of_their_values(local: Coopdec) -> None:
    frame = local.partnerships(fields=["title", "countries", "end_date", "total_euros", "lines"])
    types = {name: str(dtype) for name, dtype in frame.frame().dtypes.items()}
    assert types == {
        "iri": "string",
        "id": "string",
        "title": "string",
        "countries_name": "string",
        "countries_iri": "string",
        "countries_code": "string",
        "end_date": "datetime64[s]",
        "total_euros": "Float64",
        "lines": "Int64",
    }
    nothing = local.partnerships(country="FJ", fields=["title", "lines"]).frame()
    assert {name: str(dtype) for name, dtype in nothing.dtypes.items()} == {
        "iri": "string",
        "id": "string",
        "title": "string",
        "lines": "Int64",
    }
    years = local.ask("funding-by-year").frame()
    assert {name: str(years[name].dtype) for name in ("name", "year", "euros", "unread")} == {
        "name": "string",
        "year": "Int64",
        "euros": "Int64",
        "unread": "Int64",
    }


def test_frames_of_what_is_no_list(local: Coopdec) -> None:
    countries = local.facets("partnerships", "country")["country"].frame()
    morocco = {"fr": "Maroc", "en": "Morocco"}[local.language]
    assert list(countries.columns) == ["value", "name", "code", "count"]
    assert countries.set_index("name")["count"][morocco] == 2
    found = local.search("rabat")["collectivities"].frame()
    assert list(found.columns) == ["iri", "name"] and len(found) == 1
    catalogue = local.questions().frame()
    assert list(catalogue.columns) == ["name", "title", "description", "who", "view"]
    rows = local.sparql("SELECT ?s ?n { ?s a cd:FundingLine BIND(1 AS ?n) }")
    assert not isinstance(rows, bool | str)
    assert str(rows.frame()["n"].dtype) == "Int64" and len(rows.frame()) == 9


def test_a_value_without_the_form_of_its_type_stays_what_it_is() -> None:
    rows = [{"year": "2020Z", "day": "2020-01-01Z"}, {"year": 2021, "day": None}]
    fields = [Field("year", Type.YEAR), Field("day", Type.DATE)]
    frame = frame_of(rows, fields, "fr")
    assert list(frame["year"]) == ["2020Z", 2021]
    assert list(frame["day"]) == ["2020-01-01Z", None]


def test_without_pandas_it_says_what_to_install(
    local: Coopdec, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = local.themes()
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(Problem) as told:
        found.frame()
    begins = {"fr": "« frame() » a besoin de pandas", "en": "“frame()” needs pandas"}
    assert str(told.value).startswith(begins[local.language])
    assert "pip install 'coopdec-graph[frame]'" in str(told.value)
    assert told.value.status is None
