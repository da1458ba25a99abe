"""What Wikidata says of twinnings (P190): asked item by item, in both directions.

A store may have truthy statements only (`wdt:`), or whole ones beside them: a whole statement says
more of the same twin, its end (P582) and its rank. Items that were merged are followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pyoxigraph as ox

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.asking import Asker, Unasked
from coopdec_graph.linking.endpoint import Row
from coopdec_graph.linking.wikidata import batches, filled_query, item_of, qid_in, value_in

__all__ = ["Known", "NamedItem", "Said", "Twins", "number_of"]

_TRUTHY, _WHOLE, _MERGED = "direct/P190", "prop/P190", "owl#sameAs"
_DEPRECATED = "http://wikiba.se/ontology#DeprecatedRank"
# French first, as the Atlas is; "mul" is Wikidata's for names that are the same in all languages.
_LANGUAGES = ("fr", "mul", "en")
# No town has more than some hundred twins, each with a truthy and a whole statement.
_MOST_ROWS = 400
# An item is merged once; a chain that is longer is not believed.
_MOST_MERGERS = 3


class Said(StrEnum):
    """What Wikidata says of a twinning in one direction; nothing at all is not among them."""

    RUNNING = "running"
    ENDED = "ended"
    DEPRECATED = "deprecated"


@dataclass(slots=True)
class Known:
    """Twinnings by direction, items that were merged into others; the items whose statements, or
    whose names, could not be asked for, and why."""

    said: dict[tuple[str, str], Said] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    unasked: dict[str, Bilingual] = field(default_factory=dict)
    unnamed: dict[str, Bilingual] = field(default_factory=dict)

    def current(self, qid: str) -> str:
        """The item that stands for this one today."""
        for _ in range(_MOST_MERGERS):
            qid = self.merged.get(qid, qid)
        return qid

    def why_unasked(self, qid: str) -> Bilingual | None:
        """Why an item, or what it was merged into, could not be asked about; None: it was."""
        return self.unasked.get(qid) or self.unasked.get(self.current(qid))


@dataclass(frozen=True, slots=True)
class NamedItem:
    """The name of an item, if it has one in the languages of use; the items of its countries."""

    name: str = ""
    countries: frozenset[str] = frozenset()


class Twins:
    """Questions about twinnings. `today` is the day on which an end is judged."""

    def __init__(self, asker: Asker, today: date | None = None) -> None:
        self.asker = asker
        self._today = today or date.today()

    def of(self, qids: Iterable[str]) -> Known:
        """What is said of the twins of items. Never raises for what the endpoint does."""
        known = Known()
        rows: dict[tuple[str, str], list[Row]] = {}
        asked: set[str] = set()
        left = set(qids)
        while left:
            asked |= left
            for row in self._rows(left, known):
                _take(row, rows, known)
            left = {known.merged[qid] for qid in asked if qid in known.merged} - asked
        for (item, twin), about in rows.items():
            pair = known.current(item), known.current(twin)
            known.said[pair] = _strongest(known.said.get(pair), _said(about, self._today))
        return known

    def _rows(self, qids: Iterable[str], known: Known) -> Iterable[Row]:
        names = ("item", "fact", "twin", "end", "rank", "merged")
        for batch in batches(sorted(qids), self.asker.limits.batch):
            query = filled_query("twins", {"item": map(item_of, batch)})
            try:
                yield from self.asker.ask(query, names, _MOST_ROWS * len(batch))
            except Unasked as error:
                known.unasked.update(dict.fromkeys(batch, error.reason))

    def named(self, qids: Iterable[str], known: Known) -> Mapping[str, NamedItem]:
        """Names and countries of items that have any; `known` is told what could not be asked."""
        found: dict[str, list[Row]] = {}
        for batch in batches(sorted(set(qids)), 4 * self.asker.limits.batch):
            languages = map(ox.Literal, _LANGUAGES)
            query = filled_query("labels", {"item": map(item_of, batch), "language": languages})
            try:
                rows = self.asker.ask(query, ("item", "fact", "value"), 12 * len(batch) + 100)
            except Unasked as error:
                known.unnamed.update(dict.fromkeys(batch, error.reason))
                continue
            for row in rows:
                found.setdefault(qid_in(row, "item") or "", []).append(row)
        return {qid: _named(rows) for qid, rows in found.items()}


def number_of(qid: str) -> int:
    """The number of an item, to sort by: Q9 is before Q10."""
    return int(qid[1:])


def _take(row: Row, rows: dict[tuple[str, str], list[Row]], known: Known) -> None:
    """One row of the query `twins`. What is no item (an unknown value, say) is passed over."""
    item, twin, merged = qid_in(row, "item"), qid_in(row, "twin"), qid_in(row, "merged")
    if item is None or twin is None:
        return
    if value_in(row, "fact").endswith(_MERGED):
        known.merged[item] = twin
    else:
        rows.setdefault((item, twin), []).append(row)
    if merged is not None:
        known.merged[twin] = merged


def _said(rows: Iterable[Row], today: date) -> Said:
    """What the statements about one twin come to: one that holds is enough."""
    whole = [row for row in rows if value_in(row, "fact").endswith(_WHOLE)]
    kept = [row for row in whole if value_in(row, "rank") != _DEPRECATED]
    if kept:
        return Said.ENDED if all(_is_over(row, today) for row in kept) else Said.RUNNING
    # Nothing but a truthy statement: it is in force, and its end cannot be known.
    truthy = any(value_in(row, "fact").endswith(_TRUTHY) for row in rows)
    return Said.RUNNING if truthy else Said.DEPRECATED


def _is_over(row: Row, today: date) -> bool:
    """An end that Wikidata knows no date of is one."""
    end = value_in(row, "end")
    return "end" in row and (end[:10] <= today.isoformat() or not end[:4].isdigit())


def _strongest(one: Said | None, other: Said) -> Said:
    """Of two items that were merged into one: what holds goes before what has ended."""
    order = (Said.RUNNING, Said.ENDED, Said.DEPRECATED)
    return other if one is None else min(one, other, key=order.index)


def _named(rows: Iterable[Row]) -> NamedItem:
    labels = {
        row["value"].get("xml:lang", ""): value_in(row, "value")
        for row in rows
        if value_in(row, "fact").endswith("label") and "value" in row
    }
    countries = {qid_in(row, "value") for row in rows if value_in(row, "fact").endswith("P17")}
    name = next((labels[tag] for tag in _LANGUAGES if tag in labels), "")
    return NamedItem(name, frozenset(qid for qid in countries if qid is not None))
