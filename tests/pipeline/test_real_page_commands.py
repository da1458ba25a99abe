"""The one real page we may look at: what it must give, and what must never come out of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coopdec_graph.graph.store import open_store
from tests.pipeline.commands import REAL_PAGE, assert_whole, coopdec

pytestmark = pytest.mark.skipif(not REAL_PAGE.exists(), reason="the real page is not here")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real") / "out"
    assert coopdec("build", REAL_PAGE, "--out", out).returncode == 0
    return out


def personal() -> set[str]:
    """Names and mailboxes of the page, found where the Atlas prints contacts."""
    lines = [line.strip() for line in REAL_PAGE.read_text("utf-8").splitlines()]
    found: set[str] = set()
    for before, line in zip(lines, lines[1:], strict=False):
        if line.startswith("Courriel :"):
            mailbox = line.partition(":")[2].strip()
            found |= {before, before.split()[-1], mailbox, re.split(r"\[at\]|@", mailbox)[0]}
    header = lines.index("Nom de la collectivité étrangère Nom Prénom Fonction Courriel")
    row = lines[header + 1].split()
    surname = next(at for at, word in enumerate(row) if len(word) > 2 and word.isupper())
    found |= {row[surname], row[surname + 1], row[-1], row[-1].partition("@")[0]}
    assert len(found) == 12, "the page's contacts are not where this test looks"
    return found


def assert_silent_about_people(content: bytes, where: str) -> None:
    shown = content.decode("utf-8", "replace").casefold()
    leaked = [n for n, secret in enumerate(sorted(personal())) if secret.casefold() in shown]
    assert not leaked, f"{where} repeats personal data number {leaked}"


def test_read_gives_every_field_as_json() -> None:
    done = coopdec("read", REAL_PAGE, "--json")
    record = json.loads(done.stdout)
    prose = record.pop("prose")
    funding = record.pop("funding")
    ministry = "Ministère de l'Europe et des Affaires étrangères"
    partners = "Collectivités et partenaires étrangers"
    assert done.returncode == 0
    assert {
        name: record[name]
        for name in [
            "title",
            "diplomatic_post",
            "first_agreement_year",
            "start_year",
            "end_date",
            "declared_status",
            "main_theme",
            "secondary_themes",
            "project_owners",
            "project_managers",
            "foreign_partners",
            "french_partners",
            "form",
            "duration_scheme",
            "issues",
        ]
    } == {
        "title": "Formation et encadrement du personnel des Centres Mohammedia pour la Protection"
        " Sociale et du Centre Social Al Amal chargés de l’accueil et de l’orientation des enfants"
        " et des jeunes en situation de rue",
        "diplomatic_post": "Ambassade de France à Rabat",
        "first_agreement_year": 2016,
        "start_year": 2019,
        "end_date": "2021-12-31",
        "declared_status": "En cours",
        "main_theme": [
            "Politique, humanitaire et coopération transfrontalière",
            "Gouvernance locale et appui institutionnel",
        ],
        "secondary_themes": [],
        "project_owners": ["Mantes la Jolie", "Conseil de la Préfecture de Rabat", "ADEFRAMS"],
        "project_managers": [],
        "foreign_partners": [{"name": "Conseil de la Préfecture de Rabat", "country": "Maroc"}],
        "french_partners": ["Mantes la Jolie"],
        "form": "Projet de coopération décentralisée",
        "duration_scheme": "triennal",
        "issues": [],
    }
    assert [(line["financer"], line["year"], line["amount"]) for line in funding] == [
        *((ministry, year, 7000) for year in (2019, 2020, 2021)),
        ("Mantes la Jolie", 2019, 5000),
        ("Mantes la Jolie", 2020, 10500),
        ("Mantes la Jolie", 2021, 5500),
        *((partners, year, 2333) for year in (2019, 2020, 2021)),
    ]
    assert sorted(prose) == [
        "beneficiaries",
        "context",
        "description",
        "history",
        "local_objective",
        "objective_in_france",
    ]


def test_graph_gives_the_sums_by_financer(built: Path) -> None:
    query = """SELECT ?name (COUNT(?line) AS ?lines) (SUM(?amount) AS ?euros) WHERE {
        ?line a cd:FundingLine ; cd:financer/skos:prefLabel ?name ; cd:amount ?amount
    } GROUP BY ?name ORDER BY DESC(?euros) ?name"""
    done = coopdec("query", "--data", built, "-", "--format", "csv", stdin=query)
    assert done.stdout.splitlines() == [
        "name,lines,euros",
        "Mantes la Jolie,3,21000",
        "Ministère de l'Europe et des Affaires étrangères,3,21000",
        "Collectivités et partenaires étrangers,3,6999",
    ]


def test_graph_gives_the_total_the_parties_and_the_dates(built: Path) -> None:
    query = """SELECT ?total ?first ?start ?end ?status ?owners ?foreign ?french WHERE {
      { SELECT (SUM(?amount) AS ?total) { ?l a cd:FundingLine ; cd:amount ?amount } }
      ?p a cd:Partnership, cd:Activity ; cd:firstAgreementYear ?first ; cd:startYear ?start ;
         cd:endDate ?end ; cd:declaredStatus/skos:prefLabel ?status . FILTER(lang(?status) = "fr")
      { SELECT (COUNT(?m) AS ?owners) { ?m org:role <https://w3id.org/coopdec/scheme/role/maitre-d-ouvrage> } }
      { SELECT (COUNT(?m) AS ?foreign) { ?m org:role <https://w3id.org/coopdec/scheme/role/partenaire-etranger> } }
      { SELECT (COUNT(?m) AS ?french) { ?m org:role <https://w3id.org/coopdec/scheme/role/collectivite-francaise> } }
    }"""
    done = coopdec("query", "--data", built, "-", "--format", "csv", stdin=query)
    assert done.stdout.splitlines()[1:] == ["48999,2016,2019,2021-12-31,En cours,3,1,1"]


def test_no_file_of_a_build_names_a_person(built: Path) -> None:
    assert_whole(built)
    files = [path for path in built.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"graph.nq", "issues.jsonl", "manifest.json", "registry.csv", "CURRENT"} <= names
    for path in files:
        assert_silent_about_people(path.read_bytes(), path.name)
    for quad in open_store(built / "current" / "store"):
        assert_silent_about_people(str(quad).encode(), "the store")


def test_no_command_names_a_person(built: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_text(
        REAL_PAGE.read_text("utf-8").replace("31/12/2021", "un jour").replace("7000", "sept mille")
    )
    for arguments in (
        ("read", REAL_PAGE),
        ("read", REAL_PAGE, "--explain"),
        ("read", broken, "--explain"),
        ("read", broken, "--json"),
        ("build", broken, "--out", tmp_path / "out", "--json"),
        ("build", REAL_PAGE, broken, "--out", tmp_path / "both", "--strict"),
        ("query", "--data", built, "-"),
    ):
        everything = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
        done = coopdec(*arguments, stdin=everything)
        assert done.returncode in (0, 1)
        assert_silent_about_people((done.stdout + done.stderr).encode(), str(arguments[0]))


def test_a_status_that_the_end_date_contradicts_is_noted(tmp_path: Path) -> None:
    """A page built alone, without a capture date, had neither computed status nor warning."""
    done = coopdec("build", REAL_PAGE, "--out", tmp_path / "out")
    assert done.returncode == 0
    graph = (tmp_path / "out/current/graph.nq").read_text("utf-8")
    assert "def#computedStatus> <https://w3id.org/coopdec/scheme/status/termine>" in graph
    assert "OngoingBeforeEndShape" in (tmp_path / "out/current/issues.jsonl").read_text("utf-8")
