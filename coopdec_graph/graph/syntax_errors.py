"""From the engine's word on a query that does not parse to one a reader can act upon.

The engine says where its parser gave up and what it tried there: not where the fault is. It reads
as many characters as the keyword it looks for is long before it compares, so its column is up to
fourteen too far. Here its parser is asked again, with the tokens set far apart: then no attempt
reaches the next token, and the fault is at the last token that was tried.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coopdec_graph.errors import QuerySyntaxError
from coopdec_graph.graph.sparql_tokens import Token, tokens
from coopdec_graph.graph.syntax_fault import Fault
from coopdec_graph.graph.syntax_hints import hint_for
from coopdec_graph.language import Bilingual, Language

__all__ = ["Place", "explained"]

# A text of more characters than this gets the engine's own position and no hint.
_MOST_CHARACTERS = 50_000
# More than the longest keyword the engine knows.
_GAP = " " * 20
_WIDTH = 76

_ENGINE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z0-9_]+")
# What the engine says of a query whose tokens are right.
_PREFIX = "Prefix not found"
_MEANING = (
    _PREFIX,
    "IRI parsing failed",
    "The SELECT contains a variable that is unbound",
    "Duplicated variable name in SELECT",
    "SELECT * is not authorized with GROUP BY",
)

_HEAD = Bilingual(
    "La requête n'est pas du SPARQL valable, ligne {line}, colonne {column} : {what}",
    "The query is not valid SPARQL, line {line}, column {column}: {what}",
)
_TOKEN = Bilingual("« {token} » n'est pas attendu ici.", "“{token}” is not expected here.")
_END = Bilingual("la requête s'arrête trop tôt.", "the query ends too early.")
_MEANT = Bilingual("« {token} » ne convient pas.", "“{token}” does not fit.")

Parse = Callable[[str], SyntaxError | None]


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both from 1; a column counts characters (Unicode code points).

    A line ends at a line feed, a carriage return, or both together (SPARQL 1.1 Query, 19.8).
    """

    line: int
    column: int


def explained(query: str, error: SyntaxError, parse: Parse) -> QuerySyntaxError:
    """The error to raise: where the fault is, the line with a mark below, and a hint if there is one.

    `parse` gives the engine's error on another text, or None when it parses. The details hold
    `line`, `column` and, in both languages, `hint`.
    """
    fault = _fault(query, error, parse)
    lines = _line_starts(query)
    place = _place(lines, fault.offset)
    hint = hint_for(fault)
    texts = {
        language: _text(query, lines, place, fault, hint, language)
        for language in ("fr", "en")
    }  # fmt: skip
    details: dict[str, object] = {"line": place.line, "column": place.column}
    if hint is not None:
        details["hint"] = hint.to_dict()
    return QuerySyntaxError(Bilingual(texts["fr"], texts["en"])).detailed(details)


def _text(
    query: str,
    lines: Sequence[int],
    place: Place,
    fault: Fault,
    hint: Bilingual | None,
    language: Language,
) -> str:
    token = fault.token
    what = _END if token is None else _MEANT if fault.meaning else _TOKEN
    said = what.text(language, token=_short(token.text)) if token else what.text(language)
    head = _HEAD.text(language, line=place.line, column=place.column, what=said)
    parts = [head, _excerpt(query, lines, place), hint.text(language) if hint else ""]
    return "\n".join(part for part in parts if part)


def _short(text: str) -> str:
    return _shown(text if len(text) <= 40 else text[:39] + "…")


# ---- Where ------------------------------------------------------------------------------------


def _fault(query: str, error: SyntaxError, parse: Parse) -> Fault:
    raw = _offset(query, str(error.msg))
    if len(query) > _MOST_CHARACTERS:
        return Fault(query, min(raw, len(query)), None if raw >= len(query) else _piece(query, raw))
    found = tuple(tokens(query))
    number = _failing(found, parse)
    if number is None:
        number = bisect_right([token.end for token in found], raw)
    number = _of_cause(found, number)
    # A fault of meaning is told apart when nothing comes after it.
    before = query[: found[number].start] if number < len(found) else query.rstrip(" \t\r\n")
    said = f"{error.msg} {_message(parse(before))}"
    meaning = next((text for text in _MEANING if text in said), None)
    unknown = _unknown_prefix(found, parse)
    in_declaration = number > 1 and found[number - 2].text.upper() == "PREFIX"
    if unknown == number < len(found) and not in_declaration:
        # The engine keeps quiet about it when it looked for a long keyword just before.
        meaning = _PREFIX
    if meaning in _MEANING[:2]:
        iri = max(0, bisect_right([token.start for token in found], raw - 1) - 1)
        number = unknown if meaning == _PREFIX and unknown >= 0 else _opening(found, iri)
    elif meaning is not None:
        number = _select_of(found, number)
    if number < len(found):
        return Fault(query, found[number].start, found[number], found, number, meaning)
    return Fault(query, len(query.rstrip(" \t\r\n")), None, found, number, meaning)


def _piece(query: str, offset: int) -> Token:
    end = min(len(query), offset + 1)
    return Token("sign", query[offset:end], offset, end)


def _message(error: SyntaxError | None) -> str:
    return "" if error is None else str(error.msg)


def _offset(text: str, message: str) -> int:
    """The character the engine names, from 0; its lines end at line feeds only."""
    found = _ENGINE.match(message)
    if found is None:
        return len(text)
    line, column = int(found[1]), int(found[2])
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _failing(found: Sequence[Token], parse: Parse) -> int | None:
    """The number of the token at fault, `len(found)` for the end; None when the spread text parses."""
    parts, starts, size = [], [], 0
    for number, token in enumerate(found):
        starts.append(size)
        last = number == len(found) - 1
        # Where the engine allows no space: a function and its bracket.
        joined = not last and token.end == found[number + 1].start and token.kind == "word"
        part = token.text + ("" if joined else _GAP)
        parts.append(part)
        size += len(part)
    text = "".join(parts)
    error = parse(text)
    if error is None:
        return None
    message = _message(error)
    # A string or an IRI may hold a line feed: the offset is found in the text as it is.
    reached = _offset(text, message)
    expected = _ENGINE.match(message)
    items = expected[3].split(", ") if expected else []
    keywords = [len(item) for item in items if _KEYWORD.fullmatch(item)]
    only_keywords = len(keywords) == len(items)
    tried = reached - min(keywords) if keywords and only_keywords else reached
    if tried >= size - len(_GAP) + (0 if found else 1) and _beyond(tried, starts, found):
        return len(found)
    return max(0, bisect_right(starts, tried) - 1)


def _beyond(tried: int, starts: Sequence[int], found: Sequence[Token]) -> bool:
    return not found or tried >= starts[-1] + len(found[-1].text)


def _of_cause(found: Sequence[Token], number: int) -> int:
    """The token to blame: a quotation mark that opens nothing, a name that BIND takes again."""
    for place, token in enumerate(found[:number]):
        if token.text in ('"', "'"):
            return place
    last = [token.text.upper() for token in found[max(0, number - 3) : number]]
    bound = len(last) == 3 and last[0] == "AS" and last[2] == ")"
    return number - 2 if bound and found[number - 2].kind == "variable" else number


def _opening(found: Sequence[Token], number: int) -> int:
    """The `<` of an IRI that is none."""
    signs = (place for place in range(number, -1, -1) if found[place].text[0] == "<")
    return next(signs, number)


def _unknown_prefix(found: Sequence[Token], parse: Parse) -> int:
    """The first name whose prefix is neither declared before it nor known to the engine; or -1."""
    known: set[str] = set()
    for number, token in enumerate(found):
        prefix = token.text.partition(":")[0]
        if token.kind != "name" or prefix in known:
            continue
        declared = number > 0 and found[number - 1].text.upper() == "PREFIX"
        if not declared and parse(f"ASK {{ ?s {prefix}:x ?o }}") is not None:
            return number
        known.add(prefix)
    return -1


def _select_of(found: Sequence[Token], number: int) -> int:
    """The SELECT whose clause ends before a token: that of the innermost group that is open."""
    selects: list[int | None] = [None]
    for place, token in enumerate(found[:number]):
        if token.text == "{":
            selects.append(None)
        elif token.text == "}" and len(selects) > 1:
            selects.pop()
        elif token.kind == "word" and token.text.upper() == "SELECT":
            selects[-1] = place
    inner = [select for select in selects if select is not None]
    return inner[-1] if inner else number


# ---- Lines ------------------------------------------------------------------------------------


def _line_starts(query: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", query))]


def _place(starts: Sequence[int], offset: int) -> Place:
    line = bisect_right(starts, offset)
    return Place(line, offset - starts[line - 1] + 1)


def _excerpt(query: str, starts: Sequence[int], place: Place) -> str:
    """The line, or the part of it around the column, and a mark under the column."""
    start = starts[place.line - 1]
    end = starts[place.line] if place.line < len(starts) else len(query)
    column = place.column - 1
    first = max(0, column - _WIDTH * 2 // 3)
    text = query[start + first : min(end, start + first + _WIDTH)].rstrip("\r\n")
    before, after = ("…" if first else ""), ("…" if end - start - first > _WIDTH + 2 else "")
    width = sum(map(_columns, _shown(text[: column - first]))) + len(before)
    return f"  {before}{_shown(text)}{after}\n  {' ' * width}^" if text.strip() else ""


def _shown(text: str) -> str:
    """The text with nothing in it that moves or hides what stands around it."""
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character == "\t":
        return " "
    if character.isprintable() and not unicodedata.combining(character):
        return character
    return "␣" if unicodedata.category(character) == "Zs" else "\N{REPLACEMENT CHARACTER}"


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
