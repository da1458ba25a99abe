"""Countries by their French names; the longest name at the end of a text wins."""

import pytest

from coopdec_graph.countries import (
    countries,
    country_named,
    country_with_code,
    split_trailing_country,
)
from coopdec_graph.namespaces import matching_key


def test_table():
    assert len(countries()) == 250
    assert len({country.alpha2 for country in countries()}) == 250
    assert len({country.alpha3 for country in countries()}) == 250
    assert all(country.fr and country.en for country in countries())


def test_no_name_stands_for_two_countries():
    owners: dict[str, set[str]] = {}
    for country in countries():
        for name in (country.fr, *country.aliases):
            owners.setdefault(matching_key(name), set()).add(country.alpha2)
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}


@pytest.mark.parametrize(
    ("name", "alpha2"),
    [
        ("Maroc", "MA"),
        ("MAROC", "MA"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("Congo", "CG"),
        ("République démocratique du Congo", "CD"),
        ("Palestine", "PS"),
        ("Viet Nam", "VN"),
        ("Guinée-Bissau", "GW"),
        ("Guinée", "GN"),
    ],
)
def test_country_named(name, alpha2):
    assert country_named(name) == country_with_code(alpha2)


@pytest.mark.parametrize("name", ["", "Maro", "Marocco", "le Maroc", "Rabat", "Atlantide"])
def test_no_nearest_match(name):
    assert country_named(name) is None


@pytest.mark.parametrize(
    ("text", "name", "alpha2"),
    [
        ("Conseil de la Préfecture de Rabat Maroc", "Conseil de la Préfecture de Rabat", "MA"),
        ("Goma République démocratique du Congo", "Goma", "CD"),
        ("Goma Congo", "Goma", "CG"),
        ("Ville de Luxembourg Luxembourg", "Ville de Luxembourg", "LU"),
        ("Maroc Maroc", "Maroc", "MA"),
        ("Bata Guinée équatoriale", "Bata", "GQ"),
        ("Abidjan Côte d'Ivoire", "Abidjan", "CI"),
    ],
)
def test_trailing_country(text, name, alpha2):
    assert split_trailing_country(text) == (name, country_with_code(alpha2))


@pytest.mark.parametrize("text", ["", "Maroc", "Côte d'Ivoire", "Maroc Rabat", "Rabat", "   "])
def test_no_trailing_country(text):
    assert split_trailing_country(text) == (text, None)


@pytest.mark.parametrize("country", countries(), ids=lambda country: country.alpha2)
def test_every_name_is_found_at_the_end_of_a_row(country):
    for name in (country.fr, *country.aliases):
        assert split_trailing_country(f"Ville {name}") == ("Ville", country)


def test_french_territories():
    assert {country.alpha2 for country in countries() if country.is_french} >= {"FR", "RE", "NC"}
    assert not country_with_code("MA").is_french
