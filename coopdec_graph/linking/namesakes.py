"""Twinnings that Wikidata may have on another item of the same town: nothing is proposed of them.

A town may be two items, the settlement and its municipality. Where one of a pair is already twinned
with a namesake of the other, a person has to look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import filled
from coopdec_graph.linking.twinnings import UNASKED, Checked, Party, Status
from coopdec_graph.linking.twins import Known, NamedItem, Said, number_of
from coopdec_graph.namespaces import matching_key

__all__ = ["suspects", "without_namesakes"]

_NAMESAKE = Bilingual(
    "Wikidata l'a peut-être sur un autre élément du même nom, {qid} : rien n'est proposé.",
    "Wikidata may have it on another item of the same name, {qid}: nothing is proposed.",
)

_Twins = Mapping[str, set[str]]


def suspects(checked: Iterable[Checked], known: Known) -> set[str]:
    """The items whose names have to be known before anything is proposed."""
    twins = _twins(known)
    return {qid for one in checked for _, qid in _others(one, twins)}


def without_namesakes(
    checked: Iterable[Checked], known: Known, named: Mapping[str, NamedItem]
) -> list[Checked]:
    """What was checked; a pair proposes nothing where it has a namesake, or where none could be
    asked for."""
    twins = _twins(known)
    return [
        _doubted(one, sorted(_others(one, twins), key=_number), known, named) for one in checked
    ]


def _doubted(
    one: Checked,
    others: Iterable[tuple[Party, str]],
    known: Known,
    named: Mapping[str, NamedItem],
) -> Checked:
    for party, qid in others:
        unasked = known.unnamed.get(qid)
        if unasked is not None:
            reason = filled(UNASKED, reason=unasked)
            return replace(one, status=Status.NOT_CHECKED, reason=reason, proposed=())
        name = named.get(qid, NamedItem()).name
        if name and matching_key(name) == matching_key(party.name):
            return replace(one, reason=filled(_NAMESAKE, qid=qid), proposed=())
    return one


def _number(other: tuple[Party, str]) -> int:
    return number_of(other[1])


def _twins(known: Known) -> _Twins:
    twins: dict[str, set[str]] = defaultdict(set)
    for (subject, value), said in known.said.items():
        if said is Said.RUNNING:
            twins[subject].add(value)
    return twins


def _others(one: Checked, twins: _Twins) -> set[tuple[Party, str]]:
    """The other twins of each of a pair, with the party whose namesake they may be.

    Of a pair that Wikidata has one way, the items are the right ones.
    """
    if one.status is not Status.MISSING or not one.proposed:
        return set()
    found = set()
    for party, partner in ((one.french, one.foreign), (one.foreign, one.french)):
        found |= {(partner, qid) for item in party.items for qid in twins.get(item, ())}
    return found
