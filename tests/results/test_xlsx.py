"""XLSX read back by another library: types, hostile texts, and the limits of a sheet."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pyoxigraph as ox
import pytest
from openpyxl.utils.escape import unescape

from coopdec_graph.results import xlsx
from coopdec_graph.results.errors import NotWritable, TooManyRows
from tests.results.answers import values, written


def _cells(query: str) -> list[tuple[object, str]]:
    """The cells of the first column below the header: what each holds, and of which type."""
    book = openpyxl.load_workbook(io.BytesIO(written(query, "xlsx")[0]))
    assert book.sheetnames == ["results"]
    return [(cell.value, cell.data_type) for (cell, *_) in book["results"].iter_rows(min_row=2)]


TYPED = [
    ("1", 1, "n"),
    ("-1.50", -1.5, "n"),
    ("2.5e0", 2.5, "n"),
    ("true", True, "b"),
    ('"2021"^^xsd:gYear', 2021, "n"),
    ('"2024-02-29"^^xsd:date', datetime.datetime(2024, 2, 29), "d"),
    ('"2024-02-29T12:34:56"^^xsd:dateTime', datetime.datetime(2024, 2, 29, 12, 34, 56), "d"),
    ('"2024-02-29T12:34:56+02:00"^^xsd:dateTime', datetime.datetime(2024, 2, 29, 10, 34, 56), "d"),
    # What a cell would change is text.
    ("123456789012345678", "123456789012345678", "s"),
    ('"99999999999999999999999"^^xsd:integer', "99999999999999999999999", "s"),
    ("0.1234567890123456", "0.1234567890123456", "s"),
    ('"NaN"^^xsd:double', "NaN", "s"),
    ('"-INF"^^xsd:double', "-INF", "s"),
    ('"1899-12-31"^^xsd:date', "1899-12-31", "s"),
    ('"1900-02-28"^^xsd:date', "1900-02-28", "s"),
    ('"2024-02-30"^^xsd:date', "2024-02-30", "s"),
    ('"2024-02-29Z"^^xsd:date', "2024-02-29Z", "s"),
    ('"-0044-03-15"^^xsd:date', "-0044-03-15", "s"),
    ('"2024-02-29T12:34:56.789"^^xsd:dateTime', "2024-02-29T12:34:56.789", "s"),
    ('"0001-01-01T00:00:00+14:00"^^xsd:dateTime', "0001-01-01T00:00:00+14:00", "s"),
    ('"x"^^xsd:integer', "x", "s"),
    ('"x"^^xsd:boolean', "x", "s"),
    # What a spreadsheet would run or follow is text.
    ('"=HYPERLINK(\\"http://a/\\")"', '=HYPERLINK("http://a/")', "s"),
    ('"+1+1"', "+1+1", "s"),
    ('"@SUM(A1)"', "@SUM(A1)", "s"),
    ('"{=1}"', "{=1}", "s"),
    ("<http://a/b>", "http://a/b", "s"),
    ('"mailto:a@b"', "mailto:a@b", "s"),
    ('"007"', "007", "s"),
    ('"  spaces  "', "  spaces  ", "s"),
    ('"<b>&amp;\\"\'"', "<b>&amp;\"'", "s"),
    ('"a\\nb\\tc"', "a\nb\tc", "s"),
    ('"😀 مرحبا"@ar', "😀 مرحبا", "s"),
    ("<<( <a:a> <a:b> <a:c> )>>", "<<( <a:a> <a:b> <a:c> )>>", "s"),
]


def test_every_term_is_a_cell_of_the_right_type():
    found = _cells(values(*(term for term, _, _ in TYPED)))
    # openpyxl takes any text that starts with `=` for a formula: the file says which it is.
    kinds = [(value, "s" if value == '=HYPERLINK("http://a/")' else kind) for value, kind in found]
    assert kinds == [(value, kind) for _, value, kind in TYPED]


def test_nothing_is_a_formula_or_a_link():
    body, _ = written(values(*(term for term, _, _ in TYPED)), "xlsx")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet and b"hyperlink" not in sheet
        assert not [name for name in archive.namelist() if "rels/sheet" in name]


def test_control_characters_are_escaped_as_the_format_has_it():
    texts = ["a\x00b", "\x01", "a\r\nb", "_x0041_", "\ufffe\uffff"]
    found = _cells(values(*(str(ox.Literal(text)) for text in texts)))
    assert [unescape(str(value)) for value, _ in found][:3] == ["a\x00b", "\x01", "a\r\nb"]
    assert len(found) == len(texts)


def test_the_header_and_unbound_cells():
    body, _ = written(values("1 UNDEF", "UNDEF 2", names="?a ?été"), "xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(body))["results"]
    assert list(sheet.values) == [("a", "été"), (1, None), (None, 2)]
    assert all(cell.font.bold for cell in sheet[1]) and not sheet["A2"].font.bold
    assert sheet.freeze_panes == "A2"


def test_the_same_rows_give_the_same_bytes():
    query = values("1", '"x"', '"2024-02-29"^^xsd:date')
    assert written(query, "xlsx")[0] == written(query, "xlsx")[0]


def test_a_cut_sheet_says_so_on_another():
    body, done = written(values("1", "2", "3"), "xlsx", 2, cut=True)
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert (done.rows, done.truncated, book.sheetnames) == (2, True, ["results", "truncated"])
    assert list(book["results"].values) == [("a",), (1,), (2,)]
    assert list(book["truncated"].values) == [
        ("Résultat coupé après 2 lignes ; il en a d'autres.",),
        ("Result cut after 2 rows; it has more.",),
    ]


@pytest.mark.parametrize(("text", "fits"), [("x" * 32_767, True), ("x" * 32_768, False),
                                            ("😀" * 16_383, True), ("😀" * 16_384, False)])  # fmt: skip
def test_a_text_too_long_for_a_cell_is_refused(text, fits):
    query = values("1", f'"{text}"')
    if fits:
        assert _cells(query)[1] == (text, "s")
    else:
        with pytest.raises(NotWritable, match=r"Row 2, \?a: an XLSX cell has 32767 characters"):
            written(query, "xlsx")


def test_a_sheet_holds_so_many_rows_and_columns(monkeypatch):
    assert xlsx.MOST_ROWS == 2**20 - 1
    monkeypatch.setattr("coopdec_graph.results.writing.MOST_ROWS", 2)
    with pytest.raises(TooManyRows, match="more than 2 rows"):
        written(values("1", "2", "3"), "xlsx")
    assert written(values("1", "2", "3"), "xlsx", cut=True)[1].truncated
    names = " ".join(f"?v{number}" for number in range(16_385))
    with pytest.raises(NotWritable, match="16384 columns at most; the result has 16385"):
        written(f"SELECT {names} {{}}", "xlsx")
