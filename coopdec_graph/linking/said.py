"""A decision after what people said of the same name: their word goes before any rule."""

from __future__ import annotations

from dataclasses import replace

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import Candidate, Decision, Outcome, filled

__all__ = ["as_people_said"]

_CHOSEN = Bilingual(
    "Une personne a reconnu {qid} dans ce nom.", "A person recognised {qid} in this name."
)
_DOUBTED = Bilingual(
    "Les règles mènent à {qid}, mais une personne en doute.",
    "The rules lead to {qid}, but a person doubts it.",
)


def as_people_said(decision: Decision) -> Decision:
    """The item that a person chose; or a question, where a person doubts the item of the rules.

    Items that a person refused have been left out before the rules were applied.
    """
    query = decision.query
    if query.item:
        return _chosen(decision, query.item)
    if decision.qid is not None and decision.qid in query.doubted:
        reason = filled(_DOUBTED, qid=decision.qid)
        return replace(
            decision,
            outcome=Outcome.REVIEW,
            method="doubted",
            reason=reason,
            qid=None,
            confidence=round(decision.confidence / 2, 3),
        )
    return decision


def _chosen(decision: Decision, qid: str) -> Decision:
    known = [one for one in decision.candidates if one.qid == qid]
    others = [one for one in decision.candidates if one.qid != qid]
    candidates = (known or [Candidate(qid, decision.query.name, (), 1.0)]) + others
    return replace(
        decision,
        outcome=Outcome.ACCEPTED,
        method="human-review",
        reason=filled(_CHOSEN, qid=qid),
        qid=qid,
        confidence=1.0,
        candidates=tuple(candidates),
    )
