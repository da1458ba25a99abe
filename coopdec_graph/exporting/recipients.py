"""The countries that an activity is with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from coopdec_graph.countries import Country, countries
from coopdec_graph.exporting.reading import Thing
from coopdec_graph.namespaces import COUNTRY

__all__ = ["recipients"]


def recipients(activity: Thing) -> tuple[Country, ...]:
    """The countries of its foreign partners, in the order of their codes."""
    found = {_by_iri()[iri] for iri in activity.iris("dct:spatial") if iri in _by_iri()}
    return tuple(sorted(found, key=lambda country: country.alpha2))


@cache
def _by_iri() -> Mapping[str, Country]:
    return {str(COUNTRY[country.alpha3]): country for country in countries()}
