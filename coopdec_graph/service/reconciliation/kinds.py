"""The types of entities one can reconcile with (specification, "Types")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import CD, PREFIXES

__all__ = [
    "COLLECTIVITY",
    "DEFAULT_TYPES",
    "FINANCER",
    "FOREIGN",
    "FRENCH",
    "PLACE",
    "THEME",
    "TYPES",
    "TYPES_OF_TERM",
    "EntityType",
    "described_type",
    "wanted_types",
]

COLLECTIVITY = "Collectivity"
FRENCH = "FrenchCollectivity"
FOREIGN = "ForeignCollectivity"
FINANCER = "Financer"
THEME = "Theme"
PLACE = "Place"


@dataclass(frozen=True, slots=True)
class EntityType:
    """`broader` is the type that has all its entities."""

    id: str
    name: Bilingual
    broader: str | None = None


TYPES: Mapping[str, EntityType] = {
    type.id: type
    for type in (
        EntityType(COLLECTIVITY, Bilingual("collectivité", "collectivity")),
        EntityType(
            FRENCH, Bilingual("collectivité française", "French collectivity"), COLLECTIVITY
        ),
        EntityType(
            FOREIGN, Bilingual("collectivité étrangère", "foreign collectivity"), COLLECTIVITY
        ),
        EntityType(FINANCER, Bilingual("financeur", "financer")),
        EntityType(THEME, Bilingual("thème", "theme")),
        EntityType(PLACE, Bilingual("lieu", "place")),
    )
}
DEFAULT_TYPES = (COLLECTIVITY, FINANCER, THEME, PLACE)

# By the term that `reconcile_entities.rq` names. A group is no type of its own: it is a financer.
TYPES_OF_TERM: Mapping[str, tuple[str, ...]] = {
    str(CD.FrenchCollectivity): (FRENCH, COLLECTIVITY),
    str(CD.ForeignCollectivity): (FOREIGN, COLLECTIVITY),
    str(CD.financer): (FINANCER,),
    str(CD.Place): (PLACE,),
    PREFIXES["skos"] + "Concept": (THEME,),
}


def wanted_types(asked: Iterable[str]) -> frozenset[str] | None:
    """Those of the types asked for that we have; None when none is asked for: any type will do.

    A type written by hand is understood: `place`, `cd:Place` and the IRI of its class are `Place`.
    """
    names = frozenset(map(_written, asked))
    return frozenset(id for id in TYPES if id.casefold() in names) if names else None


def _written(type: str) -> str:
    return type.rpartition("#")[2].removeprefix("cd:").casefold()


def described_type(id: str, language: Language) -> dict[str, object]:
    """A type as JSON, with its broader one (schema `type.json`)."""
    type = TYPES[id]
    described: dict[str, object] = {"id": id, "name": type.name.text(language)}
    if type.broader:
        described["broader"] = [described_type(type.broader, language)]
    return described
