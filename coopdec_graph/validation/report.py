"""What validation found, as plain values: no RDF terms, so that a report travels anywhere.

Report
└── Finding: one shape that one node does not satisfy, with its need in French and English
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Finding", "Report", "Severity"]


class Severity(StrEnum):
    """The three severities of SHACL (section 2.1.4), most serious first."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


_ORDER = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One validation result (SHACL section 3.6.2).

    `shape` and `focus` are IRIs; `path` is a property IRI or a SPARQL property path; `value` is
    the offending value, or None when there is none or when it may be personal data. `message`
    states the need and `name` names the shape, each under the keys `fr` and `en`. `component` is
    the IRI of the kind of constraint.
    """

    shape: str
    severity: Severity
    focus: str
    path: str | None
    value: str | None
    message: Mapping[str, str] = field(hash=False)
    name: Mapping[str, str] = field(hash=False)
    component: str = field(default="", compare=False)

    def sort_key(self) -> tuple[int, str, str, str, str]:
        """Most serious first, then by shape, node, path and value."""
        rank = _ORDER[self.severity]
        return (rank, self.shape, self.focus, self.path or "", self.value or "")

    def to_dict(self) -> dict[str, object]:
        """The finding for machines: stable keys, absent facts left out."""
        facts: dict[str, object] = {
            "severity": str(self.severity),
            "shape": self.shape,
            "focus": self.focus,
            "path": self.path,
            "value": self.value,
            "component": self.component or None,
            "name": dict(self.name),
            "message": dict(self.message),
        }
        return {key: fact for key, fact in facts.items() if fact is not None}


@dataclass(frozen=True, slots=True)
class Report:
    """The findings about one graph: each once, in an order that depends on them alone."""

    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Report:
        """A report from findings in any order, repeated or not."""
        # Two constraints of one shape that one value breaks are one need: the first is kept.
        ordered = sorted(findings, key=lambda finding: (finding.sort_key(), finding.component))
        return cls(tuple(dict.fromkeys(ordered)))

    @property
    def conforms(self) -> bool:
        """True when nothing is a violation; warnings and infos do not keep a record out."""
        return not self.by_severity(Severity.VIOLATION)

    def by_severity(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity, in report order."""
        return tuple(finding for finding in self.findings if finding.severity is severity)

    def to_dict(self) -> dict[str, object]:
        """The report for machines, JSON-ready."""
        return {
            "conforms": self.conforms,
            "findings": [finding.to_dict() for finding in self.findings],
        }
