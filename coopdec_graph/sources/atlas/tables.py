"""Rows of a table section, found by its header row, whether the cells are known or flattened.

A text capture flattens a table: cells are joined by spaces and empty ones vanish. A capture with
pipes or tabs, and a saved HTML page, keep the cells. Rows come out with their cells when known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopdec_graph.namespaces import matching_key
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.labels import match_label
from coopdec_graph.sources.atlas.layout import Section
from coopdec_graph.sources.atlas.lines import Line, label_key
from coopdec_graph.sources.atlas.settings import atlas_settings

__all__ = ["COLUMNS", "Row", "rows", "split_cells"]

_LEVY = "Montant 1% Eau (Loi Oudin 2005)"

# Header rows by field, verbatim. A column named "" is the icon column, whose header is blank.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "secondary_themes": (
        "Thématique éligible",
        "Sous-thématique",
        "Sous-sous-thématique",
        "Priorité",
    ),
    "foreign_partners": ("Nom de la collectivité étrangère", "Pays"),
    "foreign_contacts": (
        "Nom de la collectivité étrangère",
        "Nom",
        "Prénom",
        "Fonction",
        "Courriel",
    ),
    "french_partners": ("Nom de la collectivité territoriale",),
    "funding": ("Nom du financeur", "Montant en euros", _LEVY, _LEVY, _LEVY, "Année"),
    "volunteers": ("Nom", "Prénom", "Mission", "Champs d'action", "Entité d'affectation"),
}

_PERSONAL_COLUMNS = ("prénom", "courriel")
# Runs of spaces, but not a no-break space that sets three digits of a number apart.
_SPACES = re.compile(r"(?:(?!(?<=[0-9])[\u00a0\u202f\u2009][0-9]{3}(?![0-9]))\s)+")
_RULE = re.compile(r"(?=.{0,200}---)[\s|:-]+")
_PAGER = re.compile(
    r"(?:<< ?)?(?:< ?)?(?:pagination\.page\.precedent|précédent)?(?P<pages>(?:(?:^| )\d{1,2}(?!\d))*)"
    r" ?(?:pagination\.page\.suivant|suivant)?(?: ?>)?(?: ?>>)?"
)
_LONGEST_NOISE = 500  # characters, of a pager with all its pages


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data. `cells` has one text per column of COLUMNS, or is None when flattened."""

    line: int
    text: str
    cells: tuple[str, ...] | None


def rows(section: Section, ledger: Ledger) -> tuple[Row, ...]:
    """The data rows of a table section; every other line is settled in the ledger.

    A row that holds a mailbox, lines under a header we do not know, and lines after a second
    header or a label that is out of place are refused without their text being repeated.
    """
    ledger.ignore(section.head.number, "table-caption")
    return tuple(_data_rows(section, _table_lines(section, ledger), ledger))


def _table_lines(section: Section, ledger: Ledger) -> list[Line]:
    """The lines of the section that are neither caption, rule, pager nor empty-table message."""
    kept: list[Line] = []
    for line in section.filled():
        rule = _noise_rule(section, line)
        if rule is None:
            kept.append(line)
        else:
            ledger.ignore(line.number, rule)
            _note_further_pages(section, line, rule, ledger)
    return kept


def _noise_rule(section: Section, line: Line) -> str | None:
    label = match_label(line.text)
    if label is not None and label.field == section.label.field:
        return "repeated-caption"
    if line.cells is not None or len(line.text) > _LONGEST_NOISE:
        return None
    if _RULE.fullmatch(line.text):
        return "table-rule"
    if matching_key(line.text) in atlas_settings().empty_table:
        return "empty-table-message"
    return "pager" if _PAGER.fullmatch(label_key(line.text)) else None


def _note_further_pages(section: Section, line: Line, rule: str, ledger: Ledger) -> None:
    pages = _PAGER.fullmatch(label_key(line.text)) if rule == "pager" else None
    if pages is not None and len(pages["pages"].split()) > 1:
        ledger.note("further-pages", line.number, section.label.field)


def _data_rows(section: Section, lines: Sequence[Line], ledger: Ledger) -> Iterator[Row]:
    if not lines:
        return
    columns = COLUMNS[section.label.field]
    header = lines[0]
    order = _column_order(header, columns)
    if order is None:
        ledger.refuse("unknown-header", (line.number for line in lines), section.label.field)
        return
    ledger.ignore(header.number, "table-header")
    yield from _rows_below(section, order, columns, lines[1:], ledger)


def _rows_below(
    section: Section,
    order: tuple[int | None, ...],
    columns: tuple[str, ...],
    lines: Sequence[Line],
    ledger: Ledger,
) -> Iterator[Row]:
    field = section.label.field
    for index, line in enumerate(lines):
        code = _stranger(line, columns)
        if code is not None:
            ledger.refuse(code, (rest.number for rest in lines[index:]), field)
            return
        if _is_personal(line, field):
            ledger.refuse("mailbox-in-row", [line.number], field)
            continue
        yield Row(line.number, _without_icons(line.text), _cells(line, order, len(columns)))


def _stranger(line: Line, columns: tuple[str, ...]) -> str | None:
    """Why a line cannot belong to this table, as an issue code."""
    if _column_order(line, columns) is not None:
        return "repeated-section"
    if match_label(line.text) is not None:
        return "misplaced-label"
    words = label_key(line.text).replace("|", " ").split()
    return "unknown-header" if any(name in words for name in _PERSONAL_COLUMNS) else None


def _is_personal(line: Line, field: str) -> bool:
    personal_table = field in ("foreign_contacts", "volunteers")
    return not personal_table and any(True for _ in find_mailboxes(line.text))


def split_cells(line: Line) -> tuple[str, ...] | None:
    """The cells of a line, from HTML, pipes or tabs; None for flattened text."""
    if line.cells is not None:
        return tuple(_without_icons(cell) for cell in line.cells)
    for mark in ("|", "\t"):
        if mark in line.text:
            inner = line.text.removeprefix(mark) if mark == "|" else line.text
            return tuple(_without_icons(cell) for cell in inner.split(mark))
    return None


def _column_order(line: Line, columns: tuple[str, ...]) -> tuple[int | None, ...] | None:
    """For each cell of a header row its place in `columns`; None when it is not that header.

    A flattened header must hold the names in order, all of them; it gives an empty order.
    """
    cells = split_cells(line)
    if cells is None or len([cell for cell in cells if cell]) < len(columns):
        flat = " ".join(columns)
        return () if label_key(line.text).replace("|", " ") == label_key(flat) else None
    order = _places([label_key(cell) for cell in cells], [label_key(name) for name in columns])
    return order if sum(place is not None for place in order) == len(columns) else None


def _places(cells: Sequence[str], names: Sequence[str]) -> tuple[int | None, ...]:
    """Each cell's column; three columns of one name are taken from left to right."""
    free = list(range(len(names)))
    places: list[int | None] = []
    for cell in cells:
        place = next((index for index in free if names[index] == cell), None)
        if place is not None:
            free.remove(place)
        elif cell:
            return ()
        places.append(place)
    return tuple(places)


def _cells(line: Line, order: tuple[int | None, ...], width: int) -> tuple[str, ...] | None:
    """The cells of a row in the order of COLUMNS. A row with too many cells counts as flattened."""
    cells = split_cells(line)
    if cells is None or not order or any(cells[len(order) :]):
        return None
    by_column = [""] * width
    for cell, place in zip(cells, order, strict=False):
        if place is not None:
            by_column[place] = cell
        elif cell:
            return None
    return tuple(by_column)


def _without_icons(text: str) -> str:
    """The text of a row or cell: no icon key, single spaces, no-break ones only inside numbers."""
    for key in atlas_settings().icon_keys:
        text = text.replace(key, " ")
    return _SPACES.sub(" ", text).strip(" |")
