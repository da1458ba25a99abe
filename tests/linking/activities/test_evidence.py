"""Each piece of evidence on a pair: what it is called, and when it is no evidence at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from coopdec_graph.linking.activities.evidence import evidence_of
from coopdec_graph.model import Activity
from tests.linking.activities.reports import partnership, read, report


def levels(first: Activity, second: Activity) -> dict[str, str]:
    """The features of a pair, the same whichever comes first."""
    one, other = read(first, second)
    found = evidence_of(one, other)
    assert found == evidence_of(other, one)
    return {text.partition(": ")[0]: text.partition(": ")[2] for text in found.texts()}


def of(feature: str, **changed: Any) -> str | None:
    """One feature of the partnership of `reports.py` and of a report that differs by these."""
    return levels(partnership("3203"), report("XM-PUBLIEUR-2019-17", **changed)).get(feature)


def test_everything_agrees() -> None:
    assert levels(partnership("3203"), report("XM-PUBLIEUR-2019-17")) == {
        "title": "same, 1.00",
        "parties": "both-sides",
        "country": "same",
        "dates": "same",
        "amounts": "same",
    }


def test_what_is_not_known_is_no_evidence() -> None:
    bare = report(
        "XM-PUBLIEUR-2019-17", {}, doers=(), countries=(), start=None, end=None, budget=None
    )
    assert levels(partnership("3203"), bare) == {}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ({"fr": "Accès à l’eau potable des écoles RURALES"}, "same, 1.00"),
        ({"fr": "Écoles rurales : accès à l'eau potable des"}, "same, 1.00"),
        ({"fr": "Accès à l'eau potable dans les écoles rurales"}, "near, 0.92"),
        ({"fr": "Accès à l'électricité des écoles rurales"}, "alike, 0.75"),
        ({"fr": "Jumelage"}, "apart, 0.21"),
        # Two languages are not compared; a title whose language is not said may be in any.
        ({"en": "Accès à l'eau potable des écoles rurales"}, None),
        ({"fr-FR": "Accès à l'eau potable des écoles rurales"}, "same, 1.00"),
        ({"": "Accès à l'eau potable des écoles rurales"}, "same, 1.00"),
        ({"en": "Water", "fr": "Accès à l'eau potable des écoles rurales"}, "same, 1.00"),
        ({"fr": "…"}, None),
    ],
)
def test_titles(title: dict[str, str], expected: str | None) -> None:
    assert of("title", titles=title) == expected


def test_a_title_of_one_or_two_words_is_that_of_many_projects() -> None:
    twinning, same = partnership("1", "Jumelage"), report("XM-PUBLIEUR-17", {"fr": "Jumelage"})
    assert levels(twinning, same)["title"] == "alike, 1.00"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("Eau potable, phase 1", "Eau potable, phase 2", "differ"),
        ("Eau potable, phase 01", "Eau potable, phase 1", None),
        ("Eau potable, tranche I", "Eau potable, tranche II", "differ"),
        ("Eau potable, tranche I", "Eau potable, tranche 1", None),
        ("Eau potable", "Eau potable, phase 2", "one-sided"),
        ("Eau potable 2014-2016", "Eau potable 2017-2019", "differ"),
        # A letter that numbers nothing is a word.
        ("Appui à la ville de V", "Appui à la ville de I", None),
        ("Eau potable", "Eau potable", None),
    ],
)
def test_numbers_tell_phases_apart(ours: str, theirs: str, expected: str | None) -> None:
    pair = partnership("1", ours), report("XM-PUBLIEUR-17", {"fr": theirs})
    assert levels(*pair).get("numbers") == expected


@pytest.mark.parametrize(
    ("doers", "payers", "expected"),
    [
        (("Chinon", "Rufisque"), (), "both-sides"),
        (("Commune de CHINON", "Municipalité de Rufisque"), (), "both-sides"),
        (("Chinon",), (), "one-side, French"),
        (("Ville de Rufisque", "Association Exemple"), (), "one-side, other"),
        (("Association Exemple",), ("Chinon",), "one-side, French"),
        (("Association Exemple",), (), "apart"),
        (("Région de Rufisque",), (), "apart"),
        # Who only pays for both, as the ministry does for thousands, says nothing.
        ((), ("Ministère de l'Europe et des Affaires étrangères",), None),
    ],
)
def test_parties(doers: tuple[str, ...], payers: tuple[str, ...], expected: str | None) -> None:
    assert of("parties", doers=doers, payers=payers) == expected


def test_towns_of_one_name_in_two_countries_are_two() -> None:
    first = partnership("1", foreign=["La Paix"], country="TG")
    second = report("XM-PUBLIEUR-17", doers=["La Paix"], countries=["TG"])
    assert levels(first, second)["parties"] == "one-side, other"
    elsewhere = Activity(
        **{
            **{name: getattr(second, name) for name in Activity.__slots__},
            "participations": partnership("2", foreign=["La Paix"], country="BJ").participations,
        }
    )
    assert levels(first, elsewhere)["parties"] == "one-side, French"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2019, 9, 1), date(2021, 12, 31), "same"),  # the Atlas gives the year alone
        (date(2019, 9, 1), date(2022, 12, 31), "one-end"),
        (date(2020, 1, 1), date(2021, 12, 31), "one-end"),
        (date(2020, 1, 1), date(2021, 7, 31), "overlap, 0.53"),
        (date(2021, 7, 1), date(2024, 12, 31), "brief-overlap, 0.08"),
        (date(2022, 1, 1), date(2024, 12, 31), "disjoint"),
        (date(2015, 1, 1), date(2018, 12, 31), "disjoint"),
        (date(2020, 1, 1), None, "open"),
        (date(2022, 1, 1), None, "disjoint"),
        (None, date(2021, 12, 31), "one-end"),
        (None, date(2020, 12, 31), None),
        (None, None, None),
        (2019, date(2021, 12, 31), "same"),
    ],
)
def test_dates(start: date | int | None, end: date | None, expected: str | None) -> None:
    assert of("dates", start=start, end=end) == expected


def test_two_known_days_must_be_one_day() -> None:
    first = report("XM-PUBLIEUR-17", start=date(2019, 1, 1))
    second = report("XM-AUTRE-2019", reporter="XM-AUTRE", start=date(2019, 9, 1))
    assert levels(first, second)["dates"] == "one-end"


@pytest.mark.parametrize(
    ("budget", "currency", "expected"),
    [
        (42000, "EUR", "same"),
        (41700, "EUR", "same"),
        (41500, "EUR", "apart"),
        (42000, "USD", None),
        (30000, "EUR", "share"),  # what the ministry gives
        (0, "EUR", None),
        (None, "EUR", None),
    ],
)
def test_amounts(budget: int | None, currency: str, expected: str | None) -> None:
    assert of("amounts", budget=budget, currency=currency) == expected


def test_countries() -> None:
    assert of("country", countries=["SN", "ML"]) == "same"
    assert of("country", countries=["ML"]) == "apart"
    assert of("country", countries=[]) is None


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        (("14.70", "-17.27"), "near, 2 km"),
        (("14.69", "-17.05"), "near, 24 km"),
        (("16.02", "-16.49"), "far, 167 km"),
        (None, None),
    ],
)
def test_places(point: tuple[str, str] | None, expected: str | None) -> None:
    first = report("XM-PUBLIEUR-17", point=("14.716", "-17.267"))
    second = report("XM-AUTRE-2019", reporter="XM-AUTRE", point=point)
    assert levels(first, second).get("place") == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"declares": ["atlas-3203"]}, "declared"),
        ({"declares": [" atlas-3203 "]}, "declared"),
        ({"declares": ["https://w3id.org/coopdec/id/partnership/atlas-3203"]}, "declared"),
        ({"linked_data": "https://w3id.org/coopdec/id/partnership/atlas-3203"}, "declared"),
        ({"linked_data": "https://w3id.org/coopdec/id/partnership/atlas-3203/"}, None),
        # The Atlas's bare number may be anything's, a code of an organisation is of no activity.
        ({"declares": ["3203"]}, None),
        ({"declares": ["atlas-3203"], "identifier_type": "B9"}, None),
        ({"declares": ["atlas-32034"]}, None),
        ({"parts": ["atlas-3203"]}, "participant"),
        ({"related": [("5", "atlas-3203")]}, "declared"),
        ({"related": [("4", "atlas-3203")]}, None),
    ],
)
def test_identifiers(changed: dict[str, Any], expected: str | None) -> None:
    assert of("identifier", **changed) == expected


def test_identifiers_within_a_programme() -> None:
    first = report("XM-A-1", reporter="XM-A")
    assert levels(first, report("XM-B-2", reporter="XM-B", parts=["XM-A-1"]))["identifier"] == (
        "participant"
    )
    third = report("XM-B-2", reporter="XM-B", related=[("5", "XM-A-1")])
    assert levels(first, third)["identifier"] == "declared"
    # "XM-A-1" is short: as another identifier it may be a number of the publisher's own.
    other = report("XM-B-2", reporter="XM-B", declares=["XM-A-1"])
    assert "identifier" not in levels(first, other)


def test_an_identifier_that_both_give_is_evidence_and_no_more() -> None:
    first = report("XM-A-0001", reporter="XM-A", declares=["2019-CRS-00017"])
    second = report("XM-B-0002", reporter="XM-B", declares=["2019-CRS-00017"])
    assert levels(first, second)["identifier"] == "shared"
    bare = report("XM-B-0002", reporter="XM-B", declares=["2019000017"])
    assert "identifier" not in levels(report("XM-A-0001", declares=["2019000017"]), bare)


def test_one_identifier_in_two_programmes_is_one_activity() -> None:
    first = report("360G-EXEMPLE-2019-04", reporter="", programme="grants")
    assert levels(first, report("360G-EXEMPLE-2019-04"))["identifier"] == "declared"
    # A short one may be anything's.
    short = report("2019-04", reporter="", programme="grants")
    assert "identifier" not in levels(short, report("2019-04"))
