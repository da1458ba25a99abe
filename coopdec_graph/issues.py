"""What a reader or rule doubted or refused, as data: code, page, line, field, printed value.

The texts live in `issues.toml`, in French and English; a code that is not there cannot be used.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from coopdec_graph.language import Bilingual, Language

__all__ = ["Issue", "IssueKind", "Level", "issue_kinds"]

_CATALOGUE = Path(__file__).with_name("issues.toml")


class Level(StrEnum):
    """ERROR keeps the record out; WARNING and INFO are published beside it."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class IssueKind:
    """One entry of the catalogue: what is wrong, and what to do about it."""

    code: str
    level: Level
    message: Bilingual
    advice: Bilingual


@cache
def issue_kinds() -> Mapping[str, IssueKind]:
    """The catalogue by code, read once."""
    entries = tomllib.loads(_CATALOGUE.read_text("utf-8"))
    return {code: _kind(code, entry) for code, entry in entries.items()}


def _kind(code: str, entry: Mapping[str, str]) -> IssueKind:
    return IssueKind(
        code,
        Level(entry["level"]),
        Bilingual(entry["fr"], entry["en"]),
        Bilingual(entry["do_fr"], entry["do_en"]),
    )


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to look at. `line` counts from 1; `last_line` closes a run of lines.

    `value` is the source's text as printed, mailboxes removed. It stays empty where the text
    could be a person's name.
    """

    code: str
    page: str
    line: int | None = None
    last_line: int | None = None
    field: str | None = None
    value: str | None = None
    details: Mapping[str, str | int] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in issue_kinds():
            raise KeyError(f"issue code not in the catalogue: {self.code}")

    @property
    def kind(self) -> IssueKind:
        return issue_kinds()[self.code]

    @property
    def level(self) -> Level:
        return self.kind.level

    def message(self, language: Language) -> str:
        """What is wrong and what to do, in one language."""
        values = {"value": self.value or "", "label": self.field or "", **self.details}
        kind = self.kind
        return f"{kind.message.text(language, **values)} {kind.advice.text(language, **values)}"

    def where(self) -> str:
        """Page and lines, as `page:12` or `page:12-15`."""
        if self.line is None:
            return self.page
        end = f"-{self.last_line}" if self.last_line and self.last_line != self.line else ""
        return f"{self.page}:{self.line}{end}"

    def to_dict(self) -> dict[str, object]:
        """The issue for machines: stable keys, absent facts left out."""
        facts: dict[str, object] = {
            "code": self.code,
            "level": str(self.level),
            "page": self.page,
            "line": self.line,
            "last_line": self.last_line,
            "field": self.field,
            "value": self.value,
        }
        present = {name: value for name, value in facts.items() if value is not None}
        return {**present, "message": {"fr": self.message("fr"), "en": self.message("en")}}
