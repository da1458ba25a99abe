"""Which sheet of a workbook is read: the one the mapping names, or the only one."""

from __future__ import annotations

from collections.abc import Sequence

from coopdec_graph.namespaces import matching_key
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.files import unreadable
from coopdec_graph.sources.tabular.workbook import damaged

__all__ = ["chosen_sheet"]


def chosen_sheet(names: Sequence[str], wanted: Sequence[str]) -> int:
    """The index of the sheet to read, names compared without case and accents.

    Raises PageUnreadable where there are several and none, or more than one, is wanted.
    """
    if not names:
        raise damaged("il n'a pas de feuille", "it has no sheet")
    keys = {matching_key(name) for name in wanted}
    found = [index for index, name in enumerate(names) if matching_key(name) in keys]
    if len(names) == 1:
        return 0
    if len(found) != 1:
        raise unreadable("table-sheet", sheets=scrub(", ".join(names)[:500]))
    return found[0]
