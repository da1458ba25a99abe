"""Findings as RDF validation results (SHACL section 3.6.2), published beside the data."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import RDF, SH, Literal, URIRef

from coopdec_graph.graph.statements import Sink, Statement
from coopdec_graph.namespaces import Minter
from coopdec_graph.validation.report import Report, Severity

__all__ = ["validation_results"]

_SEVERITIES = {
    Severity.VIOLATION: SH.Violation,
    Severity.WARNING: SH.Warning,
    Severity.INFO: SH.Info,
}


def validation_results(report: Report, key: str, mint: Minter) -> Iterator[Statement]:
    """The report of one partnership, in the quality graph. Values are never repeated there."""
    sink = Sink(mint.graph("quality"))
    whole = mint.validation_report(key)
    sink.add(whole, RDF.type, SH.ValidationReport)
    sink.add(whole, SH.conforms, Literal(report.conforms))
    for number, finding in enumerate(report.findings, start=1):
        node = mint.validation_result(key, number)
        sink.add(node, RDF.type, SH.ValidationResult)
        sink.add(node, SH.focusNode, URIRef(finding.focus))
        sink.add(node, SH.resultSeverity, _SEVERITIES[finding.severity])
        sink.add(node, SH.sourceShape, URIRef(finding.shape))
        sink.add(node, SH.sourceConstraintComponent, URIRef(finding.component))
        sink.add(whole, SH.result, node)
        if finding.path is not None and finding.path.startswith("http"):
            sink.add(node, SH.resultPath, URIRef(finding.path))
        for language, message in sorted(finding.message.items()):
            sink.add(node, SH.resultMessage, Literal(message, lang=language))
    return iter(sink)
