"""Any value anywhere, once past the schema: it becomes statements, and no mailbox among them."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from coopdec_graph.graph.build import build
from coopdec_graph.graph.statements import n_quads
from coopdec_graph.namespaces import Minter
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.reference.rates import RateTable
from coopdec_graph.registry import Registry
from coopdec_graph.sources.iati import read as module
from tests.sources.iati.iati_files import IATI, reading
from tests.sources.iati.test_accounting import ELEMENTS, built, prepared, text_of

VALUES = [
    "", " ", "x y", 'é<>"{}|\\^`', "1", "-1", "0", "sacha@exemple.example", "sacha [at] exemple.example",
    "http://sacha@exemple.example/", "zz", "ZZZ", "eur", "http://a b", "2021-01-01", "99999-12-31",
    "9" * 40, "\n", "a\u2028b", "\u0085", "\U0001f600", "FR-1/2?3", "-5.25", "fr", "français", "١٢",
]  # fmt: skip


def scramble(root: etree._Element, random: Random) -> None:
    """Other values in one element of ten."""
    for element in root.iter(etree.Element):
        if element is not root and random.random() < 0.1:
            for name in element.attrib:
                element.set(name, random.choice(VALUES))
            element.text = random.choice(VALUES)


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader is shown what the schema would have kept from it."""
    monkeypatch.setattr(module, "check", lambda *given: ())


@given(
    st.lists(ELEMENTS, max_size=3),
    st.sampled_from(["1.05", "2.03"]),
    st.sets(st.integers(0, 40), max_size=15),
    st.randoms(use_true_random=False),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_values_become_statements(
    no_rules: None,
    more: list[tuple[object, ...]],
    version: str,
    without: set[int],
    random: Random,
) -> None:
    root = prepared(version)
    for number, element in enumerate(list(root[0])):
        if number in without:
            root[0].remove(element)
    for said in more:
        built(said, root[0])
    scramble(root, random)
    found = reading(text_of(root))
    assert found.activity is not None
    key = Registry().key_for(found.activity)
    day = date(2025, 1, 1)
    made = build(found.activity, key, Minter(), IATI.metadata, day, RateTable.load(None))
    statements = list(made)
    assert n_quads(statements)
    assert [each for each in statements if any(list(find_mailboxes(str(t))) for t in each)] == []
