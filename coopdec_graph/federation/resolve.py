"""Asks the endpoints of a query's SERVICE clauses and writes their answers in its text.

SERVICE is evaluated bottom-up (SPARQL 1.1 Federated Query, 4): its pattern alone, then joined with
what stands around it. Inline data in the same place is exactly that join.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from coopdec_graph.errors import QueryForbidden
from coopdec_graph.federation.allow_list import AllowList, Endpoint
from coopdec_graph.federation.clauses import Clause, find_clauses
from coopdec_graph.federation.client import NO_RESULT, NOT_LISTED, Client
from coopdec_graph.federation.failures import FederationFailed
from coopdec_graph.federation.solutions import MOST_ROWS, NotAResult, TooManyRows, inline_data
from coopdec_graph.language import Bilingual

__all__ = ["MOST_CLAUSES", "resolve_services"]

MOST_CLAUSES = 8

_CLAUSES = Bilingual(
    "La requête a {count} clauses SERVICE ; le plus est {most}.",
    "The query has {count} SERVICE clauses; the most is {most}.",
)
_ROWS = Bilingual(
    "SERVICE <{iri}> : plus de {most} lignes. Mettez LIMIT ou VALUES dans le bloc.",
    "SERVICE <{iri}>: more than {most} rows. Put LIMIT or VALUES in the block.",
)
# One solution without any value: what a failed SILENT gives (Federated Query, 2.3).
_EMPTY_GROUP = "VALUES () { () }"


async def resolve_services(query: str, allow: AllowList, client: Client) -> str:
    """The query with each SERVICE clause replaced by the rows of its endpoint.

    Without a list, or without the word, the text comes back as it is; so does every SERVICE that
    is not a clause of this grammar: `graph.query` refuses it. Raises QueryForbidden before any
    call, QuerySyntaxError for an undeclared prefix, and FederationFailed.
    """
    if not allow.endpoints or "service" not in query.lower():
        return query
    clauses = await asyncio.to_thread(find_clauses, query)
    if len(clauses) > MOST_CLAUSES:
        raise QueryForbidden(_CLAUSES, count=len(clauses), most=MOST_CLAUSES)
    endpoints = [_listed(allow, clause) for clause in clauses]
    answers = await _answers(client, clauses, endpoints)
    return _rewritten(query, clauses, answers)


def _listed(allow: AllowList, clause: Clause) -> Endpoint:
    """Its entry. SILENT does not change it: not to be allowed is no failure of an endpoint."""
    endpoint = allow.find(clause.iri)
    if endpoint is None:
        raise QueryForbidden(NOT_LISTED, iri=clause.iri)
    return endpoint


async def _answers(
    client: Client, clauses: Sequence[Clause], endpoints: Sequence[Endpoint]
) -> list[str]:
    """All at once; the first failure stops the others."""
    try:
        async with asyncio.TaskGroup() as group:
            asked = zip(clauses, endpoints, strict=True)
            tasks = [group.create_task(_answer(client, *pair)) for pair in asked]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def _answer(client: Client, clause: Clause, endpoint: Endpoint) -> str:
    try:
        body = await client.fetch(endpoint, clause.iri, clause.query)
        return await asyncio.to_thread(_inline, clause, body)
    except FederationFailed:
        if clause.silent:
            return _EMPTY_GROUP
        raise


def _inline(clause: Clause, body: bytes) -> str:
    try:
        return inline_data(body, clause.variables)
    except NotAResult:
        raise FederationFailed(NO_RESULT, iri=clause.iri) from None
    except TooManyRows:
        raise FederationFailed(_ROWS, iri=clause.iri, most=f"{MOST_ROWS:,}") from None


def _rewritten(query: str, clauses: Sequence[Clause], answers: Sequence[str]) -> str:
    """The text with its clauses replaced; lines keep their numbers, for messages about it."""
    parts, done = [], 0
    for clause, answer in zip(clauses, answers, strict=True):
        lines = "\n" * query.count("\n", clause.start, clause.end)
        parts += [query[done : clause.start], f" {answer} {lines}"]
        done = clause.end
    return "".join([*parts, query[done:]])
