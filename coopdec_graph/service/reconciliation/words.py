"""What the words before a name say of its level, and whether an entity is of it.

"Préfecture de Rabat" is not the city of Rabat: a name found once such words are taken off must be
confirmed by what is known of the entity, or by the words of its own name.
"""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_graph.linking.decisions import Kind
from coopdec_graph.linking.names import parsed
from coopdec_graph.reference.names import body_name
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.kinds import PLACE

__all__ = ["leaves_level_open", "same_words"]

_TOWNS = frozenset(
    {"commune", "commune-deleguee", "commune-associee", "settlement", "municipality"}
)
_LEVELS: Mapping[Kind, frozenset[str]] = {
    Kind.SETTLEMENT: _TOWNS,
    Kind.MUNICIPALITY: _TOWNS,
    Kind.SUBDIVISION: frozenset(
        {"subdivision", "region", "departement", "collectivite", "arrondissement", "epci", "ept"}
    ),
}


def _told(name: str) -> frozenset[str]:
    """The levels that a name tells; none when it does not. French words are told more finely."""
    french = body_name(name).levels
    if french:
        return frozenset(french) | (
            {"settlement", "municipality"} if "commune" in french else set()
        )
    kind = parsed(name).kind
    return _LEVELS[kind] if kind else frozenset()


def leaves_level_open(asked: str, entity: Entity) -> bool:
    """Whether a name may be that of the chief town of a place: a foreign subdivision mostly has it."""
    subdivision = PLACE in entity.types and entity.level == "subdivision"
    return subdivision and not _told(asked)


def same_words(asked: str, entity: Entity, name: str) -> bool | None:
    """Whether the words taken off a name asked for suit an entity under one of its names.

    None when only one of them tells a level: that may be another body of that place.
    """
    words, own = _told(asked), _told(name)
    level = entity.known_level()
    if not words:
        return None if own else True
    if level is not None:
        return level in words
    return bool(words & own) if own else None
