"""Decides whether a name of a country is an item: precision first.

A link is accepted only for the same name (label or alias), in the right country, of the right
kind, when a single item is left; or for a name with one wrong letter, under the much narrower
rule of `_one_letter_off`. Anything else is a question for a person, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rapidfuzz.distance import OSA

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import Candidate, Decision, Kind, NameQuery, Outcome, filled
from coopdec_graph.linking.gazetteer import Gazetteer, Met
from coopdec_graph.linking.names import ParsedName, compact, key_of
from coopdec_graph.linking.wikidata import Facts
from coopdec_graph.reference.places import Place

__all__ = ["Found", "KnownNames", "decide", "find"]


class KnownNames(Protocol):
    """What a name (a key) is in a country by other sources than Wikidata; see places.py."""

    def kinds(self, iso2: str, key: str) -> frozenset[Kind]: ...
    def meant(self, iso2: str, name: ParsedName, sought: Kind | None) -> Place | None: ...


# A name with one wrong letter is understood if it has so many, and no other is within so many.
_LETTERS, _MARGIN = 5, 2
_SHOWN = 8
# What a doubt takes from the confidence in the best candidate.
_UNDECIDED = 0.5

_ACCEPTED = Bilingual(
    "« {name} » est un nom de {qid}, seul lieu {kind}de ce pays à le porter.",
    "“{name}” is a name of {qid}, the only {kind}place of this country to bear it.",
)
_NEAR = Bilingual(
    "À une lettre près, « {name} » ({qid}), seul lieu de ce pays au nom voisin.",
    "One letter away from “{name}” ({qid}), the only place of this country with a name so near.",
)
_SEVERAL = Bilingual(
    "{count} lieux portent ce nom et rien ne les départage : {qids}.",
    "{count} places bear this name and nothing tells them apart: {qids}.",
)
_WRONG_KIND = Bilingual(
    "Ce nom existe, mais le lieu n'est pas du genre cherché ({kind}) : {qids}.",
    "This name exists, but the place is not of the kind sought ({kind}): {qids}.",
)
_TOO_LITTLE = Bilingual(
    "{qids} porte ce nom, mais rien ne dit si c'est la ville ou la subdivision qui le portent.",
    "{qids} bears this name, but nothing says whether it is the town or the subdivision of it.",
)
_ENDED = Bilingual(
    "Le lieu de ce nom n'existe plus d'après Wikidata : {qids}.",
    "The place of this name no longer exists, says Wikidata: {qids}.",
)
_PART = Bilingual(
    "Aucun lieu ne porte ce nom seul ; il est dans le nom d'un autre : {qids}.",
    "No place bears this name alone; it is in the name of another: {qids}.",
)
_NEIGHBOURS = Bilingual(
    "Aucun lieu ne porte ce nom ; noms voisins : {qids}.",
    "No place bears this name; names that are near: {qids}.",
)
_NONE = Bilingual(
    "Aucun lieu de ce pays ne porte ce nom dans Wikidata.",
    "No place of this country bears this name in Wikidata.",
)
_NOT_SPELLED = Bilingual(
    "Aucun lieu de ce pays ne s'écrit ainsi dans Wikidata (pays trop grand pour être lu en entier).",
    "No place of this country is spelled so in Wikidata (a country too large to be read whole).",
)

_KINDS = {
    None: Bilingual("", ""),
    Kind.SETTLEMENT: Bilingual("habité ", "populated "),
    Kind.MUNICIPALITY: Bilingual("communal ", "municipal "),
    Kind.SUBDIVISION: Bilingual("administratif ", "administrative "),
}
_KIND_NAMES = {
    None: Bilingual("indifférent", "any"),
    Kind.SETTLEMENT: Bilingual("lieu habité", "settlement"),
    Kind.MUNICIPALITY: Bilingual("commune", "municipality"),
    Kind.SUBDIVISION: Bilingual("subdivision", "subdivision"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Items met for a name: `whole` before its words for a kind are taken off, `exact` after.

    `around` holds items whose name says the kind itself; `near` those with a name close by.
    """

    whole: tuple[Met, ...] = ()
    exact: tuple[Met, ...] = ()
    around: tuple[Met, ...] = ()
    near: tuple[Met, ...] = ()

    def qids(self) -> set[str]:
        return {met.qid for met in (*self.whole, *self.exact, *self.around, *self.near)}

    def without(self, gone: frozenset[str]) -> Found:
        """What is left when these items are not meant."""
        if not gone:
            return self
        parts = (self.whole, self.exact, self.around, self.near)
        return Found(*(tuple(met for met in part if met.qid not in gone) for part in parts))


def find(gazetteer: Gazetteer, name: ParsedName) -> Found:
    """What the places of a country have for a name. Names that are near only where none is met."""
    whole = [met for form in name.forms if not form.bare for met in gazetteer.bearing(form.key)]
    cores = [form.key for form in name.forms if form.bare]
    for key in cores:
        # The first reading that is a name is the name: "la paz", though there be a "paz".
        exact = gazetteer.bearing(key)
        if exact or whole:
            return Found(_once(whole), _once(exact), _once(gazetteer.around(key)))
    around = [met for key in cores for met in gazetteer.around(key)]
    # As above: what a name says whole ("province de Setat") is nearer than what is left of it.
    said = [form.key for form in name.forms if not form.bare and name.kind is not None]
    near = _near(gazetteer, said) or _near(gazetteer, cores)
    return Found(_once(whole), (), _once(around), near)


def _near(gazetteer: Gazetteer, keys: Iterable[str]) -> tuple[Met, ...]:
    long = [key for key in keys if len(compact(key)) >= _LETTERS - 1]
    return _once(met for key in long for met in gazetteer.near(key, _MARGIN))


def decide(
    query: NameQuery,
    name: ParsedName,
    sought: Kind | None,
    found: Found,
    facts: Mapping[str, Facts],
    gazetteer: Gazetteer,
    known: KnownNames | None = None,
) -> Decision:
    """The decision on one name, from what was met and what Wikidata says of it."""
    judge = _Judge(query, name, sought, facts, gazetteer, known)
    if found.whole:
        # The label says the kind in words: no class has to say it again.
        return judge.same_name(found.whole, kind_said=True)
    if found.exact:
        return judge.same_name((*found.exact, *judge.saying_the_kind(found.around)))
    if judged := judge.saying_the_kind(found.around):
        return judge.same_name(judged)
    if found.near:
        return judge.near(found.near)
    if found.around:
        return judge.question(_PART, found.around, "part-of-name")
    return judge.nothing()


class _Judge:
    def __init__(
        self,
        query: NameQuery,
        name: ParsedName,
        sought: Kind | None,
        facts: Mapping[str, Facts],
        gazetteer: Gazetteer,
        known: KnownNames | None,
    ) -> None:
        self._known = known
        self._query = query
        self._name = name
        self._sought = sought
        self._facts = facts
        self._complete = gazetteer.complete

    def saying_the_kind(self, around: Iterable[Met]) -> tuple[Met, ...]:
        """Those whose own name says the kind that is sought."""
        return tuple(met for met in around if self._sought and met.kind is self._sought)

    def same_name(self, met: Sequence[Met], kind_said: bool = False) -> Decision:
        """Accepted when a single item of the right kind is left."""
        met = self._followed(met)
        standing = [one for one in met if not self._is_over(one)]
        if not standing:
            return self.question(_ENDED, met, "ended")
        fits = {one.qid: 2 if kind_said else self._fit(one) for one in standing}
        best = max(fits.values())
        if best == 0:
            kind = _KIND_NAMES[self._sought]
            return self.question(_WRONG_KIND, standing, "wrong-kind", kind=kind)
        left = [one for one in standing if fits[one.qid] == best]
        if len(left) > 1:
            return self.question(_SEVERAL, left, "homonyms")
        if len(standing) == 1 and not kind_said and self._says_too_little(left[0]):
            return self.question(_TOO_LITTLE, left, "kind-unsure")
        return self._accept(left[0], standing, best)

    def _accept(self, one: Met, standing: Sequence[Met], fit: int) -> Decision:
        features: dict[str, str | float | bool] = {
            "name": "label" if one.name.label else "alias",
            "language": one.name.language,
            "kind": "right" if fit == 2 else "unspecific",
            "others": float(len(standing) - 1),
            "complete": self._complete,
        }
        candidates = self._candidates(standing, one.qid)
        reason = filled(_ACCEPTED, name=one.name.name, qid=one.qid, kind=_KINDS[self._sought])
        score = self._score(one)
        return Decision(
            self._query, self._sought, Outcome.ACCEPTED, reason, "exact-name",
            one.qid, score, features, candidates,
        )  # fmt: skip

    def near(self, met: Sequence[Met]) -> Decision:
        """A name with one wrong letter, if nothing else can be meant; otherwise a question."""
        met = self._followed(met)
        one = self._one_letter_off(met)
        if one is None:
            return self.question(_NEIGHBOURS, met, "near-name")
        features: dict[str, str | float | bool] = {
            "name": "near",
            "distance": float(one.distance),
            "language": one.name.language,
            "others": 0.0,
        }
        reason = filled(_NEAR, name=one.name.name, qid=one.qid)
        return Decision(
            self._query, self._sought, Outcome.ACCEPTED, reason, "one-letter-off",
            one.qid, self._score(one), features, self._candidates(met, one.qid),
        )  # fmt: skip

    def _one_letter_off(self, met: Sequence[Met]) -> Met | None:
        """The one item at distance 1, of a long name, with no other within the margin.

        Not when the name as it stands is that of a real place that Wikidata's answer lacks, when
        a digit or the first letter differs, or when the country was not read whole.
        """
        one = met[0]
        if len(met) != 1 or one.distance != 1 or not self._complete:
            return None
        if self._is_over(one) or self._fit(one) == 0 or self._says_too_little(one):
            return None
        written = compact(key_of(one.name.name))
        keys = [form.key for form in self._name.forms]
        if not any(_understood(compact(key), written) for key in keys):
            return None
        return None if any(map(self._known_as, keys)) else one

    def _known_as(self, key: str) -> frozenset[Kind]:
        """What a name is by other sources; nothing where none is at hand."""
        return self._known.kinds(self._query.iso2, key) if self._known else frozenset()

    def _says_too_little(self, one: Met) -> bool:
        """Whether an item is only said to be administrative, and its name is a town's and a
        province's: it may be either, unless the other has an item too."""
        facts = self._facts.get(one.qid)
        if facts is None or facts.kinds != {"admin"} or one.kind is not None:
            return False
        keys = [form.key for form in self._name.forms if form.bare]
        return any(len(self._known_as(key)) > 1 for key in keys)

    def question(
        self, text: Bilingual, met: Sequence[Met], method: str, kind: Bilingual | None = None
    ) -> Decision:
        """Nothing is linked; a person may choose among the candidates."""
        candidates = self._candidates(met)
        qids = ", ".join(candidate.qid for candidate in candidates)
        reason = filled(text, count=len(met), qids=qids, kind=kind or _KIND_NAMES[None])
        confidence = _UNDECIDED * candidates[0].score / len(met) if candidates else 0.0
        return Decision(
            self._query, self._sought, Outcome.REVIEW, reason, method,
            confidence=round(confidence, 3), candidates=candidates,
        )  # fmt: skip

    def nothing(self) -> Decision:
        reason = _NONE if self._complete else _NOT_SPELLED
        return Decision(self._query, self._sought, Outcome.NIL, reason, "none")

    def _followed(self, met: Sequence[Met]) -> tuple[Met, ...]:
        """Items that Wikidata has merged into others are those others."""
        followed = []
        for one in met:
            facts = self._facts.get(one.qid)
            merged = facts.merged if facts is not None else None
            followed.append(one if merged is None else replace(one, qid=merged))
        return _once(followed)

    def _is_over(self, one: Met) -> bool:
        facts = self._facts.get(one.qid)
        return facts is not None and facts.is_over

    def _fit(self, one: Met) -> int:
        """2: of the kind sought; 1: of a kind that does not exclude it; 0: of another."""
        facts = self._facts.get(one.qid)
        return _fit(
            self._sought, self._name.levels, facts.kinds if facts else frozenset(), one.kind
        )

    def _score(self, one: Met) -> float:
        """What is wanting to certainty: the name's kind and language, a letter, the item's kind."""
        score = 1.0 if one.name.label else 0.98
        score *= 1.0 if one.name.language == "fr" else 0.99
        score *= 0.92**one.distance
        score *= {2: 1.0, 1: 0.98, 0: 0.5}[self._fit(one)]
        return round(score, 3)

    def _candidates(self, met: Sequence[Met], chosen: str = "") -> tuple[Candidate, ...]:
        """The chosen one first, then the best, and no more than a person looks through."""
        found = [
            Candidate(one.qid, one.name.name, self._kinds(one), self._score(one)) for one in met
        ]
        found.sort(key=lambda one: (one.qid != chosen, -one.score, int(one.qid[1:])))
        return tuple(found[:_SHOWN])

    def _kinds(self, one: Met) -> tuple[str, ...]:
        facts = self._facts.get(one.qid)
        return tuple(sorted(facts.kinds)) if facts else ()


def _fit(
    sought: Kind | None, levels: frozenset[str], kinds: frozenset[str], said: Kind | None
) -> int:
    """How kinds that an item reaches answer the one sought.

    "admin" alone is a class so wide that it excludes nothing administrative; a subdivision of the
    other level, or a mere settlement, is not what "Région de" asks for.
    """
    divisions = kinds & {"first", "second"}
    places = kinds & {"settlement", "municipality"}
    if sought is None:
        # Of no kind at all: what it was has ended.
        return 1 if kinds or said else 0
    if sought is Kind.SUBDIVISION:
        if said is Kind.SUBDIVISION or divisions:
            return 2 if not (levels and divisions) or levels & divisions else 0
        return 1 if "admin" in kinds and not places else 0
    if sought is Kind.SETTLEMENT and places or "municipality" in kinds:
        return 2
    if said is Kind.SUBDIVISION or divisions and not places:
        return 0
    return 1 if kinds else 0


def _understood(key: str, written: str) -> bool:
    """Whether one letter of a long name is wrong, and neither its first one nor a digit."""
    same = (
        min(len(key), len(written)) >= _LETTERS
        and key[:1] == written[:1]
        and OSA.distance(key, written) == 1
    )
    digits = [[c for c in text if c.isdigit()] for text in (key, written)]
    return same and digits[0] == digits[1]


def _once(met: Iterable[Met]) -> tuple[Met, ...]:
    found: dict[str, Met] = {}
    for one in met:
        found.setdefault(one.qid, one)
    return tuple(found.values())
