"""What the keys of a JSON document mean, as RDF (JSON-LD 1.1) and as tables (CSVW).

The context is one for all resources: a key means the same wherever it stands. A key whose value
is computed is in neither: it is no statement of the graph.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import pyoxigraph as ox

from coopdec_graph.index.resources import Column, Resource, Type, resources
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.service.api.records import cell_names

__all__ = ["context", "facts_of", "table_schema"]

_XSD = PREFIXES["xsd"]
_TYPES: Mapping[Type, str] = {
    Type.DATE: f"{_XSD}date",
    Type.DECIMAL: f"{_XSD}decimal",
    Type.INTEGER: f"{_XSD}integer",
    Type.IRI: "@id",
    Type.YEAR: f"{_XSD}gYear",
}
_NAME = {"@id": PREFIXES["skos"] + "prefLabel", "@container": "@language"}
# The names of some things are no `skos:prefLabel`: those of classes none that a row should state.
_NAMES_OF: Mapping[str, object] = {
    "kind": None,
    "partnership": {"@id": PREFIXES["dct"] + "title", "@container": "@language"},
}
_CSVW: Mapping[Type, object] = {
    Type.DATE: "date",
    Type.DECIMAL: "decimal",
    Type.INTEGER: "integer",
    Type.IRI: "anyURI",
    Type.YEAR: "gYear",
}


@cache
def context() -> Mapping[str, object]:
    """The JSON-LD context of every document of the API."""
    terms: dict[str, object] = {"iri": "@id", "rows": "@graph", "name": _NAME}
    for resource in resources().values():
        for column in resource.columns:
            # A point is two statements away from its entity.
            if column.property is not None and column.type is not Type.POINT:
                terms[column.name] = _term(column)
    return terms


def _term(column: Column) -> object:
    if column.type is Type.NAME:
        return {"@id": column.property, "@container": "@language"}
    if column.type.linked:
        term: dict[str, object] = {"@id": column.property, "@type": "@id"}
        if column.name in _NAMES_OF:
            term["@context"] = {"name": _NAMES_OF[column.name]}
        return term
    kind = _TYPES.get(column.type)
    typed = {} if kind is None else {"@type": kind}
    spoken = {} if column.language is None else {"@language": column.language}
    return {"@id": column.property, **typed, **spoken}


def facts_of(rows: Iterable[Mapping[str, object]]) -> Iterable[ox.Quad]:
    """The statements of some rows, as a client that reads them as JSON-LD finds them.

    Rows must be exact: a decimal as a text.
    """
    document = {"@context": context(), "rows": list(rows)}
    return ox.parse(json.dumps(document).encode(), format=ox.RdfFormat.JSON_LD)


def table_schema(resource: Resource, fields: Sequence[str], url: str) -> dict[str, object]:
    """The metadata of a resource's CSV (Metadata Vocabulary for Tabular Data, W3C, 2015)."""
    described: dict[str, dict[str, object]] = {
        "iri": {"titles": {"fr": "IRI", "en": "IRI"}, "datatype": "anyURI", "required": True},
        "id": {"titles": {"fr": "Identifiant", "en": "Identifier"}, "datatype": "string"},
    }
    for column in resource.columns:
        described |= _cells(column)
    columns = [{"name": name, **described[name]} for name in cell_names(resource, fields)]
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "url": url,
        "dc:title": resource.title.to_dict(),
        "tableSchema": {"columns": columns, "primaryKey": "iri", "aboutUrl": "{+iri}"},
    }


def _cells(column: Column) -> dict[str, dict[str, object]]:
    titles = column.about.to_dict()
    if not column.type.linked:
        datatype = _CSVW.get(column.type, "string")
        cell: dict[str, object] = {"titles": titles, "datatype": datatype}
        if column.property is not None:
            cell["propertyUrl"] = column.property
        return {column.name: cell}
    found: dict[str, dict[str, object]] = {}
    for part, separator in (("name", "; "), ("iri", " "), ("code", " ")):
        said = {language: f"{title} ({part})" for language, title in titles.items()}
        found[f"{column.name}_{part}"] = {"titles": said, "datatype": "string"}
        if column.type is Type.LINKS:
            found[f"{column.name}_{part}"]["separator"] = separator
    iri = found[f"{column.name}_iri"]
    iri["datatype"] = "anyURI"
    if column.property is not None:
        iri["propertyUrl"] = column.property
    return found
