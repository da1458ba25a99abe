"""The tokens of a query text, to point at one of them: never to decide what a query may do.

Follows SPARQL 1.1 Query Language, 19.8. Two places need the grammar to be cut right (`<` after a
term may compare or open an IRI): there a guess is made. It decides where a caret stands, no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Token", "tokens"]

# Possessive throughout: no text makes it backtrack.
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*+)
    | (?P<string>
        (?: \"\"\"(?:[^"\\]|\\.|"(?!""))*+\"\"\" | '''(?:[^'\\]|\\.|'(?!''))*+'''
          | "(?:[^"\\\n\r]|\\.)*+" | '(?:[^'\\\n\r]|\\.)*+' )
        (?:@[A-Za-z0-9-]++)?+ )
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*+>)
    | (?P<variable>[?$]\w++)
    | (?P<blank>_:[\w.\-]*[\w\-])
    | (?P<name>(?:[^\W\d_][\w.\-]{0,99}+)?+:(?:(?:[\w:%\-]|\\.|\.(?=[\w:%\\\-]))*+))
    | (?P<number>(?:\d++(?:\.\d++)?+|\.\d++)(?:[eE][+-]?+\d++)?+)
    | (?P<word>@?[^\W\d][\w]*+)
    | (?P<sign>\^\^|&&|\|\||!=|<=|>=|<<\(|\)>>|<<|>>|\{\||\|\}|[^\ \t\r\n])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is the name of a group above; `start` and `end` count characters from 0."""

    kind: str
    text: str
    start: int
    end: int


def tokens(query: str) -> Iterator[Token]:
    """The tokens in their order, comments left out; what is no token is a sign of one character."""
    for found in _TOKEN.finditer(query):
        if found.lastgroup != "comment":
            assert found.lastgroup is not None
            yield Token(found.lastgroup, found.group(), found.start(), found.end())
