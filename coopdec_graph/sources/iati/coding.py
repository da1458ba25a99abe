"""Codes of the standard's lists, and what they say of an activity or a sum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from coopdec_graph.countries import countries
from coopdec_graph.model import Allocation, AllocationKind, Classification, Code
from coopdec_graph.namespaces import SCHEME, SDG
from coopdec_graph.sources.iati.dialects import Dialect
from coopdec_graph.sources.iati.nodes import Node
from coopdec_graph.sources.iati.values import share, texts
from coopdec_graph.vocabulary import concepts_of_others

__all__ = ["allocations", "classification", "code", "coded", "mirror_of"]

COUNTRY, DAC, SDG_LIST = "country", "dac", "sdg"

# Lists whose mirror is not named after them.
_MIRRORS = {"Sector": DAC, "SectorCategory": DAC, "Country": COUNTRY}
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# By the element's vocabulary: the list that its codes are of, where we may hold a mirror of it.
_LISTS = {
    "sector": {"1": "Sector", "2": "SectorCategory", "7": SDG_LIST, "8": SDG_LIST},
    "recipient-region": {"1": "Region"},
    "policy-marker": {"1": "PolicyMarker"},
    "tag": {"2": SDG_LIST, "3": SDG_LIST},
    "aid-type": {"1": "AidType"},
    "default-aid-type": {"1": "AidType"},
}
# "If omitted", the texts of the schema say, a code is the DAC's: vocabulary 1 of each list.
_DEFAULT_VOCABULARY = "1"
_VOCABULARY_LISTS = {"sector": "SectorVocabulary", "policy-marker": "PolicyMarkerVocabulary"}
_KINDS = {
    "sector": AllocationKind.SECTOR,
    "recipient-country": AllocationKind.RECIPIENT_COUNTRY,
    "recipient-region": AllocationKind.RECIPIENT_REGION,
    "policy-marker": AllocationKind.POLICY_MARKER,
    "tag": AllocationKind.TAG,
    "humanitarian-scope": AllocationKind.HUMANITARIAN_SCOPE,
}


@cache
def mirror_of(codelist: str) -> str:
    """The name of our mirror of a list: `OrganisationType` gives `iati-organisation-type`."""
    if codelist == SDG_LIST:
        return SDG_LIST
    return _MIRRORS.get(codelist) or "iati-" + _WORDS.sub("-", codelist).lower()


def coded(value: str, codelist: str) -> Code:
    """A code of a list; without a list where our mirror does not have it."""
    mirror = mirror_of(codelist)
    return Code(value, mirror if _is_held(mirror, value) else None)


def _is_held(mirror: str, value: str) -> bool:
    if mirror == COUNTRY:
        return value in _countries()
    scheme = SDG if mirror == SDG_LIST else SCHEME[mirror]
    return f"{scheme}/{value}" in concepts_of_others()


@cache
def _countries() -> frozenset[str]:
    return frozenset(country.alpha2 for country in countries())


def code(
    node: Node, codelist: str, name: str = "code", dialect: Dialect | None = None
) -> Code | None:
    """The code that an attribute gives, as version 2 writes it; one without equivalent as printed."""
    printed = node.identifier(name)
    if printed is None:
        return None
    translated = dialect.translated(codelist, printed) if dialect else printed
    if translated is None:
        node.note_attribute(name, "iati-code-without-equivalent", printed)
        return Code(printed)
    return coded(translated, codelist)


def classification(
    node: Node | None, kind: Classification, codelist: str
) -> Iterator[tuple[Classification, Code]]:
    """What kind of aid an element says; nothing where it is not there."""
    if node is None:
        return
    found = code(node, codelist)
    if found is not None:
        vocabulary = node.identifier("vocabulary") or _DEFAULT_VOCABULARY
        if vocabulary != _DEFAULT_VOCABULARY:
            found = Code(found.value, None, vocabulary)
        yield kind, Code(found.value, found.list, found.vocabulary, labels=texts(node))


def allocations(node: Node, dialect: Dialect, *names: str) -> tuple[Allocation, ...]:
    """What an activity or a sum goes to, in the order of the file."""
    found: list[Allocation] = []
    for element in node.children(*names):
        target = _target(element, dialect)
        percentage = share(element, "percentage")
        significance = code(element, "PolicySignificance", "significance")
        kind = code(element, "HumanitarianScopeType", "type")
        if target is not None:
            rank = len(found) + 1
            found.append(
                Allocation(_KINDS[element.name], rank, target, percentage, significance, kind)
            )
    return tuple(found)


def _target(element: Node, dialect: Dialect) -> Code | None:
    labels, vocabulary = texts(element), _vocabulary(element, dialect)
    uri = element.identifier("vocabulary-uri")
    value = element.identifier("code")
    if value is None:
        # Version 1 does not require it: the words alone are of no list.
        element.refuse("iati-code-missing", labels[0].value if labels else None)
        return None
    return Code(value, _listed(element.name, value, vocabulary), vocabulary, uri, labels)


def _vocabulary(element: Node, dialect: Dialect) -> str | None:
    if element.name == "recipient-country":
        return None
    printed = element.identifier("vocabulary")
    if printed is None:
        return None if element.name == "humanitarian-scope" else _DEFAULT_VOCABULARY
    codelist = _VOCABULARY_LISTS.get(element.name)
    translated = dialect.translated(codelist, printed) if codelist else printed
    if translated is None:
        element.note_attribute("vocabulary", "iati-code-without-equivalent", printed)
    return translated or printed


def _listed(name: str, value: str, vocabulary: str | None) -> str | None:
    """Our mirror of the list that a code is of, if the mirror has it."""
    codelist = (
        "Country" if name == "recipient-country" else _LISTS.get(name, {}).get(vocabulary or "")
    )
    return coded(value, codelist).list if codelist else None
