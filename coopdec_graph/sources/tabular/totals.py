"""Lines of totals: rows that add up the others, and would be counted beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coopdec_graph.namespaces import matching_key
from coopdec_graph.sources.tabular.cells import Cell, is_filled, text_of
from coopdec_graph.sources.tabular.columns import Columns
from coopdec_graph.sources.tabular.mapping import TITLE, TableMapping, fields_of
from coopdec_graph.sources.tabular.mapping_keys import Field
from coopdec_graph.sources.tabular.settings import table_settings

__all__ = ["is_line_of_totals", "names_a_total"]

# What may follow a word without a space.
_MARKS = str.maketrans(":=()", "    ")


def is_line_of_totals(cells: Sequence[Cell], columns: Columns, mapping: TableMapping) -> bool:
    """Whether a row says that it is a total, and holds nothing but sums and shares besides.

    Of its identifier and titles one names a total, and the others do too or are figures. Columns
    that the mapping does not read are not looked at.
    """
    titles = [text.field for text in mapping.texts if text.kind == TITLE]
    names = _filled(cells, columns, mapping, (*mapping.identifier, *titles))
    said = [text_of(cells[column]) for column in names]
    if not any(map(names_a_total, said)):
        return False
    sums = [field for group in mapping.sums for field in fields_of(group)]
    shares = [group.percentage for group in mapping.allocations if group.percentage]
    amounts = _filled(cells, columns, mapping, (*sums, *shares))
    every = (field for group in mapping.groups() for field in group)
    return all(names_a_total(text) or _is_figures(text) for text in said) and (
        _filled(cells, columns, mapping, every) <= names | amounts
    )


def _filled(
    cells: Sequence[Cell], columns: Columns, mapping: TableMapping, fields: Iterable[Field]
) -> set[int]:
    """The columns of fields where a row says something."""
    found = {column for field in fields for _, column in columns.places.get(field.key, ())}
    nothing = mapping.values.nothing
    return {
        column
        for column in found
        if is_filled(cells[column]) and text_of(cells[column]).strip().casefold() not in nothing
    }


def names_a_total(text: str) -> bool:
    """Whether a text is a word for a total, alone or with words and figures that say no more."""
    settings = table_settings()
    said: list[str] = []
    for token in text.translate(_MARKS).split():
        words = matching_key(token).split()
        # Figures and signs stand alone: `Total 2021` is a total, `SUM-2021` somebody's number.
        if not all(word.isdigit() for word in words):
            said += words
    if len(said) > 1 and said[0] in settings.somme:
        return set(said[1:]) <= settings.totals | settings.beside_totals
    named = set(said)
    return named <= settings.totals | settings.beside_totals and bool(named & settings.totals)


def _is_figures(text: str) -> bool:
    """The number of a row: with signs in it, as in `2021-017`, it is that of a file."""
    return text.strip().isdecimal()
