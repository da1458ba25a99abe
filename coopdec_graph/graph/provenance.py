"""Where facts come from, on what terms, and which identifiers replaced which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rdflib import DCTERMS, FOAF, PROV, VOID, XSD, Literal, URIRef

from coopdec_graph.graph.agents import add_agent
from coopdec_graph.graph.programmes import programme_iri
from coopdec_graph.graph.statements import Sink, Statement, text
from coopdec_graph.language import Bilingual
from coopdec_graph.model import Activity, ActivityKind, SourceMetadata
from coopdec_graph.namespaces import CD, Minter

__all__ = ["dataset_description", "page_provenance", "replacements"]

_WHOLE = Bilingual("Graphe des partenariats : {title}", "Graph of partnerships: {title}")
_PART = Bilingual("{title}", "{title}")


def page_provenance(
    activity: Activity, key: str, mint: Minter, terms: SourceMetadata
) -> Iterator[Statement]:
    """The page one activity was read from: publisher, licence, address and capture if known.

    What the page says of itself comes before what its programme says of all.
    """
    sink = Sink(mint.graph("provenance"))
    page = mint.source(key, activity.source.digest)
    sink.type(page, PROV.Entity, FOAF.Document)
    publisher = activity.source.publisher or terms.body
    if publisher is not None:
        sink.add(page, DCTERMS.publisher, add_agent(sink, publisher, key, mint))
    licence = activity.source.licence or terms.licence
    if licence is not None:
        sink.add(page, DCTERMS.license, URIRef(licence))
    captured = activity.source.captured
    if terms.attribution is not None:
        seen = f", page consultée le {captured.date().isoformat()}" if captured else ""
        sink.add(page, DCTERMS.rights, text(terms.attribution + seen))
    if activity.source.identifier:
        sink.add(page, DCTERMS.identifier, Literal(activity.source.identifier))
    if activity.source.url:
        sink.add(page, DCTERMS.source, URIRef(activity.source.url))
    modified = activity.source.modified
    if modified:
        sink.add(page, DCTERMS.modified, Literal(modified.isoformat(), datatype=XSD.dateTime))
    if captured:
        sink.add(page, PROV.generatedAtTime, Literal(captured.isoformat(), datatype=XSD.dateTime))
    return iter(sink)


def dataset_description(programmes: Sequence[SourceMetadata], mint: Minter) -> Iterator[Statement]:
    """The dataset all activities belong to, with its licence and attribution.

    A dataset of several programmes has a part for each, on the terms of that programme; the whole
    has a licence and a publisher only where all have the same. The dataset that is of one
    programme says of which.
    """
    sink = Sink(mint.graph("provenance"))
    dataset = mint.dataset()
    sink.type(dataset, VOID.Dataset)
    _describe(sink, dataset, _WHOLE, programmes, mint)
    if len(programmes) > 1:
        for terms in programmes:
            part = mint.programme_dataset(terms.programme)
            sink.add(dataset, VOID.subset, part)
            sink.type(part, VOID.Dataset)
            _describe(sink, part, _PART, [terms], mint)
    return iter(sink)


def _describe(
    sink: Sink,
    dataset: URIRef,
    prefix: Bilingual,
    programmes: Sequence[SourceMetadata],
    mint: Minter,
) -> None:
    title = " ; ".join(terms.title for terms in programmes)
    for language in ("fr", "en"):
        whole = prefix.text(language, title=title)
        sink.add(dataset, DCTERMS.title, text(whole, language))
    sink.add(dataset, DCTERMS.rights, *(text(terms.attribution) for terms in programmes))
    publishers = {terms.publisher for terms in programmes}
    if len(publishers) == 1:
        named = (mint.organisation(one) for one in publishers if one is not None)
        sink.add(dataset, DCTERMS.publisher, *named)
    if len(programmes) == 1:
        sink.add(dataset, CD.programme, programme_iri(programmes[0]))
    licences = {terms.licence for terms in programmes}
    if len(licences) == 1:
        sink.add(dataset, DCTERMS.license, *(URIRef(one) for one in licences if one is not None))


def replacements(pairs: Iterable[tuple[str, str]], mint: Minter) -> Iterator[Statement]:
    """Old keys and the keys that took their place: the old IRI stays alive."""
    sink = Sink(mint.graph("provenance"))
    for old, new in pairs:
        kind = ActivityKind.PARTNERSHIP if new.startswith("atlas-") else ActivityKind.ACTIVITY
        sink.add(mint.activity(kind, old), DCTERMS.isReplacedBy, mint.activity(kind, new))
    return iter(sink)
