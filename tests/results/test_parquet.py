"""Parquet read back: the type of a column is the one that holds every value, unchanged."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.results.answers import values, written

XSD = "http://www.w3.org/2001/XMLSchema#"
UTC = pa.timestamp("us", "UTC")


def _read(query: str) -> pa.Table:
    return pq.read_table(io.BytesIO(written(query, "parquet")[0]))


COLUMNS = [
    # what the column holds, its type, its values, the datatype that is noted
    (["1", "-5", "UNDEF"], pa.int64(), [1, -5, None], "integer"),
    (["9223372036854775807"], pa.int64(), [2**63 - 1], "integer"),
    (['"99999999999999999999"^^xsd:integer'], pa.string(), ["99999999999999999999"], "integer"),
    (["1", '"0x10"^^xsd:integer'], pa.string(), ["1", "0x10"], "integer"),
    (["1.25", "-1000.0"], pa.decimal128(38, 2), [Decimal("1.25"), Decimal(-1000)], "decimal"),
    (["1", "0.5"], pa.decimal128(38, 1), [Decimal(1), Decimal("0.5")], None),
    (['"1e3"^^xsd:decimal'], pa.string(), ["1e3"], "decimal"),
    (["1e0", '"NaN"^^xsd:double', '"-INF"^^xsd:double'], pa.float64(), None, "double"),
    (["1", "1e0"], pa.string(), ["1", "1"], None),
    (["true", "false"], pa.bool_(), [True, False], "boolean"),
    (["true", '"TRUE"^^xsd:boolean'], pa.string(), ["true", "TRUE"], "boolean"),
    (['"1066-10-14"^^xsd:date'], pa.date32(), [datetime.date(1066, 10, 14)], "date"),
    (['"2024-01-01Z"^^xsd:date'], pa.string(), ["2024-01-01Z"], "date"),
    (['"2024-02-30"^^xsd:date'], pa.string(), ["2024-02-30"], "date"),
    (
        ['"2024-01-01T00:00:00"^^xsd:dateTime', '"1500-01-01T00:00:00.5"^^xsd:dateTime'],
        pa.timestamp("us"),
        [datetime.datetime(2024, 1, 1), datetime.datetime(1500, 1, 1, 0, 0, 0, 500_000)],
        "dateTime",
    ),
    (
        ['"2024-01-01T00:00:00Z"^^xsd:dateTime', '"2024-01-01T00:00:00+02:00"^^xsd:dateTime'],
        UTC,
        [
            datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC),
            datetime.datetime(2023, 12, 31, 22, tzinfo=datetime.UTC),
        ],
        "dateTime",
    ),
    (
        ['"2024-01-01T00:00:00Z"^^xsd:dateTime', '"2024-01-01T00:00:00"^^xsd:dateTime'],
        pa.string(),
        ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00"],
        "dateTime",
    ),
    (['"2021"^^xsd:gYear', '"-0044"^^xsd:gYear'], pa.int32(), [2021, -44], "gYear"),
    (['"2021Z"^^xsd:gYear'], pa.string(), ["2021Z"], "gYear"),
    (['"a\\r\\n\\u0000\\"😀"', '"=1"'], pa.string(), ['a\r\n\0"😀', "=1"], "string"),
    (["<http://a/>", '"x"'], pa.string(), ["http://a/", "x"], None),
    (["<<( <a:a> <a:b> <a:c> )>>"], pa.string(), ["<<( <a:a> <a:b> <a:c> )>>"], None),
    (["UNDEF"], pa.string(), [None], None),
    ([f'"{"x" * 100_000}"'], pa.string(), ["x" * 100_000], "string"),
]


@pytest.mark.parametrize(("terms", "type", "expected", "datatype"), COLUMNS)
def test_the_type_of_a_column(terms, type, expected, datatype):
    table = _read(values(*terms))
    field = table.schema.field("a")
    assert field.type == type
    found = table.column("a").to_pylist()
    if expected is not None:
        assert found == expected
    else:
        assert (found[0], found[1] == found[1], found[2]) == (1.0, False, float("-inf"))
    noted = (field.metadata or {}).get(b"datatype")
    assert noted == (f"{XSD}{datatype}".encode() if datatype else None)


def test_the_language_of_a_column_is_noted():
    table = _read(values('"a"@fr "b"@fr "c"', '"d"@fr "e"@en "f"@en', names="?a ?b ?c"))
    assert table.schema.field("a").metadata[b"language"] == b"fr"
    assert b"language" not in table.schema.field("b").metadata
    assert table.schema.field("c").metadata is None
    assert table.to_pylist() == [{"a": "a", "b": "b", "c": "c"}, {"a": "d", "b": "e", "c": "f"}]


def test_many_rows_are_in_groups_and_of_one_type():
    digits = " ".join(map(str, range(10)))
    blocks = " ".join(f"VALUES ?v{n} {{ {digits} }}" for n in range(4))
    query = f"SELECT (?v0*1000+?v1*100+?v2*10+?v3 AS ?n) {{ {{ {blocks} }} UNION {{ VALUES (?v0 ?v1 ?v2 ?v3) {{ (10 0 0 0.5) }} }} }}"  # fmt: skip
    body, done = written(query, "parquet")
    file = pq.ParquetFile(io.BytesIO(body))
    assert (done.rows, file.metadata.num_rows, file.metadata.num_row_groups) == (10_001, 10_001, 2)
    assert file.schema_arrow.field("n").type == pa.decimal128(38, 1)
    assert sum(file.read().column("n").to_pylist()) == Decimal(9_999 * 5_000) + Decimal("10000.5")


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_cut_file_says_so(most):
    body, done = written(values("1", "2"), "parquet", most, cut=True)
    table = pq.read_table(io.BytesIO(body))
    assert (table.num_rows, done.truncated) == (most, most < 2)
    assert (table.schema.metadata or {}) == ({b"truncated": b'{"rows": %d}' % most} if most < 2 else {})  # fmt: skip


def test_no_rows_and_no_columns():
    assert _read("SELECT ?a ?b { ?a a ?b }").schema.names == ["a", "b"]
    assert _read("SELECT * {}").num_columns == 0


def test_the_same_rows_give_the_same_bytes():
    query = values("1", '"x"@fr')
    assert written(query, "parquet")[0] == written(query, "parquet")[0]
