"""One page, from bytes to a reading: decode, cut into sections, read each, account for each line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.issues import Issue
from coopdec_graph.model import SourcePage
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.accounting import Ledger, LineState
from coopdec_graph.sources.atlas.contacts import post_contacts
from coopdec_graph.sources.atlas.decoding import decode, looks_like_html
from coopdec_graph.sources.atlas.documents import (
    Sidecar,
    identifier_of_name,
    identifier_of_url,
    read_page,
    read_sidecar,
)
from coopdec_graph.sources.atlas.funding import read_funding
from coopdec_graph.sources.atlas.html import html_lines, saved_from
from coopdec_graph.sources.atlas.interpret import concept_path, interpret
from coopdec_graph.sources.atlas.labels import FIELD_LABELS, Kind
from coopdec_graph.sources.atlas.layout import Page, Section, cut
from coopdec_graph.sources.atlas.lines import Line, text_lines
from coopdec_graph.sources.atlas.partners import read_list
from coopdec_graph.sources.atlas.people import without_people
from coopdec_graph.sources.atlas.record import AtlasRecord
from coopdec_graph.sources.atlas.sections import READERS
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.atlas.tables import rows
from coopdec_graph.sources.base import Document, ExplainedLine, Reading
from coopdec_graph.sources.files import shown_name, unreadable
from coopdec_graph.vocabulary import thesaurus

__all__ = ["read_document"]

_LISTS = ("project_managers", "project_owners")
_THEME_FIELDS = ("theme", "sub_theme", "sub_sub_theme")
_SINGLE_LABEL_FIELDS = {"declared_status": "status", "form": "form", "duration_scheme": "duration"}


def read_document(document: Document) -> Reading:
    """The reading of one file. A file that cannot be read gives an empty record and one issue."""
    name = shown_name(document)
    try:
        return _read(document, name)
    except PageUnreadable as error:
        issue = Issue(error.code, name, details=_plain(error.values))
        return Reading(name, None, AtlasRecord().to_dict(), (issue,))


def _plain(values: Mapping[str, object]) -> dict[str, str | int]:
    return {key: v if isinstance(v, int) else scrub(str(v)) for key, v in values.items()}


def _read(document: Document, name: str) -> Reading:
    content = read_page(document.path)
    sidecar = read_sidecar(document.path)
    text, encoding = decode(content)
    is_html = looks_like_html(text)
    if not is_html:
        _refuse_long(len(text))
    lines = html_lines(text) if is_html else text_lines(text)
    _refuse_long(sum(len(line.text) + 1 for line in lines))
    ledger = Ledger(name, FIELD_LABELS)
    page = without_people(cut(lines), ledger)
    if not any(section.label.kind is Kind.VALUE for section in page.sections):
        raise unreadable("page-not-atlas")
    if encoding not in ("utf-8", "utf-16", "utf-32") and not is_html:
        ledger.note("encoding-not-utf8", encoding=encoding)
    record = _record(page, ledger)
    source = _source(document, content, sidecar, text if is_html else "")
    issues = ledger.issues()
    return Reading(
        name, interpret(record, source), record.to_dict(), issues, _explained(lines, page, ledger)
    )


def _refuse_long(size: int) -> None:
    most = atlas_settings().text_characters
    if size > most:
        raise unreadable("page-too-long", size=size, most=most)


def _source(document: Document, content: bytes, sidecar: Sidecar, html: str) -> SourcePage:
    """The page's identity: its number in the Atlas, from the sidecar, the file name, the address.

    Raises PageUnreadable when they disagree: the wrong number would merge two partnerships.
    """
    saved_url, saved_at = saved_from(html)
    url = sidecar.url or (saved_url if identifier_of_url(saved_url) else None)
    claims = {
        claim
        for claim in (
            sidecar.project_id,
            identifier_of_name(document.name),
            identifier_of_url(sidecar.url),
            identifier_of_url(saved_url),
        )
        if claim is not None
    }
    if len(claims) > 1:
        raise unreadable("identifiers-disagree", claims=", ".join(sorted(claims)))
    identifier = next(iter(claims), None)
    if identifier is not None:
        url = atlas_settings().page_url.format(id=identifier)
    captured = sidecar.captured or _moment(saved_at)
    digest = hashlib.sha256(content).hexdigest()
    return SourcePage(shown_name(document), digest, identifier, url, captured)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _record(page: Page, ledger: Ledger) -> AtlasRecord:
    if page.preamble:
        before = [line.number for line in page.preamble if not line.blank]
        if before:
            ledger.refuse("before-page", before)
    sections = {section.label.field: section for section in page.sections}
    values = _read_sections(sections, ledger)
    names = _known_names(values)
    for field in _LISTS:
        if field in sections:
            values[field] = read_list(sections[field], names, ledger)
    if "funding" in sections:
        all_names = (*names, *values.get("project_owners", ()), *values.get("project_managers", ()))
        values["funding"] = read_funding(rows(sections["funding"], ledger), all_names, ledger)
    record = AtlasRecord(**_merged(values, sections, ledger))
    _note_gaps(record, sections, ledger)
    return record


def _read_sections(sections: Mapping[str, Section], ledger: Ledger) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field, section in sections.items():
        if field in READERS:
            values[field] = READERS[field](section, ledger)
    if "diplomatic_post" in sections:
        values["contact_functions"] = post_contacts(sections["diplomatic_post"], ledger)
    return values


def _known_names(values: Mapping[str, Any]) -> tuple[str, ...]:
    foreign = tuple(partner.name for partner in values.get("foreign_partners", ()))
    return (*foreign, *values.get("french_partners", ()))


def _merged(
    values: dict[str, Any], sections: Mapping[str, Section], ledger: Ledger
) -> dict[str, Any]:
    """The record's fields: prose parts together, the three theme lines as one path."""
    prose: dict[str, str] = {}
    for field, section in sections.items():
        if section.label.kind is Kind.PROSE:
            prose.update(values.pop(field) or {})
    labels = [values.pop(field, None) for field in _THEME_FIELDS]
    values["main_theme"] = _theme_path(labels, sections, ledger)
    count, functions = values.pop("foreign_contacts", (None, ()))
    values["foreign_contact_count"], values["foreign_contact_functions"] = count, functions
    values["volunteer_count"] = values.pop("volunteers", None)
    known = AtlasRecord.__dataclass_fields__
    return {"prose": prose, **{name: value for name, value in values.items() if name in known}}


def _theme_path(
    labels: list[str | None], sections: Mapping[str, Section], ledger: Ledger
) -> tuple[str, ...]:
    """The theme's labels, top first. A label below an empty one has no place: it is noted."""
    path: list[str] = []
    for field, label in zip(_THEME_FIELDS, labels, strict=True):
        if label is None:
            continue
        if len(path) < _THEME_FIELDS.index(field):
            ledger.note("theme-without-parent", sections[field].head.number, field, label)
            continue
        path.append(label)
    return tuple(path)


def _note_gaps(record: AtlasRecord, sections: Mapping[str, Section], ledger: Ledger) -> None:
    """Doubts about the page as a whole, and labels no scheme knows."""
    if "footer" not in sections:
        ledger.note("page-incomplete")
    for field, scheme in _SINGLE_LABEL_FIELDS.items():
        label = getattr(record, field)
        if label is not None and not thesaurus().find(scheme, label).known:
            ledger.note("label-unknown", sections[field].head.number, field, label)
    theme = concept_path("theme", record.main_theme)
    if theme is not None and not theme.known:
        ledger.note("label-unknown", sections["theme"].head.number, "main_theme", theme.label)
    for printed in record.secondary_themes:
        other = concept_path("theme", printed.labels)
        if other is not None and not other.known:
            line = sections["secondary_themes"].head.number
            ledger.note("label-unknown", line, "secondary_themes", other.label)
    _note_empty_prose(sections, ledger)


def _note_empty_prose(sections: Mapping[str, Section], ledger: Ledger) -> None:
    """`Contexte` followed at once by `Historique`: an empty field, or a heading of the prose."""
    ordered = list(sections.values())
    for section, after in zip(ordered, ordered[1:], strict=False):
        prose = section.label.kind is Kind.PROSE and after.label.kind is Kind.PROSE
        if prose and not section.filled():
            ledger.note("prose-empty", section.head.number, section.label.field)


_PERSONAL_STATES = {"personal-name", "personal-mailbox", "personal-row"}


def _explained(lines: tuple[Line, ...], page: Page, ledger: Ledger) -> tuple[ExplainedLine, ...]:
    """Each line's fate; the text only of lines that were used or ignored as furniture."""
    text = {line.number: line.text for line in page.lines()}
    missing = [line.number for line in lines if not line.blank and not ledger.settled(line.number)]
    if missing:
        raise AssertionError(f"lines without a fate: {missing[:5]}")
    return tuple(
        ExplainedLine(fate, scrub(text[fate.line]) if _may_show(fate.state, fate.name) else "")
        for fate in ledger.dispositions()
    )


def _may_show(state: LineState, name: str) -> bool:
    return state is not LineState.ISSUE and name not in _PERSONAL_STATES
