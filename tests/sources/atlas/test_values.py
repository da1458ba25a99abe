"""Years, dates and sums: parsed when beyond doubt, else kept as printed with one issue."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.atlas.atlas_pages import (
    GROUP,
    MANTES,
    flat,
    html,
    issues,
    pipes,
    read_text,
    replaced,
    tabs,
)


def with_sum(layout, amount):
    """The last row of funding, and the codes of the issues of the table."""
    match layout:
        case "flat":
            reading = flat(f"{GROUP} {amount} 2021")
        case "pipes":
            reading = pipes(f"{GROUP} | {amount} | | | | 2021 |")
        case "tabs":
            reading = tabs(f"{GROUP}\t{amount}\t\t\t\t2021")
        case "html":
            reading = html(GROUP, amount, "", "", "", "2021")
    found = [issue.code for issue in reading.issues if issue.field == "funding"]
    return reading.record["funding"][-1], found


LAYOUTS = ("flat", "pipes", "tabs", "html")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("printed", "amount"),
    [
        ("7000 €", 7000),
        ("7000 euros", 7000),
        ("7 000", 7000),
        ("7\u00a0000", 7000),
        ("7\u202f000", 7000),
        ("7\u2009000", 7000),
        ("1\u00a0234,50", 1234.5),
        ("1\u202f000\u202f000", 1_000_000),
        ("7\u00a0000 €", 7000),
    ],
)
def test_sum_printed_otherwise_but_beyond_doubt(layout, printed, amount):
    row, found = with_sum(layout, printed)
    assert row == {"financer": GROUP, "year": 2021, "amount": amount}
    assert found == ["amount-notation"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("printed", "amount"), [("0", 0), ("7000", 7000), ("7000,50", 7000.5)])
def test_sum_printed_the_usual_way(layout, printed, amount):
    row, found = with_sum(layout, printed)
    assert row == {"financer": GROUP, "year": 2021, "amount": amount}
    assert found == []


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "printed",
    [
        "-5",
        "+5",
        "1e9",
        "1,234.50",
        "1.234,50",
        "7.000",
        "7000,505",
        "١٢٣",
        "７０００",
        "½",
        "0x10",
        "NaN",
        "inf",
        "1_000",
        "007",
        "7000-",
        "n.c.",
        "7 0000",
        "9999999999999999",
    ],
)
def test_sum_in_doubt_is_kept_as_printed(layout, printed):
    row, found = with_sum(layout, printed)
    separator = " " if layout == "flat" else " | "
    assert (row["amount"], row["year"], row["financer"]) == (None, 2021, GROUP)
    assert f"{separator}{printed}{separator}" in row["printed"]
    assert found == ["funding-row-unread"]


def test_grouped_sum_in_a_flat_row_is_two_sums_or_one():
    """`1 234,50` may be 1 234.50 € or 1 € and a levy of 234.50 €: a plain space does not tell."""
    for layout, amount in [("flat", None), ("pipes", 1234.5), ("tabs", 1234.5), ("html", 1234.5)]:
        row, found = with_sum(layout, "1 234,50")
        assert row["amount"] == amount
        assert found == ["funding-row-unread" if amount is None else "amount-notation"]


@pytest.mark.parametrize(
    "year", ["0000", "20199", "1899", "2101", "19", "２０１９", "2019.", "n.c."]
)
def test_year_of_funding_in_doubt(year):
    for reading in (
        flat(f"{GROUP} 7000 {year}"),
        pipes(f"{GROUP} | 7000 | | | | {year} |"),
        html(GROUP, "7000", "", "", "", year),
    ):
        row = reading.record["funding"][-1]
        assert (row["financer"], row["year"]) == (GROUP, None)
        assert row["printed"].endswith(year)
        assert len(issues(reading, "funding-row-unread")) == 1


@pytest.mark.parametrize("year", ["0000", "20199", "MMXIX", "２０１９", "16", "2019-2020", "-2019"])
def test_start_year_in_doubt(year):
    reading = read_text(MANTES.replace("du partenariat\n2019\n", f"du partenariat\n{year}\n"))
    assert reading.record["start_year"] is None
    assert [issue.to_dict()["value"] for issue in reading.issues] == [year]
    assert issues(reading, "year-unread") == [(30, "start_year", year)]


@pytest.mark.parametrize(
    "end",
    ["31/02/2021", "1/1/2021", "2021-12-31", "31/12/0000", "31/12/21", "00/00/2021", "12/2021"],
)
def test_end_date_in_doubt(end):
    reading = read_text(replaced(MANTES, "31/12/2021", end))
    assert reading.record["end_date"] is None
    assert len(reading.issues) == 1
    assert issues(reading, "date-unread") == [(34, "end_date", end)]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30), st.text(max_size=12), st.text(max_size=8))
def test_no_row_of_funding_is_lost(name, amount, year):
    """Whatever a cell holds, its row is read, kept as printed, or refused with an issue."""
    cells = (name, amount, "", "", "", year)
    clean = [
        "".join(c for c in cell if c.isprintable() and c not in "<>&|\ud800\xad") for cell in cells
    ]
    if not any(cell.strip() for cell in clean):
        return
    reading = html(*clean)
    rows = reading.record["funding"]
    refused = [issue for issue in reading.issues if issue.field == "funding"]
    assert len(rows) == 7 or (len(rows) == 6 and refused)
    if len(rows) == 7 and "printed" in rows[-1]:
        assert len(refused) == 1
