"""A decision after what people said of the same name: their word goes before any rule."""

from __future__ import annotations

from dataclasses import replace

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import Candidate, Decision, Outcome, filled

__all__ = ["as_people_said", "placed_as_people_said"]

_CHOSEN = Bilingual(
    "Une personne a reconnu {qid} dans ce nom.", "A person recognised {qid} in this name."
)
_DOUBTED = Bilingual(
    "Les règles mènent à {met}, mais une personne en doute.",
    "The rules lead to {met}, but a person doubts it.",
)
_REFUSED_PLACE = Bilingual(
    "Les règles mènent à {met}, qu'une personne a écarté.",
    "The rules lead to {met}, which a person ruled out.",
)
_NO_PLACE = Bilingual(
    "Une personne a choisi {qid}, mais rien ne dit quel lieu du référentiel c'est : choisissez-le aussi.",
    "A person chose {qid}, but nothing says which place of the reference table that is: choose it too.",
)


def as_people_said(decision: Decision) -> Decision:
    """The item that a person chose; or a question, where a person doubts the item of the rules.

    Items that a person refused have been left out before the rules were applied.
    """
    query = decision.query
    if query.item:
        return _chosen(decision, query.item)
    if decision.qid is not None and decision.qid in query.doubted:
        return _question(decision, filled(_DOUBTED, met=decision.qid), "doubted")
    return decision


def placed_as_people_said(decision: Decision) -> Decision:
    """The decision once its place is known: a question, where a person refused or doubts that place.

    An item that a person chose settles a doubt about its place, never a refusal.
    """
    query, place = decision.query, decision.place
    if place is None:
        if decision.outcome is not Outcome.ACCEPTED:
            return decision
        return _question(decision, filled(_NO_PLACE, qid=decision.qid), "place-open")
    if place.key in query.refused:
        open_one = _question(decision, filled(_REFUSED_PLACE, met=place.key), "place-refused")
        return replace(open_one, place=None)
    if place.key in query.doubted and not query.item:
        open_one = _question(decision, filled(_DOUBTED, met=place.key), "doubted")
        return replace(open_one, place=None, places=(place,))
    return decision


def _question(decision: Decision, reason: Bilingual, method: str) -> Decision:
    return replace(
        decision,
        outcome=Outcome.REVIEW,
        method=method,
        reason=reason,
        qid=None,
        confidence=round(decision.confidence / 2, 3),
    )


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
