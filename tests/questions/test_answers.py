"""Every question, its answer checked in full, on both engines; and values that find nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine, Question
from coopdec_graph.federation.allow_list import AllowList
from coopdec_graph.federation.client import Client
from coopdec_graph.federation.resolve import resolve_services
from coopdec_graph.graph.query import Form, run
from coopdec_graph.questions.catalogue import Mode, catalogue
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.shown import sparql_of
from coopdec_graph.questions.values import Choices, bindings
from tests.questions.answers import CASES, short
from tests.remote.stores import Loop

Rows = list[dict[str, str | None]]
Lists = Mapping[Kind, Choices]


def asked(engine: Engine, loop: Loop, name: str, given: Mapping[str, str], lists: Lists) -> Rows:
    question = catalogue()[name]
    bound = bindings(question, given, lists)
    query = Question(question.asked_with(bound), {Form.SELECT: "json"}, bindings=bound)
    return loop.rows(engine, query)


def test_every_question_has_a_case() -> None:
    assert sorted(CASES) == sorted(catalogue())
    assert len(CASES) == 58


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_the_one_counted_by_hand(
    name: str, store: ox.Store, loop: Loop, wikidata: AllowList, lists: Lists
) -> None:
    question, case = catalogue()[name], CASES[name]
    bound = bindings(question, case.given, lists)
    query = question.asked_with(bound)
    if question.asks_others:
        query = loop.run(resolve_services(sparql_of(question, bound), wikidata, Client()))
        bound = {}
    result = run(store, query, bindings=bound)
    assert isinstance(result, ox.QuerySolutions)
    found = [
        tuple("" if row[c] is None else short(row[c].value) for c in question.columns)
        for row in result
    ]
    # The end of a page's IRI is a digest of its bytes.
    digest = re.compile(r"(source/atlas-\d+-)[0-9a-f]{12}")
    assert [tuple(digest.sub(r"\1*", value) for value in row) for row in found] == case.rows
    assert found != []


@pytest.mark.parametrize("name", CASES)
def test_both_engines_give_the_same_rows(
    name: str, here: Engine, there: Engine, loop: Loop, lists: Lists
) -> None:
    for given in (CASES[name].given, CASES[name].nothing):
        if given is None:
            continue
        ours = asked(here, loop, name, given, lists)
        assert asked(there, loop, name, given, lists) == ours
        assert (ours == []) is (given is CASES[name].nothing)


@pytest.mark.parametrize("name", CASES)
def test_the_query_that_is_shown_gives_the_same_rows(
    name: str, here: Engine, loop: Loop, lists: Lists
) -> None:
    question = catalogue()[name]
    bound = bindings(question, CASES[name].given, lists)
    shown = Question(sparql_of(question, bound), {Form.SELECT: "json"})
    assert loop.rows(here, shown) == asked(here, loop, name, CASES[name].given, lists)


@pytest.mark.parametrize("name", CASES)
def test_each_optional_parameter_filters_only_if_it_is_given(
    name: str, here: Engine, there: Engine, loop: Loop, lists: Lists
) -> None:
    """Alone, each gives a part of what is found without it, whatever the columns that repeat it."""
    question = catalogue()[name]
    needed = {
        p.name: CASES[name].given[p.name] for p in question.parameters if p.mode is Mode.REQUIRED
    }
    all_rows = asked(here, loop, name, needed, lists)
    assert all_rows != []
    optional = [p for p in question.parameters if p.mode is Mode.OPTIONAL]
    for parameter in optional:
        given = {**needed, parameter.name: SOME[parameter.kind]}
        ours = asked(here, loop, name, given, lists)
        assert asked(there, loop, name, given, lists) == ours
        kept = {c for c in question.columns if c != parameter.name}
        without = [{c: row[c] for c in kept} for row in all_rows]
        if "GROUP BY" not in question.query:
            assert all({c: row[c] for c in kept} in without for row in ours)


SOME = {
    Kind.AMOUNT: "1000",
    Kind.BODY: "collectivity/fr/mantes-la-jolie",
    Kind.COLLECTIVITY: "ma/conseil-de-la-prefecture-de-rabat",
    Kind.COUNTRY: "MA",
    Kind.DAC: "151",
    Kind.DATE: "2020-12-31",
    Kind.DECISION: "accepted",
    Kind.DEPARTEMENT: "78",
    Kind.FINANCER: "collectivity/fr/mantes-la-jolie",
    Kind.FORM: "projet-de-cooperation-decentralisee",
    Kind.IDENTIFIER: "atlas-901",
    Kind.KIND: "FrenchCollectivity",
    Kind.LEVEL: "commune",
    Kind.PARTNERSHIP: "atlas-901",
    Kind.PLACE: "fr/departement/78",
    Kind.POST: "ambassade-de-france-a-rabat",
    Kind.PROGRAMME: "atlas",
    Kind.REGION: "11",
    Kind.SDG: "16",
    Kind.STATUS: "en-cours",
    Kind.TEXT: "éducation",
    Kind.THEME: "politique-humanitaire-et-cooperation-transfrontaliere",
    Kind.YEAR: "2020",
}


def test_the_pages_are_those_of_the_fixture(data: Path) -> None:
    assert len(list((data.parent / "pages").glob("*.txt"))) == 5
