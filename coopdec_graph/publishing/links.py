"""Gives the bodies of a release their places and links: files in, files out.

    graph.nq ─► bodies ─► decisions ─► statements ─► validated ─► graph.nq
            graph/   linking/     linking/      shapes

What an earlier campaign wrote is taken out first; nothing else is changed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Literal, URIRef

from coopdec_graph import __version__
from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.agents import country_iri
from coopdec_graph.graph.bodies import PrintedBody, printed_bodies
from coopdec_graph.graph.statements import Statement, as_rdflib, merge_n_quads, n_quads
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.campaign import Linked, campaign
from coopdec_graph.linking.decisions import Outcome
from coopdec_graph.linking.linker import Linker, linker_of, linker_without_wikidata
from coopdec_graph.linking.people import HumanDecisions
from coopdec_graph.linking.statements import (
    LINK_GRAPHS,
    Run,
    batch_statements,
    country_links,
    run_statements,
)
from coopdec_graph.namespaces import CD, SCHEMA, Minter
from coopdec_graph.parallel import in_processes
from coopdec_graph.progress import Ticks, Track
from coopdec_graph.publishing.assembly import refuse_mailboxes
from coopdec_graph.publishing.changes import graph_of
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.validation import Severity, validate

__all__ = ["LinkOptions", "LinkReport", "LinksRefused", "linked_files"]

_LINKING = Bilingual("Rapprochement des collectivités", "Linking bodies")
_REFUSED = Bilingual(
    "Des liens enfreignent une règle ({shape}, {focus}) : rien n'est publié. Signalez ce défaut.",
    "Links break a rule ({shape}, {focus}): nothing is published. Please report this defect.",
)
# Enough bodies to be worth one validation, few enough to spread over processes.
_BATCH = 200


class LinksRefused(CoopdecError):
    """What we made of the links breaks a shape."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """`wikidata` is an endpoint, "offline" (the cache alone) or None: our tables only."""

    wikidata: str | None = None
    decisions: Path | None = None
    cache: Path | None = None
    cache_days: float = 30
    timeout: float | None = None

    @property
    def asks_somebody(self) -> bool:
        """Whether a run may bring what the one before could not have."""
        return self.wikidata not in (None, "offline")

    def fingerprint(self) -> bytes:
        """What tells a build with these options from another."""
        decisions = HumanDecisions.load(self.decisions).to_csv()
        return f"{self.wikidata}\n{decisions}".encode()

    def linker(self, today: date | None) -> Linker:
        """Raises UsageError for what is no address."""
        if self.wikidata is None:
            return linker_without_wikidata()
        return linker_of(
            self.wikidata, self.cache, self.cache_days, timeout=self.timeout, today=today
        )


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What came of a campaign. `facts` go into the manifest; `unasked` is why, for the first body
    that Wikidata could not be asked about."""

    facts: Mapping[str, object]
    bodies: int
    requests: int
    from_cache: int
    unasked: Bilingual | None


def linked_files(
    files: Mapping[str, bytes],
    options: LinkOptions,
    mint: Minter,
    today: date,
    track: Track,
) -> tuple[dict[str, bytes], LinkReport]:
    """The files of a release with the links of its bodies, and what came of it.

    Raises UsageError, DecisionsDamaged, LinksRefused and PersonalDataFound.
    """
    lines = _without_links(files["graph.nq"], mint)
    people = HumanDecisions.load(options.decisions)
    linker = options.linker(today)
    run = _run(options, linker, people)
    bodies = printed_bodies(lines)
    ticks = Ticks(track, _LINKING, len(bodies))
    linked = campaign(bodies, linker, people, ticks)
    ticks.end()
    graph = merge_n_quads(b"\n".join(lines), *_link_quads(linked, run, mint))
    changed = {**files, "graph.nq": graph}
    refuse_mailboxes({"graph.nq": graph})
    return changed, _report(linked, linker, options)


def _without_links(graph: bytes, mint: Minter) -> list[bytes]:
    ours = {str(mint.graph(name)) for name in LINK_GRAPHS}
    return [line for line in graph.split(b"\n") if line and graph_of(line) not in ours]


def _run(options: LinkOptions, linker: Linker, people: HumanDecisions) -> Run:
    asked = linker.wikidata.asker.url if options.wikidata is not None else None
    told = f"{__version__}\n{asked}\n{people.to_csv()}"
    return Run(
        hashlib.sha256(told.encode()).hexdigest()[:16], f"coopdec-graph {__version__}", asked
    )


def _link_quads(linked: Sequence[Linked], run: Run, mint: Minter) -> Iterator[bytes]:
    batches = [linked[start : start + _BATCH] for start in range(0, len(linked), _BATCH)]
    made = list(in_processes(_Batches(run, mint), batches, worthwhile=2))
    yield from made
    codes = {one.body.country for one in linked if one.body.country}
    countries = n_quads(country_links(codes, run, mint))
    yield countries
    same = f" <{SCHEMA.sameAs}> ".encode()
    accepted = merge_n_quads(*made, countries).split(b"\n")
    yield n_quads(run_statements(sum(same in line for line in accepted), run, mint))


@dataclass(frozen=True, slots=True)
class _Batches:
    """Makes and validates the statements of some bodies, in whatever process."""

    run: Run
    mint: Minter

    def __call__(self, linked: Sequence[Linked]) -> bytes:
        statements = list(batch_statements(linked, self.run, self.mint))
        around = [fact for one in linked for fact in _printed(one.body)]
        report = validate(as_rdflib([*statements, *around]), shipped_shapes(), shipped_vocabulary())
        for finding in report.by_severity(Severity.VIOLATION):
            raise LinksRefused(_REFUSED, shape=finding.shape, focus=finding.focus)
        return n_quads(statements)


def _printed(body: PrintedBody) -> Iterator[Statement]:
    """What the shapes want to see of a body that is published elsewhere."""
    graph = URIRef("")
    kind = CD.FrenchCollectivity if body.is_french else CD.ForeignCollectivity
    name = Literal(body.name, lang="fr")
    yield graph, body.iri, RDF.type, kind
    yield graph, body.iri, RDFS.label, name
    yield graph, body.iri, SKOS.prefLabel, name
    if body.country:
        yield graph, body.iri, CD.country, country_iri(body.country)


def _report(linked: Sequence[Linked], linker: Linker, options: LinkOptions) -> LinkReport:
    outcomes = Counter(str(one.decision.outcome) for one in linked)
    if options.wikidata is None:
        # Nobody asked, so that nobody failed to answer.
        del outcomes[Outcome.UNASKED]
    asker = linker.wikidata.asker
    facts: dict[str, object] = {
        "wikidata": asker.url if options.wikidata is not None else None,
        "bodies": len(linked),
        "placed": sum(one.decision.place is not None for one in linked),
        **{str(outcome): outcomes[outcome] for outcome in Outcome},
    }
    unasked = [one for one in linked if one.decision.outcome is Outcome.UNASKED]
    reason = unasked[0].decision.reason if unasked and options.wikidata is not None else None
    return LinkReport(facts, len(linked), asker.requests, asker.from_cache, reason)
