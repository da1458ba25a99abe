"""One page's record: its statements, what was doubted on the way, and whether it is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache as memoized
from typing import Any, cast

from rdflib import Graph

from coopdec_graph.graph.build import VOCABULARY_FILES, Terms, build
from coopdec_graph.graph.statements import as_rdflib, n_quads
from coopdec_graph.issues import Issue
from coopdec_graph.model import Activity
from coopdec_graph.namespaces import Minter
from coopdec_graph.publishing.cache import Cache
from coopdec_graph.resources import resource_folder
from coopdec_graph.sources.base import Reading
from coopdec_graph.validation import Finding, Report, Severity, Shapes, validate
from coopdec_graph.validation.results import validation_results

__all__ = ["Record", "make_record", "shipped_shapes", "shipped_vocabulary"]


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


def make_record(
    reading: Reading,
    key: str | None,
    taken_by: str | None,
    *,
    mint: Minter,
    terms: Terms,
    as_of: date | None,
    cache: Cache,
) -> Record:
    """Builds and validates one reading; a page whose key another page took is refused."""
    name = reading.name
    if reading.activity is None or key is None:
        return Record(name, None, None, b"", reading.issues, Report(), refused=True)
    if taken_by is not None:
        twice = Issue("duplicate-partnership", name, details={"key": key, "other": taken_by})
        issues = (twice, *reading.issues)
        return Record(name, key, reading.activity, b"", issues, Report(), refused=True)
    facts = (key, mint.base, repr(terms), str(as_of), repr(reading.activity))
    made = cache.get(
        facts, lambda: _built(cast(Activity, reading.activity), key, mint, terms, as_of)
    )
    report = _report(made)
    refused = reading.refused or not report.conforms
    quads = cast(str, made["quads"]).encode()
    return Record(name, key, reading.activity, quads, reading.issues, report, refused)


def _built(
    activity: Activity, key: str, mint: Minter, terms: Terms, as_of: date | None
) -> Mapping[str, object]:
    statements = list(build(activity, key, mint, terms, as_of))
    report = validate(as_rdflib(statements), shipped_shapes(), shipped_vocabulary())
    statements += validation_results(report, key, mint)
    return {"quads": n_quads(statements).decode(), "report": report.to_dict()}


def _report(made: Mapping[str, object]) -> Report:
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
        )
        for finding in stored["findings"]
    )
