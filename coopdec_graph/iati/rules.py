"""One activity against its version of the standard: schema, ruleset, code lists, guidance.

for finding in check(activity, "2.03", date(2026, 11, 25)):
    print(finding.line, finding.severity, finding.rule, finding.message("en"))
"""

from __future__ import annotations

from datetime import date

from lxml import etree

from coopdec_graph.iati.code_rules import check_codes
from coopdec_graph.iati.findings import Finding, Severity
from coopdec_graph.iati.guidance import check_guidance
from coopdec_graph.iati.ruleset_rules import check_ruleset
from coopdec_graph.iati.schema_rules import check_schema

__all__ = ["check"]


def check(activity: etree._Element, version: str, today: date | None = None) -> tuple[Finding, ...]:
    """What an `iati-activity` does that its version of the standard does not allow, by line.

    `today` is the day after which nothing can have happened yet; with None the rules that need one
    are not looked at. The other rules are meant for what the schema allows: an activity that it
    refuses has the schema's findings only. Raises UnknownVersion.
    """
    findings = list(check_schema(activity, version))
    if not findings:
        findings += check_ruleset(activity, version, today)
        findings += check_codes(activity, version)
        findings += check_guidance(activity, version)
    order = list(Severity)
    return tuple(sorted(findings, key=lambda f: (f.line, order.index(f.severity), f.rule, f.path)))
