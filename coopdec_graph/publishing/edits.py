"""The files of a release after a change: validated, with its trace, or refused as a whole.

A change that touches a graph of a record (`source/KEY`, `narrative/KEY`, `derived/KEY`) is judged
as the build judges a record: all its statements, and what is known of its page. A change of any
other graph is judged by the nodes it is about: it must break no rule that they did not break.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import DCTERMS, PROV, RDF, RDFS, Literal, URIRef

from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.statements import (
    Sink,
    Statement,
    merge_n_quads,
    n_quads,
    rdflib_graph,
    text,
)
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import CD, Minter
from coopdec_graph.publishing.assembly import holds_mailbox, json_lines, refuse_mailboxes
from coopdec_graph.publishing.changes import Changes, GraphWrite, SparqlUpdate, graph_of
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.validation import Finding, Report, Severity, validate
from coopdec_graph.validation.results import validation_results

__all__ = ["ChangeRefused", "Edited", "Row", "edited", "request_digest"]

Row = Mapping[str, object]

_RECORD_GRAPHS = ("source", "narrative", "derived")
_NOT_KEYS = ("names",)

_BROKEN = Bilingual(
    "La modification enfreint {count} règle(s) : rien n'est publié.",
    "The change breaks {count} rule(s): nothing is published.",
)
_MAILBOX = Bilingual(
    "La modification contient une adresse de courriel : rien n'est publié.",
    "The change contains an e-mail address: nothing is published.",
)
_HEADLESS = Bilingual(
    "La fiche {key} n'aurait plus d'activité (cd:Activity) dans source/{key}. Pour retirer une fiche, retirez aussi narrative/{key} et derived/{key}.",
    "Record {key} would have no activity (cd:Activity) in source/{key} left. To remove a record, remove narrative/{key} and derived/{key} too.",
)
_TRACE = Bilingual(
    "Modification manuelle ({kind}) de la publication {previous}",
    "Manual change ({kind}) of release {previous}",
)


class ChangeRefused(CoopdecError):
    """The graph would break a rule; `findings` name the rules and the nodes, never a value."""

    def __init__(self, message: Bilingual, findings: Sequence[Row] = (), **values: object) -> None:
        self.findings = tuple(findings)
        super().__init__(message, **values)


@dataclass(frozen=True, slots=True)
class Edited:
    """The files of the new release but for its manifest, and the findings it is published with."""

    files: Mapping[str, bytes]
    findings: tuple[Row, ...]


def edited(
    lines: Sequence[bytes],
    issues: bytes,
    changes: Changes,
    request: SparqlUpdate | GraphWrite,
    previous: str,
    mint: Minter,
) -> Edited:
    """Applies changes to the lines of `graph.nq` and to `issues.jsonl` of release `previous`.

    Raises ChangeRefused for a Violation or a mailbox in what is added, and PersonalDataFound for
    a mailbox anywhere else.
    """
    if any(holds_mailbox(line.decode()) for line in changes.added):
        raise ChangeRefused(_MAILBOX)
    after = changes.applied_to(lines)
    records = _Records(after, mint)
    keys = _keys(changes, mint)
    for key in keys:
        if records.is_headless(key):
            raise ChangeRefused(_HEADLESS, key=key)
    reports = {key: _report(records.statements(key)) for key in keys}
    findings = [finding for report in reports.values() for finding in report.findings]
    findings += _new_findings(lines, after, changes, mint)
    violations = [finding for finding in findings if finding.severity is Severity.VIOLATION]
    if violations:
        raise ChangeRefused(_BROKEN, list(map(_row, violations)), count=len(violations))
    kept = {key: report for key, report in reports.items() if records.is_there(key)}
    graph = merge_n_quads(
        b"\n".join(_without_results(after, reports, mint)),
        *(n_quads(validation_results(report, key, mint)) for key, report in kept.items()),
        n_quads(_trace(request, changes, previous, mint)),
    )
    files = {"graph.nq": graph, "issues.jsonl": _issues(issues, reports)}
    refuse_mailboxes(files)
    return Edited(files, tuple(map(_row, Report.of(findings).findings)))


def _row(finding: Finding) -> Row:
    """A finding for whoever asked for the change; they know the value, and it may be personal."""
    return {name: fact for name, fact in finding.to_dict().items() if name != "value"}


# ---- Validation ----------------------------------------------------------------------------------


def _keys(changes: Changes, mint: Minter) -> list[str]:
    """The keys of the records whose graphs change."""
    found = (_key(graph, mint) for graph in changes.graphs())
    return sorted({key for key in found if key is not None})


def _key(graph: str, mint: Minter) -> str | None:
    kind, _, key = graph.removeprefix(str(mint.graph(""))).partition("/")
    return key if kind in _RECORD_GRAPHS and key and key not in _NOT_KEYS else None


class _Records:
    """The statements of each record, from the lines of a graph."""

    def __init__(self, lines: Iterable[bytes], mint: Minter) -> None:
        self._mint = mint
        self._of_graph: dict[str, list[bytes]] = defaultdict(list)
        for line in lines:
            self._of_graph[graph_of(line)].append(line)
        self._origin_of: dict[str, list[bytes]] = defaultdict(list)
        for line in self._of_graph[str(mint.graph("provenance"))]:
            self._origin_of[line.decode().partition(" ")[0]].append(line)

    def is_there(self, key: str) -> bool:
        return str(self._mint.graph("source", key)) in self._of_graph

    def is_headless(self, key: str) -> bool:
        """Whether something is left of a record without the node it is about.

        The shapes find their nodes by type: without it they would find nothing to complain of.
        """
        source, *others = (
            self._of_graph.get(str(self._mint.graph(kind, key)), ()) for kind in _RECORD_GRAPHS
        )
        head = f"<{RDF.type}> <{CD.Activity}> ".encode()
        return any((source, *others)) and not any(head in line for line in source)

    def statements(self, key: str) -> list[bytes]:
        """What the build validates as one record: its graphs, its pages and their publisher."""
        graphs = [str(self._mint.graph(kind, key)) for kind in _RECORD_GRAPHS]
        record = [line for graph in graphs for line in self._of_graph.get(graph, ())]
        waiting, met = record, set[str]()
        while waiting:
            nodes = _objects(waiting) - met
            met |= nodes
            waiting = [line for node in nodes for line in self._origin_of.get(node, ())]
            record = record + waiting
        return record


def _objects(lines: Sequence[bytes]) -> set[str]:
    return {str(quad.object) for quad in _quads(lines)}


def _new_findings(
    before: Sequence[bytes], after: Sequence[bytes], changes: Changes, mint: Minter
) -> list[Finding]:
    """Findings about the nodes of a change outside the records, that were none before it."""
    outside = Changes(
        frozenset(line for line in changes.removed if _key(graph_of(line), mint) is None),
        frozenset(line for line in changes.added if _key(graph_of(line), mint) is None),
    )
    subjects = outside.subjects()
    if not subjects:
        return []
    old = set(_report(_about(subjects, before)).findings)
    return [found for found in _report(_about(subjects, after)).findings if found not in old]


def _about(subjects: set[bytes], lines: Iterable[bytes]) -> list[bytes]:
    return [line for line in lines if line.partition(b" ")[0] in subjects]


def _report(lines: Sequence[bytes]) -> Report:
    return validate(rdflib_graph(_quads(lines)), shipped_shapes(), shipped_vocabulary())


def _quads(lines: Sequence[bytes]) -> Iterator[ox.Quad]:
    return ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_QUADS)


# ---- What goes with the change -------------------------------------------------------------------


def _without_results(
    lines: Iterable[bytes], reports: Collection[str], mint: Minter
) -> Iterator[bytes]:
    """The lines but for the published findings about some records, which are made again, and for
    what their words hinted at, which only a build makes.
    """
    quality = str(mint.graph("quality"))
    starts = tuple(
        start.encode()
        for key in reports
        # The results of a record are numbered below one IRI.
        for start in (
            f"<{mint.validation_report(key)}> ",
            f"<{mint.validation_result(key, 0)}".removesuffix("0"),
        )
    )
    hints = tuple(f"<{mint.sector_suggestions(key)}".encode() for key in reports)
    return (
        line
        for line in lines
        if not (line.startswith(starts) and graph_of(line) == quality)
        and not line.startswith(hints)
    )


def _trace(
    request: SparqlUpdate | GraphWrite, changes: Changes, previous: str, mint: Minter
) -> Iterator[Statement]:
    """The change as a PROV activity: what it was made on, what it generated; no name, no time."""
    digest = request_digest(request)
    sink = Sink(mint.graph("provenance"))
    # The same request on another release is another change.
    name = hashlib.sha256(f"{previous} {digest}".encode()).hexdigest()[:16]
    node = mint.edit(name)
    sink.type(node, PROV.Activity)
    for language in LANGUAGES:
        label = _TRACE.text(language, kind=_kind(request), previous=previous)
        sink.add(node, RDFS.label, text(label, language))
    sink.add(node, DCTERMS.identifier, Literal(digest))
    sink.add(node, PROV.used, mint.dataset())
    sink.add(node, PROV.generated, *map(URIRef, sorted(changes.graphs())))
    return iter(sink)


def request_digest(request: SparqlUpdate | GraphWrite) -> str:
    """SHA-256 of what was asked: it tells two changes apart and gives nothing of them away."""
    if isinstance(request, SparqlUpdate):
        asked = request.text.encode()
    else:
        asked = f"{request.method} {request.graph} {request.media_type}\n".encode()
        asked += request.content
    return hashlib.sha256(asked).hexdigest()


def _kind(request: SparqlUpdate | GraphWrite) -> str:
    return (
        "SPARQL Update"
        if isinstance(request, SparqlUpdate)
        else f"{request.method}, Graph Store Protocol"
    )


def _issues(issues: bytes, reports: Mapping[str, Report]) -> bytes:
    """The doubts, with the findings about the changed records in place of those they had."""
    of_record: dict[str, list[Row]] = defaultdict(list)
    rows: list[tuple[str, Row]] = []
    for row in map(json.loads, filter(None, issues.split(b"\n"))):
        key = "" if row["refused"] else str(row.get("activity", "")).rpartition("/")[2]
        rows.append((key, row))
        of_record[key].append(row)
    ordered: list[Row] = []
    for key, row in rows:
        if key not in reports:
            ordered.append(row)
        elif row is of_record[key][0]:
            ordered += _doubts(of_record[key], reports[key])
    for key in sorted(set(reports) - set(of_record)):
        ordered += _doubts([], reports[key])
    return json_lines(ordered)


def _doubts(rows: Sequence[Row], report: Report) -> Iterator[Row]:
    """The doubts of one record: the reader's as they were, then the shapes'."""
    yield from (row for row in rows if "shape" not in row)
    about = {name: rows[0][name] for name in ("page", "refused", "activity")} if rows else {}
    yield from ({**about, **finding.to_dict()} for finding in report.findings)
