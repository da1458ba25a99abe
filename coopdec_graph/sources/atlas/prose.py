"""Long texts: kept paragraph by paragraph, mailboxes and telephone numbers removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from coopdec_graph.privacy import scrub
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.labels import match_label
from coopdec_graph.sources.atlas.layout import Section
from coopdec_graph.sources.atlas.lines import Line, label_key

__all__ = ["read_prose"]

# Sub-headings that the form prints inside "Objectif du partenariat".
_SUBHEADINGS = {
    "objectifs locaux :": "local_objective",
    "objectifs en france :": "objective_in_france",
}


def read_prose(section: Section, ledger: Ledger) -> dict[str, str]:
    """The text of a prose section by field; the objectives come apart under their sub-headings."""
    field = section.label.field
    ledger.use(section.head.number, field)
    texts: dict[str, str] = {}
    for name, lines in _parts(field, section.body, ledger):
        text = _text(name, lines, ledger)
        if text:
            texts[name] = text
    return texts


def _parts(
    field: str, lines: Iterable[Line], ledger: Ledger
) -> Iterator[tuple[str, Sequence[Line]]]:
    name, part, seen = field, list[Line](), {field}
    for line in lines:
        subheading = _SUBHEADINGS.get(label_key(line.text)) if field == "objective" else None
        if subheading is None or subheading in seen:
            part.append(line)
            continue
        yield name, part
        ledger.use(line.number, subheading)
        name, part = subheading, []
        seen.add(subheading)
    yield name, part


def _text(field: str, lines: Sequence[Line], ledger: Ledger) -> str:
    kept = [_scrubbed(field, line, ledger) for line in lines]
    return "\n".join(kept).strip("\n")


def _scrubbed(field: str, line: Line, ledger: Ledger) -> str:
    if line.blank:
        return ""
    ledger.use(line.number, field)
    if match_label(line.text) is not None:
        ledger.note("label-in-text", line.number, field)
    text = scrub(line.text)
    if text != line.text:
        ledger.note("personal-data-removed", line.number, field)
    return text
