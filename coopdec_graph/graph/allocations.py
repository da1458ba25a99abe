"""What an activity or a sum goes to: sectors, countries, regions, tags, with their shares."""

from __future__ import annotations

from rdflib import RDFS, XSD, Literal, URIRef

from coopdec_graph.graph.codes import add_code, code_iri
from coopdec_graph.graph.statements import Sink, decimal, literal
from coopdec_graph.model import Allocation, AllocationKind
from coopdec_graph.namespaces import CD, SCHEME, Minter

__all__ = ["add_allocations"]

# What a query asks most often stands on the activity too, without the share.
_SHORTCUTS = {
    AllocationKind.SECTOR: CD.sector,
    AllocationKind.RECIPIENT_COUNTRY: CD.recipientCountry,
    AllocationKind.RECIPIENT_REGION: CD.recipientRegion,
    AllocationKind.TAG: CD.tag,
}


def add_allocations(
    sink: Sink, subject: URIRef, allocations: tuple[Allocation, ...], mint: Minter
) -> None:
    """A cd:Allocation each; a code that no list of ours has stays as printed."""
    for allocation in allocations:
        node = mint.allocation(subject, allocation.kind, allocation.rank)
        _add_allocation(sink, node, subject, allocation)
        target = code_iri(allocation.code)
        shortcut = _SHORTCUTS.get(allocation.kind)
        if target is not None and shortcut is not None:
            sink.add(subject, shortcut, target)


def _add_allocation(sink: Sink, node: URIRef, subject: URIRef, allocation: Allocation) -> None:
    code = allocation.code
    sink.type(node, CD.Allocation)
    sink.add(node, CD.allocationOf, subject)
    sink.add(node, CD.allocationKind, SCHEME[f"allocation-kind/{allocation.kind}"])
    sink.add(node, CD.allocatedTo, code_iri(code))
    sink.add(node, CD.printedCode, Literal(code.value))
    if code.vocabulary:
        sink.add(node, CD.vocabularyCode, Literal(code.vocabulary))
    if code.vocabulary_uri:
        sink.add(node, CD.vocabularyUri, Literal(code.vocabulary_uri, datatype=XSD.anyURI))
    sink.add(node, RDFS.label, *map(literal, code.labels))
    sink.add(node, CD.percentage, decimal(allocation.percentage))
    add_code(sink, node, CD.significance, allocation.significance)
    add_code(sink, node, CD.scopeType, allocation.type)
    sink.add(node, CD.sourceRank, Literal(allocation.rank))
