"""Answers from the index of a release: which entities pass, in which order, how many by value.

An `Index` may be used from several threads. A selection is a mask: for each position, whether the
entity passes. Nothing is evaluated but masks and one full-text lookup, so that the time of an
answer does not depend on how many filters it has.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from coopdec_graph.errors import ReleaseError
from coopdec_graph.index.building import FORMAT
from coopdec_graph.index.resources import Test
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import SCHEME
from coopdec_graph.words import wanted

__all__ = ["MOST_RANKED", "Bound", "Facet", "Index", "Named", "Record", "Selection", "is_index"]

_NO_INDEX = Bilingual(
    "Cette publication n'a pas d'index, ou celui d'une autre version : refaites-la (coopdec build).",
    "This release has no index, or one of another version: make it anew (coopdec build).",
)
# A word of the name weighs more than one of what the entity leads to, or of the prose.
_WEIGHTS = "8.0, 3.0, 1.0"
# Words that more entities have tell nothing apart: these come in the order of IRIs.
MOST_RANKED = 20_000
# Searches whose results are kept: of one request, or of the pages that follow it.
_REMEMBERED = 64
# Records fetched by one statement; SQLite takes 32,766 values in one.
_AT_ONCE = 500

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with its names by language, and its code if it has one."""

    iri: str
    names: Mapping[str, str]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of an ordered column; the number is on the scale of the column's keys."""

    column: str
    test: Test
    number: float


@dataclass(frozen=True, slots=True)
class Selection:
    """What is asked: one value of each of some facets, bounds, words. All must hold."""

    values: tuple[tuple[str, str], ...] = ()
    bounds: tuple[Bound, ...] = ()
    words: str | None = None

    def without(self, facet: str) -> Selection:
        """The same, but for the values of one facet."""
        kept = tuple(pair for pair in self.values if pair[0] != facet)
        return Selection(kept, self.bounds, self.words)


@dataclass(frozen=True, slots=True)
class Record:
    """One entity; `values` by column: a text, or IRIs in the order of their names."""

    iri: str
    values: Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a facet, each with its place, and which entities have which: two arrays."""

    choices: Sequence[str]
    places: Mapping[str, int]
    positions: Positions
    members: Positions


class Index:
    """An index file, open. Raises ReleaseError where there is none that this version can read."""

    def __init__(self, path: Path) -> None:
        # One, opened once: a release that is replaced and removed is still read to the end.
        self._connection = _opened(path)
        self._turn = threading.Lock()
        self._facets: dict[tuple[str, str], Facet] = {}
        self._keys: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
        self._orders: dict[tuple[str, str], Positions] = {}
        self._sizes: dict[str, int] = {}
        self._found = lru_cache(maxsize=_REMEMBERED)(self._look_up)
        try:
            format = self._rows("SELECT format FROM release")[0][0]
        except (sqlite3.Error, IndexError):
            format = None
        if format != FORMAT:
            self.close()
            raise ReleaseError(_NO_INDEX)
        self._labels = {
            iri: Named(iri, json.loads(names), code)
            for iri, names, code in self._rows("SELECT iri, names, code FROM label")
        }

    def _rows(self, sql: str, *values: object) -> list[Any]:
        # All at once: a cursor must not pass to another thread.
        with self._turn:
            return list(self._connection.execute(sql, values))

    def close(self) -> None:
        """Closes the file; nothing may be asked afterwards."""
        self._connection.close()

    def named(self, iri: str) -> Named:
        """A thing by its IRI; one without names is its IRI alone."""
        return self._labels.get(iri) or Named(iri, {})

    def programmes(self) -> list[str]:
        """The IRIs of all programmes that have a name in the release, those of mappings among them."""
        return sorted(iri for iri in self._labels if iri.startswith(SCHEME["programme/"]))

    def size(self, resource: str) -> int:
        """The number of entities of a resource."""
        if resource not in self._sizes:
            sql = "SELECT COUNT(*) FROM record WHERE resource = ?"
            self._sizes[resource] = int(self._rows(sql, resource)[0][0])
        return self._sizes[resource]

    def iris(self, resource: str) -> list[str]:
        """The entities of a resource, by position."""
        sql = "SELECT iri FROM record WHERE resource = ? ORDER BY position"
        return [str(row[0]) for row in self._rows(sql, resource)]

    def record(self, resource: str, iri: str) -> Record | None:
        """An entity by its IRI."""
        sql = "SELECT iri, body FROM record WHERE resource = ? AND iri = ?"
        return next(map(_record, self._rows(sql, resource, iri)), None)

    def records(self, resource: str, positions: Positions) -> Iterator[Record]:
        """The entities at some positions, in that order."""
        asked = positions.tolist()
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            sql = (
                "SELECT position, iri, body FROM record"
                f" WHERE resource = ? AND position IN ({marks})"
            )
            found = {row[0]: _record(row[1:]) for row in self._rows(sql, resource, *some)}
            yield from (found[position] for position in some)

    def facet(self, resource: str, name: str) -> Facet:
        """A facet by its name, all of it. Raises KeyError."""
        key = (resource, name)
        if key not in self._facets:
            sql = "SELECT choices, positions, members FROM facet WHERE resource = ? AND name = ?"
            rows = self._rows(sql, resource, name)
            if not rows:
                raise KeyError(name)
            choices, positions, members = rows[0]
            arrays = (np.frombuffer(blob, dtype="<i4") for blob in (positions, members))
            known = json.loads(choices)
            places = {choice: place for place, choice in enumerate(known)}
            self._facets[key] = Facet(known, places, *arrays)
        return self._facets[key]

    def selected(self, resource: str, selection: Selection) -> Mask:
        """For each position, whether its entity passes."""
        mask = np.ones(self.size(resource), dtype=np.bool_)
        for name, value in selection.values:
            mask &= self.having(resource, name, value)
        for bound in selection.bounds:
            keys = self._key(resource, bound.column)
            # A comparison with NaN is false: what has no value does not pass.
            least = bound.test is Test.LEAST
            mask &= keys >= bound.number if least else keys <= bound.number
        if selection.words is not None:
            found = np.zeros_like(mask)
            found[self._found(resource, selection.words)] = True
            mask &= found
        return mask

    def ordered(self, resource: str, mask: Mask, sort: str) -> Positions:
        """The positions that pass, in the order of a column; `-` before it is the other way round.

        What has no value there comes last. Equals are in the order of IRIs.
        """
        key = (resource, sort)
        if key not in self._orders:
            keys = self._key(resource, sort.removeprefix("-"))
            signed = -keys if sort.startswith("-") else keys
            self._orders[key] = np.argsort(signed, kind="stable").astype(np.int32)
        order = self._orders[key]
        return order[mask[order]]

    def ranked(self, resource: str, mask: Mask, words: str) -> Positions:
        """The positions that pass, those that fit the words best first (BM25)."""
        order = self._found(resource, words)
        return order[mask[order]]

    def counted(self, resource: str, name: str, mask: Mask) -> list[tuple[str, int]]:
        """Each value of a facet that an entity of the mask has, and how many have it, most first."""
        facet = self.facet(resource, name)
        passing = facet.members[mask[facet.positions]]
        counts = np.bincount(passing, minlength=len(facet.choices))
        order = np.argsort(-counts, kind="stable")
        return [(facet.choices[i], int(counts[i])) for i in order[: np.count_nonzero(counts)]]

    def having(self, resource: str, name: str, value: str) -> Mask:
        """For each position, whether its entity has this value of a facet."""
        mask = np.zeros(self.size(resource), dtype=np.bool_)
        facet = self.facet(resource, name)
        place = facet.places.get(value)
        if place is not None:
            mask[facet.positions[facet.members == place]] = True
        return mask

    def _key(self, resource: str, column: str) -> npt.NDArray[np.float64]:
        key = (resource, column)
        if key not in self._keys:
            sql = "SELECT numbers FROM key WHERE resource = ? AND name = ?"
            blob = self._rows(sql, resource, column)[0][0]
            self._keys[key] = np.frombuffer(blob, dtype="<f8")
        return self._keys[key]

    def _look_up(self, resource: str, words: str) -> Positions:
        """The positions that have every word: the best first, unless too many have them."""
        # In quotes a word is nothing but a word; stems hold letters and digits only.
        match = " ".join(f'"{stem}"' for stem in wanted(words))
        if not match:
            return np.empty(0, dtype=np.int32)
        table = f"words_{resource}"
        # As one text: a hundred thousand rows take Python longer than the search does.
        every = f"SELECT COUNT(*), group_concat(rowid) FROM {table} WHERE {table} MATCH ?"
        count, text = self._rows(every, match)[0]
        if count > MOST_RANKED:
            return np.sort(np.fromstring(text, dtype=np.int32, sep=","))
        sql = (
            f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
            f" ORDER BY bm25({table}, {_WEIGHTS}), rowid"
        )
        return np.array([row[0] for row in self._rows(sql, match)], dtype=np.int32)


def _opened(path: Path) -> sqlite3.Connection:
    """A file that is only read, and that nothing will change. Raises ReleaseError."""
    try:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(uri, uri=True, check_same_thread=False)
    except sqlite3.Error:
        raise ReleaseError(_NO_INDEX) from None


def is_index(path: Path) -> bool:
    """Whether there is an index that this version can read."""
    try:
        with closing(_opened(path)) as connection:
            return bool(connection.execute("SELECT format FROM release").fetchone() == (FORMAT,))
    except (ReleaseError, sqlite3.Error):
        return False


def _record(row: tuple[str, str]) -> Record:
    iri, body = row
    return Record(iri, json.loads(body))
