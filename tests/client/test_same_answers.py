"""A folder and the service over it give equal results, and equal errors, for every method."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from coopdec_graph.client import Coopdec, Problem, Records, client
from coopdec_graph.index.resources import Resource, resources
from coopdec_graph.questions.catalogue import Mode, catalogue
from coopdec_graph.questions.kinds import Kind, example_of
from tests.questions.answers import CASES

Call = Callable[[Coopdec], Any]


def listed(resource: str, **asked: Any) -> Call:
    return lambda source: getattr(source, resource)(**asked)


def filters() -> list[tuple[str, str]]:
    return [(name, each.name) for name, known in resources().items() for each in known.filters]


def value_for(resource: Resource, name: str, source: Coopdec) -> Any:
    """A value that the release has; of a bound, one that is in the midst of them."""
    found = next(each for each in resource.filters if each.name == name)
    if found.link in resource.facets:
        counted = source.facets(resource.name, found.link)[found.link]
        return counted[0].get("code") or counted[0]["value"] if counted else None
    (parameter,) = (p for p in catalogue()[resource.name].parameters if p.name == name)
    values = {Kind.AMOUNT: Decimal("1000.00"), Kind.DATE: date(2020, 12, 31), Kind.YEAR: 2019}
    return values.get(parameter.kind, example_of(parameter.kind))


@pytest.mark.parametrize(("name", "filter"), filters())
def test_each_filter(name: str, filter: str, local: Coopdec, remote: Coopdec) -> None:
    value = value_for(resources()[name], filter, local)
    keyword = {"from": "from_"}.get(filter, filter)
    one, other = (answered(listed(name, **{keyword: value}), source) for source in (local, remote))
    assert one == other


def answered(call: Call, source: Coopdec) -> Any:
    """The answer, or all that the problem says."""
    try:
        return call(source)
    except Problem as error:
        return error.document


CALLS: dict[str, Call] = {
    **{name: listed(name) for name in resources()},
    "words": listed("partnerships", q="éducation"),
    "words and order": listed("partnerships", q="rabat", sort="-total_euros"),
    "some columns": listed("partnerships", fields=["title", "countries"], sort="title"),
    "columns as a text": listed("funding", fields="euros,year"),
    "the first": listed("funding", limit=2),
    "none": listed("funding", limit=0),
    "nothing is found": listed("partnerships", country="Fidji"),
    "a value that is not given": listed("partnerships", country=None),
    "a profile": lambda source: source.get("partnerships", "atlas-901"),
    "a profile with a slash": lambda source: source.get("collectivities", "fr/mantes-la-jolie"),
    "a facet": lambda source: source.facets("partnerships", "theme"),
    "facets among what a filter leaves": lambda source: source.facets(
        "partnerships", "country", "start_year", country="MA", limit=1
    ),
    "all facets": lambda source: source.facets("funding"),
    "a search": lambda source: source.search("rabat"),
    "a search of few": lambda source: source.search("rabat", limit=1),
    "the questions": lambda source: source.questions(),
    "the release": lambda source: source.release,
    "rows": lambda source: source.sparql(
        'SELECT (1 AS ?whole) (1.50 AS ?part) (1e0 AS ?double) (true AS ?yes) ("a" AS ?text)'
        ' ("2020"^^xsd:gYear AS ?year) (?nothing AS ?none) ("INF"^^xsd:double AS ?endless)'
        " (<http://a.example/x> AS ?iri) WHERE {}"
    ),
    "yes": lambda source: source.sparql("ASK { ?s a cd:Partnership }"),
    # Its statements come in any order.
    "a graph": lambda source: sorted(
        source.sparql("CONSTRUCT WHERE { ?s cd:country ?o }").splitlines()
    ),
}
WRONG: dict[str, tuple[Call, int, str]] = {
    "an unknown filter": (listed("partnerships", land="MA"), 400, "UsageError"),
    "a wrong value": (listed("partnerships", country="Marok"), 400, "UsageError"),
    "a wrong order": (listed("partnerships", sort="colour"), 400, "UsageError"),
    "a wrong column": (listed("partnerships", fields=["colour"]), 400, "UsageError"),
    "fewer than none": (listed("partnerships", limit=-1), 400, "BadRequest"),
    "another format": (listed("partnerships", format="csv"), 400, "BadRequest"),
    "another language": (listed("partnerships", lang="de"), 400, "BadRequest"),
    "a cursor of nothing": (listed("partnerships", cursor="x"), 400, "BadRequest"),
    "no such entity": (lambda c: c.get("partnerships", "atlas-900"), 404, "NotFound"),
    "no such list": (lambda c: c.get("partnership", "atlas-900"), 404, "NotFound"),
    "a way out": (lambda c: c.get("partnerships", "../../../health"), 404, "NotFound"),
    "no name": (lambda c: c.get("partnerships", ""), 404, "NotFound"),
    "signs of addresses": (lambda c: c.get("places", "a?b#c%2Fd é"), 404, "NotFound"),
    "no such facet": (lambda c: c.facets("partnerships", "colour"), 400, "UsageError"),
    "no value of a facet": (lambda c: c.facets("funding", limit=0), 400, "BadRequest"),
    "half of a sign": (listed("partnerships", country="\ud800"), 400, "UsageError"),
    "half of a sign in a name": (lambda c: c.get("places", "\ud800"), 404, "NotFound"),
    "no words": (lambda c: c.search("\x07"), 400, "BadRequest"),
    "no such question": (lambda c: c.ask("fundng-by-year"), 404, "NotFound"),
    "a missing value": (lambda c: c.ask("partnerships-with-country"), 400, "UsageError"),
    "no rows": (lambda c: c.ask("completeness", limit=0), 400, "BadRequest"),
    "no SPARQL": (lambda c: c.sparql("SELEKT"), 400, "QuerySyntaxError"),
    "an update": (lambda c: c.sparql("CLEAR ALL"), 400, "UpdateRefused"),
    "another host": (
        lambda c: c.sparql("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }"),
        403,
        "QueryForbidden",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_each_call(name: str, local: Coopdec, remote: Coopdec) -> None:
    assert CALLS[name](local) == CALLS[name](remote)


@pytest.mark.parametrize("name", CASES)
def test_each_question(name: str, local: Coopdec, remote: Coopdec) -> None:
    given: dict[str, Any] = dict(CASES[name].given)
    if catalogue()[name].asks_others:
        # Neither a folder nor this host may ask somebody else.
        refused = [answered(lambda c: c.ask(name, **given), source) for source in (local, remote)]
        assert refused[0] == refused[1]
        assert (refused[0]["status"], refused[0]["code"]) == (403, "QueryForbidden")
        return
    one, other = local.ask(name, **given), remote.ask(name, **given)
    assert one == other
    assert len(one) == one.total == len(CASES[name].rows)
    required = {p.name for p in catalogue()[name].parameters if p.mode is Mode.REQUIRED}
    assert required <= set(given)


@pytest.mark.parametrize("name", WRONG)
def test_each_error(name: str, local: Coopdec, remote: Coopdec) -> None:
    call, status, code = WRONG[name]
    one, other = (answered(call, source) for source in (local, remote))
    assert one == other
    assert (one["status"], one["code"]) == (status, code)
    with pytest.raises(Problem) as told:
        call(local)
    assert str(told.value) == one["detail"]


def test_pages_are_put_together(
    local: Coopdec, remote: Coopdec, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = local.funding(sort="euros")
    assert len(whole) == whole.total == 9
    monkeypatch.setattr(client, "_PAGE", 2)
    for source in (local, remote):
        assert source.funding(sort="euros") == whole
        some = source.funding(sort="euros", limit=5, fields="euros")
        assert (len(some), some.total, some.truncated) == (5, 9, True)
        assert [row["id"] for row in some] == [row["id"] for row in whole[:5]]


def test_an_answer_longer_than_a_document(
    local: Coopdec, remote: Coopdec, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Documents of the service have a thousand rows; here `limit` makes one as short as two."""
    whole = local.ask("funding-lines")
    assert (len(whole), whole.total, whole.truncated) == (9, 9, False)
    for source in (local, remote):
        few = source.ask("funding-lines", limit=2)
        assert (few.rows, few.total, few.truncated) == (whole.rows[:2], 9, True)
        cut = cut_after(2, source)
        assert cut.ask("funding-lines") == whole
        five = cut.ask("funding-lines", limit=5)
        assert (five.rows, five.total, five.truncated) == (whole.rows[:5], 9, True)


def cut_after(rows: int, source: Coopdec) -> Coopdec:
    """A client whose documents have so many rows at most."""

    class Cut:
        def __getattr__(self, name: str) -> Any:
            return getattr(source._source, name)

        def answer(self, question: str, pairs: list[tuple[str, str]]) -> Any:
            kept = [(name, value) for name, value in pairs if name != "limit"]
            return source._source.answer(question, [*kept, ("limit", str(rows))])

    made = Coopdec("http://localhost", language=source.language)
    made.close()
    made._open = Cut()  # type: ignore[assignment]
    return made


def test_records_are_a_sequence_that_says_where_it_is_from(local: Coopdec) -> None:
    found: Records = local.partnerships(country="MA", sort="title")
    assert [row["id"] for row in found] == ["atlas-901", "atlas-902"]
    assert found[0]["title"] == {"fr": "Éducation + santé & « droits »"}
    assert found[:1] == [found[0]] and found[0] in found and len(found) == 2
    assert repr(found) == f"<Records: 2 of 2, release {local.release}>"
    assert found.sparql is not None and found.sparql.startswith("PREFIX")
    again = local.sparql(found.sparql)
    assert isinstance(again, Records)
    assert {row["iri"] for row in again} == {row["iri"] for row in found}
    reading = {"fr": "est alors un minimum", "en": "is then a minimum"}[local.language]
    years = local.ask("funding-by-year")
    assert years.reading is not None and reading in years.reading


def test_what_get_adds_to_a_row_is_no_column() -> None:
    columns = {column.name for known in resources().values() for column in known.columns}
    assert columns & {"prose", "related", "sparql", "release"} == set()
