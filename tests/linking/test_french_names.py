"""Whom a French name means by the table: levels that words say hold, names of another time wait."""

from __future__ import annotations

import pytest

from coopdec_graph.linking.bodies import FrenchTable
from coopdec_graph.linking.decisions import NameQuery


def meant(name: str, **said: str) -> tuple[list[str], list[str]]:
    """The keys of the places of those who bear a name, and of those whose commune bore it lately."""
    found = FrenchTable().meant(NameQuery(name, "FR", **said))
    return [b.place.key for b in found.bearing], [b.place.key for b in found.past]


@pytest.mark.parametrize(
    "name",
    [
        "Ville du Lot",
        "Mairie du Gard",
        "Ville de Guyane",
        "Commune d'Occitanie",
        "Commune de Normandie",
    ],
)
def test_a_town_of_that_name_is_no_departement_and_no_region(name: str) -> None:
    assert meant(name) == ([], [])


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Département du Lot", "fr/departement/46"),
        ("Conseil départemental des Yvelines", "fr/departement/78"),
        ("Région Bretagne", "fr/region/53"),
        ("Ville de Paris", "fr/commune/75056"),
        ("Département de Paris", "fr/departement/75"),
        ("Métropole de Lyon", "fr/epci/200046977"),
        ("Lyon", "fr/commune/69123"),
        ("Bordeaux Métropole", "fr/epci/243300316"),
        ("Collectivité de Corse", "fr/region/94"),
        ("Cherbourg-Octeville", "fr/commune-deleguee/50129"),
    ],
)
def test_a_level_that_the_name_says(name: str, key: str) -> None:
    assert meant(name) == ([key], [])


def test_a_name_that_another_commune_bore_lately_waits_for_a_person() -> None:
    """Évry was 91228 until 2019; today the only commune of that name is in Yonne."""
    assert meant("Ville d'Evry") == (["fr/commune/89162"], ["fr/commune/91228"])
    assert meant("Evry (91)") == ([], ["fr/commune/91228"])
    assert meant("Evry", departement="89") == (["fr/commune/89162"], [])


def test_a_place_that_a_person_refused_is_not_meant() -> None:
    query = NameQuery("Chinon", "FR", refused=frozenset({"fr/commune/37072"}))
    assert FrenchTable().meant(query).bearing == []
