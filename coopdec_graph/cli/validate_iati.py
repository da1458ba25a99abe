"""What `coopdec validate` shows of a file of IATI activities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coopdec_graph.cli.terminal import language, out, plain, say

if TYPE_CHECKING:
    # Loaded where it is needed: see validate.py.
    from coopdec_graph.sources.iati.checking import CheckedFile

__all__ = ["CheckedActivities", "is_iati"]

_HEAD = 1 << 16
_RDF = re.compile(rb"<(?:[\w.-]+:)?RDF\b")
_STYLES = {"error": "bold red", "warning": "yellow", "advice": "dim"}


def is_iati(path: Path) -> bool:
    """Whether a file is held against IATI's standard: XML that does not start as RDF does."""
    if path.suffix.lower() != ".xml":
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return b"<iati-" in head or not _RDF.search(head)


@dataclass(frozen=True, slots=True)
class CheckedActivities:
    """One file with its findings."""

    checked: CheckedFile

    @classmethod
    def of(cls, path: Path) -> CheckedActivities:
        from coopdec_graph.sources.iati.checking import check_file

        return cls(check_file(path, date.today()))

    @property
    def conforms(self) -> bool:
        return self.checked.conforms

    def to_dict(self) -> dict[str, object]:
        findings = [
            {
                "line": finding.line,
                "rule": finding.rule,
                "severity": str(finding.severity),
                "path": finding.path,
                "message": {"fr": finding.message("fr"), "en": finding.message("en")},
            }
            for finding in self.checked.findings
        ]
        return {
            "file": str(self.checked.path),
            "standard": "IATI",
            "version": self.checked.version,
            "activities": self.checked.activities,
            "conforms": self.conforms,
            "findings": findings,
        }

    def show(self) -> None:
        console, checked = out(), self.checked
        style = "green" if self.conforms else "bold red"
        verdict = (
            say("conforme", "conforms")
            if self.conforms
            else say("non conforme", "does not conform")
        )
        version = f"IATI {checked.version}" if checked.version else "IATI"
        console.print(
            f"[bold]{plain(str(checked.path))}[/] : [{style}]{verdict}[/]"
            f" ({version}, {checked.activities} {say('activité(s)', 'activity(ies)')})"
        )
        for finding in checked.findings:
            severity = say(*_SEVERITIES[finding.severity])
            console.print(
                f"  [{_STYLES[finding.severity]}]{severity}[/] {finding.line} :"
                f" {plain(finding.path)} — {plain(finding.message(language()))}"
                f" [dim]({finding.rule})[/]"
            )


_SEVERITIES = {
    "error": ("erreur", "error"),
    "warning": ("attention", "warning"),
    "advice": ("conseil", "advice"),
}
