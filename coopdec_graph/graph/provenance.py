"""Where facts come from, on what terms, and which identifiers replaced which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import DCTERMS, FOAF, PROV, VOID, XSD, Literal, URIRef

from coopdec_graph.graph.agents import add_agent
from coopdec_graph.graph.statements import Sink, Statement, text
from coopdec_graph.model import Activity, Agent, AgentKind
from coopdec_graph.namespaces import Minter

__all__ = ["dataset_description", "page_provenance", "replacements"]


def page_provenance(
    activity: Activity, key: str, mint: Minter, publisher: str, licence: str, attribution: str
) -> Iterator[Statement]:
    """The page one partnership was read from: publisher, licence, address and capture if known."""
    sink = Sink(mint.graph("provenance"))
    page = mint.source(key, activity.source.digest)
    body = add_agent(sink, Agent(AgentKind.PUBLIC_ORGANISATION, publisher), key, mint)
    sink.type(page, PROV.Entity, FOAF.Document)
    sink.add(page, DCTERMS.publisher, body)
    sink.add(page, DCTERMS.license, URIRef(licence))
    captured = activity.source.captured
    seen = f", page consultée le {captured.date().isoformat()}" if captured else ""
    sink.add(page, DCTERMS.rights, text(attribution + seen))
    if activity.source.identifier:
        sink.add(page, DCTERMS.identifier, Literal(activity.source.identifier))
    if activity.source.url:
        sink.add(page, DCTERMS.source, URIRef(activity.source.url))
    if captured:
        sink.add(page, PROV.generatedAtTime, Literal(captured.isoformat(), datatype=XSD.dateTime))
    return iter(sink)


def dataset_description(
    mint: Minter, title: str, publisher: str, licence: str, attribution: str
) -> Iterator[Statement]:
    """The dataset all partnerships belong to, with its licence and attribution."""
    sink = Sink(mint.graph("provenance"))
    dataset = mint.dataset()
    sink.type(dataset, VOID.Dataset)
    sink.add(dataset, DCTERMS.title, text(f"Graphe des partenariats : {title}"))
    sink.add(dataset, DCTERMS.title, text(f"Graph of partnerships: {title}", "en"))
    sink.add(dataset, DCTERMS.publisher, mint.organisation(publisher))
    sink.add(dataset, DCTERMS.license, URIRef(licence))
    sink.add(dataset, DCTERMS.rights, text(attribution))
    return iter(sink)


def replacements(pairs: Iterable[tuple[str, str]], mint: Minter) -> Iterator[Statement]:
    """Old keys and the keys that took their place: the old IRI stays alive."""
    sink = Sink(mint.graph("provenance"))
    for old, new in pairs:
        sink.add(mint.partnership(old), DCTERMS.isReplacedBy, mint.partnership(new))
    return iter(sink)
