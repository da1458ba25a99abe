"""One run over the bodies of a graph: each gets a decision, people's words before the rules'.

PrintedBody ─► NameQuery ─► Decision ─► Linked ─► statements.py
            people        linker      one item a place
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from coopdec_graph.graph.bodies import PrintedBody
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import Decision, NameQuery, Outcome, filled
from coopdec_graph.linking.linker import Linker, Progress
from coopdec_graph.linking.people import HumanDecision, HumanDecisions, Verdict

__all__ = ["Linked", "campaign", "key_of_body"]

_COLLECTIVITY = "/id/collectivity/"
_TWO_ITEMS = Bilingual(
    "Des noms de « {name} » mènent à des éléments différents : {qids}.",
    "Names of “{name}” lead to different items: {qids}.",
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
    """Where two names of one place lead to two items, both wait for a person."""
    items: dict[str, set[str]] = defaultdict(set)
    for one in linked:
        if one.decision.place is not None and one.decision.qid is not None:
            items[one.decision.place.key].add(one.decision.qid)
    torn = {key: qids for key, qids in items.items() if len(qids) > 1}
    return [replace(one, decision=_torn(one.decision, torn)) for one in linked]


def _torn(decision: Decision, torn: dict[str, set[str]]) -> Decision:
    place = decision.place
    if decision.qid is None or place is None or place.key not in torn or decision.query.item:
        return decision
    qids = ", ".join(sorted(torn[place.key]))
    return replace(
        decision,
        outcome=Outcome.REVIEW,
        method="two-items",
        reason=filled(_TWO_ITEMS, name=place.name, qids=qids),
        qid=None,
        confidence=round(decision.confidence / 2, 3),
    )
