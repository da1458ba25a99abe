"""Codes of lists that others keep, as the IRIs of our mirrors of those lists (ontology/)."""

from __future__ import annotations

import re

from rdflib import Literal, URIRef

from coopdec_graph.countries import country_with_code, is_country_code
from coopdec_graph.graph.statements import Sink
from coopdec_graph.model import Classification, Code
from coopdec_graph.namespaces import CD, COUNTRY, SCHEME, SDG

__all__ = ["COUNTRY_LIST", "SDG_LIST", "add_classifications", "add_code", "code_iri", "country_iri"]

# The lists whose concepts have IRIs of others: ISO 3166-1, by the EU's table, and the UN's goals.
COUNTRY_LIST = "country"
SDG_LIST = "sdg"
_LOCAL_NAME = re.compile(r"^.*[#/]")


def country_iri(alpha2: str) -> URIRef:
    """The country of an ISO alpha-2 code in the EU's authority table."""
    return COUNTRY[country_with_code(alpha2).alpha3]


def code_iri(code: Code) -> URIRef | None:
    """The concept or country of a code; None for a code of a list we do not hold."""
    if code.list == COUNTRY_LIST:
        return country_iri(code.value) if is_country_code(code.value) else None
    if code.list == SDG_LIST:
        return URIRef(f"{SDG}/{code.value}")
    return None if code.list is None else SCHEME[f"{code.list}/{code.value}"]


def add_code(sink: Sink, subject: URIRef, predicate: URIRef, code: Code | None) -> None:
    """The concept of a code, or the code as printed where no list of ours has it."""
    if code is None:
        return
    concept = code_iri(code)
    if concept is not None:
        sink.add(subject, predicate, concept)
    else:
        name = _LOCAL_NAME.sub("", predicate)
        sink.add(subject, CD.unlistedCode, Literal(f"{name} {code.value}"))


def add_classifications(
    sink: Sink, subject: URIRef, said: tuple[tuple[Classification, Code], ...]
) -> None:
    for classification, code in said:
        add_code(sink, subject, CD[classification], code)
