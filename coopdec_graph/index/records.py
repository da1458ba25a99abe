"""An entity of the index as a JSON object, and as the cells of a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox

from coopdec_graph.index.reading import Index, Named, Record
from coopdec_graph.index.resources import Column, Resource, Type
from coopdec_graph.language import Language
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.results.wkt import geometry_of

__all__ = ["as_cells", "as_object", "cell_names", "name_in"]

_XSD = PREFIXES["xsd"]
_DATATYPES: Mapping[Type, str] = {
    Type.DATE: f"{_XSD}date",
    Type.DECIMAL: f"{_XSD}decimal",
    Type.INTEGER: f"{_XSD}integer",
    Type.POINT: PREFIXES["geo"] + "wktLiteral",
    Type.YEAR: f"{_XSD}gYear",
}
Cell = ox.NamedNode | ox.Literal | None


def as_object(
    record: Record,
    resource: Resource,
    index: Index,
    base: str,
    fields: Sequence[str],
    exact: bool = False,
) -> dict[str, object]:
    """The entity with every column, or with those of `fields`: null where there is no value.

    A name is an object by language; what a column leads to has `iri`, `name` and, if any, `code`.
    `exact` leaves decimals as the texts they are, for who must not take them for doubles.
    """
    found: dict[str, object] = {
        "iri": record.iri,
        "id": record.iri.removeprefix(resource.prefix(base)),
    }
    for column in _chosen(resource, fields):
        found[column.name] = _value(record, column, index, exact)
    return found


def _value(record: Record, column: Column, index: Index, exact: bool) -> object:
    if column.type is Type.NAME:
        return dict(index.named(record.iri).names)
    value = record.values.get(column.name)
    if isinstance(value, list):
        linked = [_linked(index.named(iri), column) for iri in value]
        return linked if column.type is Type.LINKS else linked[0]
    if column.type is Type.LINKS:
        return []
    if value is None or (exact and column.type is Type.DECIMAL):
        return value
    return _plain(value, column.type)


def _linked(named: Named, column: Column) -> dict[str, object]:
    found: dict[str, object] = {"iri": named.iri, "name": dict(named.names)}
    return {**found, "code": named.code} if column.code else found


def _plain(text: str, type: Type) -> object:
    if type in (Type.INTEGER, Type.YEAR):
        return int(text) if text.lstrip("+-").isdigit() else text
    if type is Type.DECIMAL:
        number = float(text)
        return int(number) if number.is_integer() else number
    return geometry_of(text) if type is Type.POINT else text


def cell_names(resource: Resource, fields: Sequence[str]) -> list[str]:
    """The columns of a table: a name, an IRI and if there is one a code for what is linked."""
    return ["iri", "id", *(name for column in _chosen(resource, fields) for name in _cells(column))]


def _chosen(resource: Resource, fields: Sequence[str]) -> Iterable[Column]:
    return (column for column in resource.columns if not fields or column.name in fields)


def _cells(column: Column) -> list[str]:
    if not column.type.linked:
        return [column.name]
    parts = ("name", "iri", "code") if column.code else ("name", "iri")
    return [f"{column.name}_{part}" for part in parts]


def as_cells(
    record: Record,
    resource: Resource,
    index: Index,
    base: str,
    fields: Sequence[str],
    language: Language,
) -> tuple[Cell, ...]:
    """The same as a row: several names are joined by `; `, several IRIs or codes by a space."""
    cells: list[Cell] = [
        ox.NamedNode(record.iri),
        ox.Literal(record.iri.removeprefix(resource.prefix(base))),
    ]
    for column in _chosen(resource, fields):
        if column.type.linked:
            cells += _joined(record, column, index, language)
        elif column.type is Type.NAME:
            cells.append(_text(name_in(index.named(record.iri), language)))
        else:
            cells.append(_cell(record.values.get(column.name), column.type))
    return tuple(cells)


def _joined(record: Record, column: Column, index: Index, language: Language) -> list[Cell]:
    iris = record.values.get(column.name, [])
    things = [index.named(iri) for iri in iris]
    parts = [
        "; ".join(name_in(thing, language) or thing.iri for thing in things),
        " ".join(iris),
        " ".join(thing.code for thing in things if thing.code),
    ]
    return [_text(part) for part in parts[: 3 if column.code else 2]]


def name_in(named: Named, language: Language) -> str | None:
    """Its name in a language, else in French, else in any."""
    names = named.names
    return names.get(language) or names.get("fr") or next(iter(names.values()), None)


def _text(text: str | None) -> Cell:
    return ox.Literal(text) if text else None


def _cell(value: str | Sequence[str] | None, type: Type) -> Cell:
    if not isinstance(value, str):
        return None
    if type is Type.IRI:
        return ox.NamedNode(value)
    datatype = _DATATYPES.get(type)
    return ox.Literal(value, datatype=None if datatype is None else ox.NamedNode(datatype))
