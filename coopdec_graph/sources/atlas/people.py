"""Keeps the people of a page out of the rest of it.

The blocks and tables of contacts are read by `contacts.py`. Two more ways lead a name into a
text that is kept, and both are closed here before anything is read: a contact that landed in
another section (a page cut short, two pages in one file), and the name of one of the page's
contacts repeated elsewhere in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from coopdec_graph.namespaces import matching_key
from coopdec_graph.privacy import EMAIL_MARK, scrub_mailboxes
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.contacts import announces_mailbox, is_mailbox
from coopdec_graph.sources.atlas.labels import Kind, match_label
from coopdec_graph.sources.atlas.layout import Page, Section
from coopdec_graph.sources.atlas.lines import Line, label_key
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.atlas.tables import COLUMNS, split_cells

__all__ = ["NAME_MARK", "without_people"]

NAME_MARK = "[nom retiré]"

_KEPT = (Kind.VALUE, Kind.LIST, Kind.PROSE, Kind.TABLE)
_PEOPLE_TABLES = {"foreign_contacts": 1, "volunteers": 0}  # the column of the last name
_MOST_NAMES = 150
_MOST_WORDS = 5
_MOST_ROW_WORDS = 25
_HEADER = re.compile(r"(?<!\w)nom\W+prénom\W+(?:fonction|mission|courriel)(?!\w)")
_SENTENCE = re.compile(r"[\d.:;|]")
_CAPITALS = r"[^\W\d_a-zà-öø-ÿ][^\W\d_a-zà-öø-ÿ'’-]+"
_FIRST = r"[^\W\d_a-zà-öø-ÿ][\w'’-]+"
# The Atlas prints last names in capitals: "First LAST" in blocks, "LAST First" in tables.
_WORDS = re.compile(r"[^\W\d_][\w '’.-]{1,60}")
_BLOCK_NAME = re.compile(rf"(?:{_FIRST} ){{1,3}}{_CAPITALS}(?: {_CAPITALS}){{0,2}}")
_ROW_NAME = re.compile(rf"(?<!\w)({_CAPITALS}(?: {_CAPITALS}){{0,2}}) ({_FIRST})(?!\w)")


def without_people(page: Page, ledger: Ledger) -> Page:
    """The page with stray contacts and repeated names taken out; both are noted."""
    names = _names_pattern(page)
    sections = tuple(_cleaned(section, names, ledger) for section in page.sections)
    return replace(page, sections=sections)


def _cleaned(section: Section, names: re.Pattern[str] | None, ledger: Ledger) -> Section:
    if section.label.kind not in _KEPT or section.label.field in _PEOPLE_TABLES:
        return section
    strays = _strays(section)
    for number in sorted(strays):
        ledger.refuse("stray-contact", [number], section.label.field)
    body = (
        replace(line, text="", cells=None) if line.number in strays else line
        for line in section.body
    )
    if names is None:
        return replace(section, body=tuple(body))
    cleaned = tuple(_without_names(line, names) for line in body)
    for before, after in zip(section.body, cleaned, strict=True):
        if NAME_MARK in after.text and NAME_MARK not in before.text:
            ledger.note("name-removed", after.number, section.label.field)
    return replace(section, body=cleaned)


def _strays(section: Section) -> set[int]:
    """The lines of contacts in a section that is not theirs, by number."""
    filled = section.filled()
    is_name = _is_block_name if section.label.kind is Kind.TABLE else _may_be_name
    return {*_stray_rows(filled), *_stray_blocks(filled, is_name)}


def _stray_blocks(lines: Sequence[Line], is_name: Callable[[Line], bool]) -> Iterator[int]:
    """A function, a name, `Courriel :` and an address, or what is left of them."""
    for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        if _is_address(line):
            yield line.number
            if before and is_name(before):
                yield before.number
        elif _is_function(line) and after and (is_name(after) or _is_address(after)):
            yield line.number
            yield after.number


def _stray_rows(lines: Sequence[Line]) -> Iterator[int]:
    """The rows of a people's table: below its caption or header, or with a name and an address."""
    inside = False
    for line in lines:
        label = match_label(line.text)
        if label is not None:
            inside = label.field in _PEOPLE_TABLES
        elif inside or _is_row_of_people(line):
            yield line.number
        elif line.cells is None and _HEADER.search(label_key(line.text)):
            inside = True
            yield line.number


def _is_row_of_people(line: Line) -> bool:
    if len(line.text.split()) > _MOST_ROW_WORDS or not is_mailbox(line):
        return False
    return any(pattern.search(line.text) for pattern in (_ROW_NAME, _BLOCK_NAME))


def _is_address(line: Line) -> bool:
    """`Courriel : …` or an address alone on its line, as in a block of contacts."""
    return (
        is_mailbox(line)
        and len(line.text.split()) <= _MOST_WORDS
        and line.cells is None
        and (announces_mailbox(line) or scrub_mailboxes(line.text) == EMAIL_MARK)
    )


def _may_be_name(line: Line) -> bool:
    """A short line that is neither a label nor a sentence."""
    short = len(line.text.split()) <= _MOST_WORDS and not _SENTENCE.search(line.text)
    return short and match_label(line.text) is None


def _is_block_name(line: Line) -> bool:
    """Among rows of a table a short line is a row: only capitals tell a name."""
    return line.cells is None and _BLOCK_NAME.fullmatch(line.text) is not None


def _is_function(line: Line) -> bool:
    return matching_key(line.text) in atlas_settings().contact_functions


def _names_pattern(page: Page) -> re.Pattern[str] | None:
    """What finds the names of the page's contacts, in either order of their words.

    A flattened row does not tell where the body's name ends: what the partners' table holds too
    is no person.
    """
    bodies = " ".join(
        line.text for s in page.sections if s.label.field == "foreign_partners" for line in s.body
    ).casefold()
    found = (name for section in page.sections for name in _names(section))
    names = list(dict.fromkeys(name for name in found if name.casefold() not in bodies))
    if not names:
        return None
    longest_first = sorted(names[:_MOST_NAMES], key=len, reverse=True)
    forms = "|".join(r"\s+".join(map(re.escape, name.split())) for name in longest_first)
    return re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


def _names(section: Section) -> Iterator[str]:
    if section.label.kind is Kind.POST:
        for line in section.filled():
            if _BLOCK_NAME.fullmatch(line.text):
                yield from _both_orders(line.text.split())
    elif section.label.field in _PEOPLE_TABLES:
        for line in section.filled():
            yield from _row_names(section.label.field, line)


def _row_names(field: str, line: Line) -> Iterator[str]:
    if match_label(line.text) is not None:
        return
    cells, column = split_cells(line), _PEOPLE_TABLES[field]
    if cells is not None and len(cells) >= len(COLUMNS[field]):
        last, first = cells[column], cells[column + 1]
        if _WORDS.fullmatch(last) and _WORDS.fullmatch(first) and matching_key(last) != "nom":
            yield from _both_orders([*last.split(), *first.split()])
        return
    for last, first in _ROW_NAME.findall(line.text):
        yield from _both_orders([*last.split(), first])


def _both_orders(words: Sequence[str]) -> Iterable[str]:
    turned = (*words[1:], words[0]), (words[-1], *words[:-1])
    return [" ".join(order) for order in (words, *turned)]


def _without_names(line: Line, names: re.Pattern[str]) -> Line:
    text = names.sub(NAME_MARK, line.text)
    if text == line.text:
        return line
    cells = line.cells and tuple(names.sub(NAME_MARK, cell) for cell in line.cells)
    return replace(line, text=text, cells=cells)
