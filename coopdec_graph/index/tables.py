"""A list of entities as a table: CSV with its metadata (CSVW), and GeoJSON; in pieces."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from coopdec_graph.index.records import Cell, cell_names
from coopdec_graph.index.resources import Column, Resource, Type
from coopdec_graph.results.terms import Table, text_of

__all__ = ["PIECE", "Rows", "csv_of", "geojson_of", "table_schema"]

# Rows of a piece: some hundred kilobytes.
PIECE = 500

_CSVW: Mapping[Type, object] = {
    Type.DATE: "date",
    Type.DECIMAL: "decimal",
    Type.INTEGER: "integer",
    Type.IRI: "anyURI",
    Type.YEAR: "gYear",
}


class Rows(Table):
    """Rows with the names of their columns, as the writers of tables take them."""

    def __init__(self, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        self.names = list(names)
        self.rows = 0
        self.truncated = False
        self._left = iter(rows)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        return self

    def __next__(self) -> tuple[Cell, ...]:
        row = tuple(next(self._left))
        self.rows += 1
        return row


def csv_of(rows: Rows, marked: bool = False) -> Iterator[bytes]:
    """RFC 4180, in UTF-8; `marked` with a byte order mark, where Excel must see it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if marked:
        text.write("\ufeff")
    writer.writerow(rows.names)
    for row in rows:
        writer.writerow("" if cell is None else text_of(cell) for cell in row)
        if rows.rows % PIECE == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    taken = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return taken


def geojson_of(objects: Iterable[dict[str, object]]) -> Iterator[bytes]:
    """A FeatureCollection (RFC 7946); an entity without a position has a null geometry."""
    yield b'{"type":"FeatureCollection","features":['
    first = True
    for properties in objects:
        feature = {
            "type": "Feature",
            "id": properties["iri"],
            "geometry": properties.pop("wkt", None),
            "properties": properties,
        }
        text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        yield ("\n" if first else ",\n").encode() + text.encode()
        first = False
    yield b"\n]}\n"


def table_schema(resource: Resource, fields: Sequence[str], url: str) -> dict[str, object]:
    """The metadata of a resource's CSV (Metadata Vocabulary for Tabular Data, W3C, 2015)."""
    described: dict[str, dict[str, object]] = {
        "iri": {"titles": _titles("iri", "IRI", "IRI"), "datatype": "anyURI", "required": True},
        "id": {"titles": _titles("id", "Identifiant", "Identifier"), "datatype": "string"},
    }
    for column in resource.columns:
        described |= _cells(column)
    columns = [{"name": name, **described[name]} for name in cell_names(resource, fields)]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": url,
        "dc:title": [
            {"@value": text, "@language": language}
            for language, text in resource.title.to_dict().items()
        ],
        "tableSchema": {"columns": columns, "primaryKey": "iri", "aboutUrl": "{+iri}"},
    }


def _cells(column: Column) -> dict[str, dict[str, object]]:
    about = column.about
    if not column.type.linked:
        titles = _titles(column.name, about.fr, about.en)
        datatype = _CSVW.get(column.type, "string")
        cell: dict[str, object] = {"titles": titles, "datatype": datatype}
        if column.property is not None:
            cell["propertyUrl"] = column.property
        return {column.name: cell}
    found: dict[str, dict[str, object]] = {}
    for part, separator in (("name", "; "), ("iri", " "), ("code", " ")):
        name = f"{column.name}_{part}"
        titles = _titles(name, f"{about.fr} ({part})", f"{about.en} ({part})")
        found[name] = {"titles": titles, "datatype": "string"}
        if column.type is Type.LINKS:
            found[name]["separator"] = separator
    iri = found[f"{column.name}_iri"]
    iri["datatype"] = "anyURI"
    if column.property is not None:
        iri["propertyUrl"] = column.property
    return found


def _titles(name: str, fr: str, en: str) -> dict[str, list[str]]:
    """What a column is called: the name in the table's first row must be among its titles."""
    return {"fr": [fr, name], "en": [en, name]}
