"""The sums of a row: each of the kind that the mapping says, in its own currency, never added up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from coopdec_graph.model import FinancialItem
from coopdec_graph.sources.tabular.mapping import SumFields, fields_of
from coopdec_graph.sources.tabular.mapping_keys import Field
from coopdec_graph.sources.tabular.parties import Parties
from coopdec_graph.sources.tabular.row import RowCells

__all__ = ["read_sums"]

_CURRENCY = re.compile(r"[A-Z]{3}")


def read_sums(
    row: RowCells, groups: tuple[SumFields, ...], parties: Parties
) -> tuple[FinancialItem, ...]:
    """A sum where there is an amount, or what is printed in its place."""
    items: list[FinancialItem] = []
    used: set[int | None] = set()
    without: list[tuple[Field, int | None]] = []
    for group, number in _instances(row, groups):
        details = [f for f in _details(group) if row.column(f, number) is not None]
        item = _item(row, group, number, len(items) + 1, parties)
        if item is None:
            without += [(field, number) for field in details]
        else:
            used |= {row.column(field, number) for field in details}
            items.append(item)
    for field, number in without:
        if row.column(field, number) not in used:
            row.note("table-sum-without-amount", field, row.printed(field, number), number)
    return tuple(items)


def _instances(
    row: RowCells, groups: tuple[SumFields, ...]
) -> Iterator[tuple[SumFields, int | None]]:
    for group in groups:
        yield from ((group, number) for number in row.columns.numbers(fields_of(group)))


def _details(group: SumFields) -> list[Field]:
    """What says something of a sum that is of no use without it."""
    said = (
        group.day,
        group.value_day,
        group.start,
        group.end,
        group.year,
        group.reference,
        group.description,
    )
    return [field for field in said if field is not None]


def _item(
    row: RowCells, group: SumFields, number: int | None, rank: int, parties: Parties
) -> FinancialItem | None:
    amount, unread = row.amount(group.amount, number)
    description = row.text(group.description, number)
    start, end = _period(row, group, number)
    item = FinancialItem(
        group.kind,
        rank,
        amount,
        _currency(row, group.currency, number),
        value_date=row.day(group.value_day, number),
        start=start,
        end=end,
        day=row.day(group.day, number),
        provider=parties.only(group.provider),
        receiver=parties.only(group.receiver),
        reference=row.word(group.reference, number),
        descriptions=() if description is None else (description,),
        printed=unread,
    )
    return None if amount is None and unread is None else item


def _period(row: RowCells, group: SumFields, number: int | None) -> tuple[date | None, date | None]:
    """The period of a sum; a year is from its first day to its last."""
    year = row.year(group.year, number)
    if year is not None:
        return date(year, 1, 1), date(year, 12, 31)
    return row.day(group.start, number), row.day(group.end, number)


def _currency(row: RowCells, field: Field | None, number: int | None) -> str | None:
    printed = row.printed(field, number)
    if printed is None or field is None:
        return None
    code = row.translated(printed, field)
    if _CURRENCY.fullmatch(code):
        return code
    row.note("table-currency-unread", field, printed, number)
    return None
