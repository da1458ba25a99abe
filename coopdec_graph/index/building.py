"""Writes the index of a release: a SQLite file made from its store, the same for the same graph.

    release    what it was made by
    label      the names and the code of everything that entities lead to
    record     each entity: its values by column, the IRIs its columns lead to
    facet      for each facet its values, and which entities have which
    key        for each ordered column a number by entity: NaN where there is no value
    words_…    the words of each entity, in a full-text table of its resource

An entity is known by its place in the order of IRIs of its resource: a position, from 0.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from coopdec_graph.index.facts import (
    Entities,
    Label,
    read_entities,
    read_labels,
    read_prose,
)
from coopdec_graph.index.resources import Column, Resource, Type, resources
from coopdec_graph.namespaces import SCHEME, matching_key
from coopdec_graph.words import stems

__all__ = ["FORMAT", "build_index"]

# Raised when a change makes older files unreadable.
FORMAT = 1

_SCHEMA = """
CREATE TABLE release (format INTEGER NOT NULL);
CREATE TABLE label (iri TEXT PRIMARY KEY, names TEXT NOT NULL, code TEXT) WITHOUT ROWID;
CREATE TABLE record (
  resource TEXT NOT NULL, position INTEGER NOT NULL, iri TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (resource, position)
) WITHOUT ROWID;
CREATE TABLE facet (
  resource TEXT NOT NULL, name TEXT NOT NULL, choices TEXT NOT NULL,
  positions BLOB NOT NULL, members BLOB NOT NULL,
  PRIMARY KEY (resource, name)
) WITHOUT ROWID;
CREATE TABLE key (
  resource TEXT NOT NULL, name TEXT NOT NULL, numbers BLOB NOT NULL,
  PRIMARY KEY (resource, name)
) WITHOUT ROWID;
"""
_INDEXES = "CREATE UNIQUE INDEX record_iri ON record (resource, iri);"
# Not detail=column: without its content such a table ranks everything alike (bm25 gives 0).
_WORDS = "CREATE VIRTUAL TABLE words_{} USING fts5(name, linked, prose, content='')"


def build_index(store: ox.Store, path: Path) -> None:
    """Writes the index of what a store holds to a new file. Raises OSError."""
    labels, found = read_labels(store), read_entities(store)
    prose = read_prose(store)
    with closing(sqlite3.connect(path)) as database:
        # Nobody reads it before it is whole, and the release that holds it is synced then.
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        database.execute("INSERT INTO release VALUES (?)", (FORMAT,))
        _write_labels(database, labels, found)
        for resource in resources().values():
            entities = found[resource.name]
            iris = sorted(entities.values)
            _write_records(database, resource, entities, iris, labels)
            _write_facets(database, resource, entities, iris)
            _write_keys(database, resource, entities, iris, labels)
            _write_words(database, resource, entities, iris, labels, prose)
        database.executescript(_INDEXES)
        database.commit()


def _write_labels(
    database: sqlite3.Connection, labels: Mapping[str, Label], found: Mapping[str, Entities]
) -> None:
    """Of what entities are, and of what they lead to, and of programmes: one may be asked for that has
    no partnership. Other names are searched, never shown."""
    wanted = {iri for iri in labels if iri.startswith(SCHEME["programme/"])}
    for entities in found.values():
        wanted.update(entities.values)
        for links in entities.links.values():
            wanted.update(*links.values())
    rows = (
        (iri, json.dumps(dict(sorted(label.preferred.items())), ensure_ascii=False), label.code)
        for iri, label in sorted(labels.items())
        if iri in wanted
    )
    database.executemany("INSERT INTO label VALUES (?, ?, ?)", rows)


def _write_records(
    database: sqlite3.Connection,
    resource: Resource,
    entities: Entities,
    iris: Sequence[str],
    labels: Mapping[str, Label],
) -> None:
    rows = (
        (resource.name, position, iri, _body(resource, entities, iri, labels))
        for position, iri in enumerate(iris)
    )
    database.executemany("INSERT INTO record VALUES (?, ?, ?, ?)", rows)


def _body(resource: Resource, entities: Entities, iri: str, labels: Mapping[str, Label]) -> str:
    """What there is of an entity, by column: texts as the graph has them, lists of IRIs by name."""
    values = entities.values[iri]
    body: dict[str, str | list[str]] = {}
    for column in resource.columns:
        if column.type.linked:
            linked = entities.links.get(column.link, {}).get(iri, ())
            body[column.name] = sorted(linked, key=lambda other: (_sort_name(labels, other), other))
        elif column.type is not Type.NAME and column.name in values:
            body[column.name] = values[column.name]
    return json.dumps({name: value for name, value in body.items() if value}, ensure_ascii=False)


def _sort_name(labels: Mapping[str, Label], iri: str) -> str:
    """What a list of names is put in the order of: French, else English, without case and accents."""
    label = labels.get(iri)
    names = label.preferred if label is not None else {}
    return matching_key(names.get("fr") or names.get("en") or iri)


def _write_facets(
    database: sqlite3.Connection, resource: Resource, entities: Entities, iris: Sequence[str]
) -> None:
    for name in sorted(_facets(resource)):
        links = entities.links.get(name, {})
        choices = sorted(set().union(*(links[iri] for iri in iris if iri in links)))
        number = {choice: place for place, choice in enumerate(choices)}
        pairs = [
            (position, number[choice])
            for position, iri in enumerate(iris)
            for choice in sorted(links.get(iri, ()))
        ]
        positions, members = np.array(pairs, dtype="<i4").reshape(-1, 2).T
        row = (resource.name, name, json.dumps(choices), positions.tobytes(), members.tobytes())
        database.execute("INSERT INTO facet VALUES (?, ?, ?, ?, ?)", row)


def _facets(resource: Resource) -> set[str]:
    """What can be counted, and what can be filtered by."""
    return set(resource.facets) | {f.link for f in resource.filters if f.link is not None}


def _write_keys(
    database: sqlite3.Connection,
    resource: Resource,
    entities: Entities,
    iris: Sequence[str],
    labels: Mapping[str, Label],
) -> None:
    for column in resource.columns:
        if not column.type.ordered:
            continue
        if column.type is Type.NAME:
            numbers = _ranks([_sort_name(labels, iri) for iri in iris])
        else:
            numbers = [_number(column, entities.values[iri].get(column.name)) for iri in iris]
        row = (resource.name, column.name, np.array(numbers, dtype="<f8").tobytes())
        database.execute("INSERT INTO key VALUES (?, ?, ?)", row)


def _ranks(names: Sequence[str]) -> list[float]:
    rank = {name: float(place) for place, name in enumerate(sorted(set(names)))}
    return [rank[name] for name in names]


def _number(column: Column, text: str | None) -> float:
    """A value as a number that has the order of the values; NaN for none, or one nobody can read."""
    try:
        if text is None:
            return float("nan")
        if column.type is Type.DATE:
            return float(date.fromisoformat(text[:10]).toordinal())
        # A year may have a time zone.
        return float(text[:4] if column.type is Type.YEAR else text)
    except ValueError:
        return float("nan")


def _write_words(
    database: sqlite3.Connection,
    resource: Resource,
    entities: Entities,
    iris: Sequence[str],
    labels: Mapping[str, Label],
    prose: Mapping[str, Iterable[str]],
) -> None:
    table = f"words_{resource.name}"
    database.execute(_WORDS.format(resource.name))

    def rows() -> Iterator[tuple[int, str, str, str]]:
        for position, iri in enumerate(iris):
            linked = {
                name
                for facet in resource.words
                for other in entities.links.get(facet, {}).get(iri, ())
                for name in _names(labels, other)
            }
            texts = (_names(labels, iri), sorted(linked), prose.get(iri, ()))
            name, others, text = (" ".join(stems(" ".join(each))) for each in texts)
            yield position, name, others, text

    database.executemany(
        f"INSERT INTO {table} (rowid, name, linked, prose) VALUES (?, ?, ?, ?)", rows()
    )
    database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _names(labels: Mapping[str, Label], iri: str) -> list[str]:
    """Every name of a thing, in the order of languages, then of the alphabet."""
    label = labels.get(iri)
    if label is None:
        return []
    return [name for _, name in sorted(label.preferred.items())] + sorted(label.others)
