"""Numbers, days, positions and damaged texts, by property and by example."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.countries import countries, country_named
from coopdec_graph.namespaces import matching_key
from coopdec_graph.sources.tabular.days import DayForm, TwoReadings, day_form, two_readings, year_of
from coopdec_graph.sources.tabular.lists import country_of, has_list, holds
from coopdec_graph.sources.tabular.values import decimal, is_garbled, position

AMOUNTS = st.decimals(-(10**12), 10**12, places=2, allow_nan=False, allow_infinity=False)
NOTATIONS = [(".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", " "), (",", "'")]


@given(AMOUNTS, st.sampled_from(NOTATIONS))
def test_a_number_is_read_back_in_each_notation(amount: Decimal, notation: tuple[str, str]) -> None:
    point, thousands = notation
    printed = f"{amount:,.2f}".replace(",", "#").replace(".", point).replace("#", thousands)

    assert decimal(printed, point, [thousands] if thousands else []) == amount


@given(st.text(alphabet="0123456789.,- '\u00a0\u202fE+x", max_size=15), st.sampled_from(NOTATIONS))
def test_any_text_is_a_number_or_nothing(text: str, notation: tuple[str, str]) -> None:
    point, thousands = notation
    found = decimal(text, point, [thousands] if thousands else [])

    assert found is None or found.is_finite()
    if found is not None:
        digits = "".join(filter(str.isdigit, text))
        assert "".join(filter(str.isdigit, f"{found:f}")).lstrip("0") == digits.lstrip("0")


@pytest.mark.parametrize(
    ("printed", "point", "thousands", "found"),
    [
        ("1 234,5", ",", [" "], Decimal("1234.5")),
        ("1\u00a0234\u202f567", ",", [" "], Decimal(1234567)),
        ("\u2212 5", ",", [" "], None),
        ("\u22125", ",", [], Decimal(-5)),
        ("1.234", ",", ["."], Decimal(1234)),
        ("1.5", ",", ["."], None),
        ("1,5", ".", [","], None),
        ("12 34", ",", [" "], None),
        ("1,2,3", ",", [], None),
        ("5 €", ",", [" "], None),
        ("٣", ".", [], None),
        ("1e3", ".", [], None),
        ("", ".", [], None),
        # One number has one sign of thousands, and none behind the point.
        ("1 234.567", ",", [" ", "."], None),
        ("1.234 567", ",", [" ", "."], None),
        ("1.234.567,8", ",", [" ", "."], Decimal("1234567.8")),
        ("1 234 567,8", ",", [" ", "."], Decimal("1234567.8")),
        ("1,234 567", ",", [" "], None),
        ("1'234’567", ".", ["'", "’"], None),
        ("9" * 31, ".", [], None),
    ],
)
def test_numbers(printed: str, point: str, thousands: list[str], found: Decimal | None) -> None:
    assert decimal(printed, point, thousands) == found


FORMS = ["YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "YYYYMMDD"]


@given(st.dates(date(1000, 1, 1)), st.sampled_from(FORMS))
def test_a_day_is_read_back_in_each_form(day: date, form: str) -> None:
    printed = form.replace("YYYY", f"{day.year:04}").replace("MM", f"{day.month:02}")
    read = day_form(form)

    assert read is not None and read.read(printed.replace("DD", f"{day.day:02}")) == day


@pytest.mark.parametrize(
    ("form", "printed", "found"),
    [
        ("DD/MM/YYYY", "1/3/2021", date(2021, 3, 1)),
        ("DD/MM/YYYY", "29/02/2021", None),
        ("DD/MM/YYYY", "01-03-2021", None),
        ("DD/MM/YYYY", "٠١/03/2021", None),
        ("iso", "2021-03-01T23:59:59Z", date(2021, 3, 1)),
        ("iso", "2021-03-01 08:00:00.000+02:00", date(2021, 3, 1)),
        ("iso", "2021-3-1", None),
        ("iso", "2021-03-01T", None),
        ("YYYY-MM-DD", "0999-01-01", None),
    ],
)
def test_days(form: str, printed: str, found: date | None) -> None:
    read = day_form(form)
    assert read is not None and read.read(printed) == found


@pytest.mark.parametrize(
    "form", ["", "YYYY", "DD/MM", "DD/MM/YY", "DD/DD/YYYY", "DD MMM YYYY", "(.*)"]
)
def test_forms_that_are_none(form: str) -> None:
    assert day_form(form) is None


def test_parts_without_a_sign_between_have_all_their_digits() -> None:
    """1112021 is 11 January or 1 November."""
    form = day_form("DDMMYYYY")

    assert form is not None
    assert [form.read(text) for text in ("1112021", "01112021")] == [None, date(2021, 11, 1)]


def forms(*printed: str) -> list[DayForm]:
    return [form for form in map(day_form, printed) if form is not None]


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("DD/MM/YYYY", "MM/DD/YYYY", "01/02/2021"),
        ("YYYY-DD-MM", "iso", "2021-01-02"),
        ("YYYYMMDD", "DDMMYYYY", "10111001"),
        ("DD/MM/YYYY", "DD.MM.YYYY", None),
        ("DD/MM/YYYY", "DD/MM/YYYY", None),
        ("DD/MM/YYYY", "YYYY/MM/DD", None),
        ("YYYY-MM-DD", "iso", None),
        ("DD/MM/YYYY", "MM-DD-YYYY", None),
    ],
)
def test_forms_that_read_one_text_as_two_days(first: str, second: str, text: str | None) -> None:
    found = two_readings(forms("YYYY.MM.DD", first, second))

    assert found == (None if text is None else TwoReadings(text, *forms(first, second)))


SEPARATED = st.builds(
    lambda parts, signs: "".join(map("".join, zip(parts, signs, strict=True))),
    st.permutations(["YYYY", "MM", "DD"]),
    st.tuples(*[st.sampled_from(["", "/"])] * 3),
)


@given(st.dates(date(1000, 1, 1)), SEPARATED, SEPARATED)
def test_no_two_forms_that_are_taken_read_a_text_as_two_days(
    day: date, first: str, second: str
) -> None:
    one, other = forms(first, second)
    printed = first.replace("YYYY", f"{day.year:04}").replace("MM", f"{day.month:02}")
    read = other.read(printed.replace("DD", f"{day.day:02}"))

    assert read in (None, day) or two_readings([one, other]) is not None


def test_years() -> None:
    assert [year_of(text) for text in ("2021", "21", "0999", "20211", "2021.0", "٢٠٢١")] == [
        2021, None, None, None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("48.85,2.35", ("48.85", "2.35")),
        ("48.85, 2.35", ("48.85", "2.35")),
        ("48,85 2,35", ("48,85", "2,35")),
        ("48,85;2,35", ("48,85", "2,35")),
        ("(48.85 2.35)", ("48.85", "2.35")),
        ("POINT(2.35 48.85)", ("2.35", "48.85")),
        ("48.85", None),
        ("1 2 3", None),
        (",," * 100_000, None),
    ],
)
def test_positions(printed: str, found: tuple[str, str] | None) -> None:
    began = time.monotonic()
    assert position(printed) == found
    assert time.monotonic() - began < 1


@given(
    st.text(
        st.characters(min_codepoint=0x80, max_codepoint=0x2FFF, exclude_categories=["Cs"]),
        min_size=1,
    )
)
def test_utf8_read_as_another_encoding_is_seen(text: str) -> None:
    assert is_garbled(text.encode().decode("latin-1"))


@pytest.mark.parametrize(
    "text", ["", "plain", "Réseau", "São Tomé", "ÂGE", "« Été »", "Ångström", "Ưu tiên", "日本", "naïve café", "Ā"]
)  # fmt: skip
def test_sound_texts_are_not_called_garbled(text: str) -> None:
    assert not is_garbled(text)


def test_no_name_of_a_country_is_that_of_another() -> None:
    """French and English names are looked up together: none may mean two countries."""
    for country in countries():
        assert country_of(country.alpha2) == country_of(country.alpha3) == country
        assert country_of(country.fr) == country
        assert country_of(country.en) == country, country.en
        in_french = country_named(country.en)
        assert in_french in (None, country), country.en
    assert country_of("Atlantide") is None
    assert country_of("ma") is None
    assert len({matching_key(country.en) for country in countries()}) == len(countries())


def test_which_lists_we_hold() -> None:
    assert [has_list(name) for name in ("country", "sdg", "dac", "iati-aid-type", "role", "x")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip
    assert holds("dac", "14030") and not holds("dac", "99999")
    assert holds("sdg", "6") and not holds("sdg", "18")
    assert holds("country", "MA") and not holds("country", "ZZ")
