"""Gives a graph its links: of bodies to places, of activities that are one project. File in, file out.

    graph.nq ─► bodies ─► decisions ─► statements ─► validated ─► graph.nq
            graph/   linking/     linking/      shapes    activities ─┘ (activity_links.py)

What an earlier campaign wrote is taken out first; nothing else is changed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Literal, URIRef

from coopdec_graph import __version__
from coopdec_graph.errors import ReleaseError
from coopdec_graph.graph.bodies import printed_bodies
from coopdec_graph.graph.codes import country_iri
from coopdec_graph.graph.statements import Statement, merge_n_quads, n_quads
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.campaign import Linked, campaign, key_of_body
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
from coopdec_graph.publishing.activity_links import activity_links
from coopdec_graph.publishing.assembly import refuse_mailboxes
from coopdec_graph.publishing.changes import graph_of
from coopdec_graph.publishing.contents import Content, Lines, write_sorted
from coopdec_graph.publishing.releases import Releases
from coopdec_graph.publishing.validated import Made, RefusedLink, valid_quads

__all__ = ["LinkOptions", "LinkReport", "linked_graph", "links_of"]

_LINKING = Bilingual("Rapprochement des collectivités", "Linking bodies")
# Enough bodies to be worth one validation, few enough to spread over processes.
_BATCH = 200


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
    that Wikidata could not be asked about; `unknown` are bodies and activities of decisions that the
    graph lacks."""

    facts: Mapping[str, object]
    bodies: int
    requests: int
    from_cache: int
    unasked: Bilingual | None
    refused: tuple[RefusedLink, ...] = ()
    unknown: tuple[str, ...] = ()


def linked_graph(
    graph: Content,
    options: LinkOptions,
    mint: Minter,
    today: date,
    track: Track,
    work: Path,
) -> tuple[Path, LinkReport]:
    """The graph of a release with the links of its bodies, in the folder `work`, and what came of it.

    A body whose links break a shape gets none, and is reported. Raises UsageError,
    DecisionsDamaged, PersonalDataFound and OSError.
    """
    lines = Lines((graph,), wanted=_Unlinked.of(mint))
    people = HumanDecisions.load(options.decisions)
    linker = options.linker(today)
    run = _run(options, linker, people)
    bodies = printed_bodies(lines)
    ticks = Ticks(track, _LINKING, len(bodies))
    linked = campaign(bodies, linker, people, ticks)
    ticks.end()
    made = _made(linked, run, mint)
    links = b"".join(_link_quads(made, linked, run, mint))
    with_links = Lines((lines, links))
    twice = activity_links(with_links, people, run, mint, track)
    written = write_sorted(Lines((with_links, twice.quads)), work / "linked")
    refuse_mailboxes({"graph.nq": written})
    refused = [link for batch in made for link in batch.refused]
    known = {key_of_body(body) for body in bodies}
    unknown = sorted({row.body for row in people.about_bodies()} - known)
    report = _report(linked, refused, linker, options)
    return written, replace(
        report,
        facts={**report.facts, "activities": twice.facts},
        refused=(*report.refused, *twice.refused),
        unknown=(*unknown, *twice.unknown),
    )


def links_of(releases: Releases) -> int:
    """How many bodies of the current release are linked to Wikidata; none where there is none."""
    try:
        facts = releases.current().manifest().get("links", {})
    except (ReleaseError, OSError, ValueError):
        return 0
    accepted = facts.get("accepted", 0) if isinstance(facts, dict) else 0
    return accepted if isinstance(accepted, int) else 0


@dataclass(frozen=True, slots=True)
class _Unlinked:
    """Whether a line is none of an earlier campaign's; what the words of a page hint at is not."""

    graphs: Collection[str]
    hints: bytes

    @classmethod
    def of(cls, mint: Minter) -> _Unlinked:
        graphs = frozenset(str(mint.graph(name)) for name in LINK_GRAPHS)
        return cls(graphs, f"<{mint.sector_suggestions()}".encode())

    def __call__(self, line: bytes) -> bool:
        return graph_of(line) not in self.graphs or line.startswith(self.hints)


def _run(options: LinkOptions, linker: Linker, people: HumanDecisions) -> Run:
    asked = linker.wikidata.asker.url if options.wikidata is not None else None
    told = f"{__version__}\n{asked}\n{people.to_csv()}"
    return Run(
        hashlib.sha256(told.encode()).hexdigest()[:16], f"coopdec-graph {__version__}", asked
    )


def _made(linked: Sequence[Linked], run: Run, mint: Minter) -> list[Made]:
    batches = [linked[start : start + _BATCH] for start in range(0, len(linked), _BATCH)]
    making = in_processes(_Maker(run, mint), batches, len(batches), worthwhile=2, chunk=1)
    return list(making)


def _link_quads(
    made: Sequence[Made], linked: Sequence[Linked], run: Run, mint: Minter
) -> Iterator[bytes]:
    codes = {one.body.country for one in linked if one.body.country}
    written = merge_n_quads(
        *(batch.quads for batch in made), n_quads(country_links(codes, run, mint))
    )
    yield written
    yield n_quads(run_statements(written.count(f" <{SCHEMA.sameAs}> ".encode()), run, mint))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes and validates the statements of some bodies, in whatever process."""

    run: Run
    mint: Minter

    def __call__(self, linked: Sequence[Linked]) -> Made:
        return valid_quads(linked, self._statements, _printed, lambda one: str(one.body.iri))

    def _statements(self, linked: Sequence[Linked]) -> list[Statement]:
        return list(batch_statements(linked, self.run, self.mint))


def _printed(linked: Linked) -> list[Statement]:
    """What the shapes want to see of a body that is published elsewhere."""
    graph, body = URIRef(""), linked.body
    kind = CD.FrenchCollectivity if body.is_french else CD.ForeignCollectivity
    name = Literal(body.name, lang="fr")
    facts: list[Statement] = [
        (graph, body.iri, RDF.type, kind),
        (graph, body.iri, RDFS.label, name),
        (graph, body.iri, SKOS.prefLabel, name),
    ]
    if body.country:
        facts.append((graph, body.iri, CD.country, country_iri(body.country)))
    return facts


def _report(
    linked: Sequence[Linked],
    refused: Sequence[RefusedLink],
    linker: Linker,
    options: LinkOptions,
) -> LinkReport:
    asked = options.wikidata is not None
    outcomes = Counter(str(one.decision.outcome) for one in linked)
    if not asked:
        # Nobody asked, so that nobody failed to answer.
        del outcomes[Outcome.UNASKED]
    asker = linker.wikidata.asker
    facts: dict[str, object] = {
        "wikidata": asker.url if asked else None,
        "bodies": len(linked),
        "placed": sum(one.decision.place is not None for one in linked),
        "refused": len(refused),
        **{str(outcome): outcomes[outcome] for outcome in Outcome},
    }
    unasked = [one for one in linked if one.decision.outcome is Outcome.UNASKED]
    reason = unasked[0].decision.reason if unasked and asked else None
    return LinkReport(facts, len(linked), asker.requests, asker.from_cache, reason, tuple(refused))
