"""`schema`: what there is to ask for, before a query is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pyoxigraph as ox

from coopdec_graph.graph.query import Term
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.questions.shown import sparql_of
from coopdec_graph.service.description import FAMILIES, FIXED_GRAPHS
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.tool import TEXT, Document, Given, Tool, object_of
from coopdec_graph.service.mcp.vocabulary import OntologyTerm, ontology_terms, short_name
from coopdec_graph.service.queries import Row
from coopdec_graph.service.terms import name_of_term

__all__ = ["schema_tool"]

_TITLE = Bilingual("Schéma du graphe", "Schema of the graph")
_DESCRIPTION = Bilingual(
    "Ce que la publication contient : classes et propriétés avec leur nombre, leurs noms et les"
    " classes qui les portent, nomenclatures, graphes nommés, préfixes, exemples de requêtes. À"
    " appeler avant d'écrire du SPARQL.",
    "What the release holds: classes and properties with their numbers, names and the classes that"
    " bear them, concept schemes, named graphs, prefixes, examples of queries. Call it before"
    " writing SPARQL.",
)
_READING = Bilingual(
    "Un partenariat a plusieurs membres, thèmes et lignes de financement : additionnez les lignes"
    " (cd:FundingLine) dans une sous-requête avant de les joindre à autre chose.",
    "A partnership has several members, themes and funding lines: add the lines (cd:FundingLine) up"
    " in a subquery before you join them with anything else.",
)
_EXAMPLES = ("partnerships-with-country", "funding-by-year", "partners-map")
_NUMBER: dict[str, Any] = {"type": ["integer", "null"], "minimum": 0}
_NAME: dict[str, Any] = {"type": ["string", "null"]}
_NAMES: dict[str, Any] = dict.fromkeys(LANGUAGES, _NAME)


def schema_tool(holdings: Holdings) -> Tool:
    term = {"term": TEXT, **_NAMES}
    texts = {"type": "array", "items": TEXT}
    graph = object_of({"iri": TEXT, "family": {"type": "boolean"}, **_NAMES})
    return Tool(
        "schema",
        _TITLE,
        _DESCRIPTION,
        object_of({}),
        {
            "reading": object_of(dict.fromkeys(LANGUAGES, TEXT)),
            "prefixes": {"type": "object", "additionalProperties": TEXT},
            "classes": _list_of({**term, "entities": _NUMBER, "definition": _NAME}),
            "properties": _list_of(
                {**term, "triples": _NUMBER, "classes": texts, "definition": _NAME}
            ),
            "schemes": _list_of({"iri": TEXT, **_NAMES, "concepts": _NUMBER, "examples": texts}),
            "graphs": {"type": "array", "items": graph},
            "examples": _list_of({**_NAMES, "sparql": TEXT}),
        },
        partial(_answer, holdings),
    )


def _list_of(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": object_of(properties)}


async def _answer(holdings: Holdings, given: Given) -> Document:
    statistics = holdings.statistics
    classes = await statistics.rows("dataset_classes") or ()
    properties = await statistics.rows("dataset_properties") or ()
    bearing = await statistics.rows("class_properties") or ()
    concepts = await statistics.rows("scheme_concepts") or ()
    return {
        "reading": _READING.to_dict(),
        "prefixes": dict(PREFIXES),
        "classes": [_class(row) for row in classes],
        "properties": _properties(properties, bearing),
        "schemes": _schemes(concepts),
        "graphs": _graphs(holdings.base),
        "examples": _examples(),
    }


def _iri(term: Term | None) -> str:
    return "" if term is None else term.value


def _number(term: Term | None) -> int | None:
    return None if term is None else int(term.value)


def _term(iri: str) -> Document:
    """A term as a query writes it, its names, and what it means in the ontology's words."""
    own = ontology_terms().get(iri, OntologyTerm())
    names: dict[str, str | None] = {
        code: own.names.get(code) or name_of_term(iri, code) for code in LANGUAGES
    }
    return {"term": short_name(iri), **names, "definition": own.definitions.get("en")}


def _class(row: Row) -> Document:
    return {**_term(_iri(row["class"])), "entities": _number(row["entities"])}


def _properties(rows: Iterable[Row], bearing: Iterable[Row]) -> list[Document]:
    """The properties, each with the classes whose instances bear it, those that do most often first."""
    borne: dict[str, list[tuple[int, str]]] = {}
    for row in bearing:
        by = (-(_number(row["triples"]) or 0), short_name(_iri(row["class"])))
        borne.setdefault(_iri(row["property"]), []).append(by)
    return [
        {
            **_term(_iri(row["property"])),
            "triples": _number(row["triples"]),
            "classes": [name for _, name in sorted(borne.get(_iri(row["property"]), []))],
        }
        for row in rows
    ]


def _schemes(rows: Iterable[Row]) -> list[Document]:
    """The concept schemes, each with a few of its concepts."""
    names: dict[str, dict[str, str]] = {}
    concepts: dict[str, set[str]] = {}
    for row in rows:
        scheme, concept, name = _iri(row["scheme"]), _iri(row["concept"]), row["name"]
        known = concepts.setdefault(scheme, set())
        if concept != scheme:
            known.add(concept)
        elif isinstance(name, ox.Literal) and name.language in LANGUAGES:
            names.setdefault(scheme, {})[name.language] = name.value
    return [_scheme(scheme, names.get(scheme, {}), sorted(concepts[scheme])) for scheme in concepts]


def _scheme(iri: str, names: Mapping[str, str], concepts: Sequence[str]) -> Document:
    return {
        "iri": iri,
        **{code: names.get(code) for code in LANGUAGES},
        "concepts": len(concepts),
        "examples": list(concepts[:3]),
    }


def _graphs(base: str) -> list[Document]:
    """Of a family, `iri` is the beginning of the names of its graphs."""
    return [
        {"iri": f"{base}graph/{name}", "family": graphs is FAMILIES, **about.to_dict()}
        for graphs in (FIXED_GRAPHS, FAMILIES)
        for name, about in graphs.items()
    ]


def _examples() -> list[Document]:
    """Questions of the catalogue, as queries: a parameter that is not given stays unbound."""
    return [
        {**catalogue()[name].title.to_dict(), "sparql": sparql_of(catalogue()[name], {})}
        for name in _EXAMPLES
    ]
