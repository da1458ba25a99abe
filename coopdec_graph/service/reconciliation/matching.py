"""The candidates for a query, each with a score, its features, and at most one of them a match.

A wrong match is worse than none: docs/reconciliation.md has the rules, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from coopdec_graph.linking.names import key_of
from coopdec_graph.reference.french import Level
from coopdec_graph.reference.names import place_key
from coopdec_graph.service.reconciliation.bearing import Bearing, bearing, bearings, has_homonyms
from coopdec_graph.service.reconciliation.comparing import agrees, code_of_value
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.index import Index, Posting, forms_of
from coopdec_graph.service.reconciliation.kinds import wanted_types
from coopdec_graph.service.reconciliation.messages import Given, Query
from coopdec_graph.service.reconciliation.periods import period_of
from coopdec_graph.service.reconciliation.properties import DATE, IDENTIFIERS, PROPERTIES
from coopdec_graph.service.reconciliation.words import leaves_level_open, same_words

__all__ = ["LONGEST_NAME", "Candidate", "candidates"]

# No name in the graph comes near it; a longer one finds nothing.
LONGEST_NAME = 500

# What a way of finding an entity is worth, of 100.
_WHOLE, _BORNE_THEN, _BARE, _LOOSE, _PAST, _TOOK_OVER = 100.0, 98.0, 95.0, 85.0, 80.0, 75.0
# What a near name keeps of its likeness.
_NEAR = 0.85
# What is left of a score for each property that disagrees, and for each of which nothing is known.
_DISAGREES, _UNKNOWN = 0.6, 0.95
# Those of one query that are looked at, at most.
_MOST_NEAR = 100

# How sure a way of finding is; only the surest way that finds anything can give a match.
_BY_CODE, _BY_NAME, _BY_BARE_NAME, _OTHERWISE = 0, 1, 2, 3


@dataclass(slots=True)
class Candidate:
    """`way` and `worth` say how it was found; `sure` whether found so it may be a match at all.

    `shared`: others of France bear the name asked for, whether the release has them or not.
    `likeness` of its nearest name, None where no name was asked for. `answers` has, for each property
    given, whether it agrees. `past` is the name it bore, or took over from the bearer.
    """

    entity: Entity
    way: int
    worth: float
    sure: bool = True
    past: Bearing | None = None
    shared: bool = False
    likeness: float | None = None
    answers: dict[str, bool | None] = field(default_factory=dict)
    match: bool = False

    @property
    def disagrees(self) -> bool:
        return False in self.answers.values()

    @property
    def score(self) -> float:
        # Beside a code that agrees, what is not known of the entity takes nothing away.
        unknown = 1.0 if self.way == _BY_CODE else _UNKNOWN
        score = self.worth
        for answer in self.answers.values():
            score *= 1.0 if answer else unknown if answer is None else _DISAGREES
        return round(score, 1)


def candidates(index: Index, query: Query) -> list[Candidate]:
    """By decreasing score, as many as are asked for. Ties are in the order of identifiers."""
    search = _Search(index, query)
    found = search.found(search.exact())
    if all(candidate.disagrees for candidate in found.values()):
        found = {**search.found(search.near()), **found}
    _decide(list(found.values()))
    best = sorted(found.values(), key=lambda one: (-one.score, not one.match, one.entity.id))
    return best[: query.limit]


class _Search:
    """One query, taken apart."""

    def __init__(self, index: Index, query: Query) -> None:
        self._index = index
        self._types = wanted_types(query.types)
        self._given = [one for one in query.properties if one.values]
        text = query.query.strip()
        self._name = text if len(text) <= LONGEST_NAME else ""
        dates = [value.text for one in self._given if one.property == DATE for value in one.values]
        # Two dates are no time; what is no date is none either, and then nothing can agree with it.
        self._period = period_of(dates[0]) if len(dates) == 1 else None

    def found(self, ways: Iterator[Candidate]) -> dict[Entity, Candidate]:
        """Each entity of the types asked for once, by its surest way, compared with what is given."""
        found: dict[Entity, Candidate] = {}
        for candidate in ways:
            if self._types is None or not self._types.isdisjoint(candidate.entity.types):
                known = found.get(candidate.entity)
                found[candidate.entity] = _surer(known, candidate) if known else candidate
        for candidate in found.values():
            self._compare(candidate)
        return found

    def exact(self) -> Iterator[Candidate]:
        """By identifier, by code, by name, by a name of another time."""
        entity = self._index.with_id(self._name)
        if entity is not None:
            yield Candidate(entity, _BY_CODE, _WHOLE)
        for one in self._given:
            if one.property in IDENTIFIERS:
                yield from self._coded(one)
        if self._name:
            yield from self._named()
            yield from self._of_another_time()

    def near(self) -> Iterator[Candidate]:
        if self._name:
            for posting, likeness in self._index.near(key_of(self._name), _MOST_NEAR):
                yield Candidate(posting.entity, _OTHERWISE, _NEAR * likeness, sure=False)

    def _coded(self, given: Given) -> Iterator[Candidate]:
        for value in given.values:
            code = code_of_value(given.property, value)
            for entity in self._index.by_code.get((given.property, code or ""), ()):
                yield Candidate(entity, _BY_CODE, _WHOLE)

    def _named(self) -> Iterator[Candidate]:
        forms = forms_of(self._name)
        for place, form in enumerate(forms):
            for posting in self._index.whole.get(form, ()):
                yield self._by_bare_name(posting) if place else self._by_name(posting.entity)
            for posting in self._index.bare.get(form, ()):
                yield self._by_bare_name(posting)
        for posting in self._index.loose.get(place_key(self._name), ()):
            yield Candidate(posting.entity, _OTHERWISE, _LOOSE, sure=False)

    def _by_name(self, entity: Entity) -> Candidate:
        sure = not leaves_level_open(self._name, entity)
        return Candidate(entity, _BY_NAME, _WHOLE, sure)

    def _by_bare_name(self, posting: Posting) -> Candidate:
        suits = same_words(self._name, posting.entity, posting.name)
        if suits is False:
            return Candidate(posting.entity, _OTHERWISE, _BARE * _DISAGREES, sure=False)
        return Candidate(posting.entity, _BY_BARE_NAME, _BARE, sure=suits is True)

    def _of_another_time(self) -> Iterator[Candidate]:
        forms = forms_of(self._name)
        for past in bearings(self._name, self._period, self._index.official):
            sure = past.sure is True and not past.took_over and key_of(past.held.name) in forms
            worth = _TOOK_OVER if past.took_over else _BORNE_THEN if sure else _PAST
            # A name that is still borne is no other name.
            other = past if past.took_over or not past.held.is_current else None
            yield Candidate(past.entity, _BY_NAME if sure else _OTHERWISE, worth, sure, other)

    def _compare(self, candidate: Candidate) -> None:
        entity = candidate.entity
        if self._name:
            candidate.likeness = _likeness(self._name, entity)
        for one in self._given:
            if one.property == DATE:
                answer = self._borne_then(candidate)
            else:
                answer = self._agrees(entity, one)
            before = candidate.answers.get(one.property, True)
            candidate.answers[one.property] = _both(before, answer)
        if self._name and not self._is_told(entity):
            levelled = candidate.answers.get("level") is True
            candidate.shared = has_homonyms(entity, self._name, self._period, levelled)

    def _is_told(self, entity: Entity) -> bool:
        """Whether what is given leaves one commune of a name: its département, or our place."""
        return any(
            (one.property == "departement" and len(one.values) == 1)
            or (one.property == "place" and entity.place is not None
                and {value.id for value in one.values} <= {entity.place.id, entity.place.iri})
            for one in self._given
        )  # fmt: skip

    def _agrees(self, entity: Entity, given: Given) -> bool | None:
        property = PROPERTIES.get(given.property)
        if property is None or property.compare is None:
            return None
        return agrees(property.compare, entity, given.values, self._index.levels)

    def _borne_then(self, candidate: Candidate) -> bool | None:
        if self._period is None or not self._name:
            return None
        if candidate.past is not None:
            return candidate.past.sure
        return bearing(candidate.entity, self._name, self._period)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _surer(one: Candidate, other: Candidate) -> Candidate:
    """An entity that was found twice: the surer way, with the worth of the better."""
    first, second = (
        (one, other) if (one.way, not one.sure) <= (other.way, not other.sure) else (other, one)
    )
    first.worth = max(first.worth, second.worth)
    return first


def _likeness(name: str, entity: Entity) -> float:
    key = key_of(name)
    return round(max(fuzz.ratio(key, key_of(known)) for known in entity.names), 1)


def _decide(found: list[Candidate]) -> None:
    """A match is the only one of the surest way that nothing disagrees with, if it may be one."""
    open_ones = [one for one in found if not one.disagrees and one.way < _OTHERWISE]
    surest = min((one.way for one in open_ones), default=_OTHERWISE)
    rivals = [one for one in open_ones if one.way == surest]
    if len(rivals) == 1:
        rivals[0].match = _may_match(rivals[0])


def _may_match(candidate: Candidate) -> bool:
    """What is given must agree; beside an identifier that does, the rest must only not disagree.

    The sum of financers that a page does not name is nobody, and a date must have been answered. A
    level that agrees says what words before the name would.
    """
    answers = dict(candidate.answers)
    levelled = candidate.way in (_BY_NAME, _BY_BARE_NAME) and answers.get("level") is True
    dated = answers.pop(DATE, True)
    agree = candidate.way == _BY_CODE or all(answers.values())
    sure = (candidate.sure or levelled) and (candidate.way == _BY_CODE or _is_alone(candidate))
    return sure and not candidate.entity.group and dated is True and agree


def _is_alone(candidate: Candidate) -> bool:
    """Whether no other may be meant: none has the name, or the country that is given excludes it."""
    country, level = candidate.entity.known_country(), candidate.entity.known_level()
    # A territory with a country code of its own has no two communes of a name.
    beyond_the_sea = country is not None and country.alpha2 != "FR" and level == Level.COMMUNE
    return not candidate.shared or (beyond_the_sea and candidate.answers.get("country") is True)
