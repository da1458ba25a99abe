"""One page's record: its statements, what was doubted on the way, and whether it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache as memoized
from pathlib import Path
from typing import Any, cast

from rdflib import Graph

from coopdec_graph.graph.build import VOCABULARY_FILES, build
from coopdec_graph.graph.statements import as_rdflib, n_quads
from coopdec_graph.issues import Issue
from coopdec_graph.model import Activity, SourceMetadata
from coopdec_graph.namespaces import Minter
from coopdec_graph.publishing.cache import Value
from coopdec_graph.reference.rates import RateTable
from coopdec_graph.resources import resource_folder
from coopdec_graph.sources.base import Reading
from coopdec_graph.validation import Finding, Report, Severity, Shapes, validate
from coopdec_graph.validation.results import validation_results

__all__ = ["Builder", "Record", "make_record", "shipped_shapes", "shipped_vocabulary"]


@dataclass(frozen=True, slots=True)
class Record:
    """`key` and `activity` are None for a page that could not be read."""

    page: str
    key: str | None
    activity: Activity | None
    quads: bytes
    issues: tuple[Issue, ...]
    report: Report
    refused: bool


@memoized
def shipped_shapes() -> Shapes:
    """The shapes that ship with the product, read once."""
    return Shapes.load(resource_folder("shapes"))


@memoized
def shipped_vocabulary() -> Graph:
    """The ontology and schemes that ship with the product, as validation wants them."""
    graph = Graph()
    for name in VOCABULARY_FILES:
        graph.parse(resource_folder("ontology") / name, format="turtle")
    return graph


@memoized
def _rates(path: Path | None) -> RateTable:
    """The table of a build, read once in each process: it is too large to be sent with each record."""
    return RateTable.load(path)


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds and validates activities on the terms of one deployment, in whatever process.

    `as_of` is the day statuses are computed for; `rates` is a file of exchange rates. An
    item is an activity and its key.
    """

    mint: Minter
    programmes: Mapping[str, SourceMetadata]
    as_of: date
    rates: Path | None = None

    def facts(self, item: tuple[Activity, str]) -> tuple[str, ...]:
        """All that the value of an item depends on."""
        activity, key = item
        terms = self.programmes[activity.programme]
        rates = _rates(self.rates).digest
        return (key, self.mint.base, repr(terms), str(self.as_of), rates, repr(activity))

    def __call__(self, item: tuple[Activity, str]) -> Value:
        """The statements as N-Quads, and the report on them, ready for JSON."""
        activity, key = item
        terms = self.programmes[activity.programme]
        statements = list(build(activity, key, self.mint, terms, self.as_of, _rates(self.rates)))
        report = validate(as_rdflib(statements), shipped_shapes(), shipped_vocabulary())
        statements += validation_results(report, key, self.mint)
        return {"quads": n_quads(statements).decode(), "report": report.to_dict()}


def make_record(
    reading: Reading, key: str | None, taken_by: str | None, made: Value | None
) -> Record:
    """The record of a reading from what its builder made; a page whose key is taken is refused."""
    name = reading.name
    if reading.activity is None or key is None:
        return Record(name, None, None, b"", reading.issues, Report(), refused=True)
    if taken_by is not None or made is None:
        twice = Issue("duplicate-partnership", name, details={"key": key, "other": taken_by or ""})
        issues = (twice, *reading.issues)
        return Record(name, key, reading.activity, b"", issues, Report(), refused=True)
    report = _report(made)
    refused = reading.refused or not report.conforms
    quads = cast(str, made["quads"]).encode()
    return Record(name, key, reading.activity, quads, reading.issues, report, refused)


def _report(made: Value) -> Report:
    stored = cast(Mapping[str, list[dict[str, Any]]], made["report"])
    return Report.of(
        Finding(
            shape=finding["shape"],
            severity=Severity(finding["severity"]),
            focus=finding["focus"],
            path=finding.get("path"),
            value=finding.get("value"),
            message=finding["message"],
            name=finding["name"],
            component=finding.get("component", ""),
        )
        for finding in stored["findings"]
    )
