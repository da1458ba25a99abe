"""One row of a table, from cells to a reading: what the mapping says, and nothing beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date

from coopdec_graph.language import Bilingual
from coopdec_graph.model import (
    Activity,
    ActivityDate,
    Agent,
    AgentKind,
    Narrative,
    OtherIdentifier,
    SourcePage,
    Text,
)
from coopdec_graph.privacy import holds_contact, scrub
from coopdec_graph.sources.accounting import Ledger, LineState
from coopdec_graph.sources.base import Document, ExplainedLine, Reading
from coopdec_graph.sources.files import shown_name
from coopdec_graph.sources.record import record_of
from coopdec_graph.sources.sidecar import is_address
from coopdec_graph.sources.tabular.cells import is_filled, text_of
from coopdec_graph.sources.tabular.documents import RefusedTable, RowDocument, refusal
from coopdec_graph.sources.tabular.mapping import TITLE, TableMapping
from coopdec_graph.sources.tabular.mapping_keys import Field
from coopdec_graph.sources.tabular.parties import read_parties
from coopdec_graph.sources.tabular.row import RowCells
from coopdec_graph.sources.tabular.sums import read_sums
from coopdec_graph.sources.tabular.targets import read_allocations, read_places
from coopdec_graph.sources.tabular.totals import is_line_of_totals
from coopdec_graph.sources.tabular.values import is_garbled
from coopdec_graph.vocabulary import Concept, thesaurus

__all__ = ["CELLS", "read_document"]

CELLS = Bilingual("cellules remplies", "filled cells")
_STATUS = "status"


def read_document(document: Document, mapping: TableMapping) -> Reading:
    """The reading of one row, or of a file that is refused."""
    name = shown_name(document)
    if isinstance(document, RefusedTable):
        return Reading(name, None, {}, (*document.notes, refusal(document)), unit=CELLS)
    assert isinstance(document, RowDocument)
    return _RowReader(document.with_cells(), mapping, name).reading()


class _RowReader:
    def __init__(self, document: RowDocument, mapping: TableMapping, name: str) -> None:
        self._document, self._mapping, self._name = document, mapping, name
        self._columns = document.columns
        self._ledger = Ledger(name)
        self._row = RowCells(document.cells, self._columns, mapping.values, self._ledger)
        self._filled = [n for n, cell in enumerate(document.cells) if is_filled(cell)]

    def reading(self) -> Reading:
        refused = self._fault()
        if refused is None:
            self._leave_columns()
        activity = self._activity() if refused is None else None
        if activity is None:
            self._refuse(refused or "table-row-unidentified")
        issues = (*self._document.notes, *self._ledger.issues())
        explained = tuple(self._explained())
        return Reading(self._name, activity, record_of(activity), issues, explained, CELLS)

    def _fault(self) -> str | None:
        """Why the cells of the row cannot be what their columns say."""
        header = len(self._columns.header)
        if len(self._document.cells) != header and (
            len(self._document.cells) < header or any(n >= header for n in self._filled)
        ):
            return "table-row-ragged"
        told = (n for n in self._filled if n in self._columns.used)
        garbled = any(is_garbled(text_of(self._document.cells[n])) for n in told)
        if garbled:
            return "table-row-garbled"
        totals = is_line_of_totals(self._document.cells, self._columns, self._mapping)
        return "table-row-total" if totals else None

    def _refuse(self, code: str) -> None:
        for column in self._filled:
            self._ledger.leave(column + 1, code)
        cells, columns = len(self._document.cells), len(self._columns.header)
        self._ledger.note(code, cells=cells, columns=columns)

    def _leave_columns(self) -> None:
        """What becomes of the cells that no field of the mapping asks for."""
        for column in self._filled:
            if column in self._columns.personal:
                self._ledger.ignore(column + 1, "column-personal")
            elif column in self._columns.ignored:
                self._ledger.ignore(column + 1, "column-ignored")
            elif column in self._columns.unknown:
                self._ledger.leave(column + 1, "table-column-unknown")

    def _activity(self) -> Activity | None:
        mapping, row = self._mapping, self._row
        identifier, titles = self._identifier(), self._texts(TITLE)
        if identifier is None and not titles:
            return None
        if not titles and any(text.kind == TITLE for text in mapping.texts):
            self._ledger.note("table-title-missing")
        parties = read_parties(row, mapping.parties)
        prose = {kind: self._texts(kind) for kind in Narrative}
        return Activity(
            mapping.metadata.programme,
            self._source(identifier),
            titles=titles,
            start_year=row.year(*self._one(mapping.start_year)),
            declared_status=self._status(),
            participations=parties.participations,
            narratives={kind: texts for kind, texts in prose.items() if texts},
            dates=dict(self._days()),
            allocations=read_allocations(row, mapping.allocations),
            items=read_sums(row, mapping.sums, parties),
            locations=read_places(row, mapping.places),
            other_identifiers=tuple(self._other_identifiers()),
        )

    def _one(self, field: Field | None) -> tuple[Field | None, int | None]:
        """The first column that is filled of a field that has one value; further ones are noted."""
        if field is None:
            return None, None
        numbers = self._row.columns.numbers([field])
        filled = [n for n in numbers if self._row.column(field, n) is not None]
        for number in filled[1:]:
            self._row.note("table-several-values", field, self._row.printed(field, number), number)
        return field, filled[0] if filled else numbers[0]

    def _identifier(self) -> str | None:
        """The activity's own identifier: the values of its columns, all of them or none."""
        said = [self._row.printed(*self._one(field)) for field in self._mapping.identifier]
        found = [value for value in said if value is not None]
        if not said or len(found) != len(said):
            return None
        whole = " / ".join(found)
        if holds_contact(whole):
            self._row.note("table-value-personal", self._mapping.identifier[0])
            return None
        return whole

    def _texts(self, kind: str) -> tuple[Text, ...]:
        found: list[Text | None] = []
        for text in self._mapping.texts:
            if text.kind == kind:
                numbers = self._row.columns.numbers([text.field])
                found += [self._row.text(text.field, number) for number in numbers]
        return tuple(dict.fromkeys(text for text in found if text is not None))

    def _days(self) -> Iterator[tuple[ActivityDate, date]]:
        for kind, field in self._mapping.days:
            day = self._row.day(*self._one(field))
            if day is not None:
                yield kind, day

    def _status(self) -> Concept | None:
        field, number = self._one(self._mapping.status)
        printed = self._row.word(field, number)
        if printed is None or field is None:
            return None
        label = scrub(self._row.translated(printed, field))
        status = thesaurus().find(_STATUS, label)
        if not status.known:
            self._row.note("label-unknown", field, printed, number)
        return status

    def _other_identifiers(self) -> Iterator[OtherIdentifier]:
        for field in self._mapping.identifiers:
            for number in self._row.columns.numbers([field]):
                yield from map(OtherIdentifier, self._row.words(field, number))

    def _source(self, identifier: str | None) -> SourcePage:
        beside, terms = self._document.sidecar, self._mapping.metadata
        publisher = beside.publisher or terms.publisher
        return SourcePage(
            self._name,
            self._digest(),
            identifier,
            self._address() or beside.url,
            beside.captured,
            publisher=None if publisher is None else Agent(AgentKind.ORGANISATION, publisher),
            licence=beside.licence or terms.licence,
        )

    def _address(self) -> str | None:
        field, number = self._one(self._mapping.url)
        printed = self._row.printed(field, number)
        if printed is None or field is None or is_address(printed):
            return printed
        self._row.note("table-address-unread", field, printed, number)
        return None

    def _digest(self) -> str:
        """SHA-256 over what the row says, names of columns and texts, whatever kind of file it is in."""
        said = [
            (self._columns.header[column], text_of(self._document.cells[column]))
            for column in self._filled
            if column not in self._columns.personal
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def _explained(self) -> Iterator[ExplainedLine]:
        """Each filled cell with its fate; what could name a person is shown without its text."""
        missing = [n + 1 for n in self._filled if not self._ledger.settled(n + 1)]
        if missing:
            raise AssertionError(f"cells without a fate: {missing[:5]}")
        for fate in self._ledger.dispositions():
            column = fate.line - 1
            shown = fate.state is not LineState.ISSUE and column not in self._columns.personal
            text = scrub(text_of(self._document.cells[column])) if shown else ""
            yield ExplainedLine(fate, f"{self._columns.name(column)}: {text}")
