"""The place where a query stops to parse, as the rules for hints look at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coopdec_graph.graph.sparql_tokens import Token
from coopdec_graph.language import Bilingual

__all__ = ["CLOSING", "Fault", "Rule", "filled", "open_brackets"]

CLOSING = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Fault:
    """`token` is the one at fault, None at the end of the query; `meaning` is the engine's word
    where it has one."""

    query: str
    offset: int
    token: Token | None
    tokens: Sequence[Token] = ()
    number: int = 0
    meaning: str | None = None

    def before(self, count: int = 1) -> str:
        """The text of a token before the fault, in capitals; empty where there is none."""
        place = self.number - count
        return self.tokens[place].text.upper() if 0 <= place < len(self.tokens) else ""

    def after(self) -> str:
        place = self.number + 1
        return self.tokens[place].text if place < len(self.tokens) else ""

    @property
    def text(self) -> str:
        return "" if self.token is None else self.token.text

    @property
    def kind(self) -> str:
        return "end" if self.token is None else self.token.kind


Rule = Callable[[Fault], Bilingual | None]


def filled(fr: str, en: str, **values: str) -> Bilingual:
    text = Bilingual(fr, en)
    return Bilingual(text.text("fr", **values), text.text("en", **values))


def open_brackets(fault: Fault) -> list[Token]:
    opened: list[Token] = []
    for token in fault.tokens[: fault.number]:
        if token.text in CLOSING:
            opened.append(token)
        elif opened and token.text == CLOSING[opened[-1].text]:
            opened.pop()
    return opened
