"""Exchange rates of a table in the ECB's form: which day's rate a sum gets, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.errors import UsageError
from coopdec_graph.reference.rates import Rate, RateTable

# The form of the ECB's file: newest first, a comma at the end of each line, N/A for what is not quoted.
TABLE = """Date,USD,XOF,GBP,
2021-06-18,1.1898,N/A,0.8574,
2021-06-15,1.2108,655.957,0.8603,
2021-06-11,1.2125,655.957,0.8583,
"""


def table(tmp_path: Path, text: str | bytes) -> RateTable:
    path = tmp_path / "taux.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return RateTable.load(path)


@pytest.mark.parametrize(
    ("currency", "day", "expected"),
    [
        ("USD", "2021-06-15", ("2021-06-15", "1.2108")),
        ("USD", "2021-06-17", ("2021-06-15", "1.2108")),  # the last day quoted before
        ("USD", "2021-06-25", ("2021-06-18", "1.1898")),  # seven days later still
        ("USD", "2021-06-26", None),  # eight are too many
        ("USD", "2021-06-10", None),  # nothing before the first day
        ("XOF", "2021-06-18", ("2021-06-15", "655.957")),  # not quoted that day
        ("CHF", "2021-06-15", None),  # not in the table
    ],
)
def test_the_rate_of_a_day(
    tmp_path: Path, currency: str, day: str, expected: tuple[str, str] | None
) -> None:
    found = table(tmp_path, TABLE).rate(currency, date.fromisoformat(day))

    assert found == (
        expected and Rate(currency, date.fromisoformat(expected[0]), Decimal(expected[1]))
    )


@pytest.mark.parametrize(
    ("amount", "euros"),
    [("12000", "9910.80"), ("-12000", "-9910.80"), ("0", "0.00"), ("0.005", "0.00")],
)
def test_an_amount_in_euros(amount: str, euros: str) -> None:
    rate = Rate("USD", date(2021, 6, 15), Decimal("1.2108"))

    assert rate.in_euros(Decimal(amount)) == Decimal(euros)


def test_no_table_converts_nothing() -> None:
    assert RateTable.load(None).rate("USD", date(2021, 6, 15)) is None


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    header, *rows = TABLE.splitlines()
    other = table(tmp_path, "\n".join([header, *reversed(rows)]))

    assert other.rates == table(tmp_path, TABLE).rates
    assert len(other.rates) == 8


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("Date\n", 1),
        ("Day,USD\n2021-06-15,1.2\n", 1),
        ("Date,usd\n2021-06-15,1.2\n", 1),
        ("Date,USD,USD\n2021-06-15,1.2,1.2\n", 1),
        ("Date,USD\n15/06/2021,1.2\n", 2),
        ("Date,USD\n2021-06-31,1.2\n", 2),
        ("Date,USD\n2021-06-15,1.2\n2021-06-15,1.3\n", 3),
        ("Date,USD\n2021-06-15,0\n", 2),
        ("Date,USD\n2021-06-15,-1.2\n", 2),
        ('Date,USD\n2021-06-15,"1,2"\n', 2),
        ("Date,USD\n2021-06-15,NaN\n", 2),
        ("Date,USD\n2021-06-15,1e3\n", 2),
        ("Date,USD\n2021-06-15," + "9" * 50 + "\n", 2),
        ("Date,USD\n2021-06-15\n", 2),
        ("Date,USD\n2021-06-15,1.2,1.3,1.4\n", 2),
        (b"Date,USD\n2021-06-15,\xff\n", 1),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_line(
    tmp_path: Path, text: str | bytes, line: int
) -> None:
    with pytest.raises(UsageError) as refusal:
        table(tmp_path, text)

    assert f"taux.csv”, line {line}: " in refusal.value.text("en")
    assert f"taux.csv », ligne {line} : " in refusal.value.text("fr")


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        RateTable.load(tmp_path / "none.csv")


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(0, 7),
    st.decimals(min_value="0.0001", max_value="100000", places=4),
)
def test_a_rate_is_never_of_a_later_day_nor_older_than_a_week(
    day: date, later: int, units: Decimal
) -> None:
    known = RateTable({("USD", day): units})

    found = known.rate("USD", day + timedelta(days=later))

    assert found == Rate("USD", day, units)
    assert known.rate("USD", day - timedelta(days=1)) is None
    assert known.rate("USD", day + timedelta(days=8)) is None
