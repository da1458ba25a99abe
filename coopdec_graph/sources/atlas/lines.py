"""A page as numbered lines, whatever file it came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Line", "label_key", "text_lines"]

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as a reader sees it, counted from 1. `cells` are known for a row of a table.

    `inline` marks a text that only begins a line of the page, as `<b>Titre</b> : …`.
    """

    number: int
    text: str
    cells: tuple[str, ...] | None = None
    inline: bool = False

    @property
    def blank(self) -> bool:
        return not self.text


def text_lines(text: str) -> tuple[Line, ...]:
    """The lines of a text capture. CR, LF and CRLF each end a line; nothing else does.

    A no-break space alone counts as blank: the Atlas prints such lines as spacers. Tabs, which
    browsers put between the cells of a copied table, and pipes are left to the table reader.
    """
    rows = re.split(r"\r\n|\r|\n", text)
    return tuple(Line(number, row.strip()) for number, row in enumerate(rows, start=1))


def label_key(text: str) -> str:
    """A line as it is compared with a label: NFC, straight apostrophes, single spaces, no case.

    The ligature of "œuvre" counts as two letters: many keyboards and encodings lack it.
    """
    straight = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u2018", "'")
    return _SPACES.sub(" ", straight).strip().casefold().replace("œ", "oe")
