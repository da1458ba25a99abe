"""`describe`: what the release says of one thing, and what points to it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pyoxigraph as ox

from coopdec_graph.engines.base import Question
from coopdec_graph.language import LANGUAGES, Bilingual, Language
from coopdec_graph.namespaces import DEFAULT_BASE, PREFIXES
from coopdec_graph.questions.shown import sparql_text
from coopdec_graph.resources import query_text
from coopdec_graph.service.asking import first_rows
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.known import Knowledge
from coopdec_graph.service.mcp.named_terms import Named
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
from coopdec_graph.service.mcp.vocabulary import ontology_terms, short_name
from coopdec_graph.service.question_answers import plain_rows
from coopdec_graph.service.terms import name_of_term

__all__ = ["describe_tool"]

_TITLE = Bilingual("Décrire une chose", "Describe a thing")
_DESCRIPTION = Bilingual(
    "Ce que la publication dit d'une chose (partenariat, collectivité, financeur, thème, lieu,"
    " terme…), graphe par graphe, et ce qui la désigne, avec les noms. Une IRI inconnue est refusée"
    " avec les plus proches.",
    "What the release says of a thing (partnership, collectivity, financer, theme, place, term…),"
    " graph by graph, and what points to it, with names. An unknown IRI is refused with the nearest"
    " ones.",
)
_IRI = Bilingual(
    "son IRI, la fin de son IRI après « id/ », un nom préfixé (cd:amount), ou l'identifiant d'un"
    " partenariat",
    "its IRI, the end of its IRI after “id/”, a prefixed name (cd:amount), or the identifier of a"
    " partnership",
)
_LANGUAGE = Bilingual("langue des noms", "language of names")
_STATEMENTS = ("graph", "property", "property_name", "value", "name")
_MENTIONS = ("subject", "name", "property", "property_name")
_PART: dict[str, Any] = {
    "columns": COLUMNS,
    "rows": ROWS,
    "total": COUNT,
    "truncated": {"type": "boolean"},
    "sparql": TEXT,
}


def describe_tool(holdings: Holdings, knowledge: Knowledge) -> Tool:
    iri = {**TEXT, "examples": ["atlas-3203", "collectivity/fr/mantes-la-jolie", "cd:amount"]}
    language = {"enum": list(LANGUAGES), "default": LANGUAGES[0]}
    given = {
        "iri": described(_IRI, iri),
        "language": described(_LANGUAGE, language),
        "limit": rows_wanted(),
    }
    return Tool(
        "describe",
        _TITLE,
        _DESCRIPTION,
        object_of(given, ("language", "limit")),
        {"iri": TEXT, **_PART, "mentions": object_of(_PART)},
        partial(_answer, holdings, knowledge),
    )


async def _answer(holdings: Holdings, knowledge: Knowledge, given: Given) -> Document:
    rows = given.rows()
    language: Language = "en" if given.choice("language", LANGUAGES, LANGUAGES[0]) == "en" else "fr"
    iri = await _known(holdings, knowledge, given.text("iri"))
    said = await _part(holdings, "statements_named", _STATEMENTS, iri, language, rows)
    mentions = await _part(holdings, "mentions_named", _MENTIONS, iri, language, rows)
    return {"iri": iri, **said, "mentions": mentions}


async def _known(holdings: Holdings, knowledge: Knowledge, text: str) -> str:
    """The IRI that is meant. Raises UnknownTerms."""
    meant = _meant(holdings.base, text.strip())
    for iri in meant:
        if await knowledge.has(iri):
            return iri
    raise await knowledge.unknown([Named(meant[0], text)])


def _meant(base: str, text: str) -> list[str]:
    """The IRIs that a text may stand for, the likeliest first."""
    if text.startswith("<") and text.endswith(">"):
        return [text[1:-1]]
    prefix, colon, local = text.partition(":")
    if colon:
        return [PREFIXES[prefix] + local if prefix in PREFIXES else text]
    if text.startswith("scheme/"):
        return [DEFAULT_BASE + text]
    if "/" in text:
        return [f"{base}id/{text.removeprefix('id/')}"]
    return [f"{base}id/{kind}{text}" for kind in ("partnership/", "activity/", "")]


async def _part(
    holdings: Holdings,
    name: str,
    columns: tuple[str, ...],
    iri: str,
    language: Language,
    rows: int,
) -> Document:
    query = query_text(name)
    bound: dict[str, ox.NamedNode | ox.Literal] = {
        "entity": ox.NamedNode(iri),
        "language": ox.Literal(language),
    }
    asked = Question(query, {}, bindings=bound, rows=rows, bytes=MOST_BYTES)
    found = await first_rows(holdings.engine, asked)
    shown = [_row(row, columns, language) for row in plain_rows(found.body)]
    return {
        "columns": list(columns),
        "rows": shown,
        "total": found.total if found.cut else len(shown),
        "truncated": found.cut,
        "sparql": sparql_text(query, bound),
    }


def _row(row: dict[str, object], columns: tuple[str, ...], language: Language) -> Document:
    """A row with the name of its property beside it, and prefixed names for terms."""
    iri = str(row["property"])
    term = ontology_terms().get(iri)
    name = term.names.get(language) if term else None
    beside = {
        "name": row["name"] or None,
        "property": short_name(iri),
        "property_name": name or name_of_term(iri, language),
    }
    return {column: {**row, **beside}[column] for column in columns}
