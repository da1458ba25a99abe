"""Names of things defined elsewhere that the graph points to: the countries of its bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import SKOS, Literal

from coopdec_graph.countries import country_with_code
from coopdec_graph.graph.agents import country_iri
from coopdec_graph.graph.statements import Sink, Statement, text
from coopdec_graph.model import Activity
from coopdec_graph.namespaces import Minter

__all__ = ["country_names"]


def country_names(activities: Iterable[Activity], mint: Minter) -> Iterator[Statement]:
    """French and English names (Unicode CLDR) and ISO alpha-2 code of each country in use."""
    codes = {agent.country for activity in activities for agent in activity.agents()}
    sink = Sink(mint.graph("reference"))
    for code in sorted(code for code in codes if code):
        country, iri = country_with_code(code), country_iri(code)
        sink.add(iri, SKOS.prefLabel, text(country.fr), text(country.en, "en"))
        sink.add(iri, SKOS.notation, Literal(country.alpha2))
    return iter(sink)
