"""`search`: from words to the IRIs that the other tools take."""

from __future__ import annotations

from functools import partial

from coopdec_graph.language import LANGUAGES, Bilingual, Language
from coopdec_graph.questions.kinds import MOST_CHARACTERS
from coopdec_graph.service.mcp.searching import SEARCHED_TYPES, Hit, Search
from coopdec_graph.service.mcp.tool import (
    COLUMNS,
    COUNT,
    TEXT,
    Document,
    Given,
    Tool,
    described,
    object_of,
    rows_wanted,
)

__all__ = ["search_tool"]

_TITLE = Bilingual("Chercher un nom", "Search a name")
_TEXT = Bilingual("des mots du nom ou du titre", "words of the name or title")
_TYPE = Bilingual("un type de choses ; sans lui, tous", "a type of things; without it, all")
_LANGUAGE = Bilingual("langue des descriptions", "language of descriptions")
_COLUMNS = ("iri", "name", "types", "about", "score", "spelled_alike", "in_text")


def search_tool(search: Search, about: Bilingual) -> Tool:
    text = {**TEXT, "minLength": 1, "maxLength": MOST_CHARACTERS, "examples": ["mantes jolie"]}
    given = {
        "text": described(_TEXT, text),
        "type": described(_TYPE, {"enum": list(SEARCHED_TYPES)}),
        "language": described(_LANGUAGE, {"enum": list(LANGUAGES), "default": LANGUAGES[0]}),
        "limit": rows_wanted(),
    }
    row = {
        "iri": TEXT,
        "name": TEXT,
        "types": {"type": "array", "items": TEXT},
        "about": {"type": ["string", "null"]},
        "score": {"type": "number"},
        "spelled_alike": {"type": "boolean"},
        "in_text": {"type": "boolean"},
    }
    return Tool(
        "search",
        _TITLE,
        about,
        object_of(given, ("type", "language", "limit")),
        {
            "columns": COLUMNS,
            "rows": {"type": "array", "items": object_of(row)},
            "total": COUNT,
            "truncated": {"type": "boolean"},
        },
        partial(_answer, search),
    )


async def _answer(search: Search, given: Given) -> Document:
    text, rows = given.text("text"), given.rows()
    types = [given.choice("type", SEARCHED_TYPES, "")] if "type" in given else []
    language: Language = "en" if given.choice("language", LANGUAGES, LANGUAGES[0]) == "en" else "fr"
    found = await search.find(text, types, rows, language)
    return {
        "columns": list(_COLUMNS),
        "rows": [_row(hit) for hit in found.hits],
        "total": found.total,
        "truncated": found.total > len(found.hits),
    }


def _row(hit: Hit) -> Document:
    values = (hit.iri, hit.name, list(hit.types), hit.about, hit.score, hit.spelled, hit.in_text)
    return dict(zip(_COLUMNS, values, strict=True))
