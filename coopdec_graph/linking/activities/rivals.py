"""Which questions are left once better answers are known: one activity is one of a source, at most.

A and B may be one project; but where A and C, of the same source as B, are one, or are by far more alike,
then A is not B, and nobody need be asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coopdec_graph.linking.activities.reported import ReportedActivity
from coopdec_graph.linking.activities.rules import ACCEPTED, REFUSED, PairDecision

__all__ = ["without_outdone"]

# Of confidence, which is from 0 to 1.
_BY_FAR = 0.2
_CERTAIN = 2.0

_Best = dict[tuple[str, tuple[str, str]], float]


def without_outdone(decisions: Sequence[PairDecision]) -> list[PairDecision]:
    """The decisions but for questions of likeness that a better pair of one of the two answers."""
    best = _best(decisions)
    return [one for one in decisions if not (one.is_of_likeness and _is_outdone(one, best))]


def _best(decisions: Iterable[PairDecision]) -> _Best:
    """By activity and other source, the strongest pair."""
    best: _Best = {}
    for decision in decisions:
        if decision.decision != REFUSED:
            for ours, theirs in _both_ways(decision):
                key = ours.iri, theirs.source
                best[key] = max(best.get(key, 0.0), _strength(decision))
    return best


def _is_outdone(decision: PairDecision, best: _Best) -> bool:
    return any(
        best[ours.iri, theirs.source] >= decision.confidence + _BY_FAR
        for ours, theirs in _both_ways(decision)
    )


def _strength(decision: PairDecision) -> float:
    return _CERTAIN if decision.decision == ACCEPTED else decision.confidence


def _both_ways(
    decision: PairDecision,
) -> tuple[tuple[ReportedActivity, ReportedActivity], ...]:
    return decision.pair, decision.pair[::-1]
