"""The names a stranger's query relies on, over the union of the published graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.commands import PAGES, ask, build, rows

AL_AMAL = '?p a cd:Partnership ; dct:title ?title . FILTER(CONTAINS(?title, "Al Amal"))'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("graph") / "out"
    build(PAGES, out)
    return out


def test_partnerships_are_activities_with_a_title(built: Path) -> None:
    assert rows(built, "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?p a cd:Partnership }") == [("6",)]
    assert not ask(built, "ASK { ?p a cd:Partnership FILTER NOT EXISTS { ?p a cd:Activity } }")
    assert not ask(built, "ASK { ?p a cd:Partnership FILTER NOT EXISTS { ?p dct:title ?t } }")


def test_funding_lines_have_their_four_facts(built: Path) -> None:
    lines = rows(
        built,
        f"SELECT ?name ?year ?amount {{ {AL_AMAL} ?l a cd:FundingLine ; cd:fundedActivity ?p ;"
        " cd:financer/skos:prefLabel ?name ; cd:year ?year ; cd:amount ?amount }"
        " ORDER BY ?name ?year",
    )
    ministry = "Ministère de l'Europe et des Affaires étrangères"
    assert lines == [
        *(("Collectivités et partenaires étrangers", y, "2333") for y in ("2019", "2020", "2021")),
        ("Mantes la Jolie", "2019", "5000"),
        ("Mantes la Jolie", "2020", "10500"),
        ("Mantes la Jolie", "2021", "5500"),
        *((ministry, y, "7000") for y in ("2019", "2020", "2021")),
    ]
    assert rows(
        built,
        "SELECT DISTINCT ?y ?a { ?l a cd:FundingLine ; cd:year ?year ; cd:amount ?amount"
        " BIND(DATATYPE(?year) AS ?y) BIND(DATATYPE(?amount) AS ?a) }",
    ) == [
        (
            "http://www.w3.org/2001/XMLSchema#gYear",
            "http://www.w3.org/2001/XMLSchema#decimal",
        )
    ]


def test_every_body_has_one_preferred_name_and_no_person_is_there(built: Path) -> None:
    assert not ask(
        built,
        "ASK { ?l cd:financer ?a FILTER NOT EXISTS { ?a skos:prefLabel ?n } }",
    )
    assert not ask(built, "ASK { ?s ?p ?o FILTER(?o IN (<http://xmlns.com/foaf/0.1/Person>)) }")


def test_no_statement_stands_outside_a_named_graph(built: Path) -> None:
    text = (built / "current/graph.nq").read_text("utf-8")
    base = "<https://w3id.org/coopdec/graph/"
    assert [line for line in text.splitlines() if not line.rsplit(" ", 2)[1].startswith(base)] == []
    assert text.splitlines() == sorted(set(text.splitlines()), key=str.encode)
