"""No person enters by a table: columns that name them, grants to them, addresses within texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.base import Reading
from tests.sources.tabular.tables import MAPPING, codes, csv_text, read_csv, row

PERSON = "Sacha EXEMPLE"
MAILBOX = "sacha@example.org"
PHONE = "01 23 45 67 89"


def everything(readings: list[Reading]) -> str:
    """All that a reading shows, says and gives on."""
    shown = [
        (r.activity, r.record, [issue.to_dict() for issue in r.issues], r.lines) for r in readings
    ]
    return repr(shown)


def test_a_column_of_persons_is_dropped_and_counted(tmp_path: Path) -> None:
    readings = read_csv(
        tmp_path,
        csv_text([["Intitulé", "Nom du contact"], ["A", PERSON], ["B", ""], ["C", PERSON]]),
    )

    personal = [i for r in readings for i in r.issues if i.code == "table-column-personal"]
    assert [(i.where(), i.field, dict(i.details)) for i in personal] == [
        ("t.csv:1", "Nom du contact", {"rows": 2})
    ]
    assert PERSON not in everything(readings)
    assert len(readings) == 3


def test_a_grant_to_a_person_is_left_out_whole_and_counted(tmp_path: Path) -> None:
    readings = read_csv(
        tmp_path,
        csv_text([["Intitulé", "Boursier"], [f"Bourse de {PERSON}", PERSON], ["Puits", ""]]),
    )

    assert [r.name for r in readings] == ["t.csv#3"]
    assert [(i.code, dict(i.details)) for i in readings[0].issues][:2] == [
        ("table-column-personal", {"rows": 1}),
        ("table-columns-absent", readings[0].issues[1].details),
    ]
    left = [i for i in readings[0].issues if i.code == "table-rows-personal"]
    assert [dict(i.details) for i in left] == [{"rows": 1}]
    assert PERSON not in everything(readings)


def test_a_file_of_grants_to_persons_has_nothing_to_read(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, csv_text([["Intitulé", "Boursier"], ["Bourse", PERSON]]))

    assert [r.activity for r in readings] == [None]
    assert codes(readings)[0][-2:] == ["table-rows-personal", "table-empty"]
    assert PERSON not in everything(readings)


def test_a_column_that_the_mapping_does_not_know_is_not_quoted(tmp_path: Path) -> None:
    header = f"Suivi par {MAILBOX}"
    readings = read_csv(tmp_path, csv_text([["Intitulé", header], ["A", PERSON]]))

    assert [issue.field for issue in readings[0].issues][:1] == ["Suivi par [courriel retiré]"]
    assert PERSON not in everything(readings) and MAILBOX not in everything(readings)


@pytest.mark.parametrize("secret", [MAILBOX, PHONE])
@pytest.mark.parametrize(
    "column", ["Intitulé", "Description", "Lieu", "Montant", "Du", "Statut", "Devise"]
)
def test_addresses_and_numbers_are_removed_from_texts(
    tmp_path: Path, secret: str, column: str
) -> None:
    cells = {"Montant": "5", column: f"Écrire à {secret} avant mai"}
    readings = read_csv(tmp_path, row(**cells))

    assert secret not in everything(readings)
    assert not readings[0].refused
    noted = {"personal-data-removed", "table-value-personal", "table-day-unread", "label-unknown"}
    noted |= {"table-number-unread", "table-currency-unread"}
    if (column, secret) != ("Lieu", PHONE):
        assert noted & set(codes(readings)[0])


@pytest.mark.parametrize(
    "column",
    ["Collectivité", "Partenaire 1", "Référence 1", "Secteurs", "Autres numéros"],
)
def test_what_identifies_something_cannot_be_an_address(tmp_path: Path, column: str) -> None:
    readings = read_csv(tmp_path, row(**{column.replace(" ", "_"): MAILBOX}))

    assert "table-value-personal" in codes(readings)[0]
    assert MAILBOX not in everything(readings)
    activity = readings[0].activity
    assert activity is not None
    assert [p.agent.name for p in activity.participations] == ["Fondation Exemple"]
    assert (activity.allocations, activity.other_identifiers) == ((), ())


@pytest.mark.parametrize("number", [PHONE, "01.23.45.67.89", "+33 1 23 45 67 89"])
@pytest.mark.parametrize(
    "column", ["Collectivité", "Partenaire 1", "Référence 1", "Secteurs", "Autres numéros"]
)
def test_what_identifies_something_cannot_be_a_telephone_number(
    tmp_path: Path, column: str, number: str
) -> None:
    readings = read_csv(tmp_path, row(**{column.replace(" ", "_"): number}))

    assert "table-value-personal" in codes(readings)[0]
    assert number not in everything(readings)
    activity = readings[0].activity
    assert activity is not None
    assert [p.agent.name for p in activity.participations] == ["Fondation Exemple"]
    assert (activity.allocations, activity.other_identifiers) == ((), ())


def test_a_number_within_a_name_is_removed_from_it(tmp_path: Path) -> None:
    cells = {"Collectivité": f"Modèleville ({PHONE})", "Lieu": f"Mairie, {PHONE}"}
    (reading,) = read_csv(tmp_path, row(**cells))

    assert PHONE not in everything([reading])
    assert [(i.code, i.field) for i in reading.issues if i.code == "personal-data-removed"] == [
        ("personal-data-removed", "Collectivité"),
        ("personal-data-removed", "Lieu"),
    ]
    assert reading.activity is not None
    assert reading.activity.participations[1].agent.name == "Modèleville ([téléphone retiré])"
    assert [name.value for place in reading.activity.locations for name in place.names] == [
        "Mairie, [téléphone retiré]"
    ]


@pytest.mark.parametrize("number", ["0612345678", "BE-BCE_KBO-0414638616", "XM-DAC-0400001234"])
def test_digits_that_identify_stay_as_they_are(tmp_path: Path, number: str) -> None:
    told = {"Numéro": number, "Intitulé": "Puits", "Autres numéros": number}
    told |= {"Partenaire 1": "Ville Modèle", "Référence 1": number}
    (reading,) = read_csv(tmp_path, csv_text([list(told), list(told.values())]))

    assert reading.activity is not None
    assert reading.activity.source.identifier == number
    assert [other.value for other in reading.activity.other_identifiers] == [number]
    agent = reading.activity.participations[1].agent
    assert (agent.name, agent.reference) == ("Ville Modèle", number)
    assert "table-value-personal" not in codes([reading])[0]


@pytest.mark.parametrize("reference", ["BE-BCE_KBO-0414638616", "GB-COH-0612345678"])
def test_a_body_without_a_name_is_named_by_its_whole_reference(
    tmp_path: Path, reference: str
) -> None:
    (reading,) = read_csv(tmp_path, row(Référence_1=reference))

    assert reading.activity is not None
    agent = reading.activity.participations[1].agent
    assert (agent.name, agent.reference, agent.language) == (reference, reference, None)


def test_a_telephone_number_names_no_body(tmp_path: Path) -> None:
    (reading,) = read_csv(tmp_path, row(Référence_1="0612345678"))

    assert reading.activity is not None
    assert [p.agent.name for p in reading.activity.participations] == ["Fondation Exemple"]
    assert "table-value-personal" in codes([reading])[0]
    assert "0612345678" not in everything([reading])


def test_a_position_with_its_sign_is_read(tmp_path: Path) -> None:
    points = row(Position="+14.716677 -17.467686|+48.85661234,+2.35222345")
    (reading,) = read_csv(tmp_path, points, MAPPING.replace('decimal = ","', 'decimal = "."'))

    assert reading.activity is not None
    assert [(str(p.latitude), str(p.longitude)) for p in reading.activity.locations] == [
        ("14.716677", "-17.467686"),
        ("48.85661234", "2.35222345"),
    ]
    assert "table-value-personal" not in codes([reading])[0]


@pytest.mark.parametrize("identifier", [MAILBOX, PHONE, "+33 1 23 45 67 89"])
def test_an_identifier_that_is_an_address_is_none(tmp_path: Path, identifier: str) -> None:
    readings = read_csv(tmp_path, csv_text([["Numéro", "Intitulé"], [identifier, "Puits"]]))

    assert readings[0].activity is not None
    assert readings[0].activity.source.identifier is None
    assert codes(readings)[0][-1] == "table-value-personal"
    assert identifier not in everything(readings)


def test_a_row_without_title_and_with_such_an_identifier_is_refused(tmp_path: Path) -> None:
    readings = read_csv(tmp_path, csv_text([["Numéro", "Intitulé"], [MAILBOX, ""]]))

    assert readings[0].activity is None
    assert MAILBOX not in everything(readings)


def test_what_became_of_cells_shows_no_person(tmp_path: Path) -> None:
    told = {"Intitulé": f"Puits ({MAILBOX})", "Nom du contact": PERSON, "En plus": PERSON}
    (reading,) = read_csv(tmp_path, csv_text([list(told), list(told.values())]))

    assert [line.text for line in reading.lines] == [
        "Intitulé: Puits ([courriel retiré])",
        "Nom du contact: ",
        "En plus: ",
    ]


def test_rows_that_are_refused_are_not_quoted(tmp_path: Path) -> None:
    content = csv_text([["Numéro", "Intitulé"], ["17", f"Ã© {PERSON}"], ["18", "x", PERSON]])
    readings = read_csv(tmp_path, content)

    assert [r.activity for r in readings] == [None, None]
    assert PERSON not in everything(readings)


def test_the_digest_of_a_row_does_not_depend_on_persons(tmp_path: Path) -> None:
    digests = [
        readings[0].activity.source.digest  # type: ignore[union-attr]
        for name in (PERSON, "Camille FICTIF")
        for readings in [
            read_csv(tmp_path, csv_text([["Intitulé", "Nom du contact"], ["A", name]]))
        ]
    ]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    "column",
    [
        "Recipient Ind:Identifier",
        "Recipient Ind:0:Name",
        "To Individuals Details:Grant Purpose",
        "Recipient Individual Name",
    ],
)
def test_grants_to_individuals_by_360giving(tmp_path: Path, column: str) -> None:
    path = tmp_path / "grants.csv"
    rows = [["Identifier", "Title", column], ["1", f"For {PERSON}", PERSON], ["2", "Garden", ""]]
    path.write_text(csv_text(rows), "utf-8")
    path.with_name("grants.csv.toml").write_text(
        'publisher = "Example Trust"\nlicence = "https://example.org/l"\n'
    )
    source = SOURCES["360giving"]
    readings = [source.read(document) for document in source.documents([path])]

    assert [r.activity.source.identifier for r in readings if r.activity] == ["2"]
    assert PERSON not in everything(readings)
    assert "table-rows-personal" in codes(readings)[0]
