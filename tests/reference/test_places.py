"""A place of any table by its key: what it is, where it is, what it lies in."""

from __future__ import annotations

import pytest

from coopdec_graph.reference.french import french_bodies
from coopdec_graph.reference.places import (
    french_body,
    place_of_french,
    place_of_subdivision,
    place_with_key,
)
from coopdec_graph.reference.world import subdivisions


def chain(key: str) -> list[tuple[str, str, str]]:
    """Key, name and level of a place and of those it lies in."""
    found, place = [], place_with_key(key)
    while place is not None:
        found.append((place.key, place.name, str(place.level)))
        place = place.within
    return found


def test_a_commune_lies_in_its_departement_and_region() -> None:
    assert chain("fr/commune/78361") == [
        ("fr/commune/78361", "Mantes-la-Jolie", "commune"),
        ("fr/departement/78", "Yvelines", "departement"),
        ("fr/region/11", "Île-de-France", "region"),
    ]
    place = place_with_key("fr/commune/78361")
    assert place is not None
    assert (place.insee, place.siren, place.geonames) == ("78361", "217803618", 2996148)
    assert place.point == (48.99048, 1.7167)


def test_a_commune_deleguee_lies_in_its_commune() -> None:
    assert [key for key, _, _ in chain("fr/commune-deleguee/50129")] == [
        "fr/commune-deleguee/50129",
        "fr/commune/50129",
        "fr/departement/50",
        "fr/region/28",
    ]


def test_a_grouping_lies_in_its_departement_if_it_has_one_only() -> None:
    one, several = place_with_key("fr/epci/200059889"), place_with_key("fr/epci/200054781")
    assert one is not None and one.within is not None and one.within.key == "fr/departement/78"
    assert several is not None and several.name == "Métropole du Grand Paris"
    assert several.within is None or several.within.level == "region"


def test_a_town_and_its_prefecture_are_two_places() -> None:
    assert chain("ma/geonames/2538475") == [
        ("ma/geonames/2538475", "Rabat", "settlement"),
        ("ma/geonames/2538474", "Rabat", "subdivision"),
        ("ma/geonames/11281877", "Rabat-Salé-Kénitra", "subdivision"),
    ]


@pytest.mark.parametrize(
    "key",
    ["", "fr", "fr/commune", "fr/commune/00000", "fr/ville/78361", "fr/epci/217803618",
     "ma/geonames/x", "ma/geonames/", "tg/geonames/2538475", "ma/wikidata/Q1", "ma/geonames/²"],
)  # fmt: skip
def test_what_no_table_has_is_no_place(key: str) -> None:
    assert place_with_key(key) is None
    if not key.startswith("fr/commune/"):
        assert french_body(key) is None


def test_every_french_body_is_a_place_found_again_by_its_key() -> None:
    bodies = [body for body in french_bodies() if body.code]
    assert len(bodies) > 38_000
    lost = [body for body in bodies if place_with_key(place_of_french(body).key) is None]
    assert lost == []


def test_no_subdivision_lies_in_itself() -> None:
    """It would go round for ever."""
    rows = [row for found in subdivisions().values() for row in found if row.geonames]
    assert len(rows) > 50_000
    for row in rows:
        seen, place = set(), place_of_subdivision(row)
        while place is not None:
            assert place.key not in seen
            seen.add(place.key)
            place = place.within
