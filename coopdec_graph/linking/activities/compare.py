"""The whole comparison: from activities, and what people said of them, to decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from coopdec_graph.linking.activities.groups import settled
from coopdec_graph.linking.activities.pairs import Pair, pairs_of
from coopdec_graph.linking.activities.reported import ReportedActivity
from coopdec_graph.linking.activities.rivals import without_outdone
from coopdec_graph.linking.activities.rules import PairDecision, decided
from coopdec_graph.linking.people import HumanDecision, HumanDecisions

__all__ = ["compared", "key_of_activity", "unknown_activities"]


def compared(activities: Iterable[ReportedActivity], people: HumanDecisions) -> list[PairDecision]:
    """A decision on each pair that is worth one, in the order of the IRIs of its activities."""
    ordered = sorted(activities, key=lambda activity: activity.iri)
    spoken_of = dict(_spoken_of(ordered, people))
    found = (pair for pair in pairs_of(ordered) if not spoken_of or _keys(pair) not in spoken_of)
    decisions = [decision for pair in found if (decision := decided(pair, None)) is not None]
    said = (decided(pair, row) for pair, row in spoken_of.values())
    decisions += [decision for decision in said if decision is not None]
    decisions.sort(key=lambda one: tuple(activity.iri for activity in one.pair))
    return without_outdone(settled(decisions))


def key_of_activity(iri: str) -> str:
    """What people's decisions call an activity: the end of its IRI."""
    return "/".join(iri.rsplit("/", 2)[1:])


def unknown_activities(activities: Iterable[ReportedActivity], people: HumanDecisions) -> list[str]:
    """The activities that people spoke of and the graph lacks."""
    known = {key_of_activity(activity.iri) for activity in activities}
    named = {name for row in people.about_activities() for name in (row.body, row.object)}
    return sorted(named - known)


def _keys(pair: Pair) -> tuple[str, str]:
    return key_of_activity(pair[0].iri), key_of_activity(pair[1].iri)


def _spoken_of(
    ordered: Sequence[ReportedActivity], people: HumanDecisions
) -> Iterator[tuple[tuple[str, str], tuple[Pair, HumanDecision]]]:
    """The pairs that a person decided on, whatever the rules would make of them."""
    by_key = {key_of_activity(activity.iri): activity for activity in ordered}
    for row in people.about_activities():
        first, second = by_key.get(row.body), by_key.get(row.object)
        if first is not None and second is not None:
            pair = (first, second) if first.iri < second.iri else (second, first)
            yield _keys(pair), (pair, row)
