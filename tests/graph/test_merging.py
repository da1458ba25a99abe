"""Two ways of putting N-Quads together give the same bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from coopdec_graph.graph.statements import merge_n_quads, merge_ordered, n_quads

TERMS = st.sampled_from([URIRef(f"https://exemple.org/{name}") for name in ("a", "b", "é", "a/b")])
TEXTS = st.text(max_size=4).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
STATEMENTS = st.lists(st.tuples(TERMS, TERMS, TERMS, TEXTS.map(Literal)), max_size=5)


@given(st.lists(STATEMENTS, max_size=4))
def test_documents_walked_side_by_side_give_what_a_set_gives(parts: list[list[tuple]]) -> None:
    documents = [n_quads(part) for part in parts]

    assert merge_ordered(documents) == merge_n_quads(*documents)
