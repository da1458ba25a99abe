"""Countries by the French names a source prints, from `data/reference/countries.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from coopdec_graph.namespaces import matching_key
from coopdec_graph.resources import reference_file

__all__ = [
    "Country",
    "countries",
    "country_named",
    "country_with_code",
    "is_country_code",
    "split_trailing_country",
]


@dataclass(frozen=True, slots=True)
class Country:
    """ISO 3166-1 codes and names; `overseas` marks French territories outside Europe."""

    alpha2: str
    alpha3: str
    fr: str
    en: str
    aliases: tuple[str, ...]
    overseas: bool

    @property
    def is_french(self) -> bool:
        return self.alpha2 == "FR" or self.overseas


@cache
def countries() -> tuple[Country, ...]:
    with reference_file("countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_country(row) for row in csv.DictReader(file))


def _country(row: Mapping[str, str]) -> Country:
    aliases = tuple(alias for alias in row["aliases"].split("|") if alias)
    overseas = row["overseas"] == "1"
    return Country(row["alpha2"], row["alpha3"], row["fr"], row["en"], aliases, overseas)


@cache
def _by_name() -> Mapping[str, Country]:
    return {
        matching_key(name): country
        for country in countries()
        for name in (country.fr, *country.aliases)
    }


@cache
def _most_words() -> int:
    """In the longest country name: no more words than that are tried at the end of a row."""
    return max(len(key.split()) for key in _by_name())


@cache
def _by_code() -> Mapping[str, Country]:
    return {country.alpha2: country for country in countries()}


def country_named(name: str) -> Country | None:
    """The country with this French name, or None: no nearest match is tried."""
    return _by_name().get(matching_key(name))


def country_with_code(alpha2: str) -> Country:
    """The country with an ISO 3166-1 alpha-2 code; KeyError when there is none."""
    return _by_code()[alpha2]


def is_country_code(text: str) -> bool:
    """Whether a text is the ISO 3166-1 alpha-2 code of a country."""
    return text in _by_code()


def split_trailing_country(text: str) -> tuple[str, Country | None]:
    """Splits `Conseil de la Préfecture de Rabat Maroc` into the name and its country.

    The longest country name that ends the text wins ("République démocratique du Congo" before
    "Congo"), and it must leave a name in front of it. Without one the text comes back whole.
    """
    words = text.split()
    for start in range(max(1, len(words) - _most_words()), len(words)):
        country = country_named(" ".join(words[start:]))
        if country is not None:
            return " ".join(words[:start]), country
    return text, None
