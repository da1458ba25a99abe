"""A file of activities against the standard, whatever a build would do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lxml import etree

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.iati.findings import Finding, Severity, quoted
from coopdec_graph.iati.rules import check
from coopdec_graph.sources.iati.documents import cut, open_file
from coopdec_graph.sources.iati.parsing import parse
from coopdec_graph.sources.iati.splitting import Part, Root

__all__ = ["CheckedFile", "check_file"]

_FILE = "iati-activities"


@dataclass(slots=True)
class CheckedFile:
    """`version` is None for a file that is refused whole. Lines of findings are those of the file."""

    path: Path
    version: str | None = None
    activities: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def conforms(self) -> bool:
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def check_file(path: Path, today: date) -> CheckedFile:
    """What a file does that the standard does not allow. `today` is the day nothing can be after.

    Memory is that of one activity and of the findings.
    """
    checked = CheckedFile(path)
    try:
        found = open_file(path)
        checked.version, checked.activities = found.root.version, len(found)
        together = _Together()
        checked.findings += _of_version(found.root)
        for part in found:
            checked.findings += _findings(path, part, found.root, today, together)
    except PageUnreadable as error:
        empty = error.code == "iati-no-activity"
        checked.findings.append(Finding("file-empty", 1, _FILE) if empty else _refusal(error))
    return checked


def _of_version(root: Root) -> Iterator[Finding]:
    if root.said_version != root.version:
        said = {"said": quoted(root.said_version), "version": root.version}
        yield Finding("version-unknown", root.line, _FILE, said)


def _findings(
    path: Path, part: Part, root: Root, today: date, together: _Together
) -> Iterator[Finding]:
    try:
        activity = parse(cut(path, part), root, part.line)
    except PageUnreadable as error:
        yield _refusal(error)
        return
    for finding in check(activity.element, root.version, today):
        line = activity.line(finding.line, finding.path)
        yield Finding(finding.rule, line, finding.path, finding.values)
    yield from together.findings(activity.element, part.line)


def _refusal(error: PageUnreadable) -> Finding:
    line = error.values.get("line")
    said = {"said_fr": error.text("fr"), "said_en": error.text("en")}
    return Finding("file-unreadable", line if isinstance(line, int) else 1, _FILE, said)


class _Together:
    """What no activity can say alone: identifiers are unique, the reporting organisation is one."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._reporter: str | None = None

    def findings(self, activity: etree._Element, line: int) -> Iterator[Finding]:
        identifier = (activity.findtext("iati-identifier") or "").strip()
        first = self._lines.setdefault(identifier, line)
        if identifier and first != line:
            said = {"identifier": quoted(identifier), "first": str(first)}
            yield Finding("identifier-repeated", line, "iati-identifier", said)
        reporter = activity.find("reporting-org")
        reference = "" if reporter is None else reporter.get("ref") or ""
        if self._reporter is None:
            self._reporter = reference
        elif reference != self._reporter:
            said = {"first": quoted(self._reporter), "reference": quoted(reference)}
            yield Finding("reporter-differs", line, "reporting-org/@ref", said)
