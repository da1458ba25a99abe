"""Goes through a list of names, one country after the other, and decides on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from coopdec_graph.countries import countries
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.asking import Asker, Unasked
from coopdec_graph.linking.bodies import FrenchTable
from coopdec_graph.linking.cache import AnswerCache, NoAnswers, default_folder
from coopdec_graph.linking.decisions import Decision, Kind, NameQuery, Outcome, filled
from coopdec_graph.linking.french import FrenchBodies, FrenchLinker
from coopdec_graph.linking.gazetteer import Gazetteer
from coopdec_graph.linking.matching import Found, KnownNames, decide, find
from coopdec_graph.linking.names import ParsedName, hinted_kind, parsed
from coopdec_graph.linking.numbers import Numbers
from coopdec_graph.linking.places import KnownPlaces
from coopdec_graph.linking.said import as_people_said, placed_as_people_said
from coopdec_graph.linking.spelling import spellings
from coopdec_graph.linking.wikidata import Facts, TooManyPlaces, Wikidata, asker_of
from coopdec_graph.reference.places import Place, place_with_key

__all__ = ["Linker", "linker_of", "linker_without_wikidata", "unasked"]

_UNASKED = Bilingual("Non demandé : {reason}.", "Not asked: {reason}.")
_NO_NAME = Bilingual("Il n'y a pas de nom.", "There is no name.")
_NO_CODE = Bilingual(
    "« {code} » n'est pas un code de pays (ISO 3166-1, deux lettres).",
    "“{code}” is no country code (ISO 3166-1, two letters).",
)
_NO_COUNTRY = Bilingual(
    "Wikidata n'a pas de pays au code {code}.", "Wikidata has no country with the code {code}."
)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A distinct name of a country, taken apart, with the kind it asks for."""

    query: NameQuery
    name: ParsedName
    sought: Kind | None


class Linker:
    """`french` names French bodies; without it French names wait for a person. `known` tells names
    of real places by other sources (see matching.py). One country's places are held at a time.
    """

    def __init__(
        self,
        wikidata: Wikidata,
        french: FrenchBodies | None = None,
        known: KnownNames | None = None,
    ) -> None:
        self.wikidata = wikidata
        self._french = FrenchLinker(wikidata, french)
        self._known = known
        self._numbers = Numbers(wikidata)

    def merged(self, qids: Iterable[str]) -> Mapping[str, str]:
        """What Wikidata merged items into; nothing while it cannot be asked."""
        try:
            facts = self.wikidata.facts(qids)
        except Unasked:
            return {}
        return {qid: fact.merged for qid, fact in facts.items() if fact.merged is not None}

    def link(
        self, queries: Iterable[NameQuery], progress: Progress = lambda count: None
    ) -> dict[NameQuery, Decision]:
        """The decision on each distinct query. Never raises for what the endpoint does."""
        decisions: dict[NameQuery, Decision] = {}
        foreign: dict[str, list[_Asked]] = {}
        french: list[_Asked] = []
        territories = {c.alpha2: c.is_french for c in countries()}
        for query in dict.fromkeys(queries):
            asked = _asked(query)
            code = query.iso2.strip().upper()
            if not asked.name.forms[0].key:
                decisions[query] = _nothing(asked, _NO_NAME, "no-name")
            elif code not in territories:
                decisions[query] = _nothing(asked, filled(_NO_CODE, code=code), "no-country")
            elif territories[code]:
                french.append(asked)
            else:
                foreign.setdefault(code, []).append(asked)
        progress(len(decisions))
        for query, decision in self._french.link(one.query for one in french).items():
            decisions[query] = as_people_said(decision)
        for one in french:
            # A territory with a country code may be Wikidata's country of its places.
            code = one.query.iso2.strip().upper()
            if decisions[one.query].method == "no-item" and code != "FR":
                foreign.setdefault(code, []).append(one)
        progress(len(french))
        for query, decision in self._link_foreign(foreign, progress).items():
            of_table = decisions.get(query)
            if of_table is None:
                decisions[query] = decision
            elif decision.outcome is not Outcome.NIL:
                decisions[query] = replace(decision, place=of_table.place)
            # Else, of a body that has a code, "no item bears it" says more than "no such name".
        return {query: placed_as_people_said(one) for query, one in decisions.items()}

    def _link_foreign(
        self, foreign: Mapping[str, Sequence[_Asked]], progress: Progress
    ) -> dict[NameQuery, Decision]:
        items = self._countries(foreign)
        decisions: dict[NameQuery, Decision] = {}
        places: dict[NameQuery, Place] = {}
        for code in sorted(foreign):
            for query, decision in self._link_country(code, items, foreign[code]).items():
                decisions[query] = as_people_said(decision)
            for one in foreign[code]:
                place = self._meant(code, one)
                if place is not None:
                    places[one.query] = place
            progress(len(foreign[code]))
        known = {} if isinstance(items, Unasked) else items
        return self._numbers.heard(decisions, places, known)

    def _meant(self, code: str, asked: _Asked) -> Place | None:
        """The place of GeoNames that a person chose, or that alone bears the name."""
        if asked.query.place or self._known is None:
            return place_with_key(asked.query.place)
        place = self._known.meant(code, asked.name, asked.sought)
        return None if place is None or place.key in asked.query.refused else place

    def _countries(self, codes: Iterable[str]) -> Mapping[str, Sequence[str]] | Unasked:
        try:
            return self.wikidata.countries(codes)
        except Unasked as error:
            return error

    def _link_country(
        self, code: str, items: Mapping[str, Sequence[str]] | Unasked, asked: Sequence[_Asked]
    ) -> dict[NameQuery, Decision]:
        if isinstance(items, Unasked):
            return {one.query: unasked(one.query, one.sought, items) for one in asked}
        if not items[code]:
            reason = filled(_NO_COUNTRY, code=code)
            return {one.query: _nothing(one, reason, "no-country") for one in asked}
        try:
            gazetteer = self._gazetteer(code, items[code], asked)
            found = {one: find(gazetteer, one.name) for one in asked}
            facts = self.wikidata.facts_followed(
                qid for one in found.values() for qid in one.qids()
            )
        except Unasked as error:
            return {one.query: unasked(one.query, one.sought, error) for one in asked}
        return {
            one.query: decide(
                one.query, one.name, one.sought, _left(one, found[one], items[code], facts), facts,
                gazetteer, self._known,
            )
            for one in asked
        }  # fmt: skip

    def _gazetteer(self, code: str, items: Sequence[str], asked: Sequence[_Asked]) -> Gazetteer:
        """All places of the country or, where they are too many, those spelled like these names."""
        try:
            return Gazetteer(self.wikidata.names_in(code, items))
        except TooManyPlaces:
            texts = {text for one in asked for text in spellings(one.query.name, one.name)}
            return Gazetteer(self.wikidata.names_spelled(code, items, texts), complete=False)


def _left(
    asked: _Asked, found: Found, countries: Sequence[str], facts: Mapping[str, Facts]
) -> Found:
    """What was met without what a person refused, and what is of the country no more.

    The names of a country are also of what was in it. Items that were merged are what they were
    merged into.
    """
    gone = set()
    for qid in found.qids():
        fact = facts.get(qid)
        current = fact.merged if fact is not None and fact.merged is not None else qid
        now = facts.get(current)
        refused = {qid, current} & asked.query.refused
        if refused or now is None or now.countries.isdisjoint(countries):
            gone.add(qid)
    return found.without(frozenset(gone))


def _asked(query: NameQuery) -> _Asked:
    name = parsed(query.name)
    # The words of the name itself say more than a column of the list.
    return _Asked(query, name, name.kind or hinted_kind(query.kind))


def unasked(query: NameQuery, sought: Kind | None, error: Unasked) -> Decision:
    reason = filled(_UNASKED, reason=error.reason)
    return Decision(query, sought, Outcome.UNASKED, reason, "unasked")


def _nothing(asked: _Asked, reason: Bilingual, method: str) -> Decision:
    return Decision(asked.query, asked.sought, Outcome.NIL, reason, method)


def linker_of(
    url: str | None,
    folder: Path | None = None,
    days: float = 30,
    offline: bool = False,
    timeout: float | None = None,
    today: date | None = None,
) -> Linker:
    """A linker as a command asks for it; `url` "offline" or None. Raises UsageError."""
    offline = offline or url == "offline"
    store = AnswerCache(folder or default_folder(), None if offline else days)
    return _linker(asker_of(url, store, offline, timeout), today)


def linker_without_wikidata() -> Linker:
    """A linker that knows the tables of the product only, and asks nobody."""
    return _linker(asker_of(None, NoAnswers(), offline=True))


def _linker(asker: Asker, today: date | None = None) -> Linker:
    return Linker(Wikidata(asker, today), FrenchTable(), KnownPlaces())
