"""Which list each attribute or element of the standard takes its codes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from scripts.reference_data.tables import Row

__all__ = ["HEADER", "read", "union"]

HEADER = ["path", "condition", "list", "versions"]


def read(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Path, condition on the element that holds the code, and list, in the order of the file."""
    for mapping in etree.fromstring(content).iter("mapping"):
        codelist = mapping.find("codelist")
        if codelist is not None:
            condition = (mapping.findtext("condition") or "").strip()
            yield (mapping.findtext("path") or "").strip(), condition, codelist.get("ref", "")


def union(editions: Mapping[str, Sequence[tuple[str, str, str]]]) -> list[Row]:
    """One row for all the versions in which a mapping is the same."""
    rows: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for version, mappings in editions.items():
        for mapping in mappings:
            rows[mapping].append(version)
    return [(*mapping, " ".join(versions)) for mapping, versions in rows.items()]
