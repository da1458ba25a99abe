"""What one can reconcile with: an entity of the graph, its names and what tells it from homonyms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from coopdec_graph.countries import Country
from coopdec_graph.language import Language
from coopdec_graph.reference.french import Level

__all__ = ["Entity", "Identified"]


@dataclass(frozen=True, slots=True)
class Identified:
    """An identifier that a register gave: which register, and the code."""

    property: str
    code: str


@dataclass(slots=True, eq=False)
class Entity:
    """`id` is the IRI without the identifier space. `names` are all, the preferred one first.

    `group`: financers that a page does not name, added up; such a line is nobody's name.
    `place` is where a body is; `parents` what a place lies in; `broader` the concepts above a theme.
    """

    iri: str
    id: str
    types: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    preferred: dict[str, str] = field(default_factory=dict)  # by language
    group: bool = False
    country: Country | None = None
    level: str | None = None
    codes: tuple[Identified, ...] = ()
    place: Entity | None = None
    parents: tuple[Entity, ...] = ()
    broader: tuple[Entity, ...] = ()
    partnerships: int = 0

    def name(self, language: Language) -> str:
        return self.preferred.get(language) or self.names[0]

    def codes_of(self, property: str) -> tuple[str, ...]:
        """Its codes in a register; those of its place where it has none of its own."""
        places = self.place.codes if self.place is not None else ()
        for codes in (self.codes, places):
            found = tuple(one.code for one in codes if one.property == property)
            if found:
                return found
        return ()

    def known_level(self) -> str | None:
        return self.level or (self.place.level if self.place is not None else None)

    def known_country(self) -> Country | None:
        return self.country or (self.place.country if self.place is not None else None)

    def official(self) -> Iterator[tuple[Level, str]]:
        """The levels and codes by which the French tables know it."""
        level = self.known_level()
        if level is None or level not in frozenset(Level):
            return
        for property in ("inseeCode", "siren"):
            for code in self.codes_of(property):
                yield Level(level), code

    def departements(self) -> tuple[Entity, ...]:
        """The départements it is or lies in, however deep."""
        start = self.place or self
        found: dict[str, Entity] = {}
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            one = waiting.pop()
            if one.iri in seen:
                continue
            seen.add(one.iri)
            if one.level == Level.DEPARTEMENT:
                found[one.iri] = one
            waiting += one.parents
        return tuple(found[iri] for iri in sorted(found))
