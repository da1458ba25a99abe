"""Tables in the commands and in a release: the dry run, several programmes, keys, candidates."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.pipeline import BuildOptions, find, terms
from coopdec_graph.registry import Registry
from tests.pipeline.commands import PAGES, coopdec, issues, rows
from tests.sources.tabular.tables import (
    MAPPING,
    SAMPLES,
    csv_text,
    read_csv,
    write_csv,
    write_mapping,
    write_xlsx,
)

ROWS = [
    ["Numéro", "Intitulé", "Collectivité", "Partenaire 1", "Pays 1", "Montant", "Devise", "Décision"],
    ["17", "Puits", "Ville-Exemple", "Fictiville", "Togo", "15 000,50", "EUR", "05/02/2021"],
    ["17", "Le même", "Ville-Exemple", "", "", "", "", ""],
    ["", "Atelier", "Ville-Exemple", "", "", "env. 8000", "EUR", ""],
    ["", "", "", "", "", "23000", "", ""],
]  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the Atlas, of a mapping of one's own and of both shipped ones."""
    folder = tmp_path_factory.mktemp("tables")
    table = write_xlsx(folder / "aides.xlsx", {"A": ROWS})
    done = coopdec(
        *("build", PAGES / "3203.txt", "--out", folder / "out"),
        *("--source", f"{write_mapping(folder)}={table}"),
        *("--source", f"360giving={SAMPLES / 'grants.csv'}"),
        *("--source", f"kohesio={SAMPLES / 'projects.csv'}"),
    )
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_one_release_holds_every_programme(built: Path) -> None:
    found = rows(
        built,
        "SELECT ?programme (COUNT(DISTINCT ?a) AS ?n) { ?a a cd:Activity ; cd:programme ?programme }"
        " GROUP BY ?programme ORDER BY ?programme",
    )
    scheme = "https://w3id.org/coopdec/scheme/programme/"
    assert found == [
        (f"{scheme}360giving", "2"),
        (f"{scheme}atlas", "1"),
        (f"{scheme}candidate/exemple", "2"),
        (f"{scheme}kohesio", "2"),
    ]


@pytest.mark.parametrize(
    "written", ["exemple", "candidate/exemple", "Aides de la Fondation Exemple"]
)
def test_a_programme_of_its_own_is_asked_for_and_exported(
    written: str, built: Path, tmp_path: Path
) -> None:
    """It was refused as unknown: only those of the shipped scheme could be written."""
    given = ("--data", built)
    asked = coopdec("ask", "activities", f"programme={written}", *given, "--format", "csv")
    found = list(csv.DictReader(io.StringIO(asked.stdout)))
    assert [row["of"] for row in found] == ["exemple", "exemple"], asked.stderr
    out = tmp_path / "out.nq"
    exported = coopdec("export", "nq", "--programme", written, *given, "--out", out)
    assert exported.returncode == 0, exported.stderr
    assert {row["activity"] for row in found} <= set(re.findall(r"<([^>]*)>", out.read_text()))


def test_a_programme_of_its_own_is_described_in_the_graph(built: Path) -> None:
    found = rows(
        built,
        """SELECT DISTINCT ?label (LANG(?label) AS ?l) ?notation ?scheme ?review {
          ?p skos:notation "exemple" ; skos:prefLabel ?label ; skos:notation ?notation ;
             skos:inScheme ?scheme ; cd:reviewStatus ?review } ORDER BY ?l""",
    )
    scheme = "https://w3id.org/coopdec/scheme/"
    rest = ("exemple", f"{scheme}programme", f"{scheme}review-status/candidate")
    assert found == [
        ("Grants of the Fondation Exemple", "en", *rest),
        ("Aides de la Fondation Exemple", "fr", *rest),
    ]


def test_each_programme_is_a_part_of_the_dataset_on_its_terms(built: Path) -> None:
    found = rows(
        built,
        """SELECT ?title ?licence {
          <https://w3id.org/coopdec/id/dataset/exemple> dct:title ?title ; dct:license ?licence
          FILTER(LANG(?title) = "fr") }""",
    )
    assert found == [("Aides de la Fondation Exemple", "https://exemple.org/licence")]


def test_sums_keep_their_kind_and_no_line_of_an_atlas_page_is_made(built: Path) -> None:
    found = rows(
        built,
        """SELECT ?kind ?printed { ?item a cd:FinancialItem ; cd:itemOf/cd:programme/skos:notation "exemple" ;
          cd:fundingKind/skos:notation ?kind ; cd:amount|cd:sourceText ?printed } ORDER BY ?printed""",
    )
    assert found == [("commitment", "15000.5"), ("commitment", "env. 8000")]
    lines = rows(built, "SELECT ?l { ?l a cd:FundingLine ; cd:fundedActivity/cd:programme ?p "
                        "FILTER(?p != <https://w3id.org/coopdec/scheme/programme/atlas>) }")  # fmt: skip
    assert lines == []


def test_the_budget_of_a_project_and_the_part_of_the_union_are_apart(built: Path) -> None:
    found = rows(
        built,
        """SELECT ?kind ?amount ?provider { ?item cd:itemOf/dct:title "Twinned libraries"@en ;
          cd:fundingKind/skos:notation ?kind ; cd:amount ?amount
          OPTIONAL { ?item cd:provider/skos:prefLabel ?name } BIND(COALESCE(?name, "") AS ?provider) }
          ORDER BY ?kind""",
    )
    assert found == [
        ("budget", "337478.4", ""),
        ("commitment", "134991.36", "European Regional Development Fund"),
    ]


def test_a_second_row_of_one_identifier_is_refused_and_named(built: Path) -> None:
    refused = [issue for issue in issues(built) if issue.get("code") == "duplicate-partnership"]
    assert [(issue["page"], issue["refused"]) for issue in refused] == [("aides.xlsx#3", True)]
    message = refused[0]["message"]
    assert isinstance(message, dict) and "aides.xlsx#2" in message["en"]
    totals = [issue for issue in issues(built) if issue.get("code") == "table-row-unidentified"]
    assert [(issue["page"], issue["refused"]) for issue in totals] == [("aides.xlsx#5", True)]


def test_a_row_without_identifier_gets_a_drawn_key(built: Path) -> None:
    found = rows(built, 'SELECT ?key { ?a dct:title "Atelier"@fr ; dct:identifier ?key }')
    assert len(found) == 1
    registry = (built / "registry.csv").read_text("utf-8")
    assert found[0][0] in registry and len(found[0][0]) == 10


def test_drawn_keys_tell_rows_apart_by_their_parties_and_start(tmp_path: Path) -> None:
    """Lists of grants repeat titles: the bodies and the start are part of what recognises a row."""
    header = ["Intitulé", "Collectivité", "Du"]
    lines = [
        ["Subvention", "Ville A", "2021-01-01"],
        ["Subvention", "Ville B", "2021-01-01"],
        ["Subvention", "Ville A", "2022-01-01"],
        ["Subvention", "Ville A", "2021-01-01"],
    ]
    registry = Registry()
    readings = read_csv(tmp_path, csv_text([header, *lines]))
    keys = [registry.key_for(reading.activity) for reading in readings if reading.activity]

    assert len(set(keys)) == 3
    assert keys[3] == keys[0]


def test_the_dry_run_shows_rows_and_doubts_and_writes_nothing(tmp_path: Path) -> None:
    table = write_csv(tmp_path / "aides.csv", ROWS)
    mapping = write_mapping(tmp_path)
    before = sorted(tmp_path.iterdir())
    done = coopdec("read", "--programme", mapping, table, COOPDEC_LANG="en", cwd=tmp_path)

    assert done.returncode == 1
    assert "aides.csv#2\n  titles: value: Puits; language: fr\n" in done.stdout
    assert "Number that cannot be read in “Montant”, kept as printed: “env. 8000”." in done.stdout
    assert "error aides.csv#5 — The row has neither identifier nor title" in done.stdout
    assert sorted(tmp_path.iterdir()) == before

    explained = coopdec("read", "--programme", mapping, table, "--explain", COOPDEC_LANG="en")
    assert "Montant: 15 000,50" in explained.stdout
    assert "8 used + 0 ignored + 0 issue = 8 filled cells" in explained.stdout

    one = tmp_path / "one.csv"
    write_csv(one, ROWS[:2])
    as_json = json.loads(coopdec("read", "--programme", mapping, one, "--json").stdout)
    assert (as_json["page"], as_json["identifier"]) == ("one.csv#2", "17")
    assert as_json["titles"] == [{"value": "Puits", "language": "fr"}]
    assert as_json["lines"] == {"total": 8, "used": 8, "ignored": 0, "issue": 0}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["read", "--programme", "absent.toml", "t.csv"], "“absent.toml” cannot be read"),
        (["read", "--programme", "wrong.toml", "t.csv"], "“wrong.toml”, key “colour”: unknown"),
        (["read", "--programme", "ma.toml", "absent.csv"], "“absent.csv” does not exist. Give a table"),
        (["read", "--programme", "autre", "t.csv"], "or a mapping file (.toml)"),
        (["build", "--source", "wrong.toml=t.csv", "--out", "o"], "“wrong.toml”, key “colour”: unknown"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_command_is_said(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    write_mapping(tmp_path)
    (tmp_path / "wrong.toml").write_text(f"colour = 1\n{MAPPING}", "utf-8")
    write_csv(tmp_path / "t.csv", ROWS)
    done = coopdec(*arguments, COOPDEC_LANG="en", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (tmp_path / "o").exists()


def test_two_mappings_of_one_programme_must_agree_on_its_terms(tmp_path: Path) -> None:
    table = write_csv(tmp_path / "t.csv", ROWS)
    first, second = write_mapping(tmp_path), tmp_path / "autre.toml"
    second.write_text(MAPPING.replace('Fondation Exemple"\nlicence', 'Autre"\nlicence'), "utf-8")
    options = BuildOptions(sources=((str(first), table), (str(second), table)))

    with pytest.raises(UsageError, match="different things of the programme “exemple”"):
        terms(find([], options))
    second.write_text(MAPPING + "\n", "utf-8")
    assert set(terms(find([], options))) == {"exemple"}
