"""The looser key of place names: it joins spellings, never two names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.namespaces import matching_key
from coopdec_graph.reference.names import BodyName, body_name, place_key


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (("Mantes-la-Jolie", "MANTES LA JOLIE", "mantes la  jolie"), "mantes la jolie"),
        (("Saint-Denis", "St-Denis", "ST DENIS", "St. Denis"), "saint denis"),
        (("Sainte-Luce", "Ste Luce"), "sainte luce"),
        (("Le Mans", "LE MANS", "Mans (Le)", "Mans, Le"), "mans"),
        (("L'Haÿ-les-Roses", "L’Hay les Roses", "Haÿ-les-Roses (L')"), "hay les roses"),
        (("Les Abymes", "Abymes (Les)"), "abymes"),
        (("Villeneuve-sur-Lot", "Villeneuve s/ Lot", "Villeneuve s/Lot"), "villeneuve sur lot"),
        (("Œuilly", "OEUILLY"), "oeuilly"),
        (("الرباط", "الـرباط"), "الرباط"),
        (("طنجة", "طنجه"), "طنجه"),
    ],
)
def test_spellings_of_one_name(spellings: tuple[str, ...], key: str) -> None:
    assert {place_key(spelling) for spelling in spellings} == {key}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mantes-la-Jolie", "Mantes-la-Ville"),
        ("La Roche-sur-Yon", "La Roche-sur-Foron"),
        ("Saint-Denis", "Saint-Denis-le-Vieux"),
        ("Sainte-Marie", "Saint-Marie"),
    ],
)
def test_two_names_stay_two(first: str, second: str) -> None:
    assert place_key(first) != place_key(second)


@given(st.text(max_size=60) | st.from_regex(r"(le|la|st|s/|l'|[a-zé (),/-]){0,8}", fullmatch=True))
def test_the_key_of_a_key_is_itself_and_no_name_gets_lost(text: str) -> None:
    key = place_key(text)
    assert place_key(key) == key
    if any(character.isascii() and character.isalpha() for character in text):
        assert key


@given(st.text(max_size=60))
def test_names_of_one_identity_have_one_looser_key(text: str) -> None:
    if not set(text) & set("/(),"):
        assert place_key(matching_key(text)) == place_key(text)


@pytest.mark.parametrize(
    ("text", "key", "levels"),
    [
        ("Ville du Mans", "mans", ("commune",)),
        ("Ville de La Rochelle", "rochelle", ("commune",)),
        ("COMMUNE DE MANTES LA JOLIE", "mantes la jolie", ("commune",)),
        ("Conseil départemental des Yvelines", "yvelines", ("departement", "collectivite")),
        ("Département de l'Hérault", "herault", ("departement", "collectivite")),
        ("Région Occitanie", "occitanie", ("region",)),
        ("Conseil régional d'Alsace", "alsace", ("region",)),
        ("Communauté d'agglomération du Pays de Modèle", "pays de modele", ("epci",)),
        ("Mantes-la-Jolie", "mantes la jolie", ()),
        ("Villeneuve", "villeneuve", ()),
        ("Ville", "ville", ()),
        ("Ville de", "ville de", ()),
    ],
)
def test_what_stands_before_a_name(text: str, key: str, levels: tuple[str, ...]) -> None:
    assert body_name(text) == BodyName(key, levels)
