"""The resources of the API, read from `resources.toml`, which says what each key means."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES, SCHEME

__all__ = ["Column", "Filter", "Resource", "Test", "Type", "resources"]


class Type(StrEnum):
    """What a column holds."""

    DATE = "date"
    DECIMAL = "decimal"
    INTEGER = "integer"
    IRI = "iri"
    LINK = "link"
    LINKS = "links"
    NAME = "name"
    POINT = "point"
    TEXT = "text"
    YEAR = "year"

    @property
    def ordered(self) -> bool:
        """Whether a list can be put in the order of such a column, or kept within bounds of it."""
        return self in (Type.DATE, Type.DECIMAL, Type.INTEGER, Type.NAME, Type.YEAR)

    @property
    def linked(self) -> bool:
        """Whether its values are entities with names of their own."""
        return self in (Type.LINK, Type.LINKS)


class Test(StrEnum):
    """What a bound asks of a column's value; an entity without one does not pass."""

    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `property` is the IRI that leads from the entity to the value, None: computed.

    `link` names the facet that its values come from; `code` is for linked things that have one.
    """

    name: str
    type: Type
    about: Bilingual
    property: str | None
    link: str
    code: bool
    language: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: values of a facet (`link`), or a bound (`test`) of a column.

    It is the parameter of its name of the question that has the resource's name.
    """

    name: str
    link: str | None = None
    column: str | None = None
    test: Test | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One list of entities; `start` is what follows the base in their IRIs.

    `related` are lists that have to do with one entity: a resource, and the filter that takes it.
    """

    name: str
    cls: str
    start: str
    title: Bilingual
    sort: str
    words: tuple[str, ...]
    facets: tuple[str, ...]
    related: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]

    def prefix(self, base: str) -> str:
        """What the IRIs of its entities begin with; those of schemes are the same for every base."""
        own = self.start.startswith("scheme/")
        return f"{SCHEME}{self.start.removeprefix('scheme/')}" if own else base + self.start

    def column(self, name: str) -> Column:
        """A column by its name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]

    @property
    def sortable(self) -> tuple[str, ...]:
        """The columns that lists may be put in the order of."""
        return tuple(column.name for column in self.columns if column.type.ordered)

    @property
    def located(self) -> bool:
        """Whether its entities lie on a map."""
        return any(column.type is Type.POINT for column in self.columns)


@cache
def resources() -> Mapping[str, Resource]:
    """Every resource by its name."""
    text = Path(__file__).with_name("resources.toml").read_text("utf-8")
    return {name: _resource(name, table) for name, table in tomllib.loads(text).items()}


def _resource(name: str, table: Mapping[str, Any]) -> Resource:
    return Resource(
        name,
        _expanded(table["class"]),
        table["start"],
        Bilingual(table["fr"], table["en"]),
        table["sort"],
        tuple(table["words"]),
        tuple(table["facets"]),
        tuple((related["resource"], related["filter"]) for related in table.get("related", ())),
        tuple(map(_column, table["column"])),
        tuple(map(_filter, table["filter"])),
    )


def _column(table: Mapping[str, Any]) -> Column:
    property = table.get("property")
    return Column(
        table["name"],
        Type(table["type"]),
        Bilingual(table["fr"], table["en"]),
        None if property is None else _expanded(property),
        table.get("link", table["name"]),
        table.get("code", False),
        table.get("language"),
    )


def _filter(table: Mapping[str, Any]) -> Filter:
    test = table.get("test")
    return Filter(
        table["name"],
        table.get("link"),
        table.get("column"),
        None if test is None else Test(test),
    )


def _expanded(name: str) -> str:
    """The IRI of a prefixed name. Raises KeyError for a prefix that is not ours."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
