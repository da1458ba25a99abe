"""French bodies: the name gives a code, the code gives the item; a name alone never gives one.

One French commune in ten shares its name with another, and neighbours are called alike (Mantes-la-
Jolie, Mantes-la-Ville): so the reference table of all French bodies decides whom a name means, and
Wikidata is only asked which item bears that body's code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.asking import Unasked
from coopdec_graph.linking.decisions import Candidate, Decision, NameQuery, Outcome, filled
from coopdec_graph.linking.names import key_of
from coopdec_graph.linking.wikidata import Coded, Facts, Wikidata
from coopdec_graph.reference.names import body_name
from coopdec_graph.reference.places import Place

__all__ = ["Bodies", "FrenchBodies", "FrenchBody", "FrenchLinker"]

_NO_TABLE = Bilingual(
    "Nom français : sans table de référence des collectivités, aucun lien n'est fait.",
    "A French name: without the reference table of bodies nothing is linked.",
)
_UNKNOWN = Bilingual(
    "Aucune collectivité française ne porte ce nom.", "No French body bears this name."
)
_PAST = Bilingual(
    "Une commune d'un autre temps a porté ce nom : {names}. Une personne doit choisir.",
    "A commune of another time bore this name: {names}. A person must choose.",
)
_NEIGHBOURS = Bilingual(
    "Aucune collectivité française ne porte ce nom ; noms voisins : {names}.",
    "No French body bears this name; names that are near: {names}.",
)
_HOMONYMS = Bilingual(
    "{count} collectivités françaises portent ce nom et rien ne les départage : {names}.",
    "{count} French bodies bear this name and nothing tells them apart: {names}.",
)
_LINKED = Bilingual(
    "« {name} » est {level} {code} ; {qid} est le seul élément de ce nom qui porte ce code.",
    "“{name}” is {level} {code}; {qid} is the only item of this name that bears this code.",
)
_CORRECTED = Bilingual(
    "À une lettre près, « {name} », {level} {code} ; {qid} est le seul élément de ce nom qui porte ce code.",
    "One letter away from “{name}”, {level} {code}; {qid} is the only item of this name that bears this code.",
)
_NO_ITEM = Bilingual(
    "« {name} » est {level} {code} ; aucun élément de Wikidata ne porte ce code.",
    "“{name}” is {level} {code}; no item of Wikidata bears this code.",
)
_ALL_REFUSED = Bilingual(
    "« {name} » est {level} {code} ; une personne a écarté tout élément qui porte ce code.",
    "“{name}” is {level} {code}; a person ruled out every item that bears this code.",
)
_NO_PLACE = Bilingual(
    "« {name} » est {level} {code} ; l'élément qui porte ce code n'est pas un lieu : {qids}.",
    "“{name}” is {level} {code}; the item that bears this code is no place: {qids}.",
)
_SEVERAL_ITEMS = Bilingual(
    "« {name} » est {level} {code} ; {count} éléments portent ce code : {qids}.",
    "“{name}” is {level} {code}; {count} items bear this code: {qids}.",
)
_ENDED = Bilingual(
    "« {name} » est {level} {code} ; {qids} n'existe plus d'après Wikidata.",
    "“{name}” is {level} {code}; {qids} no longer exists, says Wikidata.",
)
_OTHER_NAME = Bilingual(
    "« {name} » est {level} {code} ; l'élément qui porte ce code a un autre nom : {qids}.",
    "“{name}” is {level} {code}; the item that bears this code has another name: {qids}.",
)
_UNASKED = Bilingual("Non demandé : {reason}.", "Not asked: {reason}.")
_SHOWN = 8
_SHORT_WORD = 2


class FrenchBody(Protocol):
    """A body of the reference table. `scheme` is the one of its code: commune, departement, region
    or siren (wikidata.toml); a body that no longer is has `current` false.
    """

    @property
    def name(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def scheme(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def current(self) -> bool: ...
    @property
    def place(self) -> Place: ...


@dataclass(frozen=True, slots=True)
class Bodies:
    """What the table has for a name: bodies that bear it, or else those whose name is near.

    `past` are those that took over from a commune which bore the name not long ago: the page may be
    of that time. `understood`: a single body has a name one letter away from this one, and no other
    body of the whole table is near enough to be meant.
    """

    bearing: Sequence[FrenchBody] = ()
    near: Sequence[FrenchBody] = ()
    past: Sequence[FrenchBody] = ()
    understood: bool = False

    @property
    def is_past(self) -> bool:
        """Whether only the date of the page would tell whom the name means."""
        return bool(self.past) and len(self.bearing) < 2

    @property
    def meant(self) -> FrenchBody | None:
        """The body that the name alone means."""
        if self.is_past:
            return None
        if self.bearing:
            return self.bearing[0] if len(self.bearing) == 1 else None
        return self.near[0] if self.understood else None


class FrenchBodies(Protocol):
    """The reference table, asked with the name, level, département and country code as printed."""

    def meant(self, query: NameQuery) -> Bodies: ...


class FrenchLinker:
    def __init__(self, wikidata: Wikidata, bodies: FrenchBodies | None) -> None:
        self._wikidata = wikidata
        self._bodies = bodies

    def link(self, queries: Iterable[NameQuery]) -> dict[NameQuery, Decision]:
        """The decision on each query; codes are asked for together."""
        if self._bodies is None:
            return {query: _undecided(query, _NO_TABLE, "no-table") for query in queries}
        found = {query: self._bodies.meant(query) for query in queries}
        items = self._items(body for query, one in found.items() for body in _askable(query, one))
        return {query: _decided(query, one, items) for query, one in found.items()}

    def _items(self, bodies: Iterable[FrenchBody]) -> Mapping[str, _Items | Unasked]:
        codes: dict[str, set[str]] = {}
        for body in bodies:
            codes.setdefault(body.scheme, set()).add(body.code)
        return {scheme: self._asked(scheme, of) for scheme, of in sorted(codes.items())}

    def _asked(self, scheme: str, codes: Iterable[str]) -> _Items | Unasked:
        try:
            coded = self._wikidata.coded(scheme, codes)
            return _Items(coded, self._wikidata.facts_followed(item.qid for item in coded))
        except Unasked as error:
            return error


def _askable(query: NameQuery, found: Bodies) -> Sequence[FrenchBody]:
    """The bodies whose items matter: the one that is meant, or those a chosen item may be one of."""
    if query.item:
        return (*found.bearing, *found.past, *found.near)
    meant = found.meant
    return (meant,) if meant is not None else ()


def _decided(query: NameQuery, found: Bodies, items: Mapping[str, _Items | Unasked]) -> Decision:
    told = _of_item(query, found, items) if query.item else None
    meant = told or found.meant
    if meant is None:
        return _of_another_time(query, found) if found.is_past else _open(query, found)
    exact, answer = told is not None or bool(found.bearing), items[meant.scheme]
    if isinstance(answer, Unasked):
        reason = filled(_UNASKED, reason=answer.reason)
        decided = Decision(query, None, Outcome.UNASKED, reason, "unasked")
    else:
        decided = _decide(query, meant, exact, answer)
    # Whom the name means is settled by the table, whatever Wikidata has of it.
    return replace(decided, features=_features(meant, exact), place=meant.place)


def _of_item(
    query: NameQuery, found: Bodies, items: Mapping[str, _Items | Unasked]
) -> FrenchBody | None:
    """The one body whose code the item bears that a person chose."""
    bodies = [
        body
        for body in _askable(query, found)
        if isinstance(answer := items[body.scheme], _Items)
        and query.item in answer.bearing(body.code)
    ]
    return bodies[0] if len(bodies) == 1 else None


class _Items:
    """The items of a scheme's codes."""

    def __init__(self, coded: Iterable[Coded], facts: Mapping[str, Facts]) -> None:
        self._facts = facts
        self._by_code: dict[str, dict[str, str]] = {}
        for item in coded:
            fact = facts.get(item.qid)
            qid = fact.merged if fact is not None and fact.merged else item.qid
            self._by_code.setdefault(item.code, {})[qid] = item.name

    def bearing(self, code: str) -> Mapping[str, str]:
        """Q-ids and their French names."""
        return self._by_code.get(code, {})

    def is_over(self, qid: str) -> bool:
        fact = self._facts.get(qid)
        return fact is not None and fact.is_over

    def is_place(self, qid: str) -> bool:
        """Whether it is of any kind of place: a code may stand on the item of a person or a thing."""
        fact = self._facts.get(qid)
        return fact is not None and bool(fact.kinds)


def _decide(query: NameQuery, body: FrenchBody, exact: bool, items: _Items) -> Decision:
    """The item that bears the body's code and its name, if there is exactly one.

    The name is asked for because a merged commune keeps the code of its seat: Cherbourg-en-Cotentin
    and Cherbourg-Octeville are both 50129. An item that has ended will do for a body that is no more: the partnership was with it.
    """
    all_bearing = items.bearing(body.code)
    bearing = {qid: name for qid, name in all_bearing.items() if qid not in query.refused}
    standing = {
        qid: name for qid, name in bearing.items() if not (body.current and items.is_over(qid))
    }
    named = {qid: name for qid, name in standing.items() if _is_name_of(name, body)}
    placed = {qid: name for qid, name in named.items() if _is_kind_of(qid, body, items)}
    score = 1.0 if exact else 0.92
    found = [Candidate(qid, name or body.name, (), score) for qid, name in bearing.items()]
    candidates = tuple(sorted(found, key=lambda candidate: int(candidate.qid[1:]))[:_SHOWN])
    qids = ", ".join(f"{one.qid} ({one.name})" for one in candidates)
    values = {"name": body.name, "level": body.level, "code": body.code, "qids": qids}
    if not bearing:
        text = _ALL_REFUSED if all_bearing else _NO_ITEM
        return Decision(query, None, Outcome.NIL, filled(text, **values), "no-item")
    if not standing:
        return _undecided(query, filled(_ENDED, **values), "ended", candidates)
    if not named:
        return _undecided(query, filled(_OTHER_NAME, **values), "other-name", candidates)
    if not placed:
        return _undecided(query, filled(_NO_PLACE, **values), "wrong-kind", candidates)
    if len(placed) > 1:
        reason = filled(_SEVERAL_ITEMS, count=len(placed), **values)
        return _undecided(query, reason, "several-items", candidates)
    qid = next(iter(placed))
    reason = filled(_LINKED if exact else _CORRECTED, qid=qid, **values)
    method = f"code-{body.scheme}" if exact else f"one-letter-off-{body.scheme}"
    return Decision(
        query, None, Outcome.ACCEPTED, reason, method, qid, score, candidates=candidates
    )


def _is_name_of(name: str, body: FrenchBody) -> bool:
    """Groups (SIREN) are named in many ways: the words of their own name must all be there."""
    if body.scheme != "siren":
        return key_of(name) == key_of(body.name)
    wanted = {word for word in body_name(body.name).key.split() if len(word) > _SHORT_WORD}
    return bool(wanted) and wanted <= set(key_of(name).split())


def _is_kind_of(qid: str, body: FrenchBody, items: _Items) -> bool:
    """A group is a body rather than a place, and its class need not reach any of ours."""
    return body.scheme == "siren" or items.is_place(qid)


def _features(body: FrenchBody, exact: bool) -> Mapping[str, str | float | bool]:
    return {
        "scheme": body.scheme,
        "code": body.code,
        "level": body.level,
        "current": body.current,
        "name": "exact" if exact else "near",
    }


def _open(query: NameQuery, found: Bodies) -> Decision:
    bodies = [*found.bearing, *found.past] or found.near
    if not bodies:
        return Decision(query, None, Outcome.NIL, _UNKNOWN, "none")
    shown = [f"{body.name} ({body.level} {body.code})" for body in bodies[:_SHOWN]]
    names = ", ".join(shown) + (", …" if len(bodies) > _SHOWN else "")
    text, method = (_HOMONYMS, "homonyms") if found.bearing else (_NEIGHBOURS, "near-name")
    decided = _undecided(query, filled(text, count=len(bodies), names=names), method)
    return replace(decided, places=tuple(body.place for body in bodies))


def _of_another_time(query: NameQuery, found: Bodies) -> Decision:
    """A name that another commune bore not long ago: whose it was when the page was written?"""
    bodies = (*found.bearing, *found.past)
    names = ", ".join(f"{body.name} ({body.level} {body.code})" for body in bodies[:_SHOWN])
    decided = _undecided(query, filled(_PAST, names=names), "past-name")
    return replace(decided, places=tuple(body.place for body in bodies))


def _undecided(
    query: NameQuery, reason: Bilingual, method: str, candidates: tuple[Candidate, ...] = ()
) -> Decision:
    confidence = round(0.5 / len(candidates), 3) if candidates else 0.0
    return Decision(
        query, None, Outcome.REVIEW, reason, method, confidence=confidence, candidates=candidates
    )
