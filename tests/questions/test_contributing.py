"""The lines that a figure of money says it counts: their amounts give the figure, each is there once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine
from coopdec_graph.graph.query import run
from coopdec_graph.graph.store import load_store
from coopdec_graph.namespaces import CD, PREFIXES
from coopdec_graph.publishing.releases import Release
from coopdec_graph.questions.catalogue import Mode, catalogue
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import Choices, bindings
from tests.questions.answers import CASES
from tests.questions.test_answers import SOME, asked
from tests.remote.stores import Loop

Lists = Mapping[Kind, Choices]

FIGURES = [name for name in catalogue() if "contributing" in catalogue()[name].columns]
COLLECTIVITY = "https://w3id.org/coopdec/id/collectivity/fr"
PARTNERSHIP = "https://w3id.org/coopdec/id/partnership"


def test_every_sum_of_money_says_its_lines() -> None:
    with_figures = [name for name, question in catalogue().items() if "euros" in question.columns]
    # One line a row; the figures of resources are held against `funding` in tests/api/test_sums.py.
    assert sorted(with_figures) == sorted(
        [*FIGURES, "funding", "funding-lines", "sources-of-figure"]
    )
    assert len(FIGURES) == 11


def given_of(name: str) -> list[dict[str, str]]:
    """Nothing but what must be given; and each optional parameter alone."""
    question = catalogue()[name]
    needed = {
        p.name: CASES[name].given[p.name] for p in question.parameters if p.mode is Mode.REQUIRED
    }
    optional = [p for p in question.parameters if p.mode is Mode.OPTIONAL]
    alone = [{**needed, p.name: SOME[p.kind]} for p in optional]
    return [{**given, "lines": "yes"} for given in [needed, *alone]]


def value_of(term: str | None) -> str:
    """What a literal says, without its quotes and datatype; nothing for what is unbound."""
    return "" if term is None else term.partition("^^")[0].strip('"')


@pytest.mark.parametrize("name", FIGURES)
def test_the_lines_of_each_row_give_its_figure_and_are_in_no_other(
    name: str, store: ox.Store, here: Engine, there: Engine, loop: Loop, lists: Lists
) -> None:
    amounts = {
        quad.subject.value: Decimal(quad.object.value)
        for quad in store.quads_for_pattern(
            None, ox.NamedNode(f"{CD}amount"), None, ox.DefaultGraph()
        )
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
    }
    found = 0
    for given in given_of(name):
        terms = asked(here, loop, name, given, lists)
        assert asked(there, loop, name, given, lists) == terms
        rows = [{key: value_of(term) for key, term in row.items()} for row in terms]
        listed = [row["contributing"].split() for row in rows]
        every = [line for lines in listed for line in lines]
        assert len(set(every)) == len(every)
        for row, lines in zip(rows, listed, strict=True):
            assert sum(amounts.get(line, Decimal(0)) for line in lines) == Decimal(row["euros"])
            assert int(row["unread"]) == len([line for line in lines if line not in amounts])
            assert row.get("line_count", str(len(lines))) == str(len(lines))
        found += len(every)
    assert found > 0


def test_a_partnership_of_two_regions_is_in_none(release: Release, lists: Lists) -> None:
    store = load_store(release.quads)
    member = ox.NamedNode(PREFIXES["org"] + "hasMember")
    other = ox.NamedNode(f"{COLLECTIVITY}/chinon")
    store.add(ox.Quad(ox.NamedNode(f"{PARTNERSHIP}/atlas-904"), member, other))
    question = catalogue()["totals-by-region"]
    result = run(store, question.query, bindings=bindings(question, {}, lists))
    assert isinstance(result, ox.QuerySolutions)
    rows = [(row["region_name"], row["euros"], row["line_count"]) for row in result]
    assert [tuple(value and value.value for value in row) for row in rows] == [
        ("Île-de-France", "29000", "7"),
        (None, "2500", "2"),
    ]
