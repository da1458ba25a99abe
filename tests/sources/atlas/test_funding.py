"""Rows of funding, with cells or flattened: who, how much, when, and the 1 % columns."""

import pytest

from tests.sources.atlas.atlas_pages import (
    LAST_FUNDING_ROW,
    MANTES,
    codes,
    flat,
    html,
    issues,
    pipes,
    read_text,
    replaced,
)

KNOWN = "Mantes la Jolie"


def with_partner(name, row):
    return read_text(
        replaced(replaced(MANTES, f"{KNOWN} commun", f"{name} commun"), LAST_FUNDING_ROW, row)
    )


def as_printed(financer, year, row):
    return {"financer": financer, "year": year, "amount": None, "printed": row}


def test_name_that_ends_with_a_number():
    row = "Département 93 7000 2019"
    known, unknown = with_partner("Département 93", row), flat(row)
    assert known.record["funding"][-1] == {
        "financer": "Département 93",
        "year": 2019,
        "amount": 7000,
    }
    assert issues(known, "funding-row-unread") == []
    assert unknown.record["funding"][-1] == as_printed(None, 2019, row)
    assert issues(unknown, "funding-row-unread") == [(94, "funding", row)]


def test_name_that_ends_with_a_number_and_no_sum():
    """Was read as 93 € from "Département", a body the page does not name."""
    row = "Département 93 2019"
    reading = with_partner("Département 93", row)
    assert reading.record["funding"][-1] == as_printed("Département 93", 2019, row)


@pytest.mark.parametrize("sums", ["7000 100", "7000 100 200", "7000 100 200 300 400", "10 500"])
def test_sums_whose_columns_are_undecidable(sums):
    row = f"{KNOWN} {sums} 2019"
    reading = flat(row)
    assert reading.record["funding"][-1] == as_printed(KNOWN, 2019, row)
    assert codes(reading) == ["funding-row-unread"]


def test_all_four_sums():
    reading = flat(f"{KNOWN} 7000 100 0 300 2019")
    assert reading.record["funding"][-1] == {
        "financer": KNOWN,
        "year": 2019,
        "amount": 7000,
        "one_percent": [
            {"column": 1, "amount": 100},
            {"column": 2, "amount": 0},
            {"column": 3, "amount": 300},
        ],
    }
    assert codes(reading) == []


@pytest.mark.parametrize("layout", ["html", "pipes"])
def test_empty_cells(layout):
    cells = (KNOWN, "7000", "", "200", "", "2019")
    reading = html(*cells) if layout == "html" else pipes(" | ".join(cells))
    assert reading.record["funding"][-1] == {
        "financer": KNOWN,
        "year": 2019,
        "amount": 7000,
        "one_percent": [{"column": 2, "amount": 200}],
    }


@pytest.mark.parametrize(
    ("cells", "left"),
    [
        (("", "7000", "", "", "", "2019"), (None, 2019, 7000)),
        ((KNOWN, "", "", "", "", "2019"), (KNOWN, 2019, None)),
        ((KNOWN, "", "100", "", "", "2019"), (KNOWN, 2019, None)),
        ((KNOWN, "7000", "", "", "", ""), (KNOWN, None, 7000)),
        ((KNOWN, "7000", "x", "", "", "2019"), (KNOWN, 2019, 7000)),
    ],
)
def test_missing_cells(cells, left):
    reading = html(*cells)
    row = reading.record["funding"][-1]
    assert (row["financer"], row["year"], row["amount"]) == left
    assert row["printed"] == " | ".join(cells)
    assert codes(reading) == ["funding-row-unread"]


@pytest.mark.parametrize(
    "row", ["7000 2019", "2019", "7000", KNOWN, f"{KNOWN} 2019", "Total 48999"]
)
def test_row_that_lacks_a_part(row):
    """`7000 2019` and `2019` were taken for the numbers of a pager, and lost."""
    reading = flat(row)
    assert len(reading.record["funding"]) == 9
    assert reading.record["funding"][-1]["printed"] == row
    assert codes(reading) == ["funding-row-unread"]


def test_rows_in_tabs_under_a_flat_header_are_read_as_flat():
    reading = flat("Mantes la Jolie\t5000\t\t\t\t2019")
    assert reading.record["funding"][-1] == {"financer": KNOWN, "year": 2019, "amount": 5000}


@pytest.mark.parametrize("cells", [("1", "2", "", "", "", "3"), ("-", "---", "", "", "", "-")])
def test_row_of_cells_is_never_a_pager_nor_a_rule(cells):
    """A row of small numbers was taken for the numbers of a pager, and lost."""
    reading = html(*cells)
    assert len(reading.record["funding"]) == 7
    assert reading.record["funding"][-1]["printed"] == " | ".join(cells)
    assert codes(reading) == ["funding-row-unread"]
