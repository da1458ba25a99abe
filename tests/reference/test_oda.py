"""Who may receive official development assistance, year by year."""

from __future__ import annotations

import csv

import pytest

from coopdec_graph.countries import countries
from coopdec_graph.reference.oda import FIRST_YEAR, LAST_YEAR, is_oda_recipient
from coopdec_graph.resources import reference_file


def test_every_row_is_a_country_and_stands_once() -> None:
    with reference_file("oda_recipients.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = [row["alpha2"] for row in rows]
    assert codes == sorted(set(codes)) and len(codes) == 148
    assert set(codes) <= {country.alpha2 for country in countries()}


@pytest.mark.parametrize(
    ("year", "number"),
    # 148 with Anguilla and Saint Kitts and Nevis (left 2014), Chile, Seychelles, Uruguay (2018),
    # Cook Islands (2020), Antigua and Barbuda (2022), Montserrat and Nauru (not after 2025).
    [(2013, 148), (2014, 146), (2018, 143), (2020, 142), (2022, 141), (2025, 141), (2026, 139)],
)
def test_the_list_of_a_year(year: int, number: int) -> None:
    assert sum(is_oda_recipient(one.alpha2, [year]) for one in countries()) == number


def test_each_of_the_years_counts_and_an_unknown_one_is_a_no() -> None:
    assert is_oda_recipient("MA", range(FIRST_YEAR, LAST_YEAR + 1))
    assert not is_oda_recipient("MA", [FIRST_YEAR - 1, FIRST_YEAR])
    assert not is_oda_recipient("MA", [LAST_YEAR + 1])
    assert not is_oda_recipient("MA", [])
    assert not is_oda_recipient("UY", [2017, 2018])
    assert not is_oda_recipient("DE", [2020])
    assert not is_oda_recipient("??", [2020])
