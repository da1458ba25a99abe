"""What is decided of a pair: people's word first, then a declared identifier, else a question."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.activities.evidence import (
    Evidence,
    confidence_of,
    evidence_of,
    floor,
)
from coopdec_graph.linking.activities.pairs import Pair
from coopdec_graph.linking.decisions import filled
from coopdec_graph.linking.people import HumanDecision, Verdict

__all__ = ["ACCEPTED", "CONTRADICTED", "REFUSED", "REVIEW", "PairDecision", "decided"]

ACCEPTED, REVIEW, REFUSED = "accepted", "review", "refused"

_DECLARED_METHOD, _LIKENESS_METHOD = "declared-identifier", "concordant-facts"
_HUMAN_METHOD = "human-review"
# A participant's own activity may be the grant and not the project, so that the rest must agree too.
_BY_PARTICIPANT = 0.9
CONTRADICTED = 0.5

_DECLARED = Bilingual(
    "L'une donne comme sien un identifiant de l'autre, et rien ne s'y oppose.",
    "One gives an identifier of the other as its own, and nothing speaks against it.",
)
_PARTICIPANT = Bilingual(
    "L'une nomme l'autre comme l'activité d'un participant, et le reste concorde.",
    "One names the other as the activity of a participant, and the rest agrees.",
)
_CONTRARY = Bilingual(
    "L'une donne un identifiant de l'autre, mais {against} : à une personne de trancher.",
    "One gives an identifier of the other, but {against}: for a person to decide.",
)
_AGAINST = {
    "country": Bilingual("les pays diffèrent", "the countries differ"),
    "dates": Bilingual(
        "l'une finit avant que l'autre commence", "one ends before the other starts"
    ),
    "title": Bilingual("les titres n'ont rien de commun", "the titles have nothing in common"),
}
_PARTS = Bilingual(
    "L'une nomme l'autre comme l'activité d'un participant ; ce peut être sa seule contribution.",
    "One names the other as the activity of a participant; that may be its contribution only.",
)
_ALIKE = Bilingual(
    "Les faits concordent, mais aucune ne donne d'identifiant de l'autre.",
    "The facts agree, but neither gives an identifier of the other.",
)
_SAID = Bilingual("Relecture : {why}", "Review: {why}")
_SAID_NOTHING = Bilingual("Relecture.", "Review.")


@dataclass(frozen=True, slots=True)
class PairDecision:
    """`decision` and `method` are notations of their schemes, `role` the capacity of a person who
    decided or doubted. The order of the pair says nothing."""

    pair: Pair
    decision: str
    method: str
    confidence: float
    reason: Bilingual
    features: tuple[str, ...]
    role: str | None = None

    @property
    def is_of_person(self) -> bool:
        """A person said that they are, or are not, one project."""
        return self.method == _HUMAN_METHOD

    @property
    def is_of_likeness(self) -> bool:
        """A question that no identifier and no person raises."""
        return self.method == _LIKENESS_METHOD and self.role is None


def decided(pair: Pair, said: HumanDecision | None) -> PairDecision | None:
    """The decision on a pair; None where nothing is worth a person's time."""
    evidence = evidence_of(*pair)
    if said is not None and said.decision is not Verdict.UNSURE:
        return _as_said(pair, evidence, said)
    decision = _by_rules(pair, evidence)
    return (
        decision if said is None else _doubted(decision or _question(pair, evidence, _ALIKE), said)
    )


def _doubted(decision: PairDecision, said: HumanDecision) -> PairDecision:
    """A question that a person could not answer either."""
    return replace(
        decision,
        decision=REVIEW,
        confidence=min(decision.confidence, CONTRADICTED),
        reason=_why(said, decision.reason),
        role=said.role,
    )


def _as_said(pair: Pair, evidence: Evidence, said: HumanDecision) -> PairDecision:
    outcome, confidence = (ACCEPTED, 1.0) if said.decision is Verdict.SAME else (REFUSED, 0.0)
    reason = _why(said, _SAID_NOTHING)
    return PairDecision(
        pair, outcome, _HUMAN_METHOD, confidence, reason, evidence.texts(), said.role
    )


def _why(said: HumanDecision, instead: Bilingual) -> Bilingual:
    return filled(_SAID, why=said.why) if said.why else instead


def _by_rules(pair: Pair, evidence: Evidence) -> PairDecision | None:
    if evidence.is_declared and evidence.doubts:
        reason = filled(_CONTRARY, against=_AGAINST[evidence.doubts[0]])
        return _identified(pair, evidence, REVIEW, CONTRADICTED, reason)
    if evidence.is_declared:
        return _identified(pair, evidence, ACCEPTED, 1.0, _DECLARED)
    if evidence.contradictions or evidence.points < floor():
        return None
    if evidence.levels.get("identifier") != "participant":
        return _question(pair, evidence, _ALIKE)
    if evidence.points - evidence.weight_of("identifier") >= floor():
        return _identified(pair, evidence, ACCEPTED, _BY_PARTICIPANT, _PARTICIPANT)
    return _question(pair, evidence, _PARTS)


def _identified(
    pair: Pair, evidence: Evidence, outcome: str, confidence: float, reason: Bilingual
) -> PairDecision:
    return PairDecision(pair, outcome, _DECLARED_METHOD, confidence, reason, evidence.texts())


def _question(pair: Pair, evidence: Evidence, reason: Bilingual) -> PairDecision:
    confidence = confidence_of(evidence.points)
    return PairDecision(pair, REVIEW, _LIKENESS_METHOD, confidence, reason, evidence.texts())
