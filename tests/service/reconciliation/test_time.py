"""`date`: which entity bore the name then. What the sources leave open is a candidate, never a match."""

from __future__ import annotations

import pytest

from tests.service.live_service import serving
from tests.service.reconciliation.conftest import ask_of, features, matched
from tests.service.reconciliation.release import publish, quads

PLACE = "id/place/fr/commune/50129"
BODY = "id/collectivity/fr/cherbourg-en-cotentin"
MANTES = "id/place/fr/commune/78361"
BORE = "a porté le nom « Cherbourg-Octeville » (depuis 2000-02-28, avant 2016-01-01)"


@pytest.mark.parametrize("date", ["2010", "2010-06", "2010-06-30", "2010-06-30T00:00:00Z", 2010])
@pytest.mark.parametrize(("type", "id"), [("Place", PLACE), ("Collectivity", BODY)])
def test_the_entity_that_bore_the_name_then(ask, type, id, date):
    (found,) = ask("Cherbourg-Octeville", type, date=date)
    assert (found["id"], found["score"], found["match"]) == (id, 98.0, True)
    assert found["name"] == "Cherbourg-en-Cotentin"
    assert found["description"].endswith(BORE)
    assert features(found) == {"name": 70.0, "type": True, "date": True, "past_name": True}


def test_words_before_the_name_tell_the_level(ask):
    (found,) = ask("Ville de Cherbourg-Octeville", "Place", date="2010")
    assert (found["id"], found["match"]) == (PLACE, True)
    assert ask("Région Cherbourg-Octeville", "Place", date="2010") == []


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("Cherbourg-Octeville", "2016"),
        ("Cherbourg-Octeville", "2016-01-01"),
        ("Cherbourg-Octeville", "1999"),
        ("Octeville", "2010"),
        ("Mantes-Gassicourt", "2010"),
    ],
)
def test_nobody_bore_it_then(ask, name, date):
    assert matched(ask(name, "Place", date=date)) == []
    assert all(features(one).get("date") is not True for one in ask(name, "Place", date=date))


@pytest.mark.parametrize("type", ["Place", "Collectivity"])
def test_todays_name_was_not_borne_then(ask, type):
    (found,) = ask("Cherbourg-en-Cotentin", type, date="2010")
    assert (found["score"], found["match"]) == (60.0, False)
    assert features(found)["date"] is False
    assert len(matched(ask("Cherbourg-en-Cotentin", type, date="2020"))) == 1
    assert len(matched(ask("Cherbourg-en-Cotentin", type))) == 1


@pytest.mark.parametrize(
    ("date", "open"),
    [("2000", True), ("2000-02", True), ("2000-02-27", False), ("2000-02-28", False)],
)
def test_a_year_in_which_the_name_changed_is_open(ask, date, open):
    found = ask("Cherbourg-Octeville", "Place", date=date)
    if open:
        assert (found[0]["match"], "date" in features(found[0])) == (False, False)
    else:
        assert matched(found) == ([PLACE] if date == "2000-02-28" else [])


def test_the_commune_that_took_over_is_said_to_have(ask):
    for date in ("1990", None):
        properties = {"date": date} if date else {}
        (found,) = ask("Octeville", "Place", **properties)
        assert (found["id"], found["score"], found["match"]) == (
            PLACE,
            75.0,
            False,
        )
        assert found["description"].endswith("a repris « Octeville » (avant 2000-02-28)")
        assert features(found)["took_over"] is True


def test_without_a_date_a_past_name_is_a_candidate(ask):
    (found,) = ask("Cherbourg-Octeville", "Place")
    assert (found["id"], found["score"], found["match"]) == (PLACE, 80.0, False)
    assert features(found)["past_name"] is True
    english = ask("Cherbourg-Octeville", "Place", lang="en")[0]["description"]
    assert "bore the name “Cherbourg-Octeville” (since 2000-02-28, before 2016-01-01)" in english


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("La Rochelle", "Collectivity"),  # no code links it to the tables
        ("Chefchaouen", "Collectivity"),
        ("Agence de l'eau exemple", "Financer"),
        ("Eau et déchets", "Theme"),
    ],
)
def test_what_the_tables_do_not_know_is_open(ask, name, type):
    (found,) = ask(name, type, date="2010")
    assert (found["score"], found["match"]) == (95.0, False)
    assert "date" not in features(found)


@pytest.mark.parametrize(
    "date", ["hier", "20100", "2010-13", "2010-02-30", "0000", ["2010", "2012"]]
)
def test_what_is_no_date_is_open(ask, date):
    (found,) = ask("Cherbourg-en-Cotentin", "Place", date=date)
    assert (found["score"], found["match"]) == (95.0, False)


def test_a_code_does_not_do_without_the_time(ask):
    given = {"inseeCode": "50129", "date": "2010"}
    assert matched(ask("Cherbourg-Octeville", "Place", **given)) == [PLACE]
    (found,) = ask("Cherbourg-en-Cotentin", "Place", **given)
    assert (features(found)["date"], found["match"]) == (False, False)


def test_a_name_that_is_still_borne_is_no_past_name(ask):
    for name, score in (("Mantes-la-Jolie", 100.0), ("Commune de Mantes-la-Jolie", 98.0)):
        (found,) = ask(name, "Place", date="2010")
        assert (found["score"], found["match"]) == (score, True)
        assert "past_name" not in features(found)
        assert "porté" not in found["description"]


def test_a_name_that_never_changed(ask):
    assert matched(ask("Mantes-la-Jolie", "Place", date="1990")) == [MANTES]
    assert matched(ask("Mantes-la-Jolie", "Place", date="1953-05-06")) == []


PARTS = """
place:fr/commune/89162 | a | cd:Place
place:fr/commune/89162 | skos:prefLabel | "Évry"@fr
place:fr/commune/89162 | cd:level | level:commune
place:fr/commune/89162 | cd:country | country:FRA
place:fr/commune/89162 | igeo:codeINSEE | "89162"
place:fr/commune-deleguee/50129 | a | cd:Place
place:fr/commune-deleguee/50129 | skos:prefLabel | "Cherbourg-Octeville"@fr
place:fr/commune-deleguee/50129 | cd:level | level:commune-deleguee
place:fr/commune-deleguee/50129 | cd:country | country:FRA
place:fr/commune-deleguee/50129 | igeo:codeINSEE | "50129"
"""


def test_two_places_that_share_a_name_or_a_code_over_time(tmp_path):
    """Two communes were called Évry in 2010; a commune déléguée was the commune of its code."""
    publish(tmp_path / "data", quads(PARTS))
    with serving(tmp_path / "data", tmp_path / "log") as client:
        ask = ask_of(client)
        assert matched(ask("Évry", "Place", date="2022")) == ["id/place/fr/commune/89162"]
        assert matched(ask("Évry", "Place", date="2010")) == []
        assert ask("Évry", "Place", date="2010")[0]["id"] == "id/place/fr/commune/89162"
        part = "id/place/fr/commune-deleguee/50129"
        for date in ("2010", "2020"):
            (found,) = ask("Cherbourg-Octeville", "Place", date=date)
            assert (found["id"], found["match"], features(found)["date"]) == (part, True, True)
        assert matched(ask("Cherbourg-Octeville", "Place", date="1990")) == []
