"""Finds the projects that a graph reports twice: lines in, alignments and what is counted out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rdflib import URIRef

from coopdec_graph.graph.statements import Statement, merge_n_quads
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.activities.compare import (
    compared,
    key_of_activity,
    unknown_activities,
)
from coopdec_graph.linking.activities.groups import grouped
from coopdec_graph.linking.activities.reading import reported_activities
from coopdec_graph.linking.activities.rules import ACCEPTED, REFUSED, REVIEW, PairDecision
from coopdec_graph.linking.activities.statements import pair_statements
from coopdec_graph.linking.activities.subjects import has_several_sources
from coopdec_graph.linking.people import HumanDecisions
from coopdec_graph.linking.statements import Run
from coopdec_graph.namespaces import Minter
from coopdec_graph.parallel import in_processes
from coopdec_graph.progress import Track
from coopdec_graph.publishing.validated import Made, RefusedLink, valid_quads

__all__ = ["ActivityLinks", "activity_links"]

_COMPARING = Bilingual("Projets déclarés deux fois", "Projects reported twice")
# Enough decisions to be worth one validation, few enough to spread over processes.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class ActivityLinks:
    """`facts` go into the manifest; `unknown` are activities of decisions that the graph lacks."""

    quads: bytes = b""
    facts: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[RefusedLink, ...] = ()
    unknown: tuple[str, ...] = ()


def activity_links(
    lines: Iterable[bytes], people: HumanDecisions, run: Run, mint: Minter, track: Track
) -> ActivityLinks:
    """The alignments of the activities in lines of N-Quads, which bear the links of bodies already
    and are walked more than once.

    Of one programme and reporter there is nothing to compare, unless a person spoke of activities.
    """
    if not has_several_sources(lines) and not people.about_activities():
        return ActivityLinks(facts=_facts(()))
    activities = reported_activities(lines)
    decisions = compared(activities, people)
    groups = list(grouped(decisions))
    batches = [groups[start : start + _BATCH] for start in range(0, len(groups), _BATCH)]
    making = in_processes(_Maker(run, mint), batches, len(batches), worthwhile=2, chunk=1)
    made = list(track(making, _COMPARING, len(batches)))
    refused = tuple(link for batch in made for link in batch.refused)
    unknown = tuple(unknown_activities(activities, people))
    quads = merge_n_quads(*(batch.quads for batch in made))
    return ActivityLinks(quads, _facts(decisions), refused, unknown)


def _facts(decisions: Sequence[PairDecision]) -> dict[str, int]:
    counted = Counter(decision.decision for decision in decisions)
    return {outcome: counted[outcome] for outcome in (ACCEPTED, REVIEW, REFUSED)}


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes and validates the statements of some groups of decisions, in whatever process."""

    run: Run
    mint: Minter

    def __call__(self, groups: Sequence[Sequence[PairDecision]]) -> Made:
        return valid_quads(groups, self._statements, lambda group: (), _name)

    def _statements(self, groups: Sequence[Sequence[PairDecision]]) -> list[Statement]:
        run: URIRef = self.mint.link_run(self.run.digest)
        return [
            statement for group in groups for statement in pair_statements(group, run, self.mint)
        ]


def _name(group: Sequence[PairDecision]) -> str:
    return " = ".join(key_of_activity(one.iri) for one in group[0].pair)
