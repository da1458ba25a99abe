"""Code lists of the standard, and which of its attributes take their codes from which list.

The lists that IATI calls non-embedded belong to every version; they are those of 2018, sectors and
channels of the DAC apart, which are later (docs/reference.md). A code that is not here may
therefore be newer than the list.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from coopdec_graph.errors import CoopdecError
from coopdec_graph.iati.versions import known
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.resources import reference_file

__all__ = [
    "Code",
    "CodedPath",
    "UnknownList",
    "codes",
    "entry",
    "is_complete",
    "list_names",
    "mapping",
    "name",
]

_UNKNOWN = Bilingual(
    "La version {version} du standard IATI n'a pas de liste « {name} », ou nous ne l'avons pas.",
    "Version {version} of the IATI standard has no list “{name}”, or we do not hold it.",
)


class UnknownList(CoopdecError):
    """A list that a version of the standard lacks, or of which we hold no copy."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a list. `status` is `active` or `withdrawn`; a name that IATI lacks is None.

    `category` is the code of the broader list that this one belongs to, if any.
    """

    code: str
    status: str
    category: str | None
    name_en: str | None
    name_fr: str | None


@dataclass(frozen=True, slots=True)
class CodedPath:
    """Where codes of a list stand: the XPath as IATI publishes it, from the root of a document.

    `condition` is an XPath predicate on the element that holds the code, or None.
    """

    path: str
    condition: str | None
    codelist: str


def list_names(version: str) -> tuple[str, ...]:
    """The lists that we hold of a version: none before 1.04. Raises UnknownVersion."""
    return tuple(sorted(_lists().get(known(version), {})))


def codes(version: str, codelist: str) -> Mapping[str, Code]:
    """The codes of a list in a version. Raises UnknownVersion or UnknownList."""
    found = _lists().get(known(version), {}).get(codelist)
    if found is None:
        raise UnknownList(_UNKNOWN, version=version, name=codelist)
    return found


def is_complete(codelist: str) -> bool:
    """False for a list beyond which the standard allows other values, or that we do not hold."""
    return codelist in _complete()


def mapping(version: str) -> tuple[CodedPath, ...]:
    """What is coded in a version, by path: nothing before 1.04. Raises UnknownVersion."""
    return _mappings().get(known(version), ())


def entry(codelist: str, code: str) -> Code | None:
    """A code as the latest version that has it holds it."""
    for version in sorted(_lists(), reverse=True):
        found = _lists()[version].get(codelist, {}).get(code)
        if found is not None:
            return found
    return None


def name(codelist: str, code: str, language: Language) -> str | None:
    """The name of a code; None when the code is unknown or IATI has no name in the language."""
    found = entry(codelist, code)
    if found is None:
        return None
    return found.name_fr if language == "fr" else found.name_en


@cache
def _lists() -> Mapping[str, Mapping[str, Mapping[str, Code]]]:
    """By version, list and code."""
    lists: dict[str, dict[str, dict[str, Code]]] = defaultdict(lambda: defaultdict(dict))
    for row in _rows("codelists.csv"):
        code = Code(
            row["code"],
            row["status"],
            row["category"] or None,
            row["name_en"] or None,
            row["name_fr"] or None,
        )
        for version in row["versions"].split():
            lists[version][row["list"]][code.code] = code
    return {version: dict(found) for version, found in lists.items()}


@cache
def _mappings() -> Mapping[str, tuple[CodedPath, ...]]:
    mappings: dict[str, list[CodedPath]] = defaultdict(list)
    for row in _rows("codelist_mapping.csv"):
        coded = CodedPath(row["path"], row["condition"] or None, row["list"])
        for version in row["versions"].split():
            mappings[version].append(coded)
    return {version: tuple(found) for version, found in mappings.items()}


@cache
def _complete() -> frozenset[str]:
    return frozenset(row["list"] for row in _rows("lists.csv") if row["complete"] == "yes")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with reference_file(f"iati/{name}").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
