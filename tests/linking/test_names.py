"""A printed name taken apart: what is left of it, and the kind that its words say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.linking.decisions import Kind
from coopdec_graph.linking.names import (
    compact,
    core_of_label,
    departement_of_territory,
    hinted_kind,
    hinted_levels,
    key_of,
    parsed,
)
from coopdec_graph.linking.spelling import spellings

S, M, D = Kind.SETTLEMENT, Kind.MUNICIPALITY, Kind.SUBDIVISION


@pytest.mark.parametrize(
    ("name", "last", "kind"),
    [
        ("Rabat", "rabat", None),
        ("Conseil de la Préfecture de Rabat", "rabat", D),
        ("CONSEIL DE LA PREFECTURE DE RABAT", "rabat", D),
        ("Conseil municipal de la Ville de Fès", "fes", S),
        ("Commune urbaine d'Ifrane", "ifrane", M),
        ("Commune rurale de M Tal", "m tal", M),
        ("Mairie de l'Exemple", "exemple", M),
        ("Municipalité du Modèle", "modele", M),
        ("Wilaya Alger", "alger", D),
        ("Gouvernorat de Médenine", "medenine", D),
        ("Conseil départemental des Yvelines", "yvelines", D),
        ("Région de l'Oriental", "oriental", D),
        ("Ville-Marie", "ville marie", None),
        ("Région", "region", None),
        ("Ville de", "ville de", None),
        ("Łódź", "lodz", None),
        ("IĞDIR", "igdir", None),
        ("Iğdır", "igdir", None),
        ("St. Charles", "saint charles", None),
    ],
)
def test_parsed(name: str, last: str, kind: Kind | None) -> None:
    found = parsed(name)
    assert found.forms[0].key == key_of(name)
    assert (found.forms[-1].key, found.kind) == (last, kind)
    assert found.forms[-1].bare


def test_the_article_may_belong_to_the_name() -> None:
    assert [form.key for form in parsed("Ville de La Paz").forms] == [
        "ville de la paz",
        "la paz",
        "paz",
    ]
    assert [form.key for form in parsed("Ville du Cap").forms][1:] == ["le cap", "cap"]


def test_labels_that_say_their_kind() -> None:
    assert core_of_label("province de settat") == ("settat", D)
    assert core_of_label("settat province") == ("settat", D)
    assert core_of_label("settat") is None
    assert core_of_label("province") is None


def test_hints() -> None:
    assert hinted_kind("Préfecture") is D and hinted_kind("localadmin") is M
    assert hinted_kind("") is None and hinted_kind("autre chose") is None
    assert hinted_levels("Département") == ("departement",) and hinted_levels("x") == ()
    assert departement_of_territory("RE") == "974" and departement_of_territory("FR") is None


def test_spaces_and_apostrophes_are_not_seen() -> None:
    spelled = ("Al Quway'iyah", "Al-Quwayʿiyah", "AL QUWAYIYAH")
    assert {compact(key_of(text)) for text in spelled} == {"alquwayiyah"}


@given(st.text(max_size=60))
def test_any_text_has_a_reading(text: str) -> None:
    found = parsed(text)
    assert found.forms[0].key == key_of(text)
    assert len({form.key for form in found.forms}) == len(found.forms) <= 30
    assert all(form.key for form in found.forms[1:])


@given(st.text(max_size=40))
def test_any_text_has_spellings(text: str) -> None:
    found = spellings(text, parsed(text))
    assert all(one.strip() for one in found)
    assert len(found) <= 40


def test_spellings() -> None:
    name = "VILLE DE BOULOGNE SUR MER"
    assert {"Boulogne-sur-Mer", "Boulogne sur Mer", "Boulogne Sur Mer"} <= spellings(
        name, parsed(name)
    )
    name = "Préfecture d'Aïn Chock"
    assert {"Aïn Chock", name} <= spellings(name, parsed(name))
