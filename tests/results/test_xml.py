"""XML stays well-formed whatever a literal holds."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.results.errors import NotWritable
from coopdec_graph.results.sinks import XmlText
from tests.results.answers import Collecting, values, written

UNFIT = {*map(chr, range(0x20))} - set("\t\n\r") | {"\ufffe", "\uffff"}


def _fitting(text: str) -> str:
    return "".join("\ufffd" if character in UNFIT else character for character in text)


TEXTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(sorted(UNFIT)), st.sampled_from("\r\n<")
    )
)


@settings(deadline=None)
@given(text=TEXTS)
def test_a_character_without_a_place_in_xml_is_replaced(text):
    literal = str(ox.Literal(text))
    tree = ElementTree.fromstring(written(values(literal), "xml")[0])
    node = tree.find(".//{http://www.w3.org/2005/sparql-results#}literal")
    assert node is not None and (node.text or "") == _fitting(text)
    query = f"CONSTRUCT {{ <a:a> <a:b> {literal} }} WHERE {{}}"
    graph = rdflib.Graph().parse(data=written(query, "rdfxml")[0], format="xml")
    assert [str(value) for value in graph.objects()] == [_fitting(text)]


@given(text=TEXTS, size=st.integers(1, 5))
def test_pieces_may_end_anywhere(text, size):
    body = text.encode() + b">"
    whole, pieces = Collecting(), Collecting()
    XmlText(whole).write(body)
    target = XmlText(pieces)
    for place in range(0, len(body), size):
        target.write(body[place : place + size])
    assert pieces.body == whole.body
    assert whole.body.decode() == _fitting(text).replace("\r", "&#13;") + ">"


@pytest.mark.parametrize("iri", ["a:1", "http://x/", "http://x/1", "http://x/(b)", "urn:x:"])
def test_a_property_without_a_name_is_refused_in_rdf_xml_only(iri):
    query = f"CONSTRUCT {{ <a:a> <{iri}> 1 }} WHERE {{}}"
    with pytest.raises(NotWritable, match="Choose Turtle"):
        written(query, "rdfxml")
    assert len(rdflib.Graph().parse(data=written(query, "turtle")[0], format="turtle")) == 1


@pytest.mark.parametrize("iri", ["a:b1", "http://x/é", "http://x#a.b-c", "http://x/1a", "a:_"])
def test_a_property_with_a_name_is_not(iri):
    body, _ = written(f"CONSTRUCT {{ <a:a> <{iri}> 1 }} WHERE {{}}", "rdfxml")
    graph = rdflib.Graph().parse(data=body, format="xml")
    assert [str(name) for name in graph.predicates()] == [iri]
