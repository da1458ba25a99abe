"""One document, from bytes to a reading: cut, parse, hold against the standard, map, account."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.iati.findings import Finding, Severity
from coopdec_graph.iati.rules import check
from coopdec_graph.issues import Issue
from coopdec_graph.model import Activity, Agent, AgentKind, SourcePage
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.base import Document, Reading
from coopdec_graph.sources.files import shown_name
from coopdec_graph.sources.iati.activity import LEFT_OUT, read_activity
from coopdec_graph.sources.iati.dialects import dialect_of
from coopdec_graph.sources.iati.documents import ActivityDocument, RefusedFile, cut
from coopdec_graph.sources.iati.nodes import LANGUAGE, UNITS, Account, Node
from coopdec_graph.sources.iati.organisations import united
from coopdec_graph.sources.iati.parsing import ParsedActivity, parse
from coopdec_graph.sources.iati.values import instant
from coopdec_graph.sources.record import record_of
from coopdec_graph.sources.sidecar import is_address

__all__ = ["read_document"]

_REFUSED = "iati-breaks-standard"
_CODES = {
    Severity.ERROR: "iati-against-standard",
    Severity.WARNING: "iati-doubted",
    Severity.ADVICE: "iati-advised",
}
_SCHEMA = "schema-"
_NUMBER = re.compile(r"\[.*")


def read_document(document: Document) -> Reading:
    """The reading of one activity. What cannot be read gives an empty record and one issue."""
    name = shown_name(document)
    if isinstance(document, RefusedFile):
        return _refused(name, document.code, document.details)
    assert isinstance(document, ActivityDocument)
    try:
        content = cut(document.path, document.part)
        activity = parse(content, document.root, document.part.line)
    except PageUnreadable as error:
        return _refused(name, error.code, error.values)
    return _Reader(document, name, content, activity).reading()


def _refused(name: str, code: str, details: Mapping[str, object]) -> Reading:
    said = {key: v if isinstance(v, int) else scrub(str(v)) for key, v in details.items()}
    line = said.pop("line", None)
    issue = Issue(code, name, line if isinstance(line, int) else None, details=said)
    return Reading(name, None, {}, (issue,), unit=UNITS)


class _Reader:
    def __init__(
        self, document: ActivityDocument, name: str, content: bytes, activity: ParsedActivity
    ) -> None:
        self._document, self._name = document, name
        self._content, self._activity = content, activity
        self._account = Account(name)
        self._node = Node.of(activity, self._account)

    def reading(self) -> Reading:
        root = self._document.root
        findings = check(self._activity.element, root.version, self._today())
        self._note(findings)
        if not root.is_older_than_schemas and any(map(_is_of_schema, findings)):
            # What each element means is known of a valid activity only.
            self._node.give_up(_REFUSED)
            activity: Activity | None = None
        else:
            dialect = dialect_of(root.version)
            read = read_activity(self._node, self._account, dialect, self._source)
            activity = self._linked(united(read))
        return Reading(
            self._name,
            activity,
            record_of(activity),
            self._account.issues(),
            tuple(self._node.explained()),
            UNITS,
        )

    def _today(self) -> date | None:
        """The day the file says it was made, or the activity last changed: no clock is asked."""
        said = self._document.root.attribute("generated-datetime")
        changed = self._activity.element.get("last-updated-datetime")
        return _day(said) or _day(changed)

    def _note(self, findings: Iterable[Finding]) -> None:
        """One issue for what is found in the same words at several places; it has the first line."""
        older = self._document.root.is_older_than_schemas
        alike: dict[tuple[str, str, bool], list[Finding]] = {}
        for finding in findings:
            key = finding.rule, finding.message("en"), _refuses(finding)
            alike.setdefault(key, []).append(finding)
        for (_, english, refuses), found in alike.items():
            first, times = found[0], len(found)
            self._account.note(
                _REFUSED if refuses and not older else _CODES[first.severity],
                self._activity.line(first.line, first.path),
                first.path,
                rule=first.rule,
                fr=first.message("fr") + (f" ({times} fois dans l'activité)" if times > 1 else ""),
                en=english + (f" ({times} times in the activity)" if times > 1 else ""),
            )

    def _source(self, activity: Node, reporter: Agent | None) -> SourcePage:
        """Where it stands. Who publishes a file is its reporting organisation, the standard says."""
        sidecar = self._document.sidecar
        activity.get(LANGUAGE)
        self._own_version(activity)
        identifier = activity.child("iati-identifier")
        named = None
        if sidecar.publisher:
            named = Agent(AgentKind.ORGANISATION, sidecar.publisher, language=None)
        return SourcePage(
            self._name,
            hashlib.sha256(self._content).hexdigest(),
            None if identifier is None else identifier.identifier_text(),
            sidecar.url,
            sidecar.captured,
            publisher=named or reporter,
            licence=sidecar.licence,
            modified=instant(activity, "last-updated-datetime"),
        )

    def _linked(self, activity: Activity) -> Activity:
        """With its address as linked data: the file says where the identifiers are appended."""
        default, own = self._document.root.attribute("linked-data-default"), activity.source
        address = (default or "") + (own.identifier or "")
        if activity.linked_data or not own.identifier or not is_address(address):
            return activity
        return replace(activity, linked_data=address)

    def _own_version(self, activity: Node) -> None:
        """Version 1 may say the version of an activity too; it is read in that of its file."""
        root = self._document.root
        if root.said_version != root.version:
            self._account.note(
                "iati-version",
                root.line,
                "iati-activities[@version]",
                root.said_version,
                version=root.version,
            )
        said = activity.get("version")
        if said is not None and said != self._document.root.version:
            activity.note_attribute("version", "iati-version-differs", said)


def _is_of_schema(finding: Finding) -> bool:
    return finding.rule.startswith(_SCHEMA)


def _refuses(finding: Finding) -> bool:
    """What is left out of the record keeps nothing else out, if the schema allows it."""
    element = _NUMBER.sub("", finding.path.partition("/")[0])
    return finding.refuses and (_is_of_schema(finding) or element not in LEFT_OUT)


def _day(printed: str | None) -> date | None:
    try:
        return datetime.fromisoformat(printed.strip()).date() if printed else None
    except ValueError:
        return None
