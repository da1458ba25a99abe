"""What waits for a person: each name with its candidates, and what the graph knows of the body.

The terminal and any page of the service read the same queue: the graph `candidates` of a release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from coopdec_graph.graph.query import Term, rows
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.people import HumanDecision, HumanDecisions, Verdict

__all__ = ["Choice", "Question", "questions"]

_COLLECTIVITY, _PLACE, _ENTITY = "/id/collectivity/", "/id/place/", "/entity/"

Row = Mapping[str, Term | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A candidate: `object` is a Q-id or the key of a place, as decisions.csv has it."""

    object: str
    name: str
    confidence: float
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`body` is the end of its IRI, as decisions.csv has it; `partnerships` are titles, each with
    the other members' names."""

    body: str
    name: str
    country: str
    reason: Bilingual
    choices: tuple[Choice, ...]
    partnerships: tuple[tuple[str, tuple[str, ...]], ...]


def questions(store: ox.Store, people: HumanDecisions) -> Iterator[Question]:
    """Every name with candidates that nobody has judged yet, in the order of the bodies' IRIs."""
    for body, found in groupby(rows(store, "review_queue"), key=lambda row: _text(row, "body")):
        group = list(found)
        key = body.partition(_COLLECTIVITY)[2]
        choices = tuple(one for one in _choices(group) if _is_open(one, people.of(key)))
        if choices:
            yield _question(store, body, key, group[0], choices)


def _is_open(choice: Choice, said: Sequence[HumanDecision]) -> bool:
    """Nobody has judged it, nor chosen another item (or place) in its stead."""
    is_item = choice.object.startswith("Q")
    return not any(
        row.object == choice.object
        or (row.decision is Verdict.SAME and row.is_about_item is is_item)
        for row in said
    )


def _question(
    store: ox.Store, body: str, key: str, row: Row, choices: tuple[Choice, ...]
) -> Question:
    reason = Bilingual(_text(row, "fr"), _text(row, "en"))
    name, country = _text(row, "name"), _text(row, "country")
    return Question(key, name, country, reason, choices, _partnerships(store, body))


def _choices(group: Sequence[Row]) -> Iterator[Choice]:
    """Each candidate once: it has a row for each of its features."""
    for object, found in groupby(group, key=_object):
        rows_of_one = list(found)
        features = tuple(filter(None, (_text(row, "feature") for row in rows_of_one)))
        first = rows_of_one[0]
        yield Choice(object, _text(first, "met"), float(_text(first, "confidence")), features)


def _object(row: Row) -> str:
    item, place = _text(row, "item"), _text(row, "place")
    return item.rpartition(_ENTITY)[2] if item else place.partition(_PLACE)[2]


def _partnerships(store: ox.Store, body: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = rows(store, "partnerships_of", body=ox.NamedNode(body))
    return tuple(
        (_text(group[0], "title"), tuple(filter(None, (_text(row, "other") for row in group))))
        for group in _grouped(found)
    )


def _grouped(found: Sequence[Row]) -> Iterator[list[Row]]:
    for _, group in groupby(found, key=lambda row: _text(row, "partnership")):
        yield list(group)


def _text(row: Row, name: str) -> str:
    value = row[name]
    return "" if value is None else value.value
