"""What is said of a decision in the graph: one alignment for each place and item it is about.

A name that means a place gives an accepted alignment with that place, and with its item if one was
found. What is not accepted (doubts, refusals, nothing found, not asked) gives others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rdflib import URIRef

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.campaign import Linked
from coopdec_graph.linking.decisions import Candidate, Decision, Outcome, filled
from coopdec_graph.linking.people import HumanDecision, Verdict
from coopdec_graph.reference.places import Place, place_with_key

__all__ = ["Alignment", "alignments_of"]

_ONLY_TABLE = Bilingual(
    "« {name} » ({key}) est le seul lieu de ce nom dans le référentiel.",
    "“{name}” ({key}) is the only place of this name in the reference table.",
)
_CHOSEN_PLACE = Bilingual(
    "Une personne a reconnu {key} dans ce nom.", "A person recognised {key} in this name."
)
_ANOTHER = Bilingual("Un autre élément a été retenu : {qid}.", "Another item was chosen: {qid}.")
_WHY = Bilingual("Relecture : {why}", "Review: {why}")
# The place of a foreign body by the tables alone: measured on the gold list (docs/link-names.md).
_TABLE_SCORES = {"exact": 1.0, "near": 0.92}
_GEONAMES_SCORE = 0.85


@dataclass(frozen=True, slots=True)
class Alignment:
    """`decision` and `method` are notations of their schemes; `item` a Q-id. `name` is the one under
    which the item or the place was met, `role` the capacity of the person who decided.

    `candidate` is what was judged for the body, an item or the key of a place; empty: nothing was.
    A body and a candidate have one alignment.
    """

    decision: str
    method: str
    confidence: float
    reason: Bilingual
    body: URIRef
    place: Place | None = None
    item: str | None = None
    name: str | None = None
    features: tuple[str, ...] = field(default=())
    role: str | None = None
    place_judged: bool = False

    @property
    def candidate(self) -> str:
        if self.item is not None:
            return self.item
        return self.place.key if self.place_judged and self.place is not None else ""

    @property
    def is_accepted(self) -> bool:
        return self.decision == Outcome.ACCEPTED


def alignments_of(linked: Linked) -> Iterator[Alignment]:
    """Every alignment that a decision gives."""
    yield from _machine(linked)
    yield from _refusals(linked)


def _machine(linked: Linked) -> Iterator[Alignment]:
    decision, body = linked.decision, linked.body.iri
    if decision.outcome is Outcome.ACCEPTED:
        yield _accepted(linked)
        yield from _passed_over(linked)
        return
    if decision.place is not None:
        yield _place_alone(linked, decision.place)
    for alignment in _open(decision, body):
        yield _with_doubt(alignment, linked)


def _accepted(linked: Linked) -> Alignment:
    decision = linked.decision
    assert decision.place is not None
    met = next((one for one in decision.candidates if one.qid == decision.qid), None)
    row = _row_about(linked.said, decision.qid, Verdict.SAME)
    return Alignment(
        Outcome.ACCEPTED,
        _method(decision),
        decision.confidence,
        decision.reason if row is None else _why(row, decision.reason),
        linked.body.iri,
        decision.place,
        decision.qid,
        met.name if met else None,
        _features(decision),
        row.role if row else None,
    )


def _place_alone(linked: Linked, place: Place) -> Alignment:
    """The place of a name whose item is unknown."""
    decision = linked.decision
    row = _row_about(linked.said, place.key, Verdict.SAME)
    if row is not None:
        method, score = "human-review", 1.0
        reason = _why(row, filled(_CHOSEN_PLACE, key=place.key))
    else:
        method = _method_of_place(decision, place)
        score = _TABLE_SCORES.get(str(decision.features.get("name")), _GEONAMES_SCORE)
        reason = filled(_ONLY_TABLE, name=place.name, key=place.key)
    return Alignment(
        Outcome.ACCEPTED,
        method,
        score,
        reason,
        linked.body.iri,
        place,
        name=place.name,
        features=_features(decision),
        role=row.role if row else None,
        place_judged=True,
    )


def _open(decision: Decision, body: URIRef) -> Iterator[Alignment]:
    """What was not accepted: each candidate, or the answer that there is none."""
    features, place = _features(decision), decision.place
    if decision.outcome is Outcome.REVIEW and (decision.candidates or decision.places):
        for one in decision.candidates:
            yield Alignment(
                Outcome.REVIEW, "no-link", one.score, decision.reason, body, place, one.qid,
                one.name, (*features, *_kinds(one)),
            )  # fmt: skip
        share = round(0.5 / max(1, len(decision.places)), 3)
        for other in decision.places:
            yield Alignment(
                Outcome.REVIEW, "no-link", share, decision.reason, body, other, None, other.name,
                (*features, *_whereabouts(other)), place_judged=True,
            )  # fmt: skip
        return
    yield Alignment(
        decision.outcome, "no-link", 0.0, decision.reason, body, place, features=features
    )


def _with_doubt(alignment: Alignment, linked: Linked) -> Alignment:
    """A candidate that a person could not decide on says who, and why."""
    row = _row_about(linked.said, alignment.candidate, Verdict.UNSURE)
    if row is None:
        return alignment
    return replace(alignment, reason=_why(row, alignment.reason), role=row.role)


def _passed_over(linked: Linked) -> Iterator[Alignment]:
    """Items of the same name that were not meant."""
    decision = linked.decision
    refused = {row.object for row in linked.said}
    for one in decision.candidates:
        if one.qid != decision.qid and one.qid not in refused:
            reason = filled(_ANOTHER, qid=decision.qid)
            yield Alignment(
                "refused", _method(decision), one.score, reason, linked.body.iri, None, one.qid,
                one.name, _kinds(one),
            )  # fmt: skip


def _refusals(linked: Linked) -> Iterator[Alignment]:
    """What people said is not meant."""
    for row in linked.said:
        if row.decision is Verdict.DIFFERENT:
            place = None if row.is_about_item else place_with_key(row.object)
            yield Alignment(
                "refused", "human-review", 0.0, _why(row), linked.body.iri, place,
                row.object if row.is_about_item else None, role=row.role,
                place_judged=place is not None,
            )  # fmt: skip


def _row_about(
    said: Iterable[HumanDecision], object: str | None, verdict: Verdict
) -> HumanDecision | None:
    return next((row for row in said if (row.object, row.decision) == (object, verdict)), None)


def _why(row: HumanDecision, instead: Bilingual | None = None) -> Bilingual:
    if not row.why:
        return instead or Bilingual("Relecture.", "Review.")
    return filled(_WHY, why=row.why)


def _method(decision: Decision) -> str:
    method = decision.method
    if method.startswith("code-"):
        return "official-code"
    if method.startswith("one-letter-off-"):
        return "official-code-near-name"
    known = ("exact-name", "one-letter-off", "geonames-id", "human-review")
    return method if method in known else "no-link"


def _method_of_place(decision: Decision, place: Place) -> str:
    if place.country != "FR":
        return "geonames-name"
    near = decision.features.get("name") == "near"
    return "official-code-near-name" if near else "official-code"


def _features(decision: Decision) -> tuple[str, ...]:
    """As texts; the rule that decided is one, for several rules share a method."""
    rule = {"rule": decision.method, **decision.features}
    return tuple(f"{name}: {_text(value)}" for name, value in rule.items() if value != "")


def _text(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _whereabouts(place: Place) -> tuple[str, ...]:
    """What tells homonyms apart for a person."""
    return (f"within: {place.within.name}",) if place.within is not None else ()


def _kinds(one: Candidate) -> tuple[str, ...]:
    return (f"kinds: {', '.join(one.kinds)}",) if one.kinds else ()
