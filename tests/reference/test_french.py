"""The French bodies of the COG's edition of 2026."""

from __future__ import annotations

from collections import Counter

import pytest

from coopdec_graph.namespaces import matching_key
from coopdec_graph.reference.french import (
    Level,
    french_bodies,
    with_insee,
    with_name,
    with_siren,
)
from coopdec_graph.reference.names import place_key
from scripts.reference_data.french import is_siren


def found(name: str, *levels: Level, departement: str | None = None) -> list[tuple[str, str]]:
    return [(body.level.value, body.code) for body in with_name(name, levels, departement)]


def test_counts_of_the_edition() -> None:
    assert Counter(body.level.value for body in french_bodies()) == {
        "commune": 34_969,
        "commune-deleguee": 2_105,
        "commune-associee": 471,
        "arrondissement": 45,
        "epci": 1_255,
        "ept": 11,
        "departement": 101,
        "region": 18,
        "collectivite": 9,
    }


def test_every_siren_is_valid_and_borne_once_but_that_of_paris() -> None:
    sirens = [body.siren for body in french_bodies() if body.siren]
    assert len(sirens) > 36_000
    assert [siren for siren in sirens if not is_siren(siren)] == []
    assert {siren for siren, count in Counter(sirens).items() if count > 1} == {"217500016"}
    assert not is_siren("217803619") and not is_siren("21780361") and not is_siren("²17803618")


def test_codes_of_a_level_are_unique_and_parents_exist() -> None:
    bodies = french_bodies()
    keys = Counter((body.level, body.code) for body in bodies)
    communes = {body.insee for body in bodies if body.level is Level.COMMUNE}
    epci = {body.siren for body in bodies if body.level is Level.EPCI}
    assert max(keys.values()) == 1
    assert {body.part_of for body in bodies if body.part_of} <= communes
    assert {body.epci for body in bodies if body.epci} <= epci
    parts = (Level.DELEGATED_COMMUNE, Level.ASSOCIATED_COMMUNE, Level.ARRONDISSEMENT)
    assert all((body.part_of is not None) is (body.level in parts) for body in bodies)


def test_share_of_communes_that_share_a_name() -> None:
    communes = [body.name for body in french_bodies() if body.level is Level.COMMUNE]
    shares = {}
    for key in (matching_key, place_key):
        counts = Counter(map(key, communes))
        shares[key.__name__] = sum(count for count in counts.values() if count > 1)
    assert shares == {"matching_key": 3_774, "place_key": 4_021}
    assert round(100 * 3_774 / len(communes), 1) == 10.8


def test_mantes() -> None:
    (body,) = with_name("Mantes la Jolie")
    assert (body.insee, body.siren, body.name) == ("78361", "217803618", "Mantes-la-Jolie")
    assert (body.departement, body.region, body.population) == ("78", "11", 43_526)
    assert body.epci is not None and with_siren(body.epci)[0].level is Level.EPCI
    assert with_siren("217803618") == (body,) == with_name("VILLE DE MANTES-LA-JOLIE")
    assert found("Mantes-la-Ville") == [("commune", "78362")]
    assert found("Mantes") == found("Mantes-la-Joli") == []


def test_homonyms_are_all_given_and_the_departement_decides() -> None:
    denis = found("Saint-Denis", Level.COMMUNE)
    assert denis == [("commune", code) for code in ("11339", "30247", "93066", "97411")]
    assert found("St Denis", Level.COMMUNE, departement="93") == [("commune", "93066")]
    assert found("Saint-Denis", Level.COMMUNE, departement="75") == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Paris", [("commune", "75056"), ("departement", "75")]),
        ("Ville de Paris", [("commune", "75056")]),
        ("Conseil départemental de Paris", [("departement", "75")]),
        ("Ville du Mans", [("commune", "72181")]),
        ("Ville-d'Avray", [("commune", "92077")]),
        ("Métropole de Lyon", [("epci", "200046977")]),
        ("Collectivité de Corse", [("region", "94")]),
        ("Collectivité européenne d'Alsace", [("collectivite", "6AE")]),
        ("Région Alsace", []),
        ("Conseil général des Yvelines", [("departement", "78")]),
        ("Conseil départemental du Nord", [("departement", "59")]),
        ("Région Réunion", [("region", "04")]),
        ("Département de La Réunion", [("departement", "974")]),
        ("Mayotte", [("departement", "976"), ("region", "06")]),
        ("Région Guyane", [("region", "03")]),
        ("Polynésie française", [("collectivite", "987")]),
        ("COPAMO", [("epci", "246900740")]),
        ("Communauté de communes du Pays Mornantais", [("epci", "246900740")]),
        ("Plaine Commune", [("ept", "200057867")]),
        ("", []),
        ("Atlantide", []),
    ],
)
def test_names(name: str, expected: list[tuple[str, str]]) -> None:
    assert found(name) == expected


def test_the_name_itself_can_contradict_the_level_asked_for() -> None:
    assert found("Région Occitanie", Level.COMMUNE) == []
    assert found("Ville de Paris", Level.DEPARTEMENT) == []


def test_levels_of_one_code() -> None:
    kinds = {
        (level.value, code): body.kind
        for level, code in [
            (Level.REGION, "94"),
            (Level.REGION, "02"),
            (Level.DEPARTEMENT, "972"),
            (Level.DEPARTEMENT, "2A"),
            (Level.DEPARTEMENT, "67"),
            (Level.DEPARTEMENT, "75"),
            (Level.DEPARTEMENT, "69"),
            (Level.COLLECTIVITE, "975"),
        ]
        if (body := with_insee(code, level))
    }
    assert kinds == {
        ("region", "94"): "CTU",
        ("region", "02"): "CTU",
        ("departement", "972"): "circonscription",
        ("departement", "2A"): "circonscription",
        ("departement", "67"): "circonscription",
        ("departement", "75"): "CSP",
        ("departement", "69"): "DEP",
        ("collectivite", "975"): "COM",
    }
    assert [body.kind for body in with_siren("200046977")] == ["MET69"]
    assert with_insee("67A", Level.DEPARTEMENT) is None
    assert {b.level.value for b in with_siren("217500016")} == {"commune", "departement"}
    # A body has a SIREN wherever the sources give one; a territory has none.
    territories = [body for body in french_bodies() if not body.is_body]
    assert len(territories) == 8 and all(body.siren is None for body in territories)


def test_an_epci_lies_in_every_departement_of_its_communes() -> None:
    shared = [b for b in french_bodies() if b.level is Level.EPCI and len(b.departements) > 1]
    assert len(shared) > 50 and all(body.departement is None for body in shared)
    one = shared[0]
    for departement in one.departements:
        assert one in with_name(one.name, [Level.EPCI], departement)


def test_points_are_of_communes_inside_france_and_no_geonames_id_stands_twice() -> None:
    placed = [body for body in french_bodies() if body.point]
    ids = [body.geonames for body in placed]
    assert len(placed) == 13_653 == len(set(ids))
    assert {body.level for body in placed} == {Level.COMMUNE}
    for body in placed:
        assert body.point is not None
        latitude, longitude = body.point
        assert 41 < latitude < 51.5 and -5.5 < longitude < 10
    lyon, tassin = with_insee("69123"), with_insee("69244")
    assert lyon is not None and lyon.geonames == 2_996_944
    assert tassin is not None and tassin.geonames != lyon.geonames
