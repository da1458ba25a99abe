"""Countries, subdivisions and cities of the world; units of the Moroccan census."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from coopdec_graph.countries import countries
from coopdec_graph.reference import world


def test_every_country_has_its_wikidata_item_and_its_arabic_name() -> None:
    table = world.world_countries()
    assert set(table) == {country.alpha2 for country in countries()}
    assert len({country.wikidata for country in table.values()}) == 250
    assert all(re.fullmatch(r"Q[1-9]\d*", country.wikidata) for country in table.values())
    assert all(country.ar and country.geonames for country in table.values())
    assert [code for code, country in table.items() if country.m49 is None] == ["XK"]
    morocco = table["MA"]
    assert (morocco.wikidata, morocco.alpha3, morocco.m49) == ("Q1028", "MAR", "504")
    assert (morocco.fr, morocco.en, morocco.ar) == ("Maroc", "Morocco", "المغرب")


def test_rabat_is_a_prefecture_and_a_city() -> None:
    (prefecture,) = world.subdivisions_named("Rabat", "MA")
    (city,) = world.cities_named("RABAT", "MA")
    assert (prefecture.kind, prefecture.iso, prefecture.geonames) == (
        "Prefecture",
        "MA-RAB",
        2538474,
    )
    assert (city.geonames, city.subdivisions[-1]) == (2538475, "MA.04.421")
    assert world.subdivision_with_iso("MA-RAB") == prefecture
    assert world.subdivision_with_geonames(2538474) == prefecture
    assert world.city_with_geonames(2538475) == city
    assert world.city_with_geonames(2538474) is None
    units = [(unit.code, unit.kind) for unit in world.moroccan_units_named("الرباط")]
    assert units == [("04.421", "prefecture"), ("04.421.01.0", "urban")]
    assert world.moroccan_units()["04.421"].geonames_code == prefecture.code


@pytest.mark.parametrize(
    ("name", "alpha2", "geonames"),
    [
        ("Alep", "SY", 170063),
        ("حلب", "SY", 170063),
        ("Londres", "GB", 2643743),
        ("Ouagadougou", "BF", 2357048),
        ("Saint-Louis", "SN", 2246452),
        ("St Louis", "SN", 2246452),
    ],
)
def test_cities_by_other_names(name: str, alpha2: str, geonames: int) -> None:
    assert geonames in [city.geonames for city in world.cities_named(name, alpha2)]


def test_names_count_in_their_country_only() -> None:
    assert world.cities_named("Ouagadougou", "SN") == ()
    assert world.cities("ZZ") == world.cities("../MA") == ()
    assert world.cities("FR") == ()


def test_every_city_lies_on_the_globe_under_one_id() -> None:
    ids = Counter(
        city.geonames
        for country in ("MA", "SN", "ML", "DE", "VN")
        for city in world.cities(country)
    )
    assert len(ids) > 10_000 and max(ids.values()) == 1
    for city in world.cities("ML"):
        assert 10 < city.latitude < 25.1 and -12.5 < city.longitude < 4.5


def test_counts() -> None:
    assert sum(len(rows) for rows in world.subdivisions().values()) == 51_711
    assert Counter(unit.level for unit in world.moroccan_units().values()) == {
        "region": 12,
        "province": 83,
        "commune": 1_503,
        "arrondissement": 41,
    }
