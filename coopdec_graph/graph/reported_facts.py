"""What a programme reports of an activity beside its parties, dates and sums: who reports it, its
places, its other identifiers, what it is related to.
"""

from __future__ import annotations

from rdflib import DCTERMS, RDFS, SKOS, XSD, Literal, URIRef

from coopdec_graph.graph.agents import add_agent
from coopdec_graph.graph.codes import add_code
from coopdec_graph.graph.statements import Sink, literal, text
from coopdec_graph.model import Activity, Location
from coopdec_graph.namespaces import ADMS, CD, GEO, SF, Minter

__all__ = ["add_reported_facts"]

# GeoNames, in IATI's list GeographicVocabulary.
_GEONAMES = "G1"


def add_reported_facts(
    sink: Sink, subject: URIRef, activity: Activity, key: str, mint: Minter
) -> None:
    if activity.reporter is not None:
        reporter = add_agent(sink, activity.reporter, key, mint)
        sink.add(subject, CD.reportingOrganisation, reporter)
    if activity.secondary_reporter is not None:
        sink.add(subject, CD.secondaryReporter, Literal(activity.secondary_reporter))
    if activity.linked_data is not None:
        # A text: what a file says is at that address need not be of this activity.
        sink.add(subject, CD.linkedData, Literal(activity.linked_data, datatype=XSD.anyURI))
    if activity.humanitarian is not None:
        sink.add(subject, CD.humanitarian, Literal(activity.humanitarian))
    if activity.hierarchy is not None:
        sink.add(subject, CD.hierarchy, Literal(activity.hierarchy))
    for kind, day in activity.dates.items():
        sink.add(subject, CD[kind], Literal(day, datatype=XSD.date))
    for kind, note in activity.date_notes:
        sink.add(subject, CD.dateNote, text(f"{kind}: {note.value}", note.language))
    for location in activity.locations:
        sink.add(subject, CD.location, _add_location(sink, location, key, mint))
    _add_other_identifiers(sink, subject, activity, key, mint)
    _add_related(sink, subject, activity, key, mint)


def _add_location(sink: Sink, location: Location, key: str, mint: Minter) -> URIRef:
    node = mint.location(key, location.rank)
    sink.type(node, DCTERMS.Location)
    sink.add(node, RDFS.label, *map(literal, location.names))
    sink.add(node, CD.sourceRank, Literal(location.rank))
    if location.reference:
        sink.add(node, DCTERMS.identifier, Literal(location.reference))
    for gazetteer, code in location.gazetteer:
        if gazetteer == _GEONAMES:
            sink.add(node, CD.geonamesId, Literal(code))
        else:
            sink.add(node, DCTERMS.identifier, Literal(f"{gazetteer}:{code}"))
    if location.latitude is not None and location.longitude is not None:
        geometry = mint.geometry(f"{key}/{location.rank}")
        sink.add(node, GEO.hasGeometry, geometry)
        sink.type(geometry, GEO.Geometry, SF.Point)
        point = f"POINT({location.longitude:f} {location.latitude:f})"
        sink.add(geometry, GEO.asWKT, Literal(point, datatype=GEO.wktLiteral, normalize=False))
    return node


def _add_other_identifiers(
    sink: Sink, subject: URIRef, activity: Activity, key: str, mint: Minter
) -> None:
    for number, other in enumerate(activity.other_identifiers, start=1):
        node = mint.other_identifier(key, number)
        sink.add(subject, ADMS.identifier, node)
        sink.type(node, ADMS.Identifier)
        sink.add(node, SKOS.notation, Literal(other.value))
        add_code(sink, node, CD.identifierType, other.type)
        if other.owner is not None:
            sink.add(node, CD.identifierOwner, add_agent(sink, other.owner, key, mint))


def _add_related(sink: Sink, subject: URIRef, activity: Activity, key: str, mint: Minter) -> None:
    for number, related in enumerate(activity.related, start=1):
        node = mint.related_activity(key, number)
        sink.add(subject, CD.relatedActivity, node)
        sink.type(node, CD.RelatedActivity)
        sink.add(node, CD.relatedIdentifier, Literal(related.identifier))
        add_code(sink, node, CD.relationType, related.type)
