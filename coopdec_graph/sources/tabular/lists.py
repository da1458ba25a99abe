"""Codes of lists that others keep, where we hold the list."""

from __future__ import annotations

from functools import cache

from coopdec_graph.countries import Country, countries, country_named, is_country_code
from coopdec_graph.namespaces import SCHEME, SDG, matching_key
from coopdec_graph.vocabulary import list_of_others

__all__ = ["COUNTRY_LIST", "country_of", "has_list", "holds"]

COUNTRY_LIST = "country"
_SDG_LIST = "sdg"


def has_list(name: str) -> bool:
    """Whether we hold a list: `country`, `sdg`, or one of `ontology/lists/` by its name there."""
    return name == COUNTRY_LIST or bool(_concepts(name))


def holds(name: str, code: str) -> bool:
    """Whether a list has a code."""
    if name == COUNTRY_LIST:
        return is_country_code(code)
    return f"{_scheme(name)}/{code}" in _concepts(name)


def _scheme(name: str) -> str:
    return str(SDG) if name == _SDG_LIST else f"{SCHEME}{name}"


@cache
def _concepts(name: str) -> frozenset[str]:
    return frozenset(concept.value for concept in list_of_others(_scheme(name)))


def country_of(printed: str) -> Country | None:
    """The country of an ISO 3166-1 code, of two or three letters, or of a French or English name."""
    return (
        _by_code().get(printed)
        or country_named(printed)
        or _in_english().get(matching_key(printed))
    )


@cache
def _by_code() -> dict[str, Country]:
    return {code: country for country in countries() for code in (country.alpha2, country.alpha3)}


@cache
def _in_english() -> dict[str, Country]:
    return {matching_key(country.en): country for country in countries()}
