"""The countries that an activity is with, or a body is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from coopdec_graph.countries import Country, countries
from coopdec_graph.exporting.reading import Thing
from coopdec_graph.namespaces import COUNTRY

__all__ = ["countries_of", "recipients"]


def recipients(activity: Thing) -> tuple[Country, ...]:
    """The countries of its foreign partners, in the order of their codes."""
    return _known(activity.iris("dct:spatial"))


def countries_of(body: Thing) -> tuple[Country, ...]:
    """The country of a body, where it is known."""
    return _known(body.iris("cd:country"))


def _known(iris: Iterable[str]) -> tuple[Country, ...]:
    found = {_by_iri()[iri] for iri in iris if iri in _by_iri()}
    return tuple(sorted(found, key=lambda country: country.alpha2))


@cache
def _by_iri() -> Mapping[str, Country]:
    return {str(COUNTRY[country.alpha3]): country for country in countries()}
