"""Finds the SERVICE clauses of a query by the terminals of SPARQL's grammar (SPARQL 1.1, 19.8).

This reading decides what is sent to an endpoint and what is replaced, never what is safe: a clause
that it misses or misreads is still in the text that the engine's own parser is asked about
(`graph.query.refuse_federation`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from coopdec_graph.errors import QueryForbidden, QuerySyntaxError
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES

__all__ = ["Clause", "Kind", "Token", "find_clauses", "tokens"]

_VARIABLE = Bilingual(
    "SERVICE {name} est refusé : le point d'accès doit être un IRI écrit dans la requête.",
    "SERVICE {name} is refused: the endpoint must be an IRI written in the query.",
)
_NESTED = Bilingual(
    "Un SERVICE dans un SERVICE est refusé : le point d'accès distant n'en appelle pas un autre.",
    "A SERVICE inside a SERVICE is refused: the remote endpoint does not call another one.",
)
_AMBIGUOUS = Bilingual(
    "Écrivez une espace après « < » dans {text} : comparaison ou IRI, on ne peut pas savoir.",
    "Put a space after “<” in {text}: it can be read as a comparison or as an IRI.",
)
_UNDECLARED = Bilingual("Le préfixe {name} n'est pas déclaré.", "The prefix {name} is undeclared.")


class Kind(StrEnum):
    """The terminals that matter here. `OTHER` is a character that begins none."""

    SPACE = "space"
    COMMENT = "comment"
    STRING = "string"
    IRI = "iri"
    NAME = "name"
    BLANK = "blank"
    VARIABLE = "variable"
    LANGUAGE = "language"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    OTHER = "other"


_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_JOINED = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"_{_BASE}{_JOINED}-"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
# Letters and dots without a colon: no name after all. Read as a whole, they are scanned but twice.
_RUN = rf"[{_BASE}](?:\.*+[{_CHARS}]++)*+"
# Possessive everywhere: no text makes it backtrack.
_TERMINALS = {
    Kind.SPACE: r"[ \t\r\n]++",
    Kind.COMMENT: r"#[^\n\r]*+",
    Kind.STRING: (
        r"'''(?:'{0,2}+(?:[^'\\]|\\[\s\S]))*+'''"
        r'|"""(?:"{0,2}+(?:[^"\\]|\\[\s\S]))*+"""'
        # Two quotes are an empty string unless a third follows: then the long one did not end.
        r"|'(?:[^'\\\n\r]|\\[^\n\r])++'|''(?!')"
        r'|"(?:[^"\\\n\r]|\\[^\n\r])++"|""(?!")'
    ),
    Kind.IRI: r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>',
    Kind.BLANK: rf"_:[0-9_{_BASE}](?:\.*+[{_CHARS}]++)*+",
    Kind.NAME: (
        rf"(?:{_RUN})?:"
        rf"(?:(?:[0-9:_{_BASE}]|{_ESCAPED})(?:\.*+(?:[:{_CHARS}]|{_ESCAPED}))*+)?"
    ),
    Kind.VARIABLE: rf"[?$][0-9_{_BASE}][_{_BASE}{_JOINED}]*+",
    Kind.LANGUAGE: r"@[A-Za-z]++(?:--?[A-Za-z0-9]++)*+",
    Kind.NUMBER: r"(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?",
    Kind.WORD: r"[A-Za-z][A-Za-z0-9_]*+",
    Kind.SIGN: r"[]{}()\[;,.|^/*+!=<>?&~@-]",
    Kind.OTHER: r"[\s\S]",
}


def _compiled(terminals: Mapping[Kind, str]) -> re.Pattern[str]:
    groups = [(str(kind), text) for kind, text in terminals.items()]
    if Kind.NAME in terminals:
        groups.insert(list(terminals).index(Kind.NAME) + 1, ("run", _RUN))
    return re.compile("|".join(f"(?P<{name}>{text})" for name, text in groups))


_TOKEN = _compiled(_TERMINALS)
_IN_RUN = _compiled({kind: text for kind, text in _TERMINALS.items() if kind is not Kind.NAME})
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_OPERANDS = {
    Kind.STRING,
    Kind.IRI,
    Kind.NAME,
    Kind.BLANK,
    Kind.VARIABLE,
    Kind.LANGUAGE,
    Kind.NUMBER,
}
_HIERARCHICAL = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*+://")


@dataclass(frozen=True, slots=True)
class Token:
    """One terminal and where it begins in the query."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def is_word(self, word: str) -> bool:
        return self.kind is Kind.WORD and self.text.upper() == word


@dataclass(frozen=True, slots=True)
class Clause:
    """`SERVICE [SILENT] iri { … }`: what to ask, and the part of the text its answer replaces.

    `variables` are all names in the pattern, those an endpoint's answer may give values to.
    """

    start: int
    end: int
    silent: bool
    iri: str
    query: str
    variables: frozenset[str]


def tokens(query: str) -> Iterator[Token]:
    """The terminals of a text, spaces and comments included: joined, they are the text again."""
    for found in _TOKEN.finditer(query):
        if found.lastgroup != "run":
            yield _token(found)
        else:
            yield from map(_token, _IN_RUN.finditer(query, *found.span()))


def _token(found: re.Match[str]) -> Token:
    return Token(Kind(found.lastgroup or ""), found[0], found.start())


def find_clauses(query: str) -> list[Clause]:
    """The SERVICE clauses of a query in their order; none for a text that is not SPARQL.

    What it leaves out, the guard before the engine refuses. Raises QueryForbidden for a variable
    endpoint, a SERVICE inside another, and a `<` that hides either reading from the other;
    QuerySyntaxError for a prefix that nobody declared.
    """
    significant = []
    for token in tokens(query):
        if token.kind is Kind.OTHER:
            return []
        if token.kind not in (Kind.SPACE, Kind.COMMENT):
            significant.append(token)
    pairs = _pairs(significant)
    return [] if pairs is None else list(_Reading(query, significant, pairs).clauses())


@dataclass(frozen=True, slots=True)
class _Pairs:
    """For each opening bracket, by position, where it closes; for each token, what it stands in."""

    closing: Mapping[int, int]
    inside: Sequence[int | None]


def _pairs(significant: Sequence[Token]) -> _Pairs | None:
    """None when the brackets do not match."""
    closing: dict[int, int] = {}
    inside: list[int | None] = []
    opened: list[int] = []
    for position, token in enumerate(significant):
        sign = token.text if token.kind is Kind.SIGN else ""
        if sign in _CLOSING.values():
            if not opened or _CLOSING[significant[opened[-1]].text] != sign:
                return None
            closing[opened.pop()] = position
        inside.append(opened[-1] if opened else None)
        if sign in _CLOSING:
            opened.append(position)
    return None if opened else _Pairs(closing, inside)


_NOTHING = Token(Kind.SPACE, "", 0)


class _Reading:
    """A query in tokens, with its prologue read."""

    def __init__(self, query: str, significant: Sequence[Token], pairs: _Pairs) -> None:
        self._query = query
        self._tokens = significant
        self._pairs = pairs
        self._declared: dict[str, str] = {}
        self._prologue = query[: self._read_prologue()]

    def _read_prologue(self) -> int:
        """Keeps the declared prefixes; where the prologue ends (grammar rule 4)."""
        position = 0
        while length := self._declaration(position):
            position += length
        return self._tokens[position - 1].end if position else 0

    def _declaration(self, position: int) -> int:
        """How many tokens a declaration at this position has; 0 when there is none."""
        first, *rest = self._tokens[position : position + 3] or [_NOTHING]
        kinds = [token.kind for token in rest]
        if first.is_word("PREFIX") and kinds == [Kind.NAME, Kind.IRI]:
            self._declared[rest[0].text[:-1]] = rest[1].text[1:-1]
            return 3
        base = first.is_word("BASE") and kinds[:1] == [Kind.IRI]
        version = first.is_word("VERSION") and kinds[:1] == [Kind.STRING]
        return 2 if base or version else 0

    def clauses(self) -> Iterator[Clause]:
        after = 0
        for position, token in enumerate(self._tokens):
            self._refuse_ambiguity(position)
            if position < after or not token.is_word("SERVICE") or not self._in_group(position):
                continue
            silent = self._is(position + 1, "SILENT")
            named = position + (2 if silent else 1)
            opening = named + 1
            if opening >= len(self._tokens) or self._tokens[opening].text != "{":
                continue
            if self._tokens[named].kind not in (Kind.IRI, Kind.NAME, Kind.VARIABLE):
                continue
            after = self._pairs.closing[opening] + 1
            yield self._clause(position, silent, self._tokens[named], range(opening, after))

    def _is(self, position: int, word: str) -> bool:
        return position < len(self._tokens) and self._tokens[position].is_word(word)

    def _in_group(self, position: int) -> bool:
        """Directly in a group of patterns: where inline data may stand too, and mean the same.

        After the WHERE of a sub-select, which its own braces hold, VALUES is another thing.
        """
        opening = self._pairs.inside[position]
        if opening is None or self._tokens[opening].text != "{":
            return False
        return not self._is(opening + 1, "SELECT")

    def _clause(self, position: int, silent: bool, named: Token, pattern: range) -> Clause:
        if named.kind is Kind.VARIABLE:
            raise QueryForbidden(_VARIABLE, name=named.text)
        inside = [self._tokens[index] for index in pattern]
        if any(self._may_call(token) for token in inside):
            raise QueryForbidden(_NESTED)
        start, end = self._tokens[position].start, inside[-1].end
        query = f"{self._prologue_for(inside)}SELECT * WHERE {self._query[inside[0].start : end]}"
        variables = frozenset(token.text[1:] for token in inside if token.kind is Kind.VARIABLE)
        return Clause(start, end, silent, self._iri(named), query, variables)

    def _may_call(self, token: Token) -> bool:
        """SERVICE, or what a lenient parser reads as it: `trueSERVICE`, `SERVICE:x` undeclared."""
        if token.kind is Kind.NAME:
            prefix = token.text.partition(":")[0]
            return "SERVICE" in prefix.upper() and prefix not in self._declared
        return token.kind is Kind.WORD and "SERVICE" in token.text.upper()

    def _prologue_for(self, inside: Sequence[Token]) -> str:
        """The query's own prologue, after those of our prefixes that the pattern relies on."""
        used = {token.text.partition(":")[0] for token in inside if token.kind is Kind.NAME}
        known = sorted(used & PREFIXES.keys() - self._declared.keys())
        ours = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in known)
        return ours + (self._prologue + "\n" if self._prologue else "")

    def _iri(self, named: Token) -> str:
        if named.kind is not Kind.NAME:
            return named.text.strip("<>")
        prefix, _, local = named.text.partition(":")
        namespace = self._declared.get(prefix, PREFIXES.get(prefix))
        if namespace is None:
            raise QuerySyntaxError(_UNDECLARED, name=f"{prefix}:")
        return namespace + re.sub(r"\\(.)", r"\1", local)

    def _refuse_ambiguity(self, position: int) -> None:
        """After `(?a`, `<'b>` can be an IRI, or a comparison and the beginning of a string.

        The grammar takes the IRI, the engine may take the other. Only a quote or a `#` makes the
        difference go beyond the IRI, and `<x://` cannot be a comparison.
        """
        token = self._tokens[position]
        if token.kind is not Kind.IRI or not {"'", "#"} & set(token.text):
            return
        opening = self._pairs.inside[position]
        if opening is None or self._tokens[opening].text != "(" or _HIERARCHICAL.match(token.text):
            return
        if self._ends_operand(self._tokens[position - 1]):
            raise QueryForbidden(_AMBIGUOUS, text=token.text)

    @staticmethod
    def _ends_operand(token: Token) -> bool:
        return (
            token.kind in _OPERANDS
            or token.text in (")", "}")
            or token.is_word("TRUE")
            or token.is_word("FALSE")
        )
