"""`sparql`: a read-only query, checked for terms that are not there before it runs."""

from __future__ import annotations

from functools import partial
from typing import Any

from coopdec_graph.engines.base import Question
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Form
from coopdec_graph.language import Bilingual
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.known import Knowledge
from coopdec_graph.service.mcp.question_tools import MOST_BYTES
from coopdec_graph.service.mcp.tool import (
    COLUMNS,
    COUNT,
    ROWS,
    TEXT,
    Document,
    Given,
    Tool,
    described,
    object_of,
    rows_wanted,
)
from coopdec_graph.service.question_answers import columns_of, plain_rows, yes_or_no
from coopdec_graph.service.transfer import whole_body

__all__ = ["sparql_tool"]

_TITLE = Bilingual("Requête SPARQL", "SPARQL query")
_DESCRIPTION = Bilingual(
    "Exécute une requête SPARQL 1.1 en lecture seule (SELECT, ASK, CONSTRUCT, DESCRIBE ; ni mise à"
    " jour ni SERVICE). Les préfixes que donne « schema » sont déclarés. Une IRI ou un terme qui"
    " n'est pas dans la publication est refusé avant d'exécuter, avec les plus proches. Appelez"
    " « schema » d'abord. Sans ORDER BY, les lignes d'une réponse coupée sont quelconques.",
    "Runs a read-only SPARQL 1.1 query (SELECT, ASK, CONSTRUCT, DESCRIBE; neither updates nor"
    " SERVICE). The prefixes that “schema” gives are declared. An IRI or a term that is not in the"
    " release is refused before anything runs, with the nearest ones. Call “schema” first. Without"
    " ORDER BY, the rows of an answer that is cut are any.",
)
_QUERY = Bilingual("la requête", "the query")
_SECONDS = Bilingual(
    "secondes qu'elle peut prendre, au plus ; la limite du service reste",
    "seconds that it may take, at most; the service's limit stays",
)
_LONG = Bilingual("La requête dépasse {most} octets.", "The query exceeds {most} bytes.")
_WHOLE_SECONDS = 3_600
_FORMATS = {Form.SELECT: "json", Form.ASK: "json", Form.GRAPH: "turtle"}
_EXAMPLE = "SELECT ?title WHERE { ?p a cd:Partnership ; dct:title ?title } ORDER BY ?title LIMIT 5"


def sparql_tool(holdings: Holdings, knowledge: Knowledge) -> Tool:
    query: dict[str, Any] = {
        **TEXT,
        "maxLength": holdings.engine.limits.query_bytes,
        "examples": [_EXAMPLE],
    }
    seconds = {"type": "integer", "minimum": 1, "maximum": _WHOLE_SECONDS}
    given = {
        "query": described(_QUERY, query),
        "limit": rows_wanted(),
        "timeout": described(_SECONDS, seconds),
    }
    return Tool(
        "sparql",
        _TITLE,
        _DESCRIPTION,
        object_of(given, ("limit", "timeout")),
        {
            "form": {"enum": [form.value for form in Form]},
            "sparql": TEXT,
            "columns": COLUMNS,
            "rows": ROWS,
            "boolean": {"type": ["boolean", "null"]},
            "turtle": {"type": ["string", "null"]},
            "total": COUNT,
            "truncated": {"type": "boolean"},
        },
        partial(_answer, holdings, knowledge),
    )


async def _answer(holdings: Holdings, knowledge: Knowledge, given: Given) -> Document:
    query, rows = given.text("query"), given.rows()
    limits = holdings.engine.limits
    seconds = given.count("timeout", _WHOLE_SECONDS, _WHOLE_SECONDS)
    if len(query.encode()) > limits.query_bytes:
        raise UsageError(_LONG, most=limits.query_bytes)
    await knowledge.check(query)
    asked = Question(
        query,
        _FORMATS,
        # Beyond the service's own limit an answer is refused: up to it, it is cut.
        rows=min(rows, limits.rows),
        bytes=MOST_BYTES,
        seconds=min(seconds, limits.seconds),
    )
    answer = await holdings.engine.ask(asked)
    try:
        body = await whole_body(answer)
    finally:
        await answer.close()
    return {**_shown(answer.form, body, answer.cut), "sparql": query, "truncated": answer.cut}


def _shown(form: Form, body: bytes, cut: bool) -> Document:
    """The members that tell a result; the number of rows is known where they are all there."""
    rows = plain_rows(body) if form is Form.SELECT else []
    return {
        "form": form.value,
        "columns": columns_of(body) if form is Form.SELECT else [],
        "rows": rows,
        "boolean": yes_or_no(body) if form is Form.ASK else None,
        "turtle": body.decode() if form is Form.GRAPH else None,
        "total": len(rows) if form is Form.SELECT and not cut else None,
    }
