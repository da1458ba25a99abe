"""Activities that are one project, all together: which is counted, and what cannot hold at once.

A link reaches further than its pair: with A = B and B = C, A and C are one too. Where that would make
one of two activities of one source, of a whole and its part, or of two that a person told apart, the
links that rules made in that group wait for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.activities.reported import ReportedActivity, may_be_one
from coopdec_graph.linking.activities.rules import (
    ACCEPTED,
    CONTRADICTED,
    REFUSED,
    REVIEW,
    PairDecision,
)

__all__ = ["counted_of", "grouped", "settled"]

_TOGETHER = Bilingual(
    "Un identifiant le dit, mais d'autres liens en feraient un seul projet avec une activité qui ne"
    " peut pas l'être.",
    "An identifier says so, but other links would make it one project with an activity that cannot be.",
)


def settled(decisions: Sequence[PairDecision]) -> list[PairDecision]:
    """The decisions, those of rules that cannot all hold made questions; in the order given.

    Two that other links make one project already, or that a person told apart through others, are
    no question any more.
    """
    refused = {_ends(one) for one in decisions if one.decision == REFUSED}
    clashing = {
        activity.iri
        for group in _groups(decisions)
        if any(_clash(*pair, refused) for pair in combinations(group, 2))
        for activity in group
    }
    opened = [_open(one) if _is_in(one, clashing) else one for one in decisions]
    project = {one.iri: group[0].iri for group in _groups(opened) for one in group}
    apart = {frozenset(project.get(iri, iri) for iri in pair) for pair in refused}
    return [one for one in opened if not _is_answered(one, project, apart)]


def _is_answered(
    decision: PairDecision, project: Mapping[str, str], apart: set[frozenset[str]]
) -> bool:
    """Whether links and refusals of other pairs answer a question that only likeness raises."""
    projects = frozenset(project.get(one.iri, one.iri) for one in decision.pair)
    return decision.is_of_likeness and (len(projects) == 1 or projects in apart)


def _clash(first: ReportedActivity, second: ReportedActivity, refused: set[frozenset[str]]) -> bool:
    return frozenset((first.iri, second.iri)) in refused or not may_be_one(first, second)


def _is_in(decision: PairDecision, clashing: set[str]) -> bool:
    is_link = decision.decision == ACCEPTED and not decision.is_of_person
    return is_link and decision.pair[0].iri in clashing


def _open(decision: PairDecision) -> PairDecision:
    return replace(decision, decision=REVIEW, confidence=CONTRADICTED, reason=_TOGETHER)


def grouped(decisions: Iterable[PairDecision]) -> Iterator[list[PairDecision]]:
    """Decisions that must be looked at together: the links of one project; each other one alone."""
    decisions = list(decisions)
    root = {one.iri: group[0].iri for group in _groups(decisions) for one in group}
    found: dict[str, list[PairDecision]] = {}
    for decision in decisions:
        if decision.decision == ACCEPTED:
            found.setdefault(root[decision.pair[0].iri], []).append(decision)
        else:
            yield [decision]
    yield from found.values()


def counted_of(decisions: Iterable[PairDecision]) -> Iterator[tuple[str, str]]:
    """Each activity that is not counted, with the one that is counted in its stead."""
    for group in _groups(decisions):
        kept = min(group, key=ReportedActivity.precedence)
        yield from ((one.iri, kept.iri) for one in group if one.iri != kept.iri)


def _ends(decision: PairDecision) -> frozenset[str]:
    return frozenset(one.iri for one in decision.pair)


def _groups(decisions: Iterable[PairDecision]) -> list[list[ReportedActivity]]:
    """The activities that accepted links join, each group in the order of IRIs."""
    groups: dict[str, dict[str, ReportedActivity]] = {}
    for decision in decisions:
        if decision.decision == ACCEPTED:
            joined: dict[str, ReportedActivity] = {}
            for one in decision.pair:
                joined |= groups.get(one.iri, {one.iri: one})
            for iri in joined:
                groups[iri] = joined
    distinct = {min(group): group for group in groups.values()}
    return [[group[iri] for iri in sorted(group)] for _, group in sorted(distinct.items())]
