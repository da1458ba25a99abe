"""Evaluates one read-only SPARQL query and serialises its whole result, in one call.

A result of the engine must not pass to another thread, so it never leaves this module: what
comes back is bytes, or rows already copied.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyoxigraph as ox

from coopdec_graph.errors import (
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTooBig,
    UpdateRefused,
)
from coopdec_graph.graph.distance import FUNCTIONS
from coopdec_graph.graph.keywords import respelled
from coopdec_graph.graph.syntax_errors import explained
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.resources import query_text

__all__ = [
    "Dataset",
    "Form",
    "Result",
    "Term",
    "check",
    "engine_reason",
    "form_of",
    "refuse_federation",
    "rows",
    "run",
]

Term = ox.NamedNode | ox.Literal | ox.BlankNode
Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_FEDERATED = Bilingual(
    "SERVICE est refusé : ce point d'accès n'interroge jamais un autre serveur.",
    "SERVICE is refused: this endpoint never queries another server.",
)
_UPDATE = Bilingual(
    "Ce point d'accès est en lecture seule : il n'accepte que SELECT, ASK, CONSTRUCT et DESCRIBE.",
    "This endpoint is read-only: it takes SELECT, ASK, CONSTRUCT and DESCRIBE only.",
)
_FUNCTION = Bilingual("La fonction {iri} n'existe pas.", "There is no function {iri}.")
_FAILED = Bilingual(
    "Le moteur n'a pas pu répondre : {reason}", "The engine could not answer: {reason}"
)

_NESTED = Bilingual(
    "La requête est trop complexe : plus de {most} parenthèses, accolades, crochets et opérateurs.",
    "The query is too complex: more than {most} brackets and operators.",
)

# GRAPH stands where SERVICE may; `SILENT` may be its own, or begin the name that follows.
_CLAUSES = tuple(
    re.compile(rf"service((?:\s|#[^\n\r]*+)*+){silent}", re.IGNORECASE | re.ASCII)
    for silent in ("(?:silent)?", "(?:silent(?!:))?")
)
# The engine recurses on each of these, some 4 KiB of stack at worst (STACK_BYTES of the server).
_RECURSIVE = re.compile(r"[\[({!+]")
_MOST_RECURSIVE = 100_000
_UNKNOWN_FUNCTION = re.compile(r"custom function (<[^>]*>) is not supported")
# Possessive: no text makes it backtrack.
_UPDATE_FORMS = re.compile(
    r"(?:\s++|\#[^\n\r]*+|prefix\s++[^\s<]*+\s*+<[^>]*+>|base\s*+<[^>]*+>)*+"
    r"(?:insert|delete|load|clear|create|drop|copy|move|add|with)\b",
    re.IGNORECASE,
)


class Form(StrEnum):
    """The kinds of result: rows, yes or no, or a graph."""

    SELECT = "select"
    ASK = "ask"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs a query sees (SPARQL 1.1 Protocol, 2.1.4). None means: all published graphs."""

    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None


def refuse_federation(query: str, base: str | None = None) -> None:
    """Raises QueryForbidden when SERVICE stands in the query as a keyword.

    Raises QuerySyntaxError for a query that has the word and does not parse.
    """
    without = respelled(query, "service")
    error = None if without == query else _syntax_error(without, base)
    if error is None:
        return
    # This only chooses the message.
    if any(_syntax_error(clause.sub(r"graph\1", query), base) is None for clause in _CLAUSES):
        raise QueryForbidden(_FEDERATED)
    raise _not_parsed(query, error, base)


def _syntax_error(query: str, base: str | None) -> SyntaxError | None:
    """Why a query does not parse; it is asked of an empty store."""
    try:
        ox.Store().query(query, prefixes=PREFIXES, base_iri=base)
    except SyntaxError as error:
        return error
    except (OSError, RuntimeError, ValueError):
        pass  # it parses; what stops it now will stop it again where it is answered
    return None


def _not_parsed(query: str, error: SyntaxError, base: str | None) -> QueryError:
    if _UPDATE_FORMS.match(query):
        return UpdateRefused(_UPDATE)
    # A part of the query may parse, and is then evaluated: SERVICE must be no keyword in it.
    return explained(query, error, lambda text: _syntax_error(respelled(text, "service"), base))


def check(query: str, base: str | None = None) -> Form:
    """The form of a query that nothing is wrong with; it is asked of an empty store.

    Raises QuerySyntaxError, QueryForbidden, UpdateRefused and QueryTooBig.
    """
    result = run(ox.Store(), query, base=base)
    try:
        return form_of(result)
    finally:
        del result


def run(
    store: ox.Store,
    query: str,
    dataset: Dataset | None = None,
    bindings: Mapping[str, Term] | None = None,
    base: str | None = None,
) -> Result:
    """The engine's own result, which must not leave this thread. Raises QueryError.

    Without a dataset the default graph is the union of all published graphs. The prefixes of the
    project are known without being declared. `bindings` replace variables; the engine wants each
    in the projection of a SELECT.
    """
    dataset = dataset or Dataset()
    if len(query) > _MOST_RECURSIVE and len(_RECURSIVE.findall(query)) > _MOST_RECURSIVE:
        raise QueryTooBig(_NESTED, most=_MOST_RECURSIVE)
    refuse_federation(query, base)
    try:
        return store.query(
            query,
            prefixes=_prefixes(query),
            base_iri=base,
            default_graph=_graphs(dataset.default_graphs),
            named_graphs=_graphs(dataset.named_graphs),
            substitutions=_substitutions(bindings or {}),
            custom_functions=FUNCTIONS,
        )
    except SyntaxError as error:
        raise _not_parsed(query, error, base) from None
    except (OSError, RuntimeError, ValueError) as error:
        unknown = _UNKNOWN_FUNCTION.search(str(error))
        if unknown:
            raise QuerySyntaxError(_FUNCTION, iri=unknown[1]) from None
        raise QueryFailed(_FAILED, reason=engine_reason(error)) from None


def _prefixes(query: str) -> dict[str, str]:
    """Those of ours that a query may use: the engine parses each, which takes as long as a lookup."""
    return {name: iri for name, iri in PREFIXES.items() if f"{name}:" in query}


def engine_reason(error: Exception) -> str:
    """What the engine says; an error of the system is not repeated, it may name files."""
    return type(error).__name__ if isinstance(error, OSError) else str(error)


def _substitutions(bindings: Mapping[str, Term]) -> dict[Any, Any] | None:
    return {ox.Variable(name): term for name, term in bindings.items()} or None


def _graphs(iris: Sequence[str] | None) -> list[Any] | None:
    return None if iris is None else [ox.NamedNode(iri) for iri in iris]


def form_of(result: Result) -> Form:
    """Which kind of result it is."""
    if isinstance(result, ox.QueryBoolean):
        return Form.ASK
    return Form.SELECT if isinstance(result, ox.QuerySolutions) else Form.GRAPH


def rows(store: ox.Store, name: str, **bound: Term) -> list[Mapping[str, Term | None]]:
    """The rows of a query file, its parameters bound as terms; the values are copies."""
    result = run(store, query_text(name), bindings=bound)
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [{name: row[name] for name in names} for row in result]
