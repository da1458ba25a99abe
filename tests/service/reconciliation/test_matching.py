"""Who is a candidate, with which score, and who is a match: a wrong match is worse than none."""

from __future__ import annotations

import pytest

from tests.service.live_service import serving
from tests.service.reconciliation.conftest import ask_of, features, matched
from tests.service.reconciliation.release import publish, quads

MANTES = "id/collectivity/fr/mantes-la-jolie"
MANTES_PLACE = "id/place/fr/commune/78361"
YVELINES = "id/collectivity/fr/conseil-departemental-des-yvelines"
RABAT_COUNCIL = "id/collectivity/ma/conseil-de-la-prefecture-de-rabat"
VALENCE, VALENCIA = "id/collectivity/fr/valence", "id/collectivity/es/valence"
RABAT_CITY, RABAT = "id/place/ma/geonames/2538474", "id/place/ma/wikidata/Q966104"
SAINT_DENIS, REUNION = (
    "id/collectivity/fr/saint-denis",
    "id/collectivity/fr/saint-denis-de-la-reunion",
)


def scored(found) -> list[tuple[str, float, bool]]:
    return [(one["id"], one["score"], one["match"]) for one in found]


@pytest.mark.parametrize(
    "name",
    ["Mantes-la-Jolie", "MANTES LA JOLIE", "  mantes  la  jolie ", "Ville de Mantes la Jolie"],
)
def test_a_name_is_compared_without_case_accents_and_hyphens(ask, name):
    assert scored(ask(name, "Collectivity")) == [(MANTES, 100.0, True)]


@pytest.mark.parametrize(
    ("name", "type", "found"),
    [
        # Both names tell the kind of body, and the same.
        ("Préfecture de Rabat", "Collectivity", RABAT_COUNCIL),
        ("Département des Yvelines", "Collectivity", YVELINES),
        # The level of the place confirms the words.
        ("Commune de Mantes-la-Jolie", "Place", MANTES_PLACE),
        ("Ville de Rabat", "Place", RABAT_CITY),
    ],
)
def test_words_taken_off_cost_a_little_and_must_be_confirmed(ask, name, type, found):
    assert scored(ask(name, type))[0] == (found, 95.0, True)
    assert len(matched(ask(name, type))) == 1


@pytest.mark.parametrize(
    ("name", "type", "score"),
    [
        # Which body of that place is meant? The name does not say.
        ("Rabat", "Collectivity", 95.0),
        ("Yvelines", "Collectivity", 95.0),
        # Another kind of body than the words say.
        ("Région de Mantes-la-Jolie", "Place", 57.0),
        ("Ville de Rabat", "Collectivity", 57.0),
        # Nothing is known that would confirm the words.
        ("Ville de Chefchaouen", "Collectivity", 95.0),
        # An article more or less is another name: there is a commune called Rochelle.
        ("Rochelle", "Collectivity", 85.0),
    ],
)
def test_what_may_be_another_body_is_a_candidate_only(ask, name, type, score):
    (found,) = ask(name, type)
    assert (found["score"], found["match"]) == (score, False)


@pytest.mark.parametrize(
    "name", ["Mantes la Jolei", "Mantes-la-Joie", "Chefchaouenn", "Eau et assainisement"]
)
def test_a_typing_error_is_never_a_match(ask, name):
    found = ask(name)
    assert found and matched(found) == []
    assert all(60 < one["score"] < 85 for one in found)


def test_names_that_have_little_in_common_are_no_candidates(ask):
    assert ask("Mantes") == ask("Zzyzx") == ask("") == ask("...") == []


def test_homonyms_wait_for_a_person(ask):
    assert scored(ask("Saint-Denis", "Collectivity")) == [
        (SAINT_DENIS, 100.0, False),
        (REUNION, 100.0, False),
    ]
    assert matched(ask("Rabat", "Place")) == []
    assert matched(ask("Autre", "Theme")) == []
    # A body and its place bear one name: without a type nobody knows which is meant.
    assert scored(ask("Mantes-la-Jolie")) == [(MANTES, 100.0, False), (MANTES_PLACE, 100.0, False)]


@pytest.mark.parametrize(
    ("properties", "found"),
    [
        ({"country": "ES"}, VALENCIA),
        ({"country": "esp"}, VALENCIA),
        ({"country": "espagne"}, VALENCIA),
        ({"country": "Spain"}, VALENCIA),
        ({"country": {"id": "Q29", "name": "Spain"}}, VALENCIA),
        ({"inseeCode": "93066"}, SAINT_DENIS),
        ({"inseeCode": 93066}, SAINT_DENIS),
        ({"inseeCode": 93066.0}, SAINT_DENIS),
    ],
)
def test_a_property_tells_homonyms_apart(ask, properties, found):
    asked = "Valence" if "country" in properties else "St Denis"
    first, second = ask(asked, "Collectivity", **properties)
    (name,) = properties
    assert (first["id"], first["score"], first["match"]) == (found, 100.0, True)
    assert features(first)[name] is True
    assert (second["score"], second["match"]) == (60.0, False)
    assert features(second)[name] is False


@pytest.mark.parametrize("country", ["FR", ["MA", "France"]])
def test_a_name_of_communes_that_the_release_lacks_waits_for_a_person(ask, country):
    """Three communes are called Valence, and one body of the release: whose is the row?"""
    first, second = ask("Valence", "Collectivity", country=country)
    assert scored([first, second]) == [(VALENCE, 100.0, False), (VALENCIA, 60.0, False)]
    assert scored(ask("La Rochelle", "Collectivity")) == [
        ("id/collectivity/fr/la-rochelle", 100.0, False)
    ]


ONE_SAINT_DENIS = """
org-:sd | a | org:Organization
org-:sd | rdfs:label | "Saint-Denis"@fr
line:9 | cd:financer | org-:sd
place:fr/commune/38544 | a | cd:Place
place:fr/commune/38544 | skos:prefLabel | "Vienne"@fr
place:fr/commune/38544 | cd:level | level:commune
place:fr/commune/38544 | cd:country | country:FRA
place:fr/commune/38544 | igeo:codeINSEE | "38544"
level:commune | skos:inScheme | scheme:level
level:commune | skos:prefLabel | "commune"@fr ; "municipality (France)"@en
place:fr/commune/93066 | a | cd:Place
place:fr/commune/93066 | skos:prefLabel | "Saint-Denis"@fr
place:fr/commune/93066 | cd:level | level:commune
place:fr/commune/93066 | cd:country | country:FRA
place:fr/commune/93066 | igeo:codeINSEE | "93066"
place:fr/commune/93066 | dct:isPartOf | place:fr/departement/93
place:fr/departement/93 | a | cd:Place
place:fr/departement/93 | skos:prefLabel | "Seine-Saint-Denis"@fr
place:fr/departement/93 | cd:level | level:departement
place:fr/departement/93 | cd:country | country:FRA
place:fr/departement/93 | igeo:codeINSEE | "93"
"""


@pytest.mark.parametrize("name", ["Saint-Denis", "Ville de Saint-Denis"])
def test_what_a_commune_lies_in_tells_it_from_those_that_the_release_lacks(name, tmp_path):
    """Of five communes of that name the release has one."""
    place = "id/place/fr/commune/93066"
    publish(tmp_path / "data", quads(ONE_SAINT_DENIS))
    with serving(tmp_path / "data", tmp_path / "log") as client:
        ask = ask_of(client)
        named, any_id = "Saint-Denis", {"id": "Q47045", "name": "Saint-Denis"}
        for properties in (
            {}, {"country": "FR"}, {"level": "commune"}, {"date": "2015"}, {"place": named},
            {"place": any_id}, {"departement": ["93", "11"]},
        ):  # fmt: skip
            (found,) = ask(name, "Place", **properties)
            assert (found["id"], found["match"]) == (place, False), properties
        for properties in ({"departement": "93"}, {"inseeCode": "93066"}):
            assert matched(ask(name, "Place", **properties)) == [place], properties


def test_territories_beyond_the_sea_are_france_too(ask):
    first, second = ask("St Denis", "Collectivity", country="RE")
    assert [features(one).get("country") for one in (first, second)] == [True, None]
    assert scored([first, second]) == [(REUNION, 100.0, False), (SAINT_DENIS, 95.0, False)]
    assert matched(ask("St Denis", "Collectivity", country="FR", inseeCode="97411")) == [REUNION]


def test_a_foreign_subdivision_mostly_has_the_name_of_its_chief_town(ask):
    """Which of the two is meant, a bare name does not say, even where the release has one only."""
    settat = "id/place/ma/geonames/2528910"
    assert scored(ask("Settat", "Place")) == [(settat, 100.0, False)]
    assert scored(ask("Settat", "Place", country="MA")) == [(settat, 100.0, False)]
    assert scored(ask("Settat", "Place", level="subdivision")) == [(settat, 100.0, True)]
    assert scored(ask("Province de Settat", "Place")) == [(settat, 95.0, True)]
    assert scored(ask("Ville de Settat", "Place")) == [(settat, 57.0, False)]


def test_a_level_that_agrees_says_what_words_would(ask):
    for name, level, found in (
        ("Yvelines", "departement", YVELINES),
        ("Rabat", "subdivision", RABAT_COUNCIL),
    ):
        assert scored(ask(name, "Collectivity", level=level)) == [(found, 95.0, True)]


@pytest.mark.parametrize(
    ("name", "type", "properties"),
    [
        ("Mantes-la-Jolie", "Collectivity", {"country": "MA"}),
        ("Mantes-la-Jolie", "Collectivity", {"country": "FR", "level": "departement"}),
        ("Mantes-la-Jolie", "Collectivity", {"inseeCode": "78362"}),
        ("Mantes-la-Jolie", "Collectivity", {"siren": "217803600"}),
        ("Mantes-la-Jolie", "Place", {"departement": "95"}),
        ("Mantes-la-Jolie", "Collectivity", {"place": {"id": RABAT, "name": "Mantes-la-Jolie"}}),
        ("Eau et assainissement", "Theme", {"broader": "Autre"}),
        ("Eau et déchets", "Theme", {"broader": "Autre"}),
    ],
)
def test_a_property_that_disagrees_forbids_a_match(ask, name, type, properties):
    found = ask(name, type, **properties)
    assert matched(found) == []
    assert found[0]["score"] == 60.0
    assert False in features(found[0]).values()


@pytest.mark.parametrize(
    ("name", "type", "properties"),
    [
        # A value that says nothing, a property nothing is known of, one there is not.
        ("Mantes-la-Jolie", "Collectivity", {"country": "Atlantide"}),
        ("Mantes-la-Jolie", "Collectivity", {"level": "galaxy"}),
        ("Mantes-la-Jolie", "Collectivity", {"siren": "unknown"}),
        ("Mantes-la-Jolie", "Collectivity", {"partnerships": 2}),
        ("Mantes-la-Jolie", "Collectivity", {"colour": "blue"}),
        ("San Pedro", "Collectivity", {"country": "Maroc"}),
        ("La Rochelle", "Collectivity", {"inseeCode": "17300"}),
    ],
)
def test_a_property_that_cannot_be_compared_forbids_a_match_too(ask, name, type, properties):
    (found,) = ask(name, type, **properties)
    assert (found["score"], found["match"]) == (95.0, False)
    assert set(features(found)) == {"name", "type"}


@pytest.mark.parametrize(
    ("name", "type", "properties"),
    [
        ("Mantes-la-Jolie", "Collectivity", {"departement": "78"}),
        ("Mantes-la-Jolie", "Collectivity", {"departement": "yvelines"}),
        ("Mantes-la-Jolie", "Collectivity", {"departement": {"id": "id/place/fr/departement/78"}}),
        ("Mantes-la-Jolie", "Collectivity", {"departement": {"id": "Q12820", "name": "Yvelines"}}),
        ("Mantes-la-Jolie", "Collectivity", {"level": "commune"}),
        ("Mantes-la-Jolie", "Collectivity", {"level": "Municipality (France)"}),
        (
            "Mantes-la-Jolie",
            "Collectivity",
            {"level": "https://w3id.org/coopdec/scheme/level/commune"},
        ),
        ("Mantes-la-Jolie", "Collectivity", {"place": {"id": MANTES_PLACE, "name": "x"}}),
        ("Mantes-la-Jolie", "Collectivity", {"country": ""}),
        (
            "Mantes-la-Jolie",
            "Place",
            {"country": "http://publications.europa.eu/resource/authority/country/FRA"},
        ),
        ("Eau et assainissement", "Theme", {"broader": "Water and waste"}),
        ("Autre", "Theme", {"broader": {"id": "scheme/theme/eau-et-dechets"}}),
        ("Chefchaouen", "ForeignCollectivity", {"country": "Morocco"}),
    ],
)
def test_a_property_that_agrees_lets_a_match_be_one(ask, name, type, properties):
    found = ask(name, type, **properties)
    assert matched(found) == [found[0]["id"]]
    assert found[0]["score"] == 100.0


@pytest.mark.parametrize(
    ("type", "properties", "found"),
    [
        ("Collectivity", {"siren": "217803618"}, MANTES),
        ("Collectivity", {"siren": "217 803 618"}, MANTES),
        ("Collectivity", {"inseeCode": "78361"}, MANTES),
        ("Place", {"inseeCode": "78361"}, MANTES_PLACE),
        ("Place", {"wikidata": "Q966104"}, RABAT),
        ("Place", {"wikidata": "http://www.wikidata.org/entity/Q966104"}, RABAT),
        ("Collectivity", {"wikidata": {"id": "Q966104", "name": "Rabat"}}, RABAT_COUNCIL),
        ("Place", {"geonamesId": 2538474}, RABAT_CITY),
        ("Place", {"geonamesId": "https://sws.geonames.org/2538474/"}, RABAT_CITY),
        # Beside it what is not known does no harm.
        ("Collectivity", {"siren": "217803618", "colour": "blue"}, MANTES),
    ],
)
def test_a_code_that_agrees_is_enough(ask, type, properties, found):
    for name in (None, "Une faute de frappe"):
        (one,) = ask(name, type, **properties)
        assert (one["id"], one["score"], one["match"]) == (found, 100.0, True)


def test_a_code_that_agrees_is_not_enough_beside_one_that_does_not(ask):
    (found,) = ask(None, "Collectivity", siren="217803618", country="MA")
    assert (found["score"], found["match"]) == (60.0, False)
    # One code, two entities: the type was not given.
    assert matched(ask(None, None, inseeCode="78361")) == []
    # The name of one, the code of another: the code decides.
    assert matched(ask("Saint-Denis", "Collectivity", inseeCode="78361")) == [MANTES]


def test_a_code_that_is_no_code_finds_nothing(ask):
    assert ask(None, None, siren="2178") == ask(None, None, wikidata="P31") == []
    assert ask(None, None, country="FR") == ask(None, None, colour="blue") == []


def test_financers_that_are_not_named_are_never_a_match(ask):
    name = "Collectivités et partenaires étrangers"
    for type in ("Financer", None):
        (found,) = ask(name, type)
        assert found["id"] == "id/financer-group/atlas-1/partenaires"
        assert (found["score"], found["match"]) == (100.0, False)
        assert found["description"] == "financeurs non nommés · 1 partenariat"
    assert matched(ask("Agence de l'eau exemple", "Financer")) == ["id/organisation/agence"]


def test_types_are_a_condition(ask):
    for type in (
        "Collectivity",
        "FrenchCollectivity",
        "Financer",
        ["Theme", "FrenchCollectivity"],
        ["FrenchCollectivity", "Person"],
    ):
        assert matched(ask("Mantes-la-Jolie", type)) == [MANTES]
    assert ask("Mantes-la-Jolie", "ForeignCollectivity") == []
    assert ask("Mantes-la-Jolie", "Person") == []
    assert len(ask("Mantes-la-Jolie", [])) == 2


def test_limits_on_candidates(ask):
    assert len(ask("Saint-Denis", "Collectivity", limit=1)) == 1
    assert len(ask("Saint-Denis", "Collectivity", limit=1e9)) == 2
    # A name that is longer than any finds nothing; the query beside it is answered.
    assert ask("Mantes-la-Jolie" + " x" * 300, "Collectivity") == []
    assert matched(ask("y" * 501, "Collectivity", siren="217803618")) == [MANTES]


def test_names_and_descriptions_in_two_languages(ask):
    for lang, name, description in (
        ("fr", "Eau et assainissement", "Eau et déchets · 1 partenariat"),
        ("en", "Water and sanitation", "Water and waste · 1 partnership"),
    ):
        for asked in ("EAU ET ASSAINISSEMENT", "water and sanitation"):
            (found,) = ask(asked, "Theme", lang=lang)
            assert (found["name"], found["description"]) == (name, description)
            assert found["match"]


@pytest.mark.parametrize(
    "type", ["place", "PLACE", "cd:Place", "https://w3id.org/coopdec/def#Place"]
)
def test_a_type_written_by_hand_is_understood(ask, type):
    assert scored(ask("Mantes-la-Jolie", type)) == scored(ask("Mantes-la-Jolie", "Place"))
    assert scored(ask("Mantes-la-Jolie", type))[0][0] == MANTES_PLACE


def test_a_commune_that_is_called_as_a_departement_is(tmp_path):
    """The row may come from a list of départements, of which the release has none."""
    publish(tmp_path / "data", quads(ONE_SAINT_DENIS))
    with serving(tmp_path / "data", tmp_path / "log") as client:
        ask = ask_of(client)
        assert matched(ask("Vienne", "Place")) == []
        place = ["id/place/fr/commune/38544"]
        assert matched(ask("Vienne", "Place", level="commune")) == place
        assert matched(ask("Ville de Vienne", "Place")) == place
        # Whose country is not known may be of France.
        assert matched(ask("Saint-Denis", "Financer")) == []
