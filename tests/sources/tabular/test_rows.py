"""What a row becomes: each field of a mapping, each value that cannot be read, each cell accounted for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from coopdec_graph.model import (
    Activity,
    ActivityDate,
    Agent,
    AgentKind,
    Allocation,
    AllocationKind,
    Code,
    FinancialItem,
    FundingKind,
    Location,
    Narrative,
    OtherIdentifier,
    Participation,
    Role,
    Text,
)
from coopdec_graph.sources.base import Reading
from coopdec_graph.vocabulary import thesaurus
from tests.sources.tabular.tables import MAPPING, codes, csv_text, read_csv, row

FULL = {
    "Numéro": "17",
    "Intitulé": "Puits de Modèleville",
    "Description": "Un puits, et de quoi l'entretenir.",
    "Statut": "En cours",
    "Page": "https://exemple.org/17",
    "Du": "01/03/2021",
    "Au": "2022-12-31",
    "Collectivité": "Ville-Exemple",
    "Partenaire 1": "Commune de Fictiville",
    "Pays 1": "Maroc",
    "Référence 2": "MA-X-2",
    "Partenaire 3": "Province Exemple",
    "Pays 3": "Senegal",
    "Montant": "15 000,50",
    "Devise": "€",
    "Décision": "05/02/2021",
    "Budget": "30000",
    "Année": "2021",
    "Secteurs": "14030;ABC",
    "Noms des secteurs": "Eau;Autre",
    "Part": "50 %",
    "Lieu": "Fictiville",
    "Position": "33,97 -6,85",
    "Autres numéros": "A-17|B-4",
    "Remarque": "à revoir",
    "Nom du contact": "Sacha EXEMPLE",
    "Colonne en plus": "x",
}


def one(readings: list[Reading]) -> Activity:
    assert len(readings) == 1
    activity = readings[0].activity
    assert activity is not None
    return activity


def test_every_field_of_a_mapping(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, csv_text([list(FULL), list(FULL.values())]))

    activity = one(readings)
    town = Agent(AgentKind.FRENCH_COLLECTIVITY, "Ville-Exemple", "FR")
    payer = Agent(AgentKind.ORGANISATION, "Fondation Exemple")
    abroad = AgentKind.FOREIGN_COLLECTIVITY
    assert activity == Activity(
        "exemple",
        activity.source,
        titles=(Text("Puits de Modèleville"),),
        declared_status=thesaurus().find("status", "En cours"),
        participations=(
            Participation(payer, Code("1", "iati-organisation-role"), 1),
            Participation(town, Role.FRENCH_COLLECTIVITY, 2),
            Participation(Agent(abroad, "Commune de Fictiville", "MA"), Role.FOREIGN_PARTNER, 3),
            # A body that has a reference alone is named by it, in no language.
            Participation(
                Agent(abroad, "MA-X-2", language=None, reference="MA-X-2"), Role.FOREIGN_PARTNER, 4
            ),
            Participation(Agent(abroad, "Province Exemple", "SN"), Role.FOREIGN_PARTNER, 5),
        ),
        narratives={
            Narrative.DESCRIPTION: (Text("Un puits, et de quoi l'entretenir.", None),),
        },
        dates={
            ActivityDate.PLANNED_START: date(2021, 3, 1),
            ActivityDate.PLANNED_END: date(2022, 12, 31),
        },
        allocations=(
            Allocation(AllocationKind.SECTOR, 1, Code("14030", "dac", labels=(Text("Eau"),)), Decimal(50)),
            Allocation(AllocationKind.SECTOR, 2, Code("ABC", labels=(Text("Autre"),)), Decimal(50)),
        ),
        items=(
            FinancialItem(
                FundingKind.COMMITMENT, 1, Decimal("15000.50"), "EUR",
                day=date(2021, 2, 5), provider=payer, receiver=town,
            ),
            FinancialItem(
                FundingKind.BUDGET, 2, Decimal(30000), "EUR",
                start=date(2021, 1, 1), end=date(2021, 12, 31),
            ),
        ),
        locations=(Location(1, (Text("Fictiville"),), Decimal("33.97"), Decimal("-6.85")),),
        other_identifiers=(OtherIdentifier("A-17"), OtherIdentifier("B-4")),
    )  # fmt: skip
    source = activity.source
    assert (source.name, source.identifier, source.url) == (
        "t.csv#2",
        "17",
        "https://exemple.org/17",
    )
    assert (source.publisher, source.licence) == (payer, "https://exemple.org/licence")


def test_every_filled_cell_is_accounted_for(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, csv_text([list(FULL), list(FULL.values())]))

    fates = {
        line.text.partition(":")[0]: (str(line.disposition.state), line.disposition.name)
        for line in readings[0].lines
    }
    assert set(fates) == set(FULL)
    assert fates["Montant"] == ("used", "sum.1.amount")
    assert fates["Partenaire 3"] == ("used", "party.3.name")
    assert fates["Remarque"] == ("ignored", "column-ignored")
    assert fates["Nom du contact"] == ("ignored", "column-personal")
    assert fates["Colonne en plus"] == ("issue", "table-column-unknown")
    assert codes(readings) == [
        ["table-column-unknown", "table-column-personal", "table-columns-absent", "table-code-unlisted"]
    ]  # fmt: skip
    assert "Sacha" not in repr(readings)


@pytest.mark.parametrize(
    ("cells", "code", "field", "value"),
    [
        ({"Du": "31/02/2021"}, "table-day-unread", "Du", "31/02/2021"),
        ({"Du": "mars 2021"}, "table-day-unread", "Du", "mars 2021"),
        ({"Du": "01/03/0021"}, "table-day-unread", "Du", "01/03/0021"),
        ({"Début": "21"}, "table-year-unread", "Début", "21"),
        ({"Montant": "1,000.50"}, "table-number-unread", "Montant", "1,000.50"),
        ({"Montant": "env. 8000"}, "table-number-unread", "Montant", "env. 8000"),
        ({"Montant": "1 00"}, "table-number-unread", "Montant", "1 00"),
        ({"Montant": "5", "Devise": "euros"}, "table-currency-unread", "Devise", "euros"),
        ({"Décision": "05/02/2021"}, "table-sum-without-amount", "Décision", "05/02/2021"),
        ({"Partenaire_1": "X", "Pays_1": "Atlantide"}, "table-country-unknown", "Pays 1", "Atlantide"),
        ({"Statut": "Rêvé"}, "label-unknown", "Statut", "Rêvé"),
        ({"Secteurs": "99999"}, "table-code-unlisted", "Secteurs", "99999"),
        ({"Secteurs": "14030", "Part": "150"}, "table-share-unread", "Part", "150"),
        ({"Position": "95 2"}, "table-position-unread", "Position", "95 2"),
        ({"Position": "ici"}, "table-position-unread", "Position", "ici"),
        ({"Page": "exemple.org"}, "table-address-unread", "Page", "exemple.org"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_in_an_issue(
    tmp_path: Path, cells: dict[str, str], code: str, field: str, value: str
) -> None:
    readings = read_csv(tmp_path, row(**cells))

    found = [issue for issue in readings[0].issues if issue.code != "table-columns-absent"]
    assert [(issue.code, issue.field, issue.value) for issue in found] == [(code, field, value)]
    assert (found[0].page, found[0].line) == ("t.csv#2", None)
    assert not readings[0].refused


def test_an_amount_that_cannot_be_read_is_a_sum_that_keeps_its_text(tmp_path: Path) -> None:
    activity = one(read_csv(tmp_path, row(Montant="env. 8000", Devise="EUR")))

    assert [(item.amount, item.currency, item.printed) for item in activity.items] == [
        (None, "EUR", "env. 8000")
    ]


def test_words_for_nothing_are_nothing(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, row(Montant="N.C.", Du="n.c.", Collectivité="n.c."))

    activity = one(readings)
    assert (activity.items, dict(activity.dates)) == ((), {})
    assert [p.agent.name for p in activity.participations] == ["Fondation Exemple"]
    assert codes(readings) == [["table-columns-absent"]]


def test_a_currency_without_amount_is_no_sum(tmp_path: Path) -> None:
    assert one(read_csv(tmp_path, row(Devise="EUR"))).items == ()


def test_an_overseas_body_is_french(tmp_path: Path) -> None:
    mapping_column = row(Partenaire_1="Ville", Pays_1="Réunion")

    assert one(read_csv(tmp_path, mapping_column)).participations[1].agent.country == "FR"


@pytest.mark.parametrize("printed", ["MA", "MAR", "Maroc", "maroc", "Morocco", "MOROCCO"])
def test_a_country_by_its_codes_and_names(tmp_path: Path, printed: str) -> None:
    activity = one(read_csv(tmp_path, row(Partenaire_1="Ville", Pays_1=printed)))

    assert activity.participations[1].agent.country == "MA"


def test_a_sum_of_several_bodies_names_none(tmp_path: Path) -> None:
    several = MAPPING.replace(
        'name = "Collectivité"', 'name = { column = "Collectivité", separator = ";" }'
    )
    activity = one(read_csv(tmp_path, row(Collectivité="Ville A; Ville B", Montant="5"), several))

    assert [p.agent.name for p in activity.participations] == [
        "Fondation Exemple", "Ville A", "Ville B",
    ]  # fmt: skip
    assert activity.items[0].receiver is None


def test_lists_of_different_length_are_not_put_together(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, row(Secteurs="14030;11220", Noms_des_secteurs="Eau"))

    assert [allocation.code for allocation in one(readings).allocations] == [
        Code("14030", "dac"), Code("11220", "dac"),
    ]  # fmt: skip
    assert codes(readings) == [["table-columns-absent", "table-lists-differ"]]


def test_places_and_positions_of_different_number(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, row(Lieu="Fictiville", Position="1 2|3 4"))

    assert [(bool(place.names), place.latitude) for place in one(readings).locations] == [
        (True, None), (False, Decimal(1)), (False, Decimal(3)),
    ]  # fmt: skip
    assert codes(readings) == [["table-columns-absent", "table-lists-differ"]]


def test_a_code_is_allocated_once(tmp_path: Path) -> None:
    activity = one(read_csv(tmp_path, row(Secteurs="14030;14030")))

    assert [allocation.rank for allocation in activity.allocations] == [1]


SHARES = MAPPING.replace(
    'code = { column = "Secteurs", separator = ";" }', 'code = "Secteur *"'
).replace(
    'label = { column = "Noms des secteurs", separator = ";" }\nlist = "dac"\npercentage = "Part"',
    'list = "dac"\npercentage = "Part *"\n\n[[allocation]]\nkind = "sector"\nlist = "dac"\n'
    'code = { column = "Autres secteurs", separator = ";" }\npercentage = "Part *"',
)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        # Each pair is the code of a column with its percentage.
        (["11110", "40", "11110", "60"], [("11110", Decimal(100))]),
        (["11110", "33,3", "12220", "40", "11110", "26,7"], [("11110", Decimal(60)), ("12220", Decimal(40))]),
        (["11110", "40", "11110", ""], [("11110", Decimal(40))]),
        (["11110", "", "11110", ""], [("11110", None)]),
        (["11110", "40", "11110", "0"], [("11110", Decimal(40))]),
        (["", "40", "11110", "60"], [("11110", Decimal(60))]),
    ],
)  # fmt: skip
def test_the_percentages_of_one_code_are_added_up(
    tmp_path: Path, cells: list[str], found: list[tuple[str, Decimal | None]]
) -> None:
    names = [f"{name} {n}" for n in range(len(cells) // 2) for name in ("Secteur", "Part")]
    readings = read_csv(tmp_path, csv_text([["Numéro", *names], ["17", *cells]]), SHARES)

    activity = one(readings)
    assert [(each.code.value, each.percentage) for each in activity.allocations] == found
    assert [each.rank for each in activity.allocations] == [*range(1, len(found) + 1)]
    assert codes(readings) == [["table-columns-absent", "table-title-missing"]]


def test_one_cell_of_a_percentage_counts_once(tmp_path: Path) -> None:
    """However often its code is repeated, in its column or in another one that it goes with."""
    in_a_cell = one(read_csv(tmp_path, row(Secteurs="14030;14030", Part="50 %")))
    twice = SHARES.replace('"Part *"', '"Part"').replace('"Secteur *"', '"Secteur"')
    in_two = one(
        read_csv(tmp_path, row(Secteur="14030", Autres_secteurs="14030", Part="50"), twice)
    )

    for activity in (in_a_cell, in_two):
        assert [(each.code.value, each.percentage) for each in activity.allocations] == [
            ("14030", Decimal(50))
        ]


def test_percentages_of_more_than_the_whole_are_noted(tmp_path: Path) -> None:
    cells = {"Secteur_1": "11110", "Part_1": "80", "Secteur_2": "11110", "Part_2": "60"}
    readings = read_csv(tmp_path, row(**cells), SHARES)

    assert [(a.code.value, a.percentage) for a in one(readings).allocations] == [("11110", None)]
    issue = readings[0].issues[-1]
    assert (issue.code, issue.field, issue.value) == ("table-shares-beyond", "Part 2", "140")
    assert issue.message("en").startswith("The shares of “11110” add up to 140 per cent")


def test_a_row_without_identifier_has_none(tmp_path: Path) -> None:
    assert one(read_csv(tmp_path, row())).source.identifier is None


def test_columns_that_together_tell_a_row_apart(tmp_path: Path) -> None:
    composed = MAPPING.replace(
        'identifier = "Numéro"', 'identifier = { columns = ["Collectivité", "Année"] }'
    )
    both = one(read_csv(tmp_path, row(Collectivité="Ville-Exemple", Année="2021"), composed))
    half = one(read_csv(tmp_path, row(Collectivité="Ville-Exemple"), composed))

    assert both.source.identifier == "Ville-Exemple / 2021"
    assert half.source.identifier is None


def test_a_row_with_neither_identifier_nor_title_is_refused(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, csv_text([["Numéro", "Intitulé", "Montant"], ["", "", "42000"]]))

    assert readings[0].activity is None
    assert codes(readings)[0][-1] == "table-row-unidentified"
    assert [str(line.disposition.state) for line in readings[0].lines] == ["issue"]


@pytest.mark.parametrize(
    ("identifier", "title"),
    [
        ("Total", ""),
        ("", "Total"),
        ("", "TOTAL :"),
        ("", "Totaux"),
        ("", "Sous-total (3)"),
        ("", "Total général 2021"),
        ("", "Somme des montants"),
        ("", "Somme totale"),
        ("", "Somme en euros"),
        ("", "Somme des subventions"),
        ("", "Grand Total: 3"),
        ("", "Sub-total"),
        ("", "Sum"),
        ("Subtotal", "12"),
        ("12", "Total des projets"),
        ("Total", "Total en euros"),
    ],
)
def test_a_line_of_totals_is_refused(tmp_path: Path, identifier: str, title: str) -> None:
    header = ["Numéro", "Intitulé", "Montant", "Devise", "Part", "Description", "Remarque"]
    rows = [
        ["1", "Puits", "3", "EUR", "", "", ""],
        [identifier, title, "3", "EUR", "100", "n.c.", "x"],
    ]
    first, last = read_csv(tmp_path, csv_text([header, *rows]))

    assert first.activity is not None and last.activity is None
    assert [(issue.code, issue.where()) for issue in last.issues] == [
        ("table-row-total", "t.csv#3")
    ]
    assert {str(line.disposition.state) for line in last.lines} == {"issue"}


@pytest.mark.parametrize(
    "cells",
    [
        {"Intitulé": "Total", "Collectivité": "Ville-Exemple"},
        {"Intitulé": "Total", "Description": "Le détail."},
        {"Intitulé": "Total", "Secteurs": "14030"},
        {"Intitulé": "Total Togo"},
        {"Intitulé": "Totalement neuf"},
        {"Intitulé": "Projets du grand Sud"},
        {"Intitulé": "Total", "Numéro": "A-17"},
        {"Intitulé": "Subventions Total", "Numéro": "2021-018"},
        # The département.
        {"Intitulé": "Somme", "Numéro": "80"},
        {"Intitulé": "Projets de la Somme", "Numéro": ""},
        {"Intitulé": "Total Somme", "Numéro": ""},
        {"Intitulé": "Montant de la Somme", "Numéro": ""},
        {"Intitulé": "", "Numéro": "SUM-2021"},
        {"Intitulé": "2021", "Numéro": "17"},
    ],
)
def test_a_row_that_says_more_than_a_total_is_an_activity(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    assert one(read_csv(tmp_path, row(Montant="3", **cells))).items[0].amount == 3


def test_an_identifier_without_title_is_read_and_noted(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, csv_text([["Numéro", "Intitulé"], ["17", ""]]))

    assert one(readings).titles == ()
    assert codes(readings)[0][-1] == "table-title-missing"


def test_the_record_is_what_the_activity_says(tmp_path: Path) -> None:
    record = read_csv(tmp_path, row(Montant="5", Devise="EUR"))[0].record

    assert record["titles"] == [{"value": "Puits", "language": "fr"}]
    assert set(record) == {"titles", "participations", "items"}


def test_the_fingerprint_follows_the_row_the_sidecar_and_the_mapping(tmp_path: Path) -> None:
    from coopdec_graph.sources import source_named
    from tests.sources.tabular.tables import write_mapping

    def prints(content: str, mapping: str = MAPPING, sidecar: str = "") -> list[bytes]:
        (tmp_path / "t.csv").write_text(content, "utf-8")
        (tmp_path / "t.csv.toml").write_text(sidecar, "utf-8")
        source = source_named(str(write_mapping(tmp_path, mapping)))
        return [source.fingerprint(each) for each in source.documents([tmp_path / "t.csv"])]

    first = prints("Numéro\n1\n2\n")
    assert prints("Numéro\n1\n2\n") == first
    assert [a == b for a, b in zip(prints("Numéro\n1\n3\n"), first, strict=True)] == [True, False]
    others = (
        prints("Numéro\n1\n2\n", MAPPING + "\n"),
        prints("Numéro\n1\n2\n", sidecar='url = "https://exemple.org/t"'),
    )
    assert [print_ for prints_ in others for print_ in prints_ if print_ in first] == []
