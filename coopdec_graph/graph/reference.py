"""Names of things defined elsewhere that the graph points to: the countries of its bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import SKOS, Literal

from coopdec_graph.countries import country_with_code, is_country_code
from coopdec_graph.graph.codes import COUNTRY_LIST, country_iri
from coopdec_graph.graph.statements import Sink, Statement, text
from coopdec_graph.model import Activity
from coopdec_graph.namespaces import Minter

__all__ = ["country_names"]


def country_names(activities: Iterable[Activity], mint: Minter) -> Iterator[Statement]:
    """French and English names (Unicode CLDR) and ISO alpha-2 code of each country in use."""
    codes = {code for activity in activities for code in _countries(activity)}
    sink = Sink(mint.graph("reference"))
    for code in sorted(codes):
        country, iri = country_with_code(code), country_iri(code)
        sink.add(iri, SKOS.prefLabel, text(country.fr), text(country.en, "en"))
        sink.add(iri, SKOS.notation, Literal(country.alpha2))
    return iter(sink)


def _countries(activity: Activity) -> Iterator[str]:
    yield from (agent.country for agent in activity.agents() if agent.country)
    given = [activity.allocations, *(item.allocations for item in activity.items)]
    for allocation in (allocation for allocations in given for allocation in allocations):
        code = allocation.code
        if code.list == COUNTRY_LIST and is_country_code(code.value):
            yield code.value
