"""Which column of a table each field of a mapping is, by the names in the header row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from coopdec_graph.privacy import scrub
from coopdec_graph.sources.files import unreadable
from coopdec_graph.sources.tabular.mapping import TITLE, TableMapping
from coopdec_graph.sources.tabular.mapping_keys import Field

__all__ = ["Columns", "bind", "recognised"]

# The number for which a name has a star; with its colon it may be missing.
_STAR = re.compile(r":\*|\*")
_SPACE = re.compile(r"\s+")
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Columns:
    """A header bound to a mapping.

    `places` gives, by the key of a field, each number that stands for its `*` (None without one)
    with the position of the column; `used` are all of them. The others are not read: `ignored` by
    name, `personal` (never quoted), or `unknown` to the mapping. A row where one of `without_rows`
    is filled is left out. `missing` are names of columns that the header lacks.
    """

    header: tuple[str, ...]
    places: dict[str, tuple[tuple[int | None, int], ...]]
    used: frozenset[int]
    ignored: frozenset[int]
    personal: frozenset[int]
    without_rows: frozenset[int]
    unknown: frozenset[int]
    missing: tuple[str, ...]

    def name(self, column: int) -> str:
        """The name of a column, fit to be shown; its number where the header has no name for it."""
        name = self.header[column] if column < len(self.header) else ""
        return _shown(name) or f"№ {column + 1}"

    def numbers(self, group: Sequence[Field]) -> list[int | None]:
        """The numbers that a group of fields is repeated for, in order; once where it has none."""
        numbered = (field for field in group if field.is_numbered)
        found = {number for field in numbered for number, _ in self.places.get(field.key, ())}
        return sorted(found, key=lambda number: -1 if number is None else number) or [None]

    def at(self, field: Field, number: int | None) -> int | None:
        """The column of a field, for one number of its group."""
        wanted = number if field.is_numbered else None
        return dict(self.places.get(field.key, ())).get(wanted)


def recognised(mapping: TableMapping, names: Sequence[str]) -> int:
    """How many of these names of columns the mapping knows."""
    known = [*_fields_of_names(mapping), *_unread(mapping)]
    return sum(any(_number(one, name) is not None for one in known) for name in names)


def bind(mapping: TableMapping, header: Sequence[str]) -> Columns:
    """The columns of a header. Raises PageUnreadable where two are the same, or none tells rows apart."""
    places = {
        field.key: _places(field, header)
        for group in mapping.groups()
        for field in group
        if field.constant is None
    }
    used = frozenset(column for found in places.values() for _, column in found)
    ignored, personal, without = (
        frozenset(_named(names, header))
        for names in (mapping.ignored, mapping.personal, mapping.without_rows)
    )
    unknown = frozenset(range(len(header))) - used - ignored - personal - without
    fields = [field for group in mapping.groups() for field in group if field.constant is None]
    _refuse_nameless(mapping, places)
    return Columns(
        tuple(header),
        places,
        used,
        ignored - used,
        personal | without,
        without,
        unknown,
        tuple(dict.fromkeys(field.names[0] for field in fields if not places[field.key])),
    )


def _refuse_nameless(
    mapping: TableMapping, places: dict[str, tuple[tuple[int | None, int], ...]]
) -> None:
    titles = [text.field for text in mapping.texts if text.kind == TITLE]
    if not any(places[field.key] for field in (*mapping.identifier, *titles)):
        wanted = dict.fromkeys(field.names[0] for field in (*mapping.identifier, *titles))
        raise unreadable("table-columns-missing", columns=", ".join(wanted))


def _places(field: Field, header: Sequence[str]) -> tuple[tuple[int | None, int], ...]:
    found: dict[int | None, int] = {}
    for column, name in enumerate(header):
        for known in field.names:
            number = _number(known, name)
            if number is None:
                continue
            key = None if number < 0 else number
            if key in found and found[key] != column:
                first, second = _shown(header[found[key]]), _shown(name)
                raise unreadable("table-column-twice", first=first, second=second)
            found[key] = column
    return tuple(sorted(found.items(), key=lambda item: item[1]))


def _named(names: Sequence[str], header: Sequence[str]) -> Iterator[int]:
    for column, name in enumerate(header):
        if any(_number(known, name) is not None for known in names):
            yield column


def _fields_of_names(mapping: TableMapping) -> Iterator[str]:
    for group in mapping.groups():
        for field in group:
            yield from field.names


def _unread(mapping: TableMapping) -> tuple[str, ...]:
    return (*mapping.ignored, *mapping.personal, *mapping.without_rows)


def _number(known: str, name: str) -> int | None:
    """None where a name of a header is not the known one; else its number, -1 without any."""
    found = _pattern(known).fullmatch(_compared(name))
    if found is None:
        return None
    return int(found[1]) if found.groups() and found[1] is not None else -1


@cache
def _pattern(known: str) -> re.Pattern[str]:
    compared, last = _compared(known), 0
    pieces = []
    for star in _STAR.finditer(compared):
        pieces.append(re.escape(compared[last : star.start()]))
        pieces.append(r"(?::([0-9]{1,6}))?" if star[0] == ":*" else r"([0-9]{1,6})")
        last = star.end()
    return re.compile("".join(pieces) + re.escape(compared[last:]))


def _compared(name: str) -> str:
    """A name as it is compared: without case, one space between words."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", name)).strip().casefold()


def _shown(name: str) -> str:
    return scrub(_SPACE.sub(" ", name).strip()[:_MOST_SHOWN])
