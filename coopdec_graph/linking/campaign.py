"""One run over the bodies of a graph: each gets a decision, people's words before the rules'.

PrintedBody ─► NameQuery ─► Decision ─► Linked ─► statements.py
            people        linker      one item a place
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coopdec_graph.graph.bodies import PrintedBody
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import Decision, NameQuery, Outcome, filled
from coopdec_graph.linking.linker import Linker, Progress
from coopdec_graph.linking.people import HumanDecision, HumanDecisions, Verdict

__all__ = ["Linked", "campaign", "key_of_body"]

_COLLECTIVITY = "/id/collectivity/"
_TWO_ITEMS = Bilingual(
    "Les noms de « {name} », ou ce qu'on en a dit, ne s'accordent pas sur son élément : {qids}.",
    "The names of “{name}”, or what was said of them, do not agree on its item: {qids}.",
)
_TWO_PLACES = Bilingual(
    "Plusieurs noms mènent à {qid}, qui serait plusieurs lieux ({keys}).",
    "Several names lead to {qid}, which would be several places ({keys}).",
)


@dataclass(frozen=True, slots=True)
class Linked:
    """A body, what was decided of its name, and what people had said of it."""

    body: PrintedBody
    decision: Decision
    said: Sequence[HumanDecision] = ()


def campaign(
    bodies: Iterable[PrintedBody],
    linker: Linker,
    people: HumanDecisions,
    progress: Progress = lambda count: None,
) -> list[Linked]:
    """A decision on each body whose country is known, in the order of the bodies."""
    people = people.followed(
        linker.merged({row.object for row in people.rows if row.is_about_item})
    )
    asked = [(body, people.of(key_of_body(body)), body.country) for body in bodies]
    queries = [
        (body, said, _query(body, country, said)) for body, said, country in asked if country
    ]
    decisions = linker.link((query for _, _, query in queries), progress)
    return _one_item_a_place(
        [Linked(body, decisions[query], said) for body, said, query in queries]
    )


def key_of_body(body: PrintedBody) -> str:
    """What people's decisions call a body: the end of its IRI."""
    return body.iri.partition(_COLLECTIVITY)[2]


def _query(body: PrintedBody, country: str, said: Sequence[HumanDecision]) -> NameQuery:
    same = [row for row in said if row.decision is Verdict.SAME]
    return NameQuery(
        body.name,
        country,
        place=next((row.object for row in same if not row.is_about_item), ""),
        item=next((row.object for row in same if row.is_about_item), ""),
        refused=_objects(said, Verdict.DIFFERENT),
        doubted=_objects(said, Verdict.UNSURE),
    )


def _objects(said: Sequence[HumanDecision], verdict: Verdict) -> frozenset[str]:
    return frozenset(row.object for row in said if row.decision is verdict)


def _one_item_a_place(linked: Sequence[Linked]) -> list[Linked]:
    """One item for each place and one place for each item, whatever the names that lead to them.

    Where they lead to two, or a person refused under one name what rules found under another, the
    item that one person chose stands; otherwise all wait for a person.
    """
    found: dict[str, _Claims] = defaultdict(_Claims)
    for one in linked:
        if one.decision.place is not None:
            found[one.decision.place.key].add(one.decision)
    settled = [_settled(one.decision, found) for one in linked]
    places: dict[str, set[str]] = defaultdict(set)
    for decision in settled:
        if decision.qid is not None and decision.place is not None:
            places[decision.qid].add(decision.place.key)
    return [
        replace(one, decision=_with_one_place(decision, places))
        for one, decision in zip(linked, settled, strict=True)
    ]


@dataclass(slots=True)
class _Claims:
    """The items that names of one place lead to, those that people chose, those they refused."""

    items: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def add(self, decision: Decision) -> None:
        if decision.qid is not None:
            self.items.add(decision.qid)
        if decision.query.item:
            self.chosen.add(decision.query.item)
        self.refused |= decision.query.refused

    def allow(self, qid: str) -> bool:
        if len(self.chosen) == 1:
            return qid in self.chosen
        return len(self.items) == 1 and qid not in self.refused


def _settled(decision: Decision, found: Mapping[str, _Claims]) -> Decision:
    place = decision.place
    if decision.qid is None or place is None or found[place.key].allow(decision.qid):
        return decision
    qids = ", ".join(sorted(found[place.key].items))
    return _open(decision, "two-items", filled(_TWO_ITEMS, name=place.name, qids=qids))


def _with_one_place(decision: Decision, places: Mapping[str, set[str]]) -> Decision:
    """The decision, unless its item is taken for several places and no person chose it for this."""
    if decision.qid is None or decision.query.item or len(places[decision.qid]) == 1:
        return decision
    keys = ", ".join(sorted(places[decision.qid]))
    return _open(decision, "two-places", filled(_TWO_PLACES, qid=decision.qid, keys=keys))


def _open(decision: Decision, method: str, reason: Bilingual) -> Decision:
    """A question. A place that was known by the item only is none without it."""
    place = decision.place
    kept = place is not None and (place.country == "FR" or place.key == decision.query.place)
    return replace(
        decision,
        outcome=Outcome.REVIEW,
        method=method,
        reason=reason,
        qid=None,
        confidence=round(decision.confidence / 2, 3),
        place=place if kept else None,
    )
