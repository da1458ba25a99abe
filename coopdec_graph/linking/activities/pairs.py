"""The pairs worth comparing: never each with each.

Two activities of different sources are a pair when one knows an identifier of the other, when they
share a body in a country, or when their titles are alike in a country. The last two ask for periods
that meet; an activity without a country is found by identifiers and bodies only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np
from rapidfuzz import fuzz, process

from coopdec_graph.linking.activities.evidence import likeness_of
from coopdec_graph.linking.activities.reported import ReportedActivity, may_be_one
from coopdec_graph.linking.activities.titles import is_short, sorted_words

__all__ = ["Pair", "pairs_of"]

Pair = tuple[ReportedActivity, ReportedActivity]
_Numbers = tuple[int, int]
# How many titles are held against each other at a time: one byte each.
_MOST_AT_ONCE = 4_000_000


def pairs_of(activities: Sequence[ReportedActivity]) -> Iterator[Pair]:
    """Each pair once, in the order of the activities, which are in the order of their IRIs."""
    found = set(_by_identifier(activities))
    found.update(
        pair
        for pair in chain(_by_body(activities), _by_title(activities))
        if _may_meet(activities[pair[0]], activities[pair[1]])
    )
    for one, other in sorted(found):
        if may_be_one(activities[one], activities[other]):
            yield activities[one], activities[other]


def _may_meet(first: ReportedActivity, second: ReportedActivity) -> bool:
    """Neither in other countries nor at other times, as far as is known."""
    if first.countries and second.countries and first.countries.isdisjoint(second.countries):
        return False
    ours, theirs = first.period, second.period
    before = ours.end is not None and theirs.start is not None and ours.end < theirs.start
    after = theirs.end is not None and ours.start is not None and theirs.end < ours.start
    return not before and not after


def _by_identifier(activities: Sequence[ReportedActivity]) -> Iterator[_Numbers]:
    named: dict[str, list[int]] = defaultdict(list)
    known: dict[str, list[int]] = defaultdict(list)
    for number, activity in enumerate(activities):
        for name in activity.names | activity.numbers:
            named[name].append(number)
        for name in activity.declared | activity.parts:
            known[name].append(number)
    for name, numbers in named.items():
        yield from _across(activities, numbers, numbers)
        yield from _across(activities, numbers, known.get(name, ()))
    for numbers in known.values():
        yield from _across(activities, numbers, numbers)


def _by_body(activities: Sequence[ReportedActivity]) -> Iterator[_Numbers]:
    """Activities that share a body, which at least one of them says does the work."""
    doers: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    payers: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, activity in enumerate(activities):
        for noted, bodies in ((doers, activity.doers), (payers, activity.payers)):
            for key in frozenset().union(*(body.keys for body in bodies)):
                for country in activity.countries or ("",):
                    noted[key][country].append(number)
    for key, by_country in doers.items():
        for country, numbers in by_country.items():
            for there in (by_country, payers.get(key, {})):
                yield from _across(activities, numbers, _compatible(there, country))


def _compatible(by_country: Mapping[str, Sequence[int]], country: str) -> Iterable[int]:
    """Those of a country, and those of which none is known; of no country, those of any."""
    if not country:
        return [number for numbers in by_country.values() for number in numbers]
    return [*by_country.get(country, ()), *by_country.get("", ())]


def _across(
    activities: Sequence[ReportedActivity], ours: Iterable[int], theirs: Iterable[int]
) -> Iterator[_Numbers]:
    """Pairs of different sources: of one source there may be thousands, and none is a pair."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number in theirs:
        groups[activities[number].source].append(number)
    for one in ours:
        for source, numbers in groups.items():
            if source != activities[one].source:
                yield from ((min(one, other), max(one, other)) for other in numbers)


def _by_title(activities: Sequence[ReportedActivity]) -> Iterator[_Numbers]:
    by_country: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for number, activity in enumerate(activities):
        words = {sorted_words(title) for title in activity.titles if not is_short(title)}
        for country in activity.countries:
            by_country[country] += [(text, number) for text in sorted(words)]
    for titled in by_country.values():
        yield from _alike(activities, titled)


def _alike(
    activities: Sequence[ReportedActivity], titled: Sequence[tuple[str, int]]
) -> Iterator[_Numbers]:
    if len({activities[number].source for _, number in titled}) < 2:
        return
    texts, cutoff = [text for text, _ in titled], 100 * likeness_of("near")
    rows = max(1, _MOST_AT_ONCE // len(texts))
    for start in range(0, len(texts), rows):
        # What stands before has been held against these already.
        likeness = process.cdist(
            texts[start : start + rows],
            texts[start:],
            scorer=fuzz.ratio,
            score_cutoff=cutoff,
            dtype=np.uint8,
        )
        for row, column in np.argwhere(likeness).tolist():
            one, other = titled[start + row][1], titled[start + column][1]
            if activities[one].source != activities[other].source:
                yield min(one, other), max(one, other)
