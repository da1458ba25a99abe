"""What a check against the standard finds: which rule, how serious, where; texts in `rules.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from lxml import etree

from coopdec_graph.language import Bilingual, Language
from coopdec_graph.privacy import scrub

__all__ = [
    "ACTIVITY",
    "PERSONAL",
    "Finding",
    "Rule",
    "Severity",
    "at",
    "line_of",
    "path_of",
    "quoted",
    "rules",
]

_CATALOGUE = Path(__file__).with_name("rules.toml")
_QUOTED = 100
# Persons stand in this element: nothing of it is ever quoted.
PERSONAL = "contact-info"
ACTIVITY = "iati-activity"
_ROOT = "iati-activities"


class Severity(StrEnum):
    """ERROR breaks the standard; WARNING is a doubt; ADVICE is what the standard recommends."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue. What breaks one that `refuses` is not published."""

    id: str
    severity: Severity
    message: Bilingual
    refuses: bool = False


@cache
def rules() -> Mapping[str, Rule]:
    """The catalogue by identifier, read once."""
    entries = tomllib.loads(_CATALOGUE.read_text("utf-8"))
    return {
        id: Rule(
            id,
            Severity(entry["severity"]),
            Bilingual(entry["fr"], entry["en"]),
            entry.get("refuses", False),
        )
        for id, entry in entries.items()
    }


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not kept. `line` counts from 1, `path` leads to the place from the activity.

    `values` fill the marks of the rule's text.
    """

    rule: str
    line: int
    path: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.rule not in rules():
            raise KeyError(f"rule not in the catalogue: {self.rule}")

    @property
    def severity(self) -> Severity:
        return rules()[self.rule].severity

    @property
    def refuses(self) -> bool:
        return rules()[self.rule].refuses

    def message(self, language: Language) -> str:
        return rules()[self.rule].message.text(language, **self.values)


def path_of(element: etree._Element, attribute: str = "") -> str:
    """`transaction[2]/value[@currency]`: the way from the activity; numbered where there are several.

    The activity itself is `iati-activity`.
    """
    above = [element, *element.iterancestors()]
    if above[-1].tag == _ROOT:
        above.pop()
    path = "/".join(map(_step, reversed(above[:-1]))) or ACTIVITY
    return at(path, attribute) if attribute else path


def at(path: str, attribute: str) -> str:
    """The path of an attribute. A slash before the sign would make it an e-mail address."""
    return f"{path}[@{attribute}]"


def _step(element: etree._Element) -> str:
    above = element.getparent()
    return str(element.tag) if above is None else _steps(above)[element]


@lru_cache(maxsize=8)
def _steps(above: etree._Element) -> Mapping[etree._Element, str]:
    """The step to each child, numbered where there are several: all at once, for a step by itself
    would walk past all its siblings, and there may be tens of thousands."""
    children = list(above.iterchildren(etree.Element))
    alike, numbers = Counter(child.tag for child in children), Counter[str]()
    steps = {}
    for child in children:
        tag = str(child.tag)
        numbers[tag] += 1
        steps[child] = f"{tag}[{numbers[tag]}]" if alike[child.tag] > 1 else tag
    return steps


def line_of(element: etree._Element) -> int:
    """The line of a start tag in what was parsed; 0 of an element that came from no file."""
    return cast("int | None", element.sourceline) or 0


def quoted(text: str) -> str:
    """Somebody's text, fit to be quoted: short, without mailbox or telephone number."""
    kept = scrub(text)
    return kept if len(kept) <= _QUOTED else kept[: _QUOTED - 1] + "…"
