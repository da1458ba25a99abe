"""What may be written for a parameter; everything else is refused or is data."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine, Question
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Form
from coopdec_graph.questions.catalogue import Mode, QuestionFile, catalogue
from coopdec_graph.questions.kinds import LISTED, MOST_CHARACTERS, Kind, example_of, written
from coopdec_graph.questions.shown import sparql_of
from coopdec_graph.questions.values import Choices, UnknownQuestion, bindings, question_named
from tests.questions.answers import CASES
from tests.remote.stores import Loop

Lists = Mapping[Kind, Choices]
XSD = "http://www.w3.org/2001/XMLSchema#"
MOROCCO = ox.NamedNode("http://publications.europa.eu/resource/authority/country/MAR")
MANTES = ox.NamedNode("https://w3id.org/coopdec/id/collectivity/fr/mantes-la-jolie")

# What would end a literal, an IRI, a group or a line, if it were put into a query.
HOSTILE = [
    '"',
    "'",
    '""" }',
    "'''",
    "\\",
    "\\u0022",
    '" } UNION { ?s ?p ?o } #',
    "MA> } ; DROP ALL ; #",
    "<https://example.org/a b>",
    "https://example.org/a b",
    "https://example.org/>",
    "urn:x:<y>",
    "{ }",
    "}} SELECT * {{",
    "# no comment",
    "?country",
    "$1",
    "%0A%22",
    "a\nb",
    "a\rb",
    "a\x00b",
    "\u202eabc",
    "\U0001f98a 日本",
    "\ud800",
    "fr-FR",
    "1e5",
    "-1",
    "INF",
    "٣٣٣٣",
    "2020-02-30",
    "' OR 1=1 --",
    "x" * (MOST_CHARACTERS + 1),
    "x" * 1_000_000,
    "",
    " ",
]


# How many of them are values of a type.
TAKEN = {Kind.TEXT: 27, Kind.IDENTIFIER: 4}


def parameters() -> list[tuple[str, str]]:
    return [(q.name, p.name) for q in catalogue().values() for p in q.parameters]


def given_for(question: QuestionFile, name: str, value: str) -> dict[str, str]:
    case = CASES[question.name].given
    needed = {p.name: case[p.name] for p in question.parameters if p.mode is Mode.REQUIRED}
    return {**needed, name: value}


@pytest.mark.parametrize(("name", "parameter"), parameters())
def test_hostile_values_are_refused_or_are_data(
    name: str, parameter: str, here: Engine, loop: Loop, lists: Lists
) -> None:
    question = catalogue()[name]
    kind = {p.name: p.kind for p in question.parameters}[parameter]
    taken = 0
    for value in HOSTILE:
        try:
            bound = bindings(question, given_for(question, parameter, value), lists)
        except UsageError as error:
            assert len(error.text("fr")) < 1000
            continue
        # Types of which the value is bound as it is: any text, or letters, digits and hyphens.
        assert kind in TAKEN
        assert bound[parameter] == ox.Literal(value)
        taken += 1
        whole = Question(question.asked_with(bound), {Form.SELECT: "json"}, bindings=bound)
        shown = Question(sparql_of(question, bound), {Form.SELECT: "json"})
        assert loop.rows(here, whole) == loop.rows(here, shown) == []
    assert taken == TAKEN.get(kind, 0)


def test_hostile_values_are_data_for_another_store(there: Engine, loop: Loop, lists: Lists) -> None:
    question = catalogue()["funding-lines"]
    texts = [value for value in HOSTILE if written(Kind.TEXT, value)]
    assert len(texts) == TAKEN[Kind.TEXT]
    for value in texts:
        bound = bindings(question, {"text": value}, lists)
        asked = Question(question.asked_with(bound), {Form.SELECT: "json"}, bindings=bound)
        assert loop.rows(there, asked) == []


@pytest.mark.parametrize("text", ["+ santé &", "«", "ÉDUCATION + SANTÉ", "droits »"])
def test_signs_of_titles_are_found(
    text: str, here: Engine, there: Engine, loop: Loop, lists: Lists
) -> None:
    question = catalogue()["funding-lines"]
    bound = bindings(question, {"text": text}, lists)
    asked = Question(question.asked_with(bound), {Form.SELECT: "json"}, bindings=bound)
    assert len(loop.rows(here, asked)) == len(loop.rows(there, asked)) == 4


@pytest.mark.parametrize(
    ("kind", "text", "term"),
    [
        (Kind.COUNTRY, "MA", MOROCCO),
        (Kind.COUNTRY, "MAR", MOROCCO),
        (Kind.COUNTRY, "ma", MOROCCO),
        (Kind.COUNTRY, "Maroc", MOROCCO),
        (Kind.COUNTRY, "morocco", MOROCCO),
        (Kind.COUNTRY, MOROCCO.value, MOROCCO),
        (Kind.COLLECTIVITY, "fr/mantes-la-jolie", MANTES),
        (Kind.COLLECTIVITY, "Mantes-la-Jolie", MANTES),
        (Kind.COLLECTIVITY, MANTES.value, MANTES),
        (Kind.FINANCER, "collectivity/fr/mantes-la-jolie", MANTES),
        (Kind.DEPARTEMENT, "78", ox.Literal("78")),
        (Kind.DEPARTEMENT, "2A", ox.Literal("2A")),
        (Kind.DEPARTEMENT, "Yvelines", ox.Literal("78")),
        (Kind.AMOUNT, "10.5", ox.Literal("10.5", datatype=ox.NamedNode(f"{XSD}decimal"))),
        (Kind.YEAR, "2020", ox.Literal("2020", datatype=ox.NamedNode(f"{XSD}gYear"))),
        (Kind.DATE, "2020-02-29", ox.Literal("2020-02-29", datatype=ox.NamedNode(f"{XSD}date"))),
        (Kind.LANGUAGE, "en", ox.Literal("en")),
        (Kind.DAC, "15112", ox.NamedNode("https://w3id.org/coopdec/scheme/dac/15112")),
        (Kind.DAC, "basic sanitation", ox.NamedNode("https://w3id.org/coopdec/scheme/dac/14032")),
        (Kind.SDG, "16", ox.NamedNode("http://metadata.un.org/sdg/16")),
        (Kind.SDG, "Eau propre et assainissement", ox.NamedNode("http://metadata.un.org/sdg/6")),
        (Kind.SDG, "http://metadata.un.org/sdg/17", ox.NamedNode("http://metadata.un.org/sdg/17")),
        (Kind.STATUS, "En cours", ox.NamedNode("https://w3id.org/coopdec/scheme/status/en-cours")),
    ],
)
def test_each_way_to_write_a_value(
    kind: Kind, text: str, term: ox.NamedNode | ox.Literal, lists: Lists
) -> None:
    assert one(kind, text, lists) == term


def one(kind: Kind, text: str, lists: Lists) -> object:
    """The term of a value, by a question that has such a parameter."""
    for question in catalogue().values():
        for parameter in question.parameters:
            if parameter.kind is kind:
                given = given_for(question, parameter.name, text)
                return bindings(question, given, lists)[parameter.name]
    raise AssertionError(kind)


@pytest.mark.parametrize("kind", Kind)
def test_every_type_is_used_and_its_example_is_one(kind: Kind, lists: Lists) -> None:
    # The example is of the real atlas, the release is an invented one.
    example = "atlas-901" if kind is Kind.PARTNERSHIP else example_of(kind)
    if kind in LISTED or written(kind, example):
        assert one(kind, example, lists)


@pytest.mark.parametrize(
    ("name", "given", "message", "nearest"),
    [
        ("funding-by-year", {"financier": "x"}, "no parameter “financier”", ["financer"]),
        ("funding-lines", {"country": "Marok"}, "“Marok” does not fit “country”", "MA"),
        ("funding-lines", {"status": "encours"}, "does not fit “status”", "en-cours"),
        ("shared-partners", {"partner": "prefecture rabat"}, "does not fit", "ma/conseil-de-la-prefecture-de-rabat"),
        ("partnerships-of-sdg", {"sdg": "18"}, "“18” does not fit “sdg”: a Sustainable", "1"),
        ("partnerships-of-sdg", {}, "“sdg” is missing: a Sustainable Development Goal", []),
        ("partnerships-of-sdg", {"sdg": "16.66"}, "“16.66” does not fit “sdg”", "16.6"),
        ("iati-activities", {"dac": "1511"}, "“1511” does not fit “dac”: a sector of the DAC", "15110"),
        ("funding-lines", {"from": "20"}, "a year of four digits", []),
        ("ending-between", {"from": "2020-01-01"}, "“to” is missing: a day, YYYY-MM-DD", []),
        ("shared-partners", {"partner": "La Paix"}, "write one of: bj/la-paix, tg/la-paix", None),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_what_would(
    name: str, given: Mapping[str, str], message: str, nearest: object, lists: Lists
) -> None:
    with pytest.raises(UsageError) as caught:
        bindings(catalogue()[name], given, lists)
    assert message in caught.value.text("en")
    assert caught.value.exit_code == 2
    found = caught.value.details.get("nearest")
    if isinstance(nearest, str):
        assert nearest in found  # type: ignore[operator]
    else:
        assert found == nearest


def test_an_unknown_question_says_the_nearest() -> None:
    with pytest.raises(UnknownQuestion) as caught:
        question_named("fundng-by-yeer")
    assert caught.value.details["nearest"][0] == "funding-by-year"  # type: ignore[index]
    with pytest.raises(UnknownQuestion):
        question_named("x" * 100_000)


def test_a_group_of_financers_is_chosen_by_its_iri_only(lists: Lists) -> None:
    group = "https://w3id.org/coopdec/id/financer-group/atlas-901/collectivites-et-partenaires-etrangers"
    """Its IRI is, but not its name, which a group of each partnership has."""
    assert [choice.term.value for choice in lists[Kind.FINANCER].found(group)] == [group]
    assert lists[Kind.FINANCER].found("Collectivités et partenaires étrangers") == []
