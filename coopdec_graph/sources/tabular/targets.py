"""What the activity of a row goes to: sectors, countries, regions, tags; and its places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import zip_longest

from coopdec_graph.model import Allocation, AllocationKind, Code, Location, Text
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.tabular.cells import Cell, text_of
from coopdec_graph.sources.tabular.lists import COUNTRY_LIST, country_of, holds
from coopdec_graph.sources.tabular.mapping import AllocationFields, PlaceFields, fields_of
from coopdec_graph.sources.tabular.mapping_keys import Field
from coopdec_graph.sources.tabular.row import RowCells
from coopdec_graph.sources.tabular.values import degrees, position

__all__ = ["read_allocations", "read_places"]

_WHOLE = 100
_LATITUDES, _LONGITUDES = 90, 180


@dataclass(frozen=True, slots=True)
class _Share:
    """What one column says of a target in percent."""

    percentage: Decimal
    column: Field
    number: int | None


@dataclass(slots=True)
class _Target:
    """What a row goes to, with what each column of percentages says of it, by the column."""

    kind: AllocationKind
    code: Code
    shares: dict[int | None, _Share] = field(default_factory=dict)


def read_allocations(row: RowCells, groups: tuple[AllocationFields, ...]) -> tuple[Allocation, ...]:
    """Each target once, its percentages added up; a code that no list of ours has stays as printed."""
    found: dict[tuple[AllocationKind, str | None, str | None, str], _Target] = {}
    for group in groups:
        for code, share in _targets(row, group):
            key = (group.kind, code.list, code.vocabulary, code.value)
            target = found.setdefault(key, _Target(group.kind, code))
            if share is not None:
                # One cell says one percentage, however often its code is repeated.
                target.shares[row.column(share.column, share.number)] = share
    return tuple(
        Allocation(target.kind, rank, target.code, _sum(row, target))
        for rank, target in enumerate(found.values(), start=1)
    )


def _sum(row: RowCells, target: _Target) -> Decimal | None:
    """The percentages of a target together; None without any, and for more than the whole."""
    shares = list(target.shares.values())
    whole = sum((share.percentage for share in shares), Decimal(0))
    if whole > _WHOLE:
        last, named = shares[-1], scrub(target.code.value)
        row.note("table-shares-beyond", last.column, f"{whole:f}", last.number, target=named)
        return None
    return whole if shares else None


def _targets(row: RowCells, group: AllocationFields) -> Iterator[tuple[Code, _Share | None]]:
    for number in row.columns.numbers(fields_of(group)):
        codes, labels = row.words(group.code, number), row.names(group.label, number)
        vocabulary = row.word(group.vocabulary, number)
        share = _share(row, group.percentage, number)
        if codes and labels and len(codes) != len(labels):
            assert group.label is not None
            row.note("table-lists-differ", group.label, None, number)
            labels = []
        language = group.label.language if group.label else None
        for code, label in zip_longest(codes, labels):
            text = None if label is None else Text(label, language)
            yield _code(row, group, code, text, vocabulary, number), share


def _code(
    row: RowCells,
    group: AllocationFields,
    printed: str | None,
    label: Text | None,
    vocabulary: str | None,
    number: int | None,
) -> Code:
    field = group.code if printed is not None and group.code else group.label
    assert field is not None
    said = printed if printed is not None else (label.value if label else "")
    value = row.translated(said, field)
    labels = (label,) if label is not None and printed is not None else ()
    code = Code(value, None, vocabulary, group.vocabulary_uri, labels)
    if group.list == COUNTRY_LIST:
        country = country_of(value)
        if country is None:
            row.note("table-country-unknown", field, said, number)
            return code
        return replace(code, value=country.alpha2, list=COUNTRY_LIST)
    if group.list is None:
        return code
    if not holds(group.list, value):
        row.note("table-code-unlisted", field, said, number, list=group.list)
        return code
    return replace(code, list=group.list)


def _share(row: RowCells, column: Field | None, number: int | None) -> _Share | None:
    """A share from 0 to 100, with or without its sign."""
    cell = row.cell(column, number)
    if cell is None or column is None:
        return None
    text = cell.rstrip("%").rstrip() if isinstance(cell, str) else cell
    percentage = row.decimal(text)
    if percentage is None or not 0 <= percentage <= _WHOLE:
        row.note("table-share-unread", column, row.printed(column, number), number)
        return None
    return _Share(percentage, column, number)


def read_places(row: RowCells, groups: tuple[PlaceFields, ...]) -> tuple[Location, ...]:
    found: list[Location] = []
    for group in groups:
        for number in row.columns.numbers(fields_of(group)):
            found += _places(row, group, number)
    return tuple(replace(place, rank=rank) for rank, place in enumerate(found, start=1))


def _places(row: RowCells, group: PlaceFields, number: int | None) -> Iterator[Location]:
    """The places of a cell, by name and position together where there are as many of each."""
    names, points = row.names(group.name, number), list(_points(row, group, number))
    gazetteer = _gazetteer(row, group, number)
    if names and points and len(names) != len(points):
        assert group.point is not None
        row.note("table-lists-differ", group.point, None, number)
        yield from (_place(group, name, None, gazetteer) for name in names)
        yield from (_place(group, None, point, ()) for point in points)
        return
    for name, point in zip_longest(names, points):
        yield _place(group, name, point, gazetteer)
    if not names and not points and gazetteer:
        yield _place(group, None, None, gazetteer)


def _place(
    group: PlaceFields,
    name: str | None,
    point: tuple[Decimal, Decimal] | None,
    gazetteer: tuple[tuple[str, str], ...],
) -> Location:
    language = group.name.language if group.name else None
    names = () if name is None else (Text(name, language),)
    latitude, longitude = point or (None, None)
    return Location(1, names, latitude, longitude, gazetteer)


def _gazetteer(
    row: RowCells, group: PlaceFields, number: int | None
) -> tuple[tuple[str, str], ...]:
    code, kind = row.word(group.code, number), row.word(group.code_type, number)
    return () if code is None else ((kind or "", code),)


def _points(
    row: RowCells, group: PlaceFields, number: int | None
) -> Iterator[tuple[Decimal, Decimal]]:
    """Positions, latitude first; one that is no position on Earth is noted."""
    latitude, longitude = row.cell(group.latitude, number), row.cell(group.longitude, number)
    if group.latitude is not None and (latitude is not None or longitude is not None):
        printed = f"{text_of(latitude or '')} {text_of(longitude or '')}"
        yield from _point(row, group.latitude, number, printed, latitude or "", longitude or "")
    for printed in row.words(group.point, number):
        assert group.point is not None
        first, second = position(printed) or ("", "")
        if group.order.startswith("longitude"):
            first, second = second, first
        yield from _point(row, group.point, number, printed, first, second)


def _point(
    row: RowCells, field: Field, number: int | None, printed: str, north: Cell, east: Cell
) -> Iterator[tuple[Decimal, Decimal]]:
    latitude = degrees(row.decimal(north), _LATITUDES)
    longitude = degrees(row.decimal(east), _LONGITUDES)
    if latitude is None or longitude is None:
        row.note("table-position-unread", field, printed, number)
    else:
        yield latitude, longitude
