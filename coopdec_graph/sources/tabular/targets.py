"""What the activity of a row goes to: sectors, countries, regions, tags; and its places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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

_LATITUDES, _LONGITUDES = 90, 180


def read_allocations(row: RowCells, groups: tuple[AllocationFields, ...]) -> tuple[Allocation, ...]:
    """Each target once; a code that no list of ours has stays as printed."""
    found: dict[tuple[AllocationKind, str | None, str | None, str], Allocation] = {}
    for group in groups:
        for code, percentage in _targets(row, group):
            key = (group.kind, code.list, code.vocabulary, code.value)
            found.setdefault(key, Allocation(group.kind, len(found) + 1, code, percentage))
    return tuple(found.values())


def _targets(row: RowCells, group: AllocationFields) -> Iterator[tuple[Code, Decimal | None]]:
    for number in row.columns.numbers(fields_of(group)):
        codes, labels = row.words(group.code, number), row.words(group.label, number)
        vocabulary = row.word(group.vocabulary, number)
        percentage = _percentage(row, group.percentage, number)
        if codes and labels and len(codes) != len(labels):
            assert group.label is not None
            row.note("table-lists-differ", group.label, None, number)
            labels = []
        language = group.label.language if group.label else None
        for code, label in zip_longest(codes, labels):
            text = None if label is None else Text(scrub(label), language)
            yield _code(row, group, code, text, vocabulary, number), percentage


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


def _percentage(row: RowCells, field: Field | None, number: int | None) -> Decimal | None:
    """A share from 0 to 100, with or without its sign."""
    cell = row.cell(field, number)
    if cell is None or field is None:
        return None
    text = cell.rstrip("%").rstrip() if isinstance(cell, str) else cell
    share = row.decimal(text)
    if share is None or not 0 <= share <= 100:
        row.note("table-share-unread", field, row.printed(field, number), number)
        return None
    return share


def read_places(row: RowCells, groups: tuple[PlaceFields, ...]) -> tuple[Location, ...]:
    found: list[Location] = []
    for group in groups:
        for number in row.columns.numbers(fields_of(group)):
            found += _places(row, group, number)
    return tuple(replace(place, rank=rank) for rank, place in enumerate(found, start=1))


def _places(row: RowCells, group: PlaceFields, number: int | None) -> Iterator[Location]:
    """The places of a cell, by name and position together where there are as many of each."""
    names, points = row.words(group.name, number), list(_points(row, group, number))
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
    names = () if name is None else (Text(scrub(name), language),)
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
