"""Who bore a name when: days until 2019, editions after it, "not known" between two of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coopdec_graph.reference.french import Level
from coopdec_graph.reference.history import bearers, current_codes, names_held


def answer(name: str, *day: int, level: Level | None = None) -> list[tuple[str, str, bool | None]]:
    found = bearers(name, date(*day) if day else None, level)
    return [(held.level.value, held.code, sure) for held, sure in found]


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("Annecy-le-Vieux", (2016, 12, 31), [("commune", "74011", True)]),
        ("Annecy-le-Vieux", (2017, 1, 1), [("commune-deleguee", "74011", True)]),
        ("Annecy", (2016, 1, 1), [("commune", "74010", True)]),
        ("Cherbourg", (2000, 2, 27), [("commune", "50129", True)]),
        ("Cherbourg-Octeville", (2015, 12, 31), [("commune", "50129", True)]),
        ("Cherbourg-Octeville", (1999, 1, 1), []),
        ("Cherbourg-en-Cotentin", (2016, 1, 1), [("commune", "50129", True)]),
        ("Cherbourg-en-Cotentin", (2015, 12, 31), []),
        ("Mantes-Gassicourt", (1950, 1, 1), [("commune", "78361", True)]),
        ("Ville de Mantes la Jolie", (2013, 1, 1), [("commune", "78361", True)]),
        ("Conseil régional d'Alsace", (2010, 1, 1), [("region", "42", True)]),
        ("Conseil régional d'Alsace", (2016, 1, 1), []),
        ("Conseil régional Rhône-Alpes", (2014, 6, 1), [("region", "82", True)]),
        ("Conseil général du Bas-Rhin", (2020, 12, 31), [("departement", "67", True)]),
        ("Hauts-de-France", (2016, 9, 15), [("region", "32", None)]),
        ("Hauts-de-France", (2016, 10, 1), [("region", "32", True)]),
        ("Yvelines", (2005, 1, 1), [("departement", "78", True)]),
    ],
)
def test_known_days(
    name: str, day: tuple[int, int, int], expected: list[tuple[str, str, bool | None]]
) -> None:
    assert answer(name, *day) == expected


def test_between_two_editions_nothing_is_said() -> None:
    """Pierrefitte-sur-Seine is in the edition of 2024 and joined Saint-Denis in that of 2025."""
    name, commune = "Pierrefitte-sur-Seine", Level.COMMUNE
    assert answer(name, 2024, 1, 1, level=commune) == [("commune", "93059", True)]
    assert answer(name, 2024, 7, 1, level=commune) == [("commune", "93059", None)]
    assert answer(name, 2025, 1, 1, level=commune) == []
    assert answer(name, 2025, 1, 1) == [("commune-deleguee", "93059", True)]
    assert answer(name, 1967, 12, 31) == [("commune", "75059", True)]
    assert current_codes("93059") == ((Level.COMMUNE, "93066"),)


def test_a_group_is_not_known_before_its_first_edition() -> None:
    assert answer("Nantes Métropole", 2018, 1, 1) == [("epci", "244400404", None)]
    assert answer("Nantes Métropole", 2020, 1, 1) == [("epci", "244400404", True)]


def test_without_a_day_every_bearer_there_ever_was() -> None:
    assert answer("Annecy") == [
        ("commune", "74010", None),
        ("commune", "74010", None),
        ("commune-deleguee", "74010", None),
    ]
    assert answer("Atlantide") == answer("") == []


@pytest.mark.parametrize(
    ("code", "level", "expected"),
    [
        ("74011", Level.COMMUNE, [("commune", "74010")]),
        ("74011", Level.DELEGATED_COMMUNE, [("commune-deleguee", "74011")]),
        ("50602", Level.COMMUNE, [("commune", "50129")]),
        ("75066", Level.COMMUNE, [("commune", "93066")]),
        ("49069", Level.COMMUNE, [("commune", "49126")]),
        ("78361", Level.COMMUNE, [("commune", "78361")]),
        ("42", Level.REGION, [("region", "44")]),
        ("67", Level.DEPARTEMENT, [("collectivite", "6AE")]),
        ("20", Level.DEPARTEMENT, [("region", "94")]),
        ("77362", Level.COMMUNE, []),
        ("99999", Level.COMMUNE, []),
    ],
)
def test_what_became_of_a_body(code: str, level: Level, expected: list[tuple[str, str]]) -> None:
    assert [(found.value, now) for found, now in current_codes(code, level)] == expected


def test_almost_every_former_body_leads_to_a_current_one() -> None:
    ended = {(held.code, held.level) for held in names_held() if not held.is_current}
    lost = sorted(
        code
        for code, level in ended
        if level is Level.COMMUNE and not current_codes(code, Level.COMMUNE)
    )
    assert len(ended) > 8_500
    # Villages without people, struck off: the register names no heir.
    assert lost == ["08227", "45117", "51385", "51606", "60606", "77362"]


def test_rows_say_days_or_editions_and_days_are_in_order() -> None:
    for held in names_held():
        assert held.valid_from or held.valid_until or held.first_edition
        if held.valid_from and held.valid_until:
            assert held.valid_from <= held.valid_until
        if held.first_edition and held.last_edition:
            assert 2019 <= held.first_edition <= held.last_edition <= 2026


def test_a_name_is_held_during_all_some_or_none_of_the_days() -> None:
    (held,) = [held for held, _ in bearers("Cherbourg-Octeville", level=Level.COMMUNE)]
    first, last = date(2000, 2, 28), date(2015, 12, 31)
    day = timedelta(days=1)
    assert held.held_during(first, last) is True
    assert held.held_during(first - day, last) is None
    assert held.held_during(first, last + day) is None
    # Some days of a longer time, although neither its first nor its last.
    assert held.held_during(first - day, last + day) is None
    assert held.held_during(first - 2 * day, first - day) is False
    assert held.held_during(last + day, last + 2 * day) is False
