"""What waits for a person: two activities that may be one project, and what the graph says of each.

The graph `candidates` of a release holds it, as it does the names that wait (linking/queue.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from coopdec_graph.graph.query import Term, rows
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.activities.compare import key_of_activity
from coopdec_graph.linking.people import HumanDecisions

__all__ = ["ActivityQuestion", "Side", "activity_questions", "sides_of"]

Row = Mapping[str, Term | None]


@dataclass(frozen=True, slots=True)
class Side:
    """An activity: its key, as decisions.csv has it, and its facts by name (activity_facts.rq)."""

    key: str
    facts: Mapping[str, Sequence[str]]

    @property
    def title(self) -> str:
        return next(iter(self.facts.get("title", ())), "")


@dataclass(frozen=True, slots=True)
class ActivityQuestion:
    """A pair by the IRIs of its activities; `sides_of` says what the graph knows of them."""

    first: str
    second: str
    confidence: float
    features: tuple[str, ...]
    reason: Bilingual


def activity_questions(store: ox.Store, people: HumanDecisions) -> Iterator[ActivityQuestion]:
    """Every pair that nobody has judged yet, the most alike first."""
    found = rows(store, "review_activities")
    for _, group in groupby(found, key=lambda row: _text(row, "alignment")):
        question = _question(list(group))
        if not people.have_settled(*map(key_of_activity, (question.first, question.second))):
            yield question


def _question(pair: Sequence[Row]) -> ActivityQuestion:
    """It has a row for each of its features."""
    row = pair[0]
    features = tuple(filter(None, (_text(row, "feature") for row in pair)))
    reason = Bilingual(_text(row, "fr"), _text(row, "en"))
    confidence = float(_text(row, "confidence"))
    return ActivityQuestion(_text(row, "first"), _text(row, "second"), confidence, features, reason)


def sides_of(store: ox.Store, question: ActivityQuestion) -> tuple[Side, Side]:
    """The activity that would be counted if they are one project, and the other."""
    first, second = (_side(store, iri) for iri in (question.first, question.second))
    return (first, second) if _order(first) < _order(second) else (second, first)


def _order(side: Side) -> tuple[bool, bool, str]:
    """As ReportedActivity.precedence has it: a partnership is of the Atlas."""
    is_secondary = "true" in side.facts.get("secondary", ())
    return not side.key.startswith("partnership/"), is_secondary, side.key


def _side(store: ox.Store, iri: str) -> Side:
    facts: dict[str, list[str]] = {}
    for row in rows(store, "activity_facts", activity=ox.NamedNode(iri)):
        facts.setdefault(_text(row, "fact"), []).append(_text(row, "value"))
    return Side(key_of_activity(iri), facts)


def _text(row: Row, name: str) -> str:
    value = row[name]
    return "" if value is None else value.value
