"""What a client sends: a batch of queries, or a data extension query, checked as it is read.

Follows "Structure of a Reconciliation Query" and "Data Extension Query Requests", and their JSON
schemas. An identifier we do not have is no fault of form: such a query is answered.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from coopdec_graph.language import Bilingual
from coopdec_graph.service.problems import BadRequest, TooLarge

__all__ = [
    "DEFAULT_LIMIT",
    "MOST_CANDIDATES",
    "MOST_IDS",
    "MOST_PROPERTIES",
    "MOST_QUERIES",
    "MOST_VALUES",
    "Extension",
    "Given",
    "Query",
    "Value",
    "read_extension",
    "read_queries",
]

MOST_QUERIES = 100
MOST_CANDIDATES = 50
DEFAULT_LIMIT = 10
MOST_PROPERTIES = 20
MOST_VALUES = 20
MOST_IDS = 1_000
# Of what a client sent, in a message about it.
_SHOWN = 40

_JSON = Bilingual("« {name} » n'est pas du JSON.", "“{name}” is not JSON.")
_SHAPE = Bilingual("{where} : {fault_fr}.", "{where}: {fault_en}.")
_MANY = Bilingual("Plus de {most} {what_fr}.", "More than {most} {what_en}.")
_FIELDS = frozenset({"query", "type", "limit", "properties", "type_strict"})


@dataclass(frozen=True, slots=True)
class Value:
    """A value to compare with: a text (numbers and booleans as JSON writes them), or an entity."""

    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A property a query gives; one value that agrees is enough."""

    property: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """`query` is the name, empty for a query by properties only; `types` empty for any type."""

    query: str = ""
    types: tuple[str, ...] = ()
    limit: int = DEFAULT_LIMIT
    properties: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    ids: tuple[str, ...]
    properties: tuple[str, ...]


def read_queries(text: str) -> dict[str, Query]:
    """A reconciliation query batch. One malformed query refuses the batch: an answer has no place
    for the error of a single one. Raises BadRequest, and TooLarge for too many queries.
    """
    batch = _object(_parsed("queries", text), "queries")
    _at_most(len(batch), MOST_QUERIES, "requêtes", "queries")
    return {id: _query(_object(query, _named(id)), _named(id)) for id, query in batch.items()}


def read_extension(text: str) -> Extension:
    """A data extension query. Raises BadRequest and TooLarge."""
    message = _object(_parsed("extend", text), "extend")
    ids = [_string(id, "ids") for id in _list(message.get("ids"), "ids")]
    properties = []
    for one in _list(message.get("properties"), "properties"):
        described = _object(one, "properties")
        properties.append(_string(described.get("id"), "properties.id"))
        _object(described.get("settings", {}), "settings")
    _at_most(len(ids), MOST_IDS, "identifiants", "identifiers")
    _at_most(len(properties), MOST_PROPERTIES, "propriétés", "properties")
    return Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(properties)))


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRequest(_JSON, name=name) from None


def _query(fields: Mapping[str, Any], where: str) -> Query:
    for name in fields:
        if name not in _FIELDS:
            _refuse(f"{where}, {_named(name)}", "champ inconnu", "unknown field")
    properties = tuple(
        _given(one, where) for one in _list(fields.get("properties", []), f"{where}, properties")
    )
    if "query" not in fields and not properties:
        _refuse(where, "ni « query » ni « properties »", "neither “query” nor “properties”")
    if fields.get("type_strict", "any") not in ("any", "should", "all"):
        _refuse(f"{where}, type_strict", "attendu : any, should, all", "expected: any, should, all")
    _at_most(len(properties), MOST_PROPERTIES, "propriétés", "properties")
    return Query(
        _string(fields.get("query", ""), f"{where}, query"),
        _types(fields.get("type", []), f"{where}, type"),
        _limit(fields.get("limit", DEFAULT_LIMIT), f"{where}, limit"),
        properties,
    )


def _types(value: Any, where: str) -> tuple[str, ...]:
    found = [value] if isinstance(value, str) else _list(value, where)
    _at_most(len(found), MOST_VALUES, "types", "types")
    return tuple(_string(one, where) for one in found)


def _limit(value: Any, where: str) -> int:
    """A positive whole number; more than we give is no fault."""
    if _is_number(value) and value >= 1 and (value == math.inf or value == int(value)):
        return int(min(value, MOST_CANDIDATES))
    return _refuse(where, "attendu : un nombre entier positif", "expected: a positive whole number")


def _given(value: Any, where: str) -> Given:
    fields = _object(value, f"{where}, properties")
    if "v" not in fields:
        _refuse(f"{where}, properties", "il manque « v »", "“v” is missing")
    given = fields["v"] if isinstance(fields["v"], list) else [fields["v"]]
    _at_most(len(given), MOST_VALUES, "valeurs", "values")
    values = (_value(one, f"{where}, v") for one in given)
    kept = tuple(value for value in values if value.text or value.id)
    return Given(_string(fields.get("pid"), f"{where}, pid"), kept)


def _value(value: Any, where: str) -> Value:
    if isinstance(value, str):
        return Value(value.strip())
    if isinstance(value, bool):
        return Value("true" if value else "false")
    if _is_number(value):
        # A spreadsheet's code may come as 78361.0.
        return Value(
            str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
        )
    fields = _object(value, where)
    name = fields.get("name", "")
    return Value(_string(name, f"{where}, name").strip(), _string(fields.get("id"), f"{where}, id"))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _object(value: Any, where: str) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return _refuse(where, "attendu : un objet", "expected: an object")


def _list(value: Any, where: str) -> list[Any]:
    if isinstance(value, list):
        return value
    return _refuse(where, "attendu : une liste", "expected: an array")


def _string(value: Any, where: str) -> str:
    if isinstance(value, str):
        return value
    return _refuse(where, "attendu : un texte", "expected: a string")


def _named(text: str) -> str:
    """A client's own text in a message: short, and in ASCII whatever it is made of."""
    return json.dumps(text[:_SHOWN])


def _at_most(count: int, most: int, what_fr: str, what_en: str) -> None:
    if count > most:
        raise TooLarge(_MANY, most=most, what_fr=what_fr, what_en=what_en)


def _refuse(where: str, fault_fr: str, fault_en: str) -> NoReturn:
    raise BadRequest(_SHAPE, where=where, fault_fr=fault_fr, fault_en=fault_en)
