"""The entities of the release being served, read from its graph by our query files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from sys import intern

import pyoxigraph as ox

from coopdec_graph.countries import Country, countries
from coopdec_graph.language import LANGUAGES
from coopdec_graph.namespaces import CD, COUNTRY, PREFIXES, SCHEME
from coopdec_graph.service.queries import Queries, Row
from coopdec_graph.service.reconciliation.entities import Entity, Identified
from coopdec_graph.service.reconciliation.kinds import PLACE, TYPES, TYPES_OF_TERM

__all__ = ["load_entities", "load_levels"]

_LEVELS = str(SCHEME["level/"])
_GROUP = str(CD.FinancerGroup)
_WIKIDATA = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9][0-9]*)", re.ASCII)

Known = Mapping[str, Entity]
Learn = Callable[[Entity, str, Known], None]


def load_entities(queries: Queries, base: str) -> list[Entity]:
    """Every entity that has a name. For a thread, not the event loop. Raises QueryError."""
    found: dict[str, Entity] = {}
    for row in queries.rows("reconcile_entities"):
        _add(found, base, _text(row, "entity"), _text(row, "type"))
    for row in queries.rows("reconcile_names"):
        if _text(row, "entity") in found:
            _name(found[_text(row, "entity")], row)
    # What has no name cannot be shown, nor be what another is told apart by.
    named = {iri: entity for iri, entity in found.items() if entity.names and entity.types}
    for row in queries.rows("reconcile_facts"):
        learn, entity = _LEARN.get(_text(row, "property")), named.get(_text(row, "entity"))
        if learn is not None and entity is not None:
            learn(entity, _text(row, "value"), named)
    for row in queries.rows("reconcile_partnerships"):
        if _text(row, "entity") in named:
            named[_text(row, "entity")].partnerships = int(_text(row, "partnerships"))
    return [named[iri] for iri in sorted(named)]


def load_levels(queries: Queries) -> dict[str, dict[str, str]]:
    """The names of levels by language, by the last segment of their IRI."""
    found: dict[str, dict[str, str]] = {}
    for row in queries.rows("reconcile_levels"):
        name = row["name"]
        if isinstance(name, ox.Literal) and name.language in LANGUAGES:
            found.setdefault(_level(_text(row, "level")), {})[name.language] = name.value
    return found


def _text(row: Row, name: str) -> str:
    term = row.get(name)
    return "" if term is None else term.value


def _add(found: dict[str, Entity], base: str, iri: str, term: str) -> None:
    entity = found.setdefault(iri, Entity(iri, iri.removeprefix(base)))
    if term == _GROUP:
        entity.group = True
    else:
        types = {*entity.types, *TYPES_OF_TERM[term]}
        entity.types = tuple(type for type in TYPES if type in types)


def _name(entity: Entity, row: Row) -> None:
    name = row["name"]
    if not isinstance(name, ox.Literal) or not name.value.strip():
        return
    if name.value not in entity.names:
        entity.names = (*entity.names, name.value)
    if _text(row, "rank") == "1" and name.language in LANGUAGES:
        entity.preferred.setdefault(name.language, name.value)


@cache
def _countries() -> Mapping[str, Country]:
    return {str(COUNTRY[country.alpha3]): country for country in countries()}


def _level(iri: str) -> str:
    return iri.removeprefix(_LEVELS)


def _country(entity: Entity, value: str, _: Known) -> None:
    entity.country = entity.country or _countries().get(value)


def _learn_level(entity: Entity, value: str, _: Known) -> None:
    if value.startswith(_LEVELS):
        entity.level = entity.level or intern(_level(value))


def _code(property: str) -> Learn:
    def learn(entity: Entity, value: str, _: Known) -> None:
        one = Identified(property, value)
        if one not in entity.codes:
            entity.codes = (*entity.codes, one)

    return learn


def _same_as(entity: Entity, value: str, known: Known) -> None:
    item = _WIKIDATA.fullmatch(value)
    if item:
        _code("wikidata")(entity, item[1], known)


def _place(entity: Entity, value: str, known: Known) -> None:
    """The countries of a partnership stand in this property too; a body has one place."""
    if entity.place is None and value in known and PLACE in known[value].types:
        entity.place = known[value]


def _parent(entity: Entity, value: str, known: Known) -> None:
    if value in known:
        entity.parents = (*entity.parents, known[value])


def _broader(entity: Entity, value: str, known: Known) -> None:
    if value in known:
        entity.broader = (*entity.broader, known[value])


_LEARN: Mapping[str, Learn] = {
    str(CD.country): _country,
    str(CD.level): _learn_level,
    str(CD.siren): _code("siren"),
    str(CD.inseeCode): _code("inseeCode"),
    "http://rdf.insee.fr/def/geo#codeINSEE": _code("inseeCode"),
    str(CD.geonamesId): _code("geonamesId"),
    "https://schema.org/sameAs": _same_as,
    PREFIXES["dct"] + "spatial": _place,
    PREFIXES["dct"] + "isPartOf": _parent,
    PREFIXES["skos"] + "broader": _broader,
}
