"""Files that are no tables, or damaged, or made to do harm: one clear issue each, within bounds."""

from __future__ import annotations

import io
import os
import pickle
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.sources import source_named
from coopdec_graph.sources.base import Document, Reading, Source
from coopdec_graph.sources.tabular.settings import table_settings
from tests.sources.tabular.tables import (
    MAPPING,
    XLSX_PARTS,
    codes,
    csv_text,
    read,
    read_csv,
    write_csv,
    write_mapping,
    write_ods,
    write_raw_xlsx,
    write_xlsx,
    write_zip,
)

HEADER = "Numéro,Intitulé,Montant"
ROWS = [["Numéro", "Intitulé", "Montant"], ["17", "Puits", "5"], ["18", "Atelier", "6"]]


def found(source: Source, path: Path) -> tuple[list[Document], int]:
    """The documents of a file, and the most memory in bytes that finding them took."""
    tracemalloc.start()
    try:
        documents = list(source.documents([path]))
        return documents, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def refused(readings: list[Reading], code: str) -> Reading:
    """The only reading, which is of the whole file; without rows, what columns are absent is said too."""
    expected = ["table-columns-absent", code] if len(readings[0].issues) == 2 else [code]
    assert codes(readings) == [expected]
    assert readings[0].activity is None and readings[0].refused
    return readings[0]


# ---- CSV ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table-empty"),
        (b"\n \n\r\n", "table-empty"),
        (b"\xef\xbb\xbf", "table-empty"),
        (HEADER.encode(), "table-empty"),
        (b"a\x00b,c\n", "table-binary"),
        (HEADER.encode() + b"\n17,a\x00b,5\n", "table-binary"),
        ("Montant".encode("utf-16-le"), "table-binary"),
        (HEADER.encode("utf-16-le"), "table-encoding"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "table-encoding"),
        (HEADER.encode("cp1252") + b"\n", "table-encoding"),
        ((HEADER + "\n17,é,5\n").encode() + b"18,\xe9,5\n", "table-encoding"),
        (b"\xff\xfe" + HEADER.encode("utf-16-le") + b"\x00\xd8", "table-encoding"),
        (b"<html><table><tr><td>17</td></tr></table>", "table-columns-unknown"),
        (b"a,b\n1,2\n", "table-columns-unknown"),
        (b"Montant,Budget\n1,2\n", "table-columns-missing"),
        ((HEADER + "\n17,\"x,5\n").encode(), "table-quotes"),
        ((HEADER + "\n17,\"x\"y,5\n").encode(), "table-quotes"),
        ("Numéro,Montant;Budget\n".encode(), "table-empty"),
        ("Numéro,Montant,numéro \n1,2,3\n".encode(), "table-column-twice"),
        (b"x," * 1_000_000, "table-too-large"),
        ((HEADER + "\n17," + "x" * 200_000 + ",5\n").encode(), "table-too-large"),
        ((HEADER + "\n17,\"" + "x\n" * 100_000 + "\",5\n").encode(), "table-too-large"),
        ((HEADER + "\n" + "x" * 5_000_000).encode(), "table-too-large"),
    ],
)  # fmt: skip
def test_csv_files_that_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    began = time.monotonic()
    refused(read_csv(tmp_path, content), code)

    assert time.monotonic() - began < 5


def test_an_encoding_issue_names_the_line(tmp_path: Path) -> None:
    (reading,) = read_csv(tmp_path, (HEADER + "\n17,a,5\n").encode() + b"18,\xff,5\n")

    assert [(issue.where(), dict(issue.details)) for issue in reading.issues] == [
        ("t.csv:3", {"encoding": "utf-8"})
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_delimiters_and_marks_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    readings = read_csv(tmp_path, csv_text(ROWS, delimiter).encode(encoding))

    assert [r.activity.source.identifier for r in readings if r.activity] == ["17", "18"]
    assert [r.activity.title for r in readings if r.activity] == ["Puits", "Atelier"]


def test_a_mapping_may_say_the_encoding_and_the_delimiter(tmp_path: Path) -> None:
    said = MAPPING + '[table]\nencoding = "cp1252"\ndelimiter = ":"\n'
    readings = read_csv(tmp_path, "Numéro:Intitulé\n17:Où ?\n".encode("cp1252"), said)

    assert [r.activity.title for r in readings if r.activity] == ["Où ?"]


def test_a_delimiter_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    header = "Numéro,Intitulé,Montant;Budget;Année"

    refused(read_csv(tmp_path, f"{header}\n1,2,3;4;5\n"), "table-delimiter")


def test_rows_that_do_not_fit_are_refused_one_by_one(tmp_path: Path) -> None:
    content = f"{HEADER}\n17,Puits,5\n18,Atelier\n19,Route,5,6\n20,Pont,5,\n\n21,Quai,5\n"
    readings = read_csv(tmp_path, content)

    assert [(r.name, r.refused) for r in readings] == [
        ("t.csv#2", False),
        ("t.csv#3", True),
        ("t.csv#4", True),
        # Nothing is in the cell that is too many.
        ("t.csv#5", False),
        ("t.csv#7", False),
    ]
    assert codes(readings)[1:3] == [["table-row-ragged"], ["table-row-ragged"]]
    assert readings[1].issues[0].message("en").startswith("The row has 2 cells for 3 columns")


@pytest.mark.parametrize(
    "title", ["RÃ©seau", "Ré\u0001seau", "Caf\u00e9 et th\ufffd", "l\u00e2\u0080\u0099eau"]
)
def test_garbled_letters_refuse_the_row(tmp_path: Path, title: str) -> None:
    readings = read_csv(tmp_path, f"{HEADER}\n17,{title},5\n18,Réseau Été ÃO,5\n")

    assert codes(readings) == [["table-columns-absent", "table-row-garbled"], []]
    assert readings[0].activity is None


def test_a_garbled_column_that_is_not_read_is_no_harm(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, "Numéro,Remarque\n17,RÃ©seau\n")

    assert [reading.refused for reading in readings] == [False]


def test_a_header_that_is_repeated_is_no_activity(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, f"{HEADER}\n17,Puits,5\n{HEADER}\n18,Pont,5\n{HEADER}\n")

    assert [r.name for r in readings] == ["t.csv#2", "t.csv#4"]
    repeated = [issue for issue in readings[0].issues if issue.code == "table-header-repeated"]
    assert [(issue.where(), dict(issue.details)) for issue in repeated] == [
        ("t.csv:3", {"rows": 2})
    ]


def test_a_row_of_several_lines_has_the_number_of_its_first(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, f'{HEADER}\n17,"Puits\net pompe",5\n18,Pont,5\n')

    assert [r.name for r in readings] == ["t.csv#2", "t.csv#4"]


def test_lines_may_stand_above_the_header(tmp_path: Path) -> None:
    content = f"Aides versées en 2021,,\n\n{HEADER}\n17,Puits,5\n"
    readings = read_csv(tmp_path, content, MAPPING + "[table]\nheader = 2\n")

    assert [(r.name, r.refused) for r in readings] == [("t.csv#4", False)]


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    title = "=cmd|' /C calc'!A0"
    readings = read_csv(tmp_path, csv_text([["Intitulé"], [title]]))
    from_workbook = read(tmp_path, write_xlsx(tmp_path / "t.xlsx", {"A": [["Intitulé"], [title]]}))

    assert [r.activity.title for r in (*readings, *from_workbook) if r.activity] == [title, title]


def test_pipes_folders_and_missing_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "t.csv")
    refused(read(tmp_path, tmp_path / "t.csv"), "page-not-a-file")

    with pytest.raises(UsageError, match="does not exist"):
        read(tmp_path, tmp_path / "absent.csv")
    (tmp_path / "empty").mkdir()
    assert read(tmp_path, tmp_path / "empty") == []


def test_a_csv_file_beyond_the_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = write_csv(tmp_path / "t.csv", ROWS)
    # A hole, which takes no room on disk.
    os.truncate(large, 5_000_000_000)
    assert "4294967296 bytes" in refused(read(tmp_path, large), "table-too-large").issues[
        0
    ].message("en")

    few = replace(table_settings(), limits=replace(table_settings().limits, csv_rows=3))
    monkeypatch.setattr("coopdec_graph.sources.tabular.csv_rows.table_settings", lambda: few)
    assert len(read_csv(tmp_path, f"{HEADER}\n\n17,Puits,5\n\n18,Pont,5\n")) == 2
    reading = refused(read_csv(tmp_path, f"{HEADER}\n1,a,5\n2,b,5\n\n3,c,5\n"), "table-too-large")
    assert reading.issues[0].message("en").startswith("More than 3 rows")
    assert reading.issues[0].line == 5


def test_rows_that_are_found_are_not_held(tmp_path: Path) -> None:
    """They lie on disk, where nothing is left of them; each is read as if it were held."""
    rows = [[str(n), "x" * 1_000, "5"] for n in range(10_000)]
    path = write_csv(tmp_path / "t.csv", [HEADER.split(","), *rows])
    source = source_named(str(write_mapping(tmp_path)))
    list(source.documents([path]))
    documents, peak = found(source, path)

    # The file has ten million bytes.
    assert (len(documents), peak < 5_000_000) == (10_000, True)
    for number in (9_999, 0, 5_000):
        reading = source.read(documents[number])
        assert (reading.name, reading.record["titles"]) == (
            f"t.csv#{number + 2}", [{"value": "x" * 1_000, "language": "fr"}],
        )  # fmt: skip
        assert reading.activity is not None
        assert reading.activity.source.identifier == str(number)


def test_a_document_is_the_same_in_another_process(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", ROWS)
    source = source_named(str(write_mapping(tmp_path)))
    documents = list(source.documents([path]))
    sent = [pickle.loads(pickle.dumps(document)) for document in documents]  # noqa: S301
    said = [(source.read(each), source.fingerprint(each)) for each in documents]
    # What is read is what was found, whatever becomes of the file.
    path.unlink()

    assert [(source.read(each), source.fingerprint(each)) for each in sent] == said
    assert [(source.read(each), source.fingerprint(each)) for each in documents] == said


def test_rows_of_a_file_that_is_refused_are_those_of_no_other(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", ROWS)
    (tmp_path / "b.csv").write_bytes((HEADER + "\n9,a,5\n").encode() + b"8,\xff,5\n")
    write_csv(tmp_path / "c.csv", [ROWS[0], ["19", "Pont", "7"]])
    readings = read(tmp_path, tmp_path)

    assert [(r.name, r.activity and r.activity.source.identifier) for r in readings] == [
        ("a.csv#2", "17"),
        ("a.csv#3", "18"),
        ("b.csv", None),
        ("c.csv#2", "19"),
    ]


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "t.csv", ROWS)
    opened = Path.open

    def deny(self: Path, *arguments: object, **named: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", deny)
    refused(read(tmp_path, path), "page-inaccessible")


def test_a_folder_gives_its_tables(tmp_path: Path) -> None:
    for name in ("b.CSV", "a.csv", ".hidden.csv", "notes.txt"):
        write_csv(tmp_path / name, ROWS)
    write_xlsx(tmp_path / "c.xlsx", {"A": ROWS})

    assert {r.name.partition("#")[0] for r in read(tmp_path, tmp_path)} == {
        "a.csv",
        "b.CSV",
        "c.xlsx",
    }


# ---- Workbooks ---------------------------------------------------------------------------------------


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ole("EncryptedPackage"), "table-encrypted"),
        (ole("Workbook"), "table-old-workbook"),
        (b"PK\x03\x04", "table-damaged"),
        (b"PK\x03\x04" + b"x" * 1000, "table-damaged"),
        (b"PK\x05\x06" + bytes(18), "table-other-file"),
    ],
)
def test_files_that_are_no_whole_workbook(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)

    refused(read(tmp_path, path), code)


def test_another_archive_is_no_workbook(tmp_path: Path) -> None:
    refused(
        read(tmp_path, write_zip(tmp_path / "t.xlsx", {"word/document.xml": "<x/>"})),
        "table-other-file",
    )


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_a_workbook_cut_anywhere_is_refused(tmp_path: Path, write: Callable[..., Path]) -> None:
    whole = write(tmp_path / "whole", {"A": ROWS}).read_bytes()
    path = tmp_path / "t.xlsx"
    for size in {*range(9, len(whole), 97), len(whole) - 1}:
        path.write_bytes(whole[:size])
        refused(read(tmp_path, path), "table-damaged")


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_a_workbook_changed_anywhere_is_read_or_refused(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    whole = write(tmp_path / "whole", {"A": ROWS}).read_bytes()
    path = tmp_path / "t.xlsx"
    for position in range(0, len(whole), 61):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :])
        read(tmp_path, path)


def test_a_part_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    parts = {**XLSX_PARTS, "xl/s.xml": b" " * 300_000_000}
    path = write_zip(tmp_path / "t.xlsx", parts)
    assert path.stat().st_size < 1_000_000

    reading = refused(read(tmp_path, path), "table-too-large")
    assert "268435456" in reading.issues[0].message("en")


def test_a_part_is_never_unpacked_beyond_what_it_declares(tmp_path: Path) -> None:
    path = write_raw_xlsx(tmp_path / "t.xlsx", "<row><c><v>1</v></c></row>" * 100_000)
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/s.xml").file_size
    lie = content.replace(size.to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lie != content
    path.write_bytes(lie)

    refused(read(tmp_path, path), "table-damaged")


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [DOCTYPE, OUTSIDE, "<!DOCTYPE x>"])
@pytest.mark.parametrize("part", ["xl__workbook", "xl__sharedStrings", "xl__styles", "xl__s"])
def test_no_entity_is_ever_expanded(tmp_path: Path, doctype: str, part: str) -> None:
    path = write_raw_xlsx(tmp_path / "t.xlsx", "", **{part: f"{doctype}<x>&a;&b;</x>"})

    refused(read(tmp_path, path), "table-doctype")


def test_no_entity_in_an_ods_either(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "t.ods", "", **{"content.xml": f"{OUTSIDE}<x>&a;</x>"})

    refused(read(tmp_path, path), "table-doctype")


INLINE = '<c t="inlineStr"><is><t>{}</t></is></c>'
TITLED = f"<row>{INLINE.format('Intitulé')}</row>"


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ('<row r="2"/><row r="1"/>', "table-damaged"),
        ('<row r="2000000"><c><v>1</v></c></row>', "table-too-large"),
        ('<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "table-damaged"),
        ('<row><c r="ZZZ1"><v>1</v></c></row>', "table-too-large"),
        ('<row><c t="s"><v>0</v></c></row>', "table-damaged"),
        ('<row><c t="s"><v>-1</v></c></row>', "table-damaged"),
        (f"<row>{INLINE.format('x' * 200_000)}</row>", "table-too-large"),
        (f"<row>{'<c><v>1</v></c>' * 20_000}</row>", "table-too-large"),
        ("<row>", "table-damaged"),
    ],
)
def test_sheets_that_no_program_writes(tmp_path: Path, sheet: str, code: str) -> None:
    refused(read(tmp_path, write_raw_xlsx(tmp_path / "t.xlsx", sheet)), code)


FAR = '<row><c r="A{n}"><v>{n}</v></c><c r="XFC{n}"><v> </v></c><c r="XFD{n}"><v>1</v></c></row>'
WIDE = f'<row>{INLINE.format("Intitulé")}<c r="XFD1" t="inlineStr"><is><t>Z</t></is></c></row>'


def test_cells_far_beyond_the_header_make_their_rows_ragged_and_nothing_larger(
    tmp_path: Path,
) -> None:
    rows = "".join(FAR.format(n=n) for n in range(2, 3_000))
    path = write_raw_xlsx(tmp_path / "t.xlsx", TITLED + rows)
    source = source_named(str(write_mapping(tmp_path)))
    documents, peak = found(source, path)

    # Up to its last cell, one row alone has 131,072 bytes.
    assert (len(documents), peak < 5_000_000) == (2_998, True)
    reading = source.read(documents[-1])
    assert codes([reading]) == [["table-row-ragged"]]
    assert reading.issues[0].message("en").startswith("The row has 2 cells for 1 columns")
    assert [(line.disposition.line, line.disposition.name) for line in reading.lines] == [
        (1, "table-row-ragged"),
        (2, "table-row-ragged"),
    ]


@pytest.mark.parametrize("cell", ['<c r="A{n}"><v>1</v></c>', '<c r="XFD{n}"><v>1</v></c>'])
def test_a_sheet_of_too_many_cells_is_refused(tmp_path: Path, cell: str) -> None:
    rows = "".join(f'<row r="{n}">{cell.format(n=n)}</row>' for n in range(2, 20_000))
    began = time.monotonic()
    reading = refused(
        read(tmp_path, write_raw_xlsx(tmp_path / "t.xlsx", WIDE + rows)), "table-too-large"
    )

    assert time.monotonic() - began < 20
    assert reading.issues[0].message("en").startswith("More than 50000000 cells")
    # Blank ones up to the header's last column are cells too.
    assert reading.issues[0].line == 50_000_000 // 16_384 + 2


def test_a_row_of_one_long_text_in_many_columns_is_refused(tmp_path: Path) -> None:
    strings = f"<sst><si><t>{'x' * 30_000}</t></si></sst>"
    cells = '<c t="s"><v>0</v></c>' * 1_000
    path = write_raw_xlsx(tmp_path / "t.xlsx", f"<row>{cells}</row>", xl__sharedStrings=strings)

    message = refused(read(tmp_path, path), "table-too-large").issues[0].message("en")
    assert message.startswith("More than 4000000 characters in a row")


def test_a_shared_text_that_is_too_long_is_refused(tmp_path: Path) -> None:
    strings = f"<sst><si><t>{'x' * 200_000}</t></si></sst>"
    path = write_raw_xlsx(tmp_path / "t.xlsx", TITLED, xl__sharedStrings=strings)

    refused(read(tmp_path, path), "table-too-large")


def test_what_a_cell_may_hold(tmp_path: Path) -> None:
    """A formula gives its value; without one, or with an error, it is noted and left."""
    header = "".join(
        INLINE.format(name) for name in ("Intitulé", "Description", "Montant", "Budget", "Du")
    )
    cells = (
        '<c t="str"><f>CONCAT("a")</f><v>Puits</v></c>'
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        "<c><f>A1*2</f><v>12.5</v></c>"
        "<c><f>A1*3</f></c>"
        '<c t="d"><v>2021-03-01T00:00:00</v></c>'
    )
    readings = read(
        tmp_path, write_raw_xlsx(tmp_path / "t.xlsx", f"<row>{header}</row><row>{cells}</row>")
    )

    (reading,) = readings
    assert reading.activity is not None
    assert reading.activity.title == "Puits"
    assert [str(item.amount) for item in reading.activity.items] == ["12.5"]
    assert [day.isoformat() for day in reading.activity.dates.values()] == ["2021-03-01"]
    assert [(issue.code, issue.field) for issue in reading.issues[1:]] == [
        ("table-cell-error", "Description"),
        ("table-formula-unread", "Budget"),
    ]


def ods_row(cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def ods_text(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def ods_table(rows: str) -> str:
    return f'<table:table table:name="A">{rows}</table:table>'


BLANK_END = '<table:table-cell table:number-columns-repeated="1000000"/>'


def test_blanks_that_are_repeated_up_to_the_end_of_a_sheet(tmp_path: Path) -> None:
    rows = (
        ods_row(BLANK_END, 3)
        + ods_row(ods_text("Intitulé") + BLANK_END)
        + ods_row(BLANK_END, 400_000)
        + ods_row(ods_text("Puits") + BLANK_END, 2)
        + ods_row(BLANK_END, 100_000_000)
    )
    readings = read(tmp_path, write_ods(tmp_path / "t.ods", ods_table(rows)))

    assert [r.name for r in readings] == ["t.ods#400005", "t.ods#400006"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (ods_row(ods_text("Intitulé", 1_000_000)), "table-too-large"),
        (ods_row(ods_text("Intitulé") + BLANK_END + ods_text("x")), "table-too-large"),
        (ods_row(ods_text("Intitulé")) + ods_row(ods_text("x"), 900_000_000), "table-too-large"),
        (ods_row(ods_text("x" * 200_000)), "table-too-large"),
        # A few hundred bytes that would be millions of cells, or of characters.
        (
            ods_row(ods_text("Intitulé") + ods_text("Z", 16_000))
            + ods_row(ods_text("x"), 1_000_000),
            "table-too-large",
        ),
        (ods_row(ods_text("x" * 100_000, 1_000)), "table-too-large"),
        (ods_row(ods_text("<text:span>" * 200 + "</text:span>" * 200)), "table-damaged"),
        (ods_row(ods_text("Intitulé")), "table-empty"),
        ("", "table-empty"),
    ],
)
def test_ods_sheets_that_are_refused(tmp_path: Path, rows: str, code: str) -> None:
    began = time.monotonic()
    refused(read(tmp_path, write_ods(tmp_path / "t.ods", ods_table(rows))), code)

    assert time.monotonic() - began < 20


def test_a_cell_that_is_repeated_beyond_the_header_of_an_ods_is_one_too_many(
    tmp_path: Path,
) -> None:
    rows = (
        ods_row(ods_text("Intitulé") + ods_text("Description"))
        + ods_row(ods_text("Puits", 16_000))
        + ods_row(ods_text("Pont") + BLANK_END)
        + ods_row(ods_text("Quai") + ods_text("", 5_000) + ods_text("x", 5_000))
    )
    readings = read(tmp_path, write_ods(tmp_path / "t.ods", ods_table(rows)))

    assert [(r.name, r.refused) for r in readings] == [
        ("t.ods#2", True),
        ("t.ods#3", False),
        ("t.ods#4", True),
    ]
    for reading in (readings[0], readings[2]):
        assert reading.issues[-1].message("en").startswith("The row has 3 cells for 2 columns")


def test_an_ods_with_a_password_is_refused(tmp_path: Path) -> None:
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>'
    )
    path = write_ods(tmp_path / "t.ods", "", **{"META-INF/manifest.xml": manifest})

    refused(read(tmp_path, path), "table-encrypted")


def test_comments_of_cells_and_tables_within_them_are_not_read(tmp_path: Path) -> None:
    note = (
        "<office:annotation><text:p>Sacha EXEMPLE : à voir</text:p></office:annotation>"
        '<draw:frame xmlns:draw="d"><text:p>légende</text:p></draw:frame>'
        '<table:table table:name="B"><table:table-row><table:table-cell><text:p>dedans</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    cell = (
        f'<table:table-cell office:value-type="string">{note}<text:p>Puits<text:s text:c="2"/>et'
        "<text:tab/>pompe</text:p><text:p>neufs<text:line-break/>ici</text:p></table:table-cell>"
    )
    rows = ods_row(ods_text("Intitulé")) + ods_row(cell)
    readings = read(tmp_path, write_ods(tmp_path / "t.ods", ods_table(rows)))

    assert [r.activity.title for r in readings if r.activity] == ["Puits  et\tpompe\nneufs\nici"]


@pytest.mark.parametrize("write", [write_xlsx, write_ods])
def test_which_sheet_is_read(tmp_path: Path, write: Callable[..., Path]) -> None:
    several = write(tmp_path / "t", {"Lisez-moi": [["x"]], "Aides 2021": ROWS})
    lone = write(tmp_path / "u", {"Feuille1": ROWS})
    named = MAPPING + '[table]\nsheet = ["Projets", "AIDES 2021"]\n'

    reading = refused(read(tmp_path, several), "table-sheet")
    assert "Lisez-moi, Aides 2021" in reading.issues[0].message("fr")
    assert len(read(tmp_path, several, named)) == 2
    assert len(read(tmp_path, lone, named)) == 2


def test_a_workbook_without_sheets(tmp_path: Path) -> None:
    path = write_raw_xlsx(tmp_path / "t.xlsx", "", xl__workbook="<workbook/>")

    refused(read(tmp_path, path), "table-damaged")
    refused(read(tmp_path, write_ods(tmp_path / "t.ods", "")), "table-damaged")


def test_macros_and_links_of_a_workbook_are_not_looked_at(tmp_path: Path) -> None:
    path = write_raw_xlsx(tmp_path / "t.xlsm", TITLED + f"<row>{INLINE.format('Puits')}</row>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\x00macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", OUTSIDE)

    assert [r.activity.title for r in read(tmp_path, path) if r.activity] == ["Puits"]


def test_a_part_outside_the_workbook_is_never_read(tmp_path: Path) -> None:
    relation = '<Relationships><Relationship Id="1" TargetMode="External" Target="https://exemple.org/s.xml"/></Relationships>'
    path = write_raw_xlsx(tmp_path / "t.xlsx", "", **{"xl/_rels/workbook.xml.rels": ""})
    content = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, relation if name.endswith(".rels") else old.read(name))
    path.write_bytes(content.getvalue())

    refused(read(tmp_path, path), "table-damaged")


def test_memory_does_not_grow_with_a_sheet(tmp_path: Path) -> None:
    from coopdec_graph.sources.tabular.tables import Layout, table_rows

    row = f"<row>{INLINE.format('Puits de Modèleville')}{'<c><v>12</v></c>' * 20}</row>"
    path = write_raw_xlsx(tmp_path / "t.xlsx", row * 3_000)
    tracemalloc.start()
    try:
        count = sum(1 for _ in table_rows(path, Layout(), len))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The part alone has 1.4 million bytes once it is unpacked.
    assert (count, peak < 700_000) == (3_000, True)


def test_terms_come_from_the_mapping_or_a_sidecar(tmp_path: Path) -> None:
    bare = "\n".join(
        line for line in MAPPING.splitlines() if not line.startswith(("publisher", "licence"))
    )
    path = write_csv(tmp_path / "t.csv", ROWS)

    refused(read(tmp_path, path, bare), "table-publisher-missing")
    (tmp_path / "t.csv.toml").write_text(
        'publisher = "Fondation Autre"\nlicence = "https://exemple.org/l"\n'
        'url = "https://exemple.org/t.csv"\ncaptured = 2026-11-20T09:00:00Z\n'
    )
    source = read(tmp_path, path, bare)[0].activity.source  # type: ignore[union-attr]
    assert source.publisher is not None
    assert (source.publisher.name, source.licence, source.url) == (
        "Fondation Autre",
        "https://exemple.org/l",
        "https://exemple.org/t.csv",
    )
    assert (
        source.captured is not None and source.captured.isoformat() == "2026-11-20T09:00:00+00:00"
    )
    (tmp_path / "t.csv.toml").write_text("colour = 1\n")
    refused(read(tmp_path, path, bare), "sidecar-wrong")


def test_an_unknown_programme_says_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Known: 360giving, atlas.*mapping file"):
        source_named("foundation")
    with pytest.raises(UsageError, match="cannot be read"):
        source_named(str(tmp_path / "absent.toml"))
    with pytest.raises(UsageError, match="not a regular file"):
        (tmp_path / "folder.toml").mkdir()
        source_named(str(tmp_path / "folder.toml"))
    assert source_named(str(write_mapping(tmp_path))).metadata.programme == "exemple"
