"""Rows of the funding table: who, how much, in which year, and the three 1 % columns.

A flattened row is read from the right: a year, then one to four sums, then the financer. Empty
cells vanish, so a row with two or three sums does not tell which column each is in; and a name
may itself end with a number. Such a row is kept as printed unless one reading alone is possible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from coopdec_graph.namespaces import matching_key
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.atlas.tables import Row
from coopdec_graph.sources.atlas.values import read_amount, read_year

__all__ = ["PrintedFunding", "read_funding"]

_FIELD = "funding"
_ALL_SUMS = 4  # the amount and the three 1 % columns
_LONGEST_SUM = 5  # words: four groups of digits and a unit
_LONGEST_TAIL = _ALL_SUMS * _LONGEST_SUM + 1  # words: the sums and the year


@dataclass(frozen=True, slots=True)
class PrintedFunding:
    """One row. A part that could not be read is None, and `printed` then holds the whole row."""

    rank: int
    financer: str | None
    year: int | None
    amount: Decimal | None
    levies: tuple[tuple[int, Decimal], ...] = ()
    printed: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The row for JSON: sums as numbers in euros."""
        facts: dict[str, object] = {
            "financer": self.financer,
            "year": self.year,
            "amount": _number(self.amount),
        }
        if self.levies:
            facts["one_percent"] = [
                {"column": column, "amount": _number(amount)} for column, amount in self.levies
            ]
        return facts if self.printed is None else {**facts, "printed": self.printed}


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def read_funding(
    rows: Sequence[Row], known_names: Sequence[str], ledger: Ledger
) -> tuple[PrintedFunding, ...]:
    """Every row of the table, in order. `known_names` are bodies the page names elsewhere."""
    names = {matching_key(name) for name in known_names} | atlas_settings().financer_groups
    names |= atlas_settings().public_organisations
    return tuple(_read(rank, row, names, ledger) for rank, row in enumerate(rows, start=1))


def _read(rank: int, row: Row, names: set[str], ledger: Ledger) -> PrintedFunding:
    if row.cells is not None:
        return _read_cells(rank, row, row.cells, ledger)
    readings = list(_readings(rank, row.text))
    named = [reading for reading in readings if matching_key(reading.financer or "") in names]
    chosen = named or readings
    without_sum = matching_key(row.text.rpartition(" ")[0]) in names
    if len(chosen) == 1 and chosen[0].amount is not None and not without_sum:
        return _settle_flat(row, chosen[0], ledger)
    return _keep_as_printed(rank, row, names, ledger)


def _settle_flat(row: Row, reading: PrintedFunding, ledger: Ledger) -> PrintedFunding:
    ledger.use(row.line, _FIELD)
    printed = row.text.split(" ")[len((reading.financer or "").split(" ")) : -1]
    sums = [read_amount(word) for word in printed]
    if not all(amount and amount[1] for amount in sums):
        ledger.note("amount-notation", row.line, _FIELD, scrub(row.text))
    return reading


def _readings(rank: int, text: str) -> Iterator[PrintedFunding]:
    """Every way to split a flattened row into financer, sums and year."""
    words = text.split(" ")
    year = _year(words[-1])
    if year is None or len(text) > atlas_settings().row_characters:
        return
    for start in range(max(1, len(words) - _LONGEST_TAIL), len(words) - 1):
        for sums in _sums(tuple(words[start:-1]), _ALL_SUMS):
            yield _flat_reading(rank, " ".join(words[:start]), sums, year)


@lru_cache(maxsize=10_000)
def _sums(words: tuple[str, ...], most: int) -> tuple[tuple[Decimal, ...], ...]:
    """The ways to read the words as one to `most` sums that use them all.

    No more than two ways are given: two are enough to know that a row is ambiguous.
    """
    return tuple(islice(_ways(words, most), 2))


def _ways(words: tuple[str, ...], most: int) -> Iterator[tuple[Decimal, ...]]:
    for size in range(1, min(len(words), _LONGEST_SUM) + 1):
        first = read_amount(" ".join(words[:size]))
        if first is None:
            continue
        if size == len(words):
            yield (first[0],)
        elif most > 1:
            yield from ((first[0], *rest) for rest in _sums(words[size:], most - 1))


def _flat_reading(rank: int, name: str, sums: tuple[Decimal, ...], year: int) -> PrintedFunding:
    """With one sum or all four the columns are certain; with two or three, no sum is placed."""
    whole = PrintedFunding(rank, scrub(name), year, sums[0])
    if len(sums) == 1:
        return whole
    if len(sums) == _ALL_SUMS:
        return replace(whole, levies=tuple(enumerate(sums[1:], start=1)))
    return replace(whole, amount=None)


def _keep_as_printed(rank: int, row: Row, names: set[str], ledger: Ledger) -> PrintedFunding:
    printed = scrub(row.text)
    words = row.text.split(" ")
    longest = min(len(words), 1 + max(len(name.split(" ")) for name in names))
    known = (" ".join(words[:end]) for end in range(longest, 0, -1))
    financer = next((name for name in known if matching_key(name) in names), None)
    ledger.refuse("funding-row-unread", [row.line], _FIELD, printed)
    return PrintedFunding(rank, financer, _year(words[-1]), None, printed=printed)


def _year(text: str) -> int | None:
    settings = atlas_settings()
    return read_year(text, settings.first_year, settings.last_year)


def _read_cells(rank: int, row: Row, cells: tuple[str, ...], ledger: Ledger) -> PrintedFunding:
    """A row whose cells are known: an empty cell is an absent fact."""
    name, sums, year = cells[0], cells[1:5], _year(cells[5])
    read = [read_amount(cell) if cell else None for cell in sums]
    unread = [cell for cell, amount in zip(sums, read, strict=True) if cell and amount is None]
    amount = read[0][0] if read[0] else None
    levies = tuple((column, value[0]) for column, value in enumerate(read[1:], start=1) if value)
    line = PrintedFunding(rank, scrub(name) or None, year, amount, levies)
    if unread or year is None or amount is None or not name:
        printed = scrub(" | ".join(cells))
        ledger.refuse("funding-row-unread", [row.line], _FIELD, printed)
        return replace(line, printed=printed)
    ledger.use(row.line, _FIELD)
    if not all(value[1] for value in read if value):
        ledger.note("amount-notation", row.line, _FIELD, scrub(row.text))
    return line
