"""`coopdec export crs`: a row per funding line of a French financer, in the shape of the CRS."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from coopdec_graph.exporting.base import Settings
from coopdec_graph.exporting.crs import COLUMNS
from coopdec_graph.exporting.selection import Wanted
from tests.exporting.conftest import Export, Made

MINISTRY = "Ministère de l'Europe et des Affaires étrangères"


def rows(path: Path) -> list[dict[str, str]]:
    table = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    assert tuple(table.fieldnames or ()) == COLUMNS
    return list(table)


def test_each_line_of_a_french_financer_is_a_row(made: Made) -> None:
    """The group of foreign financers is not France: its 1,000 euros are left out."""
    path, outcome = made("crs")
    found = [
        (row["project_number"], row["year"], row["agency_name"], row["announced_national"])
        for row in rows(path)
    ]
    assert outcome.activities == 5
    assert found == [
        ("atlas-901", "2019", MINISTRY, "7000"),
        ("atlas-901", "2020", MINISTRY, "3000"),
        ("atlas-901", "2019", "Mantes la Jolie", "5000"),
        ("atlas-902", "2020", MINISTRY, "4000"),
        ("atlas-902", "2021", "Département des Yvelines", ""),
        ("atlas-904", "2020", "Ville de Mantes la Jolie", "2000"),
        ("atlas-904", "2022", "Ville de Mantes la Jolie", "500"),
        ("atlas-905", "2021", MINISTRY, "9000"),
    ]


def test_nothing_is_said_to_be_committed_or_paid(made: Made) -> None:
    found = rows(made("crs")[0])
    paid = {(row["commitment_national"], row["disbursement_national"]) for row in found}
    assert paid == {("", "")}
    said = {(bool(row["announced_national"]), row["amount_status"]) for row in found}
    assert said == {(True, "announced"), (False, "announced-unreadable")}
    assert {(row["donor_code"], row["donor_name"], row["currency"]) for row in found} == {
        ("4", "France", "EUR")
    }


def test_codes_are_given_where_there_is_one(made: Made) -> None:
    found = {row["project_number"]: row for row in rows(made("crs")[0])}
    told = {
        key: tuple(row[n] for n in ("purpose_code", "sector_code", "channel_code"))
        for key, row in found.items()
    }
    # 901 has two owners, of whom one is no French collectivity; 904 an association; 905 none.
    assert told["atlas-901"] == ("15112", "151", "")
    assert told["atlas-902"] == ("15112", "151", "11002")
    assert told["atlas-904"][2] == told["atlas-905"][2] == ""
    assert found["atlas-904"]["channel_reported_name"] == "Association Exemple"
    assert found["atlas-902"]["sector_name"] == "Gouvernement et société civile, général"


def test_a_line_is_not_divided_among_countries(made: Made) -> None:
    (row,) = rows(made("crs", Wanted(country="TG"))[0])
    assert (row["recipient_name"], row["recipient_iso2"]) == ("Bénin; Togo", "BJ TG")
    assert (row["announced_national"], row["geography"]) == ("9000", "Exempleville; Modèleville")
    assert (row["expected_start_date"], row["completion_date"]) == ("2018-01-01", "")
    assert row["source"] == "https://w3id.org/coopdec/id/partnership/atlas-905"


def test_names_in_english(made: Made) -> None:
    (row,) = rows(made("crs", Wanted(country="TG"), Settings(language="en"))[0])
    assert row["recipient_name"] == "Benin; Togo"


def test_activities_without_money_give_a_table_without_rows(export: Export) -> None:
    done = export("crs", "--out", "-", "--collectivity", "Chinon")
    assert (done.returncode, done.stdout) == (0, ",".join(COLUMNS) + "\r\n")
