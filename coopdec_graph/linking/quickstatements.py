"""Twinnings as QuickStatements, version 1: lines for a person to look through and submit.

Qa  P190  Qb  P580  +2016-00-00T00:00:00Z/9  S854  "address"  S813  +2026-11-23T00:00:00Z/11

P190 twinned body, P580 start, S854 address of the reference, S813 day it was retrieved; cells are
set apart by tabs (Help:QuickStatements, "Command sequence syntax"). Nothing here submits anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from urllib.parse import quote

from coopdec_graph.linking.twinnings import Checked, Page, Record
from coopdec_graph.linking.twins import number_of

__all__ = ["QuickStatements", "quickstatements"]

# A bar ends a command, and "/*" may begin a comment: an address is written without them.
_HARMLESS = "%:/?#[]@!$&'()+,;=-._~"
_ADDRESS = re.compile(r"https?://[^/].*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class QuickStatements:
    """The lines; and the pairs that are left out because no page can be given as their reference."""

    lines: tuple[str, ...]
    unreferenced: int


def quickstatements(checked: Iterable[Checked]) -> QuickStatements:
    """A line for each statement that is proposed, once, in the order of the items' numbers.

    Wikidata's readers could not check a statement without a reference: it is not written.
    """
    found: dict[tuple[int, int, bool], list[Record]] = defaultdict(list)
    for one in checked:
        french, foreign = one.french.item, one.foreign.item
        for subject, _ in one.proposed:
            assert one.record is not None and french is not None and foreign is not None
            found[number_of(french), number_of(foreign), subject == foreign].append(one.record)
    lines, unreferenced = [], set()
    for (first, second, is_inverse), records in sorted(found.items(), key=itemgetter(0)):
        record = min(records, key=_worth)
        if not _reference(record.page):
            unreferenced.add((first, second))
            continue
        way = (second, first) if is_inverse else (first, second)
        lines.append(_line(*way, record))
    return QuickStatements(tuple(lines), len(unreferenced))


def _worth(record: Record) -> tuple[bool, int, str]:
    """Of several records of one twinning: with a page, then the oldest agreement, come first."""
    return not _reference(record.page), record.since or 9999, record.partnership


def _line(subject: int, value: int, record: Record) -> str:
    # The year the relation was first agreed on. A start year is that of the current project.
    since = [] if record.since is None else ["P580", f"+{record.since:04}-00-00T00:00:00Z/9"]
    return "\t".join((f"Q{subject}", "P190", f"Q{value}", *since, *_reference(record.page)))


def _reference(page: Page | None) -> list[str]:
    """The cells of a page; none for what has no address on the web."""
    if page is None or not _ADDRESS.fullmatch(page.address):
        return []
    day = [] if page.consulted is None else ["S813", f"+{page.consulted}T00:00:00Z/11"]
    return ["S854", f'"{_written(page.address)}"', *day]


def _written(address: str) -> str:
    """An address in the characters of RFC 3986: nothing in it ends a cell, a text or a line."""
    return quote(address, safe=_HARMLESS, errors="replace")
