"""Evaluates one read-only SPARQL query and serialises its whole result, in one call.

A result of the engine must not pass to another thread, so it never leaves this module: what
comes back is bytes, or rows already copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pyoxigraph as ox

from coopdec_graph.errors import QueryFailed, QueryForbidden, QuerySyntaxError
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.resources import query_text

__all__ = ["Answer", "Dataset", "Form", "Term", "describe", "evaluate", "refuse_federation", "rows"]

Term = ox.NamedNode | ox.Literal | ox.BlankNode
_Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_SYNTAX = Bilingual(
    "La requête n'est pas du SPARQL valable : {reason}", "The query is not valid SPARQL: {reason}"
)
_FEDERATED = Bilingual(
    "SERVICE est refusé : ce point d'accès n'interroge jamais un autre serveur.",
    "SERVICE is refused: this endpoint never queries another server.",
)
_UPDATE = Bilingual(
    "Ce point d'accès est en lecture seule : il n'accepte que SELECT, ASK, CONSTRUCT et DESCRIBE.",
    "This endpoint is read-only: it takes SELECT, ASK, CONSTRUCT and DESCRIBE only.",
)
_FAILED = Bilingual(
    "Le moteur n'a pas pu répondre : {reason}", "The engine could not answer: {reason}"
)

_NESTED = Bilingual(
    "La requête est trop complexe : plus de {most} parenthèses, accolades, crochets et opérateurs.",
    "The query is too complex: more than {most} brackets and operators.",
)

# The engine has no switch for SERVICE and no way to only parse, so its own parser is asked: the
# query must still parse when every "service" in it is spelled otherwise. In a string, an IRI, a
# comment or a name nothing changes; a keyword stops being one. Deciding it by tokens of our own
# cannot be sound: after `?a`, `<'b>c'` is a comparison with a string, elsewhere an IRI.
_SERVICE = re.compile("(servi)c(e)", re.IGNORECASE | re.ASCII)
_CLAUSE = re.compile(r"service((?:\s|#[^\n\r]*+)*+)(?:silent)?", re.IGNORECASE | re.ASCII)
# The engine recurses on each of these, some 4 KiB of stack at worst (STACK_BYTES of the server).
_RECURSIVE = re.compile(r"[\[({!+]")
_MOST_RECURSIVE = 100_000
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


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole result, ready to be sent."""

    body: bytes
    form: Form
    format: ox.QueryResultsFormat | ox.RdfFormat


Choose = Callable[[Form], ox.QueryResultsFormat | ox.RdfFormat]


def refuse_federation(query: str) -> None:
    """Raises QueryForbidden when SERVICE stands in the query as a keyword.

    Raises QuerySyntaxError for a query that has the word and does not parse.
    """
    respelled = _SERVICE.sub(r"\1x\2", query)
    error = None if respelled == query else _syntax_error(respelled)
    if error is None:
        return
    # GRAPH stands where SERVICE may: this only chooses the message.
    if _syntax_error(_CLAUSE.sub(r"graph\1", query)) is None:
        raise QueryForbidden(_FEDERATED)
    raise _not_parsed(query, error)


def _syntax_error(query: str) -> SyntaxError | None:
    """Why a query does not parse; it is asked of an empty store."""
    try:
        ox.Store().query(query, prefixes=PREFIXES)
    except SyntaxError as error:
        return error
    except (OSError, RuntimeError, ValueError):
        pass  # it parses; what stops it now will stop it again where it is answered
    return None


def _not_parsed(query: str, error: SyntaxError) -> QueryForbidden | QuerySyntaxError:
    if _UPDATE_FORMS.match(query):
        return QueryForbidden(_UPDATE)
    return QuerySyntaxError(_SYNTAX, reason=str(error.msg))


def evaluate(store: ox.Store, query: str, choose: Choose, dataset: Dataset | None = None) -> Answer:
    """The answer to a query, in the format that `choose` picks for its form.

    Without a dataset the default graph is the union of all published graphs. The prefixes of the
    project are known without being declared. Raises QuerySyntaxError, QueryForbidden, QueryFailed
    and whatever `choose` raises.
    """
    result = _run(store, query, dataset or Dataset())
    try:
        form = _form(result)
        format = choose(form)
        return Answer(_serialise(result, format), form, format)
    except (OSError, RuntimeError, ValueError) as error:
        reason = _reason(error)
    finally:
        # An exception keeps the frames it went through, and is freed on another thread.
        del result
    raise QueryFailed(_FAILED, reason=reason)


def _run(store: ox.Store, query: str, dataset: Dataset) -> _Result:
    if sum(1 for _ in _RECURSIVE.finditer(query)) > _MOST_RECURSIVE:
        raise QueryForbidden(_NESTED, most=_MOST_RECURSIVE)
    refuse_federation(query)
    try:
        return store.query(
            query,
            prefixes=PREFIXES,
            default_graph=_graphs(dataset.default_graphs),
            named_graphs=_graphs(dataset.named_graphs),
        )
    except SyntaxError as error:
        raise _not_parsed(query, error) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryFailed(_FAILED, reason=_reason(error)) from None


def _reason(error: Exception) -> str:
    """What the engine says; an error of the system is not repeated, it may name files."""
    return type(error).__name__ if isinstance(error, OSError) else str(error)


def _graphs(iris: Sequence[str] | None) -> list[Any] | None:
    return None if iris is None else [ox.NamedNode(iri) for iri in iris]


def _form(result: _Result) -> Form:
    if isinstance(result, ox.QueryBoolean):
        return Form.ASK
    return Form.SELECT if isinstance(result, ox.QuerySolutions) else Form.GRAPH


def _serialise(result: _Result, format: ox.QueryResultsFormat | ox.RdfFormat) -> bytes:
    if isinstance(result, ox.QueryTriples):
        assert isinstance(format, ox.RdfFormat)
        triples = dict.fromkeys(result)
        return ox.serialize(triples, format=format, prefixes=PREFIXES) or b""
    assert isinstance(format, ox.QueryResultsFormat)
    return result.serialize(format=format) or b""


def rows(store: ox.Store, name: str, **bound: Term) -> list[Mapping[str, Term | None]]:
    """The rows of a query file, its parameters bound as terms; the values are copies."""
    result = _run_file(store, name, bound)
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [{name: row[name] for name in names} for row in result]


def describe(store: ox.Store, name: str, format: ox.RdfFormat, **bound: Term) -> bytes:
    """The graph of a CONSTRUCT query file, its parameters bound as terms."""
    return _serialise(_run_file(store, name, bound), format)


def _run_file(store: ox.Store, name: str, bound: Mapping[str, Term]) -> _Result:
    substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]
    substitutions = {ox.Variable(variable): term for variable, term in bound.items()}
    return store.query(
        query_text(name),
        prefixes=PREFIXES,
        substitutions=substitutions or None,
    )
