"""Whether a property of an entity agrees with values a client gives: True, False, or not known.

Codes are compared as text, names as `linking.names.key_of` compares them; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from coopdec_graph.countries import Country, countries, country_named
from coopdec_graph.linking.names import key_of
from coopdec_graph.namespaces import COUNTRY, SCHEME, matching_key
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.messages import Value

__all__ = ["Compare", "Levels", "agrees", "code_of_value", "country_of_value"]

# The names of levels by language, by level.
Levels = Mapping[str, Mapping[str, str]]
Compare = Callable[[Entity, Value, Levels], bool | None]

_LAST = re.compile(r"[^/#]*$")
# An identifier of ours, or an IRI; one of another service says nothing by itself.
_OURS = re.compile(r"id/|scheme/|https?:")
_FORMS = {
    "siren": re.compile(r"[0-9]{9}", re.ASCII),
    "inseeCode": re.compile(r"[0-9][0-9AB]?[0-9]{0,3}", re.ASCII),
    "wikidata": re.compile(r"Q[1-9][0-9]*", re.ASCII),
    "geonamesId": re.compile(r"[1-9][0-9]*", re.ASCII),
}


def agrees(
    compare: Compare, entity: Entity, values: Iterable[Value], levels: Levels
) -> bool | None:
    """One value that agrees is enough; it disagrees when each of them does."""
    found = [compare(entity, value, levels) for value in values]
    if True in found:
        return True
    return None if None in found or not found else False


def code_of_value(property: str, value: Value) -> str | None:
    """The code a value gives, also at the end of an address; None when it is none of that register."""
    text = (value.id or value.text).strip().rstrip("/")
    if property == "siren":
        text = re.sub(r"\s", "", text)
    last = _LAST.search(text)
    code = (last[0] if last else "").upper()
    return code if _FORMS[property].fullmatch(code) else None


def same_code(property: str) -> Compare:
    """Compares codes of a register."""

    def compare(entity: Entity, value: Value, _: Levels) -> bool | None:
        code, codes = code_of_value(property, value), entity.codes_of(property)
        return code in codes if code and codes else None

    return compare


@cache
def _countries() -> Mapping[str, Country]:
    """By code, English name and IRI; `country_named` knows the French names."""
    found = {matching_key(country.en): country for country in countries()}
    for country in countries():
        found[country.alpha2.lower()] = found[country.alpha3.lower()] = country
        found[str(COUNTRY[country.alpha3])] = country
    return found


def country_of_value(value: Value) -> Country | None:
    """The country a code, a French or English name or an IRI of the EU's table gives."""
    for text in (value.id, value.text):
        if text:
            found = _countries().get(text) or _countries().get(matching_key(text))
            found = found or country_named(text)
            if found is not None:
                return found
    return None


def same_country(entity: Entity, value: Value, _: Levels) -> bool | None:
    """France and its territories beyond the sea, which have codes of their own, do not disagree."""
    given, known = country_of_value(value), entity.known_country()
    if given is None or known is None:
        return None
    if given == known:
        return True
    return None if given.is_french and known.is_french else False


def same_level(entity: Entity, value: Value, levels: Levels) -> bool | None:
    """By slug, IRI, or name in French or English."""
    known = entity.known_level()
    if known is None:
        return None
    given = matching_key((value.id or value.text).removeprefix(str(SCHEME["level/"])))
    names = {
        slug: {matching_key(slug), *map(matching_key, levels.get(slug, {}).values())}
        for slug in {known, *levels}
    }
    if given in names[known]:
        return True
    return False if any(given in found for found in names.values()) else None


def same_departement(entity: Entity, value: Value, _: Levels) -> bool | None:
    """By code, name or identifier."""
    known = entity.departements()
    code = value.text.upper().zfill(2)
    if not known:
        return None
    return any(_is(one, value) or code in one.codes_of("inseeCode") for one in known)


def same_place(entity: Entity, value: Value, _: Levels) -> bool | None:
    return _is(entity.place, value) if entity.place else None


def same_broader(entity: Entity, value: Value, _: Levels) -> bool | None:
    """A theme without a broader one is at the top: that is known of it."""
    return any(_is(one, value) for one in entity.broader)


def _is(entity: Entity, value: Value) -> bool:
    """Whether a value names an entity: by our identifier, or else by any of its names."""
    if value.id in (entity.id, entity.iri):
        return True
    if value.id and _OURS.match(value.id):
        return False
    key = key_of(value.text)
    return value.text in (entity.id, entity.iri) or any(
        key_of(name) == key for name in entity.names
    )
