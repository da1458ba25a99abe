"""The same table as CSV, XLSX and ODS gives the same activities, and the same bytes of graph."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopdec_graph.graph.build import build
from coopdec_graph.graph.statements import n_quads
from coopdec_graph.model import Activity
from coopdec_graph.namespaces import Minter
from coopdec_graph.reference.rates import RateTable
from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.tabular.cells import Cell, text_of
from coopdec_graph.sources.tabular.tables import Layout, table_rows
from tests.sources.tabular import tables
from tests.sources.tabular.tables import (
    MAPPING,
    SAMPLES,
    read,
    write_csv,
    write_ods,
    write_raw_xlsx,
    write_xlsx,
)

DAY = date(2026, 1, 1)
NO_RATES = RateTable.load(None)


def three(folder: Path, rows: Sequence[Sequence[tables.Cell]]) -> list[Path]:
    """The same cells in a file of each kind, one in a folder of its own: the name is the same."""
    paths = []
    for kind in ("csv", "xlsx", "ods"):
        (folder / kind).mkdir(exist_ok=True)
        path = folder / kind / "t"
        write = {"csv": write_csv, "xlsx": write_xlsx, "ods": write_ods}[kind]
        write(path, rows if kind == "csv" else {"A": rows})  # type: ignore[operator]
        paths.append(path)
    return paths


def activities(folder: Path, path: Path, mapping: str = MAPPING) -> list[Activity | None]:
    return [reading.activity for reading in read(folder, path, mapping)]


ROWS: list[list[tables.Cell]] = [
    ["Numéro", "Intitulé", "Description", "Du", "Montant", "Devise", "Partenaire 1", "Pays 1"],
    ["17", "Puits", "Deux lignes\net « guillemets »", "2021-03-01", "15 000,50", "€", "A", "Maroc"],
    [],
    ["18", "Atelier & pont <neuf>", "", "01/04/2021", "", "", "B", "Togo"],
]


def test_the_same_cells_give_the_same_activities(tmp_path: Path) -> None:
    csv_one, xlsx, ods = (activities(tmp_path, path) for path in three(tmp_path, ROWS))

    # A CSV row of two lines moves those below it.
    assert [a.source.name for a in csv_one if a] == ["t#2", "t#5"]
    assert [a.source.name for a in xlsx if a] == ["t#2", "t#4"]
    assert [facts(a) for a in csv_one] == [facts(a) for a in xlsx] == [facts(a) for a in ods]
    assert [a.source.digest for a in csv_one if a] == [a.source.digest for a in ods if a]


def facts(activity: Activity | None) -> tuple[object, ...]:
    """What an activity says, but where in its file it stands."""
    assert activity is not None
    return (
        activity.source.digest,
        *(getattr(activity, n) for n in Activity.__slots__ if n != "source"),
    )


def test_days_and_numbers_of_a_workbook_need_no_form(tmp_path: Path) -> None:
    """They are not written in a form: the mapping's, in French here, is for texts."""
    header = ["Intitulé", "Du", "Au", "Montant", "Budget", "Année"]
    typed = ["Puits", date(2021, 3, 1), datetime(2022, 12, 31, 8), Decimal("15000.5"), 30000, 2021]
    printed = ["Puits", "01/03/2021", "2022-12-31", "15 000,5", "30000", "2021"]

    in_text = activities(tmp_path, write_csv(tmp_path / "t.csv", [header, printed]))
    for write in (write_xlsx, write_ods):
        (found,) = activities(tmp_path, write(tmp_path / "t", {"A": [header, typed]}))
        assert found is not None and in_text[0] is not None
        assert (found.dates, found.items) == (in_text[0].dates, in_text[0].items)


@pytest.mark.parametrize("programme", ["360giving", "kohesio"])
def test_the_samples_give_the_same_graph(tmp_path: Path, programme: str) -> None:
    sample = SAMPLES / {"360giving": "grants.csv", "kohesio": "projects.csv"}[programme]
    with sample.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    source, graphs = SOURCES[programme], []
    for path in three(tmp_path, rows):
        beside = sample.with_name(sample.name + ".toml")
        if beside.exists():
            shutil.copy(beside, path.with_name("t.toml"))
        readings = [source.read(document) for document in source.documents([path])]
        assert not any(reading.refused for reading in readings)
        said = [reading.activity for reading in readings if reading.activity]
        statements = [
            statement
            for number, activity in enumerate(said)
            for statement in build(
                activity, f"{programme}-{number}", Minter(), source.metadata, DAY, NO_RATES
            )
        ]
        issues = [issue.to_dict() for reading in readings for issue in reading.issues]
        graphs.append((n_quads(statements), issues))
    assert graphs[0] == graphs[1] == graphs[2]
    assert graphs[0][0].count(b"/programme/" + programme.encode() + b">") == 2


# ---- Cells by property --------------------------------------------------------------------------------

TEXTS = st.text(
    st.characters(
        exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"
    ),
    max_size=8,
).map(str.strip)
NUMBERS = st.integers(-(10**14), 10**14) | st.decimals(
    -(10**9), 10**9, places=3, allow_nan=False, allow_infinity=False
)
TABLES = st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=6)


def cells(path: Path, delimiter: str | None = None) -> list[tuple[Cell, ...]]:
    """The rows that hold anything, without the blank cells at their end."""
    found = []
    # No row is the header, beyond whose last column blank cells would be left out.
    for row in table_rows(path, Layout(header=100, delimiter=delimiter), len):
        kept = list(row.cells)
        while kept and kept[-1] == "":
            kept.pop()
        if kept:
            found.append(tuple(kept))
    return found


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(TABLES)
def test_texts_come_back_as_they_were(tmp_path: Path, rows: list[list[str]]) -> None:
    csv_one, xlsx, ods = three(tmp_path, rows)
    trimmed = [
        tuple(one[: max((i + 1 for i, t in enumerate(one) if t), default=0)]) for one in rows
    ]
    expected = [one for one in trimmed if one]

    assert cells(csv_one, ",") == expected
    assert cells(xlsx) == expected
    assert cells(ods) == expected


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(NUMBERS)
def test_numbers_come_back_exactly(tmp_path: Path, number: int | Decimal) -> None:
    # A negative zero is zero.
    for write in (write_xlsx, write_ods):
        ((found,),) = cells(write(tmp_path / "t", {"A": [[number]]}))
        assert isinstance(found, Decimal) and found == Decimal(number)
        assert "E" not in text_of(found)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_days_come_back(tmp_path: Path, day: date) -> None:
    for write in (write_xlsx, write_ods):
        assert cells(write(tmp_path / "t", {"A": [[day]]})) == [(day,)]


@pytest.mark.parametrize(
    ("stored", "style", "found"),
    [
        ("1", 1, date(1900, 1, 1)),
        ("59", 1, date(1900, 2, 28)),
        ("60", 1, Decimal(60)),  # the 29 February 1900, which never was
        ("61", 1, date(1900, 3, 1)),
        ("0", 1, Decimal(0)),
        ("-1", 1, Decimal(-1)),
        ("44256.5", 1, datetime(2021, 3, 1, 12)),
        ("44256.9999999", 1, date(2021, 3, 2)),
        ("9999999999", 1, Decimal(9999999999)),
        ("44256", 2, date(2021, 3, 1)),
        ("44256", 3, Decimal(44256)),
        ("0.4", 4, Decimal(40)),
        ("0.125", 5, Decimal("12.5")),
        ("0.30000000000000004", 0, Decimal("0.3")),
        ("1E3", 0, Decimal(1000)),
        ("1e400", 0, "1e400"),
        ("NaN", 0, "NaN"),
        ("7", 99, Decimal(7)),
    ],
)
def test_numbers_by_the_style_of_their_cell(
    tmp_path: Path, stored: str, style: int, found: Cell
) -> None:
    styles = (
        "<styleSheet><numFmts>"
        '<numFmt numFmtId="170" formatCode="[$-40C]d\\ mmmm\\ yyyy;@"/>'
        '<numFmt numFmtId="171" formatCode="&quot;day&quot;0.00"/>'
        '<numFmt numFmtId="172" formatCode="0.0%"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
        + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 170, 171, 9, 172))
        + "</cellXfs></styleSheet>"
    )
    sheet = f'<row><c s="{style}"><v>{stored}</v></c></row>'
    path = write_raw_xlsx(tmp_path / "t.xlsx", sheet, xl__styles=styles)

    assert cells(path) == [(found,)]


def test_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx", {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_datetime(0, 0, date(1904, 1, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_datetime(0, 1, date(2021, 3, 1), book.add_format({"num_format": 14}))
    book.close()

    assert cells(tmp_path / "t.xlsx") == [(date(1904, 1, 2), date(2021, 3, 1))]


def test_shared_and_rich_texts(tmp_path: Path) -> None:
    strings = (
        "<sst><si><t>Puits</t></si>"
        "<si><r><t>de </t></r><r><t>Modèle</t></r><rPh><t>lu</t></rPh></si>"
        "<si><t>a_x000D_b_x005F_x0041_</t></si></sst>"
    )
    sheet = (
        "<row>"
        + "".join(f'<c t="s"><v>{n}</v></c>' for n in range(3))
        + '<c t="b"><v>1</v></c><c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>'
    )
    path = write_raw_xlsx(tmp_path / "t.xlsx", sheet, xl__sharedStrings=strings)

    assert cells(path) == [("Puits", "de Modèle", "a\rb_x0041_", "true", "ab")]


def test_a_percentage_and_an_error_of_an_ods(tmp_path: Path) -> None:
    from coopdec_graph.sources.tabular.cells import Fault

    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    row = (
        '<table:table-row><table:table-cell office:value-type="percentage" office:value="0.4">'
        "<text:p>40 %</text:p></table:table-cell>"
        f'<table:table-cell table:formula="of:=1/0" {calc} calcext:value-type="error" '
        'office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=A1" office:value-type="string">'
        "<text:p>Err:502</text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=A1"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true">'
        "<text:p>VRAI</text:p></table:table-cell></table:table-row>"
    )
    path = write_ods(tmp_path / "t.ods", f'<table:table table:name="A">{row}</table:table>')

    assert cells(path) == [(Decimal(40), Fault.ERROR, Fault.ERROR, Fault.FORMULA, "true")]
