"""The twin-town check: each twinning of the Atlas beside what Wikidata says of it (P190).

Record ─► pairs of items ─► Known (twins.py) ─► Checked: a status, why, what may be proposed

P190 is symmetric: each direction is a statement of its own. What may be proposed is what Wikidata
lacks; a doubt on either side (an end, a deprecated rank) proposes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import filled
from coopdec_graph.linking.twins import Known, NamedItem, Said, number_of
from coopdec_graph.reference.world import world_countries

__all__ = [
    "UNASKED",
    "Checked",
    "Page",
    "Party",
    "Record",
    "Status",
    "beyond_the_atlas",
    "check",
    "items_of",
    "unknown_to_the_atlas",
]

_NO_ITEM = Bilingual("Sans élément Wikidata : {names}.", "Without a Wikidata item: {names}.")
_SAME = Bilingual(
    "Les deux noms mènent au même élément.", "Both names lead to one and the same item."
)
_NOBODY = Bilingual(
    "La fiche ne nomme pas de collectivité des deux côtés.",
    "The record does not name an authority on both sides.",
)
_MANY = Bilingual(
    "La fiche nomme plusieurs collectivités de chaque côté, sans dire qui est jumelé avec qui.",
    "The record names several authorities on each side, not who is twinned with whom.",
)
UNASKED = Bilingual("Non demandé : {reason}.", "Not asked: {reason}.")
_PRESENT = Bilingual("Wikidata l'a dans les deux sens.", "Wikidata has it both ways.")
_ABSENT = Bilingual("Wikidata ne l'a dans aucun sens.", "Wikidata has it neither way.")
_ONE_WAY = Bilingual(
    "Wikidata l'a sur {subject}, non sur {value}.", "Wikidata has it on {subject}, not on {value}."
)
_ENDED = Bilingual("Wikidata dit qu'il a pris fin.", "Wikidata says that it has ended.")
_DEPRECATED = Bilingual(
    "Wikidata l'a, au rang déprécié : rien n'est proposé.",
    "Wikidata has it, at deprecated rank: nothing is proposed.",
)
_OVER = Bilingual(
    "L'Atlas le dit terminé, Wikidata n'a pas sa fin.",
    "The Atlas says that it is completed, Wikidata does not have its end.",
)
_OVER_AND_ABSENT = Bilingual(
    "Wikidata ne l'a dans aucun sens ; l'Atlas le dit terminé : rien n'est proposé.",
    "Wikidata has it neither way; the Atlas says that it is completed: nothing is proposed.",
)
_BEYOND = Bilingual(
    "Wikidata l'a, aucun jumelage de l'Atlas ne lie ces deux lieux.",
    "Wikidata has it, no twinning of the Atlas joins these two places.",
)


class Status(StrEnum):
    """How the Atlas and Wikidata compare (docs/linking.md)."""

    MISSING = "missing"
    PRESENT = "present"
    INVERSE_MISSING = "inverse-missing"
    ENDED = "ended"
    ENDED_IN_ATLAS = "ended-in-atlas"
    NOT_IN_ATLAS = "not-in-atlas"
    NOT_CHECKABLE = "not-checkable"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class Party:
    """A body that takes part, under the name of its place if that is known; the items of it."""

    name: str
    items: tuple[str, ...] = ()

    @property
    def item(self) -> str | None:
        """The item, if it is one only."""
        return self.items[0] if len(self.items) == 1 else None


@dataclass(frozen=True, slots=True)
class Page:
    """Where a record was read, and on which day if that is known."""

    address: str
    consulted: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A twinning as the Atlas has it. `since` is the year in which its agreement was first signed."""

    partnership: str
    french: tuple[Party, ...]
    foreign: tuple[Party, ...]
    since: int | None = None
    is_over: bool = False
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A pair and what became of it; without a record it is Wikidata's alone.

    `proposed` are the statements that Wikidata lacks, as subject and value.
    """

    status: Status
    reason: Bilingual
    french: Party
    foreign: Party
    record: Record | None = None
    proposed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two parties of a record; `unfit` says why they cannot be compared with Wikidata."""

    record: Record
    french: Party
    foreign: Party
    unfit: Bilingual | None = None


def items_of(records: Iterable[Record]) -> set[str]:
    """The items that Wikidata has to be asked about to check these records."""
    pairs = [pair for record in records for pair in _pairs(record) if pair.unfit is None]
    return {qid for pair in pairs for qid in (*pair.french.items, *pair.foreign.items)}


def check(records: Iterable[Record], known: Known) -> list[Checked]:
    """Each pair of each record, in the order of the records and of the parties' names."""
    return [_checked(pair, known) for record in records for pair in _pairs(record)]


def beyond_the_atlas(
    records: Iterable[Record], french: Iterable[str], known: Known
) -> list[tuple[str, str]]:
    """The twinnings that Wikidata says of French items and no record may mean, by number.

    A record that names several bodies on each side may mean each of its pairs.
    """
    told = {
        (known.current(one), known.current(other))
        for record in records
        for one in _items(record.french)
        for other in _items(record.foreign)
    }
    current = {known.current(qid) for qid in french}
    found = {
        pair
        for pair, said in known.said.items()
        if said is Said.RUNNING and pair[0] in current and pair not in told
    }
    return sorted(found, key=lambda pair: (number_of(pair[0]), number_of(pair[1])))


def unknown_to_the_atlas(
    pairs: Iterable[tuple[str, str]], french: Mapping[str, str], named: Mapping[str, NamedItem]
) -> Iterator[Checked]:
    """What is reported of Wikidata's own pairs. The Atlas has no twinning of two French towns."""
    france = world_countries()["FR"].wikidata
    for one, other in pairs:
        item = named.get(other, NamedItem())
        if france not in item.countries:
            parties = Party(french.get(one, ""), (one,)), Party(item.name, (other,))
            yield Checked(Status.NOT_IN_ATLAS, _BEYOND, *parties)


def _items(parties: Iterable[Party]) -> set[str]:
    return {qid for party in parties for qid in party.items}


def _pairs(record: Record) -> Iterator[_Pair]:
    """The pairs of a record. A body that is alone on its side is twinned with each on the other."""
    french, foreign = _territories(record.french), _territories(record.foreign)
    if not french or not foreign or min(len(french), len(foreign)) > 1:
        why = _MANY if french and foreign else _NOBODY
        yield _Pair(record, _together(french), _together(foreign), why)
        return
    for one in french:
        for other in foreign:
            yield _Pair(record, one, other, _unfit(one, other))


def _territories(parties: Iterable[Party]) -> list[Party]:
    """The parties by name; those of one item ("Ville de X" and "X") are one."""
    found: dict[object, Party] = {}
    for party in sorted(parties, key=lambda party: (party.name, party.items)):
        found.setdefault(party.item or party, party)
    return list(found.values())


def _together(parties: Iterable[Party]) -> Party:
    return Party(" · ".join(party.name for party in parties))


def _unfit(one: Party, other: Party) -> Bilingual | None:
    without = [party.name for party in (one, other) if party.item is None]
    if without:
        return filled(_NO_ITEM, names=", ".join(without))
    return _SAME if one.item == other.item else None


def _checked(pair: _Pair, known: Known) -> Checked:
    one, other = pair.french.item, pair.foreign.item
    if pair.unfit is not None or one is None or other is None:
        why = pair.unfit or _NOBODY
        return Checked(Status.NOT_CHECKABLE, why, pair.french, pair.foreign, pair.record)
    way = known.current(one), known.current(other)
    french, foreign = Party(pair.french.name, way[:1]), Party(pair.foreign.name, way[1:])
    unasked = known.why_unasked(one) or known.why_unasked(other)
    if unasked is not None:
        reason = filled(UNASKED, reason=unasked)
        return Checked(Status.NOT_CHECKED, reason, french, foreign, pair.record)
    if way[0] == way[1]:
        return Checked(Status.NOT_CHECKABLE, _SAME, french, foreign, pair.record)
    status, reason, proposed = _compared((way, way[::-1]), known, pair.record.is_over)
    return Checked(status, reason, french, foreign, pair.record, tuple(proposed))


def _compared(
    ways: Sequence[tuple[str, str]], known: Known, is_over: bool
) -> tuple[Status, Bilingual, Sequence[tuple[str, str]]]:
    """The status of a pair, why, and what may be proposed of it."""
    said = {way: known.said.get(way) for way in ways}
    absent = [way for way in ways if said[way] is None]
    running = [way for way in ways if said[way] is Said.RUNNING]
    if Said.ENDED in said.values():
        return Status.ENDED, _ENDED, ()
    if running and is_over:
        return Status.ENDED_IN_ATLAS, _OVER, ()
    if Said.DEPRECATED in said.values():
        return Status.INVERSE_MISSING if running else Status.MISSING, _DEPRECATED, ()
    if not absent:
        return Status.PRESENT, _PRESENT, ()
    if running:
        subject, value = running[0]
        reason = filled(_ONE_WAY, subject=subject, value=value)
        return Status.INVERSE_MISSING, reason, absent
    if is_over:
        # A statement without an end would say that it still holds.
        return Status.MISSING, _OVER_AND_ABSENT, ()
    return Status.MISSING, _ABSENT, absent
