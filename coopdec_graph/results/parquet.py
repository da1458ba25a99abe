"""Rows as one Parquet file; a column has the type that all its values have.

| all values of the column are | type |
|---|---|
| `xsd:integer` and its kin | int64 |
| `xsd:decimal`, or these and integers | decimal128(38, as many decimals as there are) |
| `xsd:double`, `xsd:float` | float64 |
| `xsd:boolean` | bool |
| `xsd:date` without time zone | date32 |
| `xsd:dateTime`, all with a zone / all without | timestamp(us, UTC) / timestamp(us) |
| `xsd:gYear` without time zone | int32 |
| anything else, or a value its type does not hold | string |

Metadata of a field: `datatype`, if all values are literals of one; `language`, if all have the
same tag. Metadata of the file: `truncated`, as JSON, if rows were left out.

The type is known after the last row, so the values wait in memory as Arrow strings, which take
little more than their bytes; the file is then written in groups of rows. Rows without any column
have no place in a file.
"""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from coopdec_graph.results.sinks import Sink
from coopdec_graph.results.terms import INTEGERS, REALS, XSD, Table, Term, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["write_parquet"]

_BATCH = 10_000
_DIGITS = 38


def write_parquet(rows: Table, sink: Sink) -> None:
    """Writes every row. Nothing that a result holds is refused: a string takes anything."""
    # pyarrow's own allocator reserves a gigabyte of addresses, which counts against a limit. It is
    # chosen as pyarrow is imported.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    # It takes a quarter of a second, which other formats need not wait for.
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = _read(rows)
    arrays = [column.typed() for column in columns]
    metadata = {"truncated": json.dumps({"rows": rows.rows})} if rows.truncated else None
    schema = pa.schema(
        [
            pa.field(column.name, parts[0].type, metadata=column.metadata())
            for column, parts in zip(columns, arrays, strict=True)
        ],
        metadata=metadata,
    )
    with pq.ParquetWriter(_File(sink), schema, compression="zstd") as writer:
        while arrays and arrays[0]:
            # Written from the first on, and freed.
            group = [parts.pop(0) for parts in arrays]
            writer.write_batch(pa.record_batch(group, schema=schema))


def _read(rows: Table) -> list[_Column]:
    columns = [_Column(name) for name in rows.names]
    for batch in _batches(rows):
        for column, terms in zip(columns, zip(*batch, strict=True), strict=True):
            column.add(terms)
    for column in columns:
        if not column.parts:
            column.add(())
    return columns


def _batches(rows: Table) -> Iterator[list[tuple[Term | None, ...]]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Column:
    """The texts of a column in batches, and what kinds of values they were."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[Any] = []
        # None stands for what is no literal.
        self._kinds: set[str | None] = set()
        self._languages: set[str | None] = set()

    def add(self, terms: tuple[Term | None, ...]) -> None:
        import pyarrow as pa

        for term in terms:
            if isinstance(term, ox.Literal):
                self._kinds.add(term.datatype.value)
                self._languages.add(term.language)
            elif term is not None:
                self._kinds.add(None)
        texts = [None if term is None else text_of(term) for term in terms]
        self.parts.append(pa.array(texts, pa.string()))

    def metadata(self) -> dict[str, str] | None:
        if len(self._kinds) != 1 or None in self._kinds:
            return None
        (kind,) = self._kinds
        found = {"datatype": kind}
        if len(self._languages) == 1:
            found["language"] = next(iter(self._languages))
        return {name: value for name, value in found.items() if value} or None

    def typed(self) -> list[Any]:
        """The batches in the type that holds all values, and never another value than theirs."""
        import pyarrow as pa

        for shape, type in self._candidates():
            try:
                return [_cast(part, shape, type) for part in self.parts]
            except pa.ArrowInvalid:
                continue
        return self.parts

    def _candidates(self) -> Iterator[tuple[str, Any]]:
        """The types to try: what a text must look like, and what it becomes."""
        import pyarrow as pa

        kinds = self._kinds
        if not kinds:
            return
        if kinds <= INTEGERS:
            yield r"[+-]?[0-9]+", pa.int64()
        elif kinds <= INTEGERS | {XSD + "decimal"}:
            yield r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", pa.decimal128(_DIGITS, self._decimals())
        elif kinds <= REALS:
            yield r"[+-]?([0-9.]+([eE][+-]?[0-9]+)?|INF)|NaN", pa.float64()
        elif len(kinds) == 1:
            yield from _SINGLE.get(next(iter(kinds)), lambda: [])()

    def _decimals(self) -> int:
        """The most digits that follow the point in a value."""
        import pyarrow.compute as pc

        most = 0
        for part in self.parts:
            digits = pc.utf8_length(pc.replace_substring_regex(part, r"^[^.]*\.?", ""))
            most = max(most, pc.max(digits).as_py() or 0)
        return min(most, _DIGITS)


def _booleans() -> list[tuple[str, Any]]:
    import pyarrow as pa

    return [("true|false|0|1", pa.bool_())]


def _dates() -> list[tuple[str, Any]]:
    import pyarrow as pa

    return [("[0-9]{4}-[0-9]{2}-[0-9]{2}", pa.date32())]


def _times() -> list[tuple[str, Any]]:
    import pyarrow as pa

    shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    zone = "(Z|[+-][0-9]{2}:[0-9]{2})"
    return [(shape + zone, pa.timestamp("us", "UTC")), (shape, pa.timestamp("us"))]


def _years() -> list[tuple[str, Any]]:
    import pyarrow as pa

    return [("-?[0-9]{4,}", pa.int32())]


_SINGLE: dict[str | None, Callable[[], list[tuple[str, Any]]]] = {
    XSD + "boolean": _booleans,
    XSD + "date": _dates,
    XSD + "dateTime": _times,
    XSD + "gYear": _years,
}


def _cast(part: Any, shape: str, type: Any) -> Any:
    """A batch in a type. Raises ArrowInvalid where a text has another shape, or does not fit.

    The shape is looked at first: Arrow reads more than XML Schema, as `0x10` and `TRUE`.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if pc.all(pc.match_substring_regex(part, f"^({shape})$")).as_py() is False:
        raise pa.ArrowInvalid("another shape")
    if pa.types.is_integer(type):
        # Arrow takes no sign before a positive integer.
        part = pc.replace_substring_regex(part, r"^\+", "")
    return part.cast(type)


class _File(io.RawIOBase):
    """A sink as pyarrow wants it: closing the file leaves the sink open."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._sink.write(bytes(data))
