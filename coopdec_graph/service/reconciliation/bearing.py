"""Which of our entities bore a French name, and when: the tables of `coopdec_graph.reference.history`.

An entity is known to the tables by its level and its INSEE code or SIREN (its own, or those of the
place it is in). Of any other entity the sources say nothing, which is None and never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopdec_graph.reference.french import Level
from coopdec_graph.reference.history import NameHeld, bearers, current_codes
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.kinds import THEME
from coopdec_graph.service.reconciliation.periods import Period

__all__ = ["Bearing", "Codes", "bearing", "bearings", "has_homonyms"]

_PARTS = (Level.DELEGATED_COMMUNE, Level.ASSOCIATED_COMMUNE)
# Levels at which a name that is not said to be of one may be another's.
_SHARING = frozenset({Level.COMMUNE, Level.DEPARTEMENT, Level.REGION})
Codes = Mapping[tuple[Level, str], Sequence[Entity]]


@dataclass(frozen=True, slots=True)
class Bearing:
    """An entity that bore a name, or (`took_over`) that holds what the bearer was.

    `sure` is whether the name was borne at the time asked for; None when the sources leave it open,
    or when no time was asked for.
    """

    entity: Entity
    held: NameHeld
    took_over: bool
    sure: bool | None


def bearing(entity: Entity, name: str, period: Period) -> bool | None:
    """Whether an entity bore a name then. None when the tables do not know it by that name."""
    codes = _codes(entity)
    known = [
        held.held_during(period.first, period.last)
        for held, _ in bearers(name)
        if (held.level, held.code) in codes
    ]
    if not known:
        return None
    return True if True in known else None if None in known else False


def _codes(entity: Entity) -> frozenset[tuple[Level, str]]:
    """Its own; a commune déléguée or associée keeps the code of the commune that it was."""
    were = ((Level.COMMUNE, code) for level, code in entity.official() if level in _PARTS)
    return frozenset((*entity.official(), *were))


def has_homonyms(entity: Entity, name: str, period: Period | None, levelled: bool) -> bool:
    """Whether others of France bear the name (then, or today) by which an entity was found.

    The release holds those that have partnerships; whoever asks may mean another: one commune in
    ten shares its name, some that of a département. `levelled`: only those of its level count. An
    entity without a code may be any one of them; without a country, it may be of France.
    """
    country = entity.known_country()
    if THEME in entity.types or (country is not None and not country.is_french):
        return False
    codes = _codes(entity)
    levels = {level for level, _ in codes} if levelled else _SHARING
    others = {
        (held.level, held.code)
        for held, _ in bearers(name)
        if held.level in levels & _SHARING
        and (held.level, held.code) not in codes
        and _is_borne(held, period)
    }
    return len(others) > (0 if codes else 1)


def _is_borne(held: NameHeld, period: Period | None) -> bool:
    if period is None:
        return held.is_current
    return held.held_during(period.first, period.last) is not False


def bearings(name: str, period: Period | None, codes: Codes) -> Iterator[Bearing]:
    """The entities that bore a name at that time; without one, those that bear it no more."""
    for held, _ in bearers(name):
        sure = None if period is None else held.held_during(period.first, period.last)
        if sure is False or (period is None and held.is_current):
            continue
        own = held.level, held.code
        for entity in codes.get(own, ()):
            yield Bearing(entity, held, False, sure)
        for code in current_codes(held.code, held.level):
            if code != own:
                for entity in codes.get(code, ()):
                    yield Bearing(entity, held, True, sure)
