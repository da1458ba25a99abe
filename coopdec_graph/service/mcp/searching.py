"""Finds things by the words of their names and titles.

`Search` is all that the tool asks of whoever finds: another index may take the place of this one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import process

from coopdec_graph.index.reading import Index as WordIndex
from coopdec_graph.index.reading import Named
from coopdec_graph.index.records import name_in
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import matching_key
from coopdec_graph.questions.refusals import likeness
from coopdec_graph.service.api.search import found_words
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.reconciliation.answers import described
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.index import Index
from coopdec_graph.service.reconciliation.kinds import TYPES

__all__ = ["SEARCHED_TYPES", "Found", "Hit", "NameSearch", "Search"]

_ACTIVITY = "Activity"
# A partnership is an activity too, as a French collectivity is a collectivity.
_PARTNERSHIP = ("Partnership", _ACTIVITY)
SEARCHED_TYPES = (*TYPES, *_PARTNERSHIP)
_LONGEST = 200
# Of 100; below it two names have too little in common.
_NEAR = 70.0


@dataclass(frozen=True, slots=True)
class Hit:
    """`spelled` tells that the words are only spelled alike, `in_text` that they are not in the name."""

    iri: str
    name: str
    types: tuple[str, ...]
    about: str | None
    score: float
    spelled: bool = False
    in_text: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The best of `total` hits."""

    hits: Sequence[Hit]
    total: int


class Search(Protocol):
    async def find(self, text: str, types: Sequence[str], most: int, language: Language) -> Found:
        """The best first; none of `types` means any. Raises QueryError."""
        ...


@dataclass(frozen=True, slots=True)
class _Name:
    """One name or title, as it is compared, of an entity or (`entity` is None) of an activity."""

    key: str
    name: str
    iri: str
    types: tuple[str, ...]
    entity: Entity | None = None


class NameSearch:
    """Over the names that `/reconcile` matches and the titles of activities, all in memory.

    Each word asked for must begin a word of the name. Where nothing is found so, partnerships that
    have the words in their prose, or in the name of what they lead to, are found by the index of the
    release; where there is none either, names that are spelled alike are offered.
    """

    ABOUT = Bilingual(
        "Cherche dans les noms de collectivités, financeurs, thèmes et lieux et dans les titres de"
        " partenariats et d'autres activités : chaque mot doit commencer un mot du nom, sans égard"
        " aux accents ni à la casse. Si rien ne convient, donne les partenariats qui ont tous les"
        " mots dans leur texte (in_text), sinon les noms d'orthographe proche (spelled_alike). Les"
        " IRI sont celles que prennent les autres outils.",
        "Searches the names of collectivities, financers, themes and places and the titles of"
        " partnerships and other activities: each word must begin a word of the name, whatever"
        " accents and case. If nothing fits, gives partnerships that have all the words in their"
        " texts (in_text), else names spelled alike (spelled_alike). The IRIs are those that the"
        " other tools take.",
    )

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._names: list[_Name] | None = None
        self._reading = asyncio.Lock()

    async def find(self, text: str, types: Sequence[str], most: int, language: Language) -> Found:
        index = await self._holdings.shelf.index()
        names = await self._all(index)
        wanted = [one for one in names if not types or set(types) & set(one.types)]
        activities = self._holdings.words if not types or set(types) & set(_PARTNERSHIP) else None
        return await asyncio.to_thread(_found, index, activities, wanted, text, most, language)

    async def _all(self, index: Index) -> list[_Name]:
        async with self._reading:
            if self._names is None:
                rows = await self._holdings.statistics.rows("activities") or ()
                self._names = [
                    *(
                        _Name(matching_key(name), name, entity.iri, entity.types, entity)
                        for entity in index.entities()
                        for name in entity.names
                    ),
                    *(
                        _Name(matching_key(title.value), title.value, activity.value, types)
                        for row in rows
                        if (title := row["title"]) and (activity := row["activity"])
                        for types in [_PARTNERSHIP if row["partnership"] else (_ACTIVITY,)]
                    ),
                ]
        return self._names


def _found(
    index: Index,
    activities: WordIndex | None,
    names: Sequence[_Name],
    text: str,
    most: int,
    language: Language,
) -> Found:
    key = matching_key(text[:_LONGEST])
    exact = [(one, _share(key, one.key)) for one in names if _has_words(key, one.key)]
    if not exact and activities is not None:
        total, best_texts = found_words(activities, "partnerships", key, most)
        if total:
            return Found([_in_text(one, language) for one in best_texts], total)
    best: dict[str, tuple[_Name, float]] = {}
    for one, score in exact or _alike(key, names):
        if one.iri not in best or best[one.iri][1] < score:
            best[one.iri] = (one, score)
    ordered = sorted(best.values(), key=_rank)
    hits = [_hit(index, one, score, not exact, language) for one, score in ordered[:most]]
    return Found(hits, len(ordered))


def _in_text(named: Named, language: Language) -> Hit:
    """A partnership that has the words somewhere else than in its title."""
    title = name_in(named, language) or named.iri
    return Hit(named.iri, title, _PARTNERSHIP, None, 0.0, in_text=True)


def _has_words(asked: str, key: str) -> bool:
    words = asked.split()
    return bool(words) and all(f" {word}" in f" {key}" for word in words)


def _share(asked: str, key: str) -> float:
    """How much of a name the words asked for are, up to 100."""
    return round(100 * min(1.0, len(asked) / len(key)), 1)


def _alike(key: str, names: Sequence[_Name]) -> list[tuple[_Name, float]]:
    if not key:
        return []
    keys = [one.key for one in names]
    found = process.extract(key, keys, scorer=likeness, score_cutoff=_NEAR, limit=None)
    return [(names[place], round(score, 1)) for _, score, place in found]


def _rank(found: tuple[_Name, float]) -> tuple[float, int, str]:
    one, score = found
    return -score, -(one.entity.partnerships if one.entity else 0), one.iri


def _hit(index: Index, one: _Name, score: float, spelled: bool, language: Language) -> Hit:
    about = None if one.entity is None else described(index, one.entity, language)
    return Hit(one.iri, one.name, one.types, about, score, spelled)
