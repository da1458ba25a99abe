"""Codes held against the standard's lists, where its mapping says that an attribute is coded.

Lists that belong to a version are fixed with it: a code that is not there breaks the version. The
others change from year to year and we hold a dated copy: a code that is not there is a doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from lxml import etree

from coopdec_graph.iati.codelists import codes, is_complete, mapping
from coopdec_graph.iati.findings import PERSONAL, Finding, line_of, path_of, quoted

__all__ = ["EMBEDDED", "check_codes"]

# The lists of IATI's repository IATI-Codelists, published with each version; the others are those
# of IATI-Codelists-NonEmbedded.
EMBEDDED = frozenset(
    {
        "ActivityDateType",
        "ActivityStatus",
        "AidTypeFlag",
        "BudgetStatus",
        "BudgetType",
        "DocumentCategory",
        "GazetteerAgency",
        "OrganisationRole",
        "RelatedActivityType",
        "TransactionType",
        "Vocabulary",
    }
)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_BELOW = "//iati-activity/"
_TEXT = "text()"
_UNQUOTED = "…"


class _Coded(NamedTuple):
    """What is coded in an element; the attribute is empty for its text."""

    attribute: str
    condition: etree.XPath | None
    codelist: str


def check_codes(activity: etree._Element, version: str) -> Iterator[Finding]:
    """What is not on its list, in order; nothing before 1.04, whose mappings we do not hold."""
    coded = _coded(version)
    if coded:
        yield from _checked(activity, "", coded, version)


def _checked(
    element: etree._Element, path: str, coded: Mapping[str, tuple[_Coded, ...]], version: str
) -> Iterator[Finding]:
    for wanted in coded.get(path, ()):
        yield from _found(element, wanted, version)
    language = element.get(_LANGUAGE)
    if language:
        yield from _judged(element, "xml:lang", language, "Language", version)
    for child in element.iterchildren(etree.Element):
        step = str(child.tag)
        if not step.startswith("{"):
            yield from _checked(child, f"{path}/{step}" if path else step, coded, version)


def _found(element: etree._Element, wanted: _Coded, version: str) -> Iterator[Finding]:
    code = element.get(wanted.attribute) if wanted.attribute else (element.text or "").strip()
    if code is None or (wanted.condition is not None and not wanted.condition(element)):
        return
    yield from _judged(element, wanted.attribute, code, wanted.codelist, version)


def _judged(
    element: etree._Element, attribute: str, code: str, codelist: str, version: str
) -> Iterator[Finding]:
    # A language has subtags (BCP 47); the list has the first part, ISO 639-1.
    main = code.partition("-")[0].lower() if codelist == "Language" else code
    known = codes(version, codelist).get(main)
    if known is not None and known.status != "withdrawn":
        return
    if known is not None:
        rule = "code-withdrawn"
    elif codelist in EMBEDDED:
        rule = "code-not-in-version"
    else:
        rule = "code-unknown" if is_complete(codelist) else "code-beyond-list"
    path = path_of(element, attribute)
    shown = _UNQUOTED if PERSONAL in path else quoted(code)
    values = {"code": shown, "list": codelist, "version": version}
    yield Finding(rule, line_of(element), path, values)


@cache
def _coded(version: str) -> Mapping[str, tuple[_Coded, ...]]:
    """What is coded, by the path of its element from the activity (`transaction/value`)."""
    coded: dict[str, list[_Coded]] = defaultdict(list)
    for entry in mapping(version):
        if not entry.path.startswith(_BELOW):
            continue  # the root's version, any language, and organisations: read elsewhere
        path, _, last = entry.path.removeprefix(_BELOW).rpartition("/")
        condition = etree.XPath(f"boolean({entry.condition})") if entry.condition else None
        attribute = "" if last == _TEXT else last.removeprefix("@")
        coded[path].append(_Coded(attribute, condition, entry.codelist))
    return {path: tuple(found) for path, found in coded.items()}
