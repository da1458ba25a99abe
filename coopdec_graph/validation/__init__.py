"""Validation of one record's graph against the shapes of the product."""

from coopdec_graph.validation.report import Finding, Report, Severity
from coopdec_graph.validation.shacl import Shapes, ShapeText, ValidationEngineError, validate

__all__ = [
    "Finding",
    "Report",
    "Severity",
    "ShapeText",
    "Shapes",
    "ValidationEngineError",
    "validate",
]
