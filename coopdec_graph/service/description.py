"""What `/sparql` says of itself: SPARQL 1.1 Service Description (W3C, 2013).

The graphs of single partnerships are thousands and are not listed: each family of them is one
collection, with the beginning that their names share.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyoxigraph as ox
from rdflib import DCTERMS, RDF, RDFS, VOID, XSD, Namespace

from coopdec_graph.engines.base import Limits
from coopdec_graph.graph.distance import DISTANCE_KM
from coopdec_graph.graph.query import Form
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import CD, PREFIXES
from coopdec_graph.results.formats import HTML, Format, formats_of
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.facts import Facts, Subject, count
from coopdec_graph.service.options import Options
from coopdec_graph.service.statistics import Statistics

__all__ = ["FORMAT_IRIS", "GEOSPARQL_FUNCTIONS", "ServiceDescription"]

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

_TITLE = Bilingual(
    "Point d'accès SPARQL du graphe de la coopération décentralisée",
    "SPARQL endpoint of the graph of decentralised cooperation",
)
_DEFAULT_GRAPH = Bilingual(
    "L'union des graphes publiés, sauf « candidates » : chaque triplet y compte une fois.",
    "The union of the published graphs but “candidates”: each triple counts once in it.",
)
# The named graphs there is one of (docs/model.md), and the families of the others.
FIXED_GRAPHS: Mapping[str, Bilingual] = {
    "candidates": Bilingual("Rapprochements non acceptés", "Alignments that are not accepted"),
    "derived/names": Bilingual("Noms retenus des organismes", "Preferred names of the bodies"),
    "links": Bilingual("Lieux, codes et liens acceptés", "Accepted places, codes and links"),
    "places": Bilingual("Lieux des référentiels", "Places of the reference tables"),
    "provenance": Bilingual("Provenance et droits", "Provenance and rights"),
    "quality": Bilingual("Résultats de la validation", "Results of the validation"),
    "reference": Bilingual("Noms et codes des pays", "Names and codes of the countries"),
    "vocabulary": Bilingual("Ontologie et nomenclatures", "Ontology and concept schemes"),
}
FAMILIES: Mapping[str, Bilingual] = {
    "derived/": Bilingual(
        "Ce qui est calculé, un graphe par activité", "What is computed, one graph per activity"
    ),
    "narrative/": Bilingual(
        "La prose des pages, un graphe par activité", "The prose of the pages, one per activity"
    ),
    "source/": Bilingual(
        "Ce que disent les pages, un graphe par activité", "What the pages say, one per activity"
    ),
}
# Those of GeoSPARQL that the embedded engine has and that a test gets a value from.
GEOSPARQL_FUNCTIONS = tuple(
    PREFIXES["geof"] + name
    for name in (
        *("asGeoJSON", "centroid", "convexHull", "coordinateDimension", "dimension", "distance"),
        *("envelope", "getSRID", "isEmpty", "isSimple", "length", "perimeter", "relate"),
        *("spatialDimension", "sfContains", "sfCrosses", "sfDisjoint", "sfEquals", "sfIntersects"),
        *("sfOverlaps", "sfTouches", "sfWithin", "ehContains", "ehCoveredBy", "ehCovers"),
        *("ehDisjoint", "ehEquals", "ehInside", "ehMeet", "ehOverlap", "rcc8dc", "rcc8ec"),
        *("rcc8eq", "rcc8ntpp", "rcc8ntppi", "rcc8po", "rcc8tpp", "rcc8tppi"),
    )
)


def _format_iri(format: Format) -> str:
    """Its IRI in the W3C's registry of formats, else that of its media type at IANA."""
    iri: str | None = getattr(format.engine, "iri", None)
    return iri or _MEDIA_TYPES + format.media_type


FORMAT_IRIS = tuple(
    dict.fromkeys(_format_iri(f) for form in Form for f in formats_of(form) if f is not HTML)
)


class ServiceDescription:
    """Describes one release's endpoint at whatever address it is asked at."""

    def __init__(
        self, statistics: Statistics, addresses: Addresses, limits: Limits, options: Options
    ) -> None:
        self._statistics = statistics
        self._addresses = addresses
        self._limits = limits
        self._federated = bool(options.federation.endpoints)
        # A remote store has functions of its own, which it does not tell us.
        self._functions = (
            () if options.remote else (DISTANCE_KM, *map(ox.NamedNode, GEOSPARQL_FUNCTIONS))
        )

    async def written(self, root: str, format: Format) -> bytes:
        """The description in a format of graphs. Raises QueryError."""
        facts = Facts()
        endpoint = f"{root}/sparql"
        service = ox.NamedNode(f"{endpoint}#service")
        self._service(facts, service, endpoint)
        more = (f"{root}/.well-known/void", f"{root}/catalog")
        facts.add(service, RDFS.seeAlso, *map(ox.NamedNode, more))
        self._limit(facts, service)
        await self._dataset(facts, service, endpoint)
        self._collections(facts, service)
        return facts.written(format)

    def _service(self, facts: Facts, service: Subject, endpoint: str) -> None:
        facts.add(service, RDF.type, _node(SD.Service))
        _titled(facts, service, _TITLE)
        facts.add(service, SD.endpoint, ox.NamedNode(endpoint))
        facts.add(service, SD.supportedLanguage, _node(SD.SPARQL11Query))
        if self._federated:
            facts.add(service, SD.feature, _node(SD.BasicFederatedQuery))
        facts.add(service, SD.resultFormat, *map(ox.NamedNode, FORMAT_IRIS))
        for function in self._functions:
            facts.add(service, SD.extensionFunction, function)
            facts.add(function, RDF.type, _node(SD.Function))

    def _limit(self, facts: Facts, service: Subject) -> None:
        limits = self._limits
        seconds = format(Decimal(str(limits.seconds)), "f")
        facts.add(service, CD.timeLimit, ox.Literal(seconds, datatype=_node(XSD.decimal)))
        facts.add(service, CD.memoryLimit, count(limits.memory))
        facts.add(service, CD.rowLimit, count(limits.rows))
        facts.add(service, CD.resultSizeLimit, count(limits.result_bytes))
        facts.add(service, CD.querySizeLimit, count(limits.query_bytes))

    async def _dataset(self, facts: Facts, service: Subject, endpoint: str) -> None:
        dataset = ox.NamedNode(f"{endpoint}#dataset")
        default = ox.NamedNode(f"{endpoint}#default-graph")
        facts.add(service, SD.defaultDataset, dataset)
        facts.add(dataset, RDF.type, _node(SD.Dataset))
        facts.add(dataset, SD.defaultGraph, default)
        facts.add(default, RDF.type, _node(SD.Graph))
        _titled(facts, default, _DEFAULT_GRAPH)
        for row in await self._statistics.rows("dataset_size") or ():
            _sized(facts, default, row["triples"])
        for name, title in FIXED_GRAPHS.items():
            await self._fixed(facts, dataset, name, title)

    async def _fixed(self, facts: Facts, dataset: Subject, name: str, title: Bilingual) -> None:
        """A named graph, unless this release has none of that name."""
        iri = ox.NamedNode(f"{self._addresses.base}graph/{name}")
        for row in await self._statistics.rows("graph_size", graph=iri) or ():
            named, graph = facts.blank(), facts.blank()
            facts.add(dataset, SD.namedGraph, named)
            facts.add(named, RDF.type, _node(SD.NamedGraph))
            facts.add(named, SD.name, iri)
            facts.add(named, SD.graph, graph)
            facts.add(graph, RDF.type, _node(SD.Graph))
            _titled(facts, graph, title)
            _sized(facts, graph, row["triples"])

    def _collections(self, facts: Facts, service: Subject) -> None:
        for name, title in FAMILIES.items():
            family = facts.blank()
            space = f"{self._addresses.base}graph/{name}"
            facts.add(service, SD.availableGraphs, family)
            facts.add(family, RDF.type, _node(SD.GraphCollection))
            _titled(facts, family, title)
            facts.add(family, VOID.uriSpace, ox.Literal(space))


def _node(term: object) -> ox.NamedNode:
    return ox.NamedNode(str(term))


def _titled(facts: Facts, subject: Subject, title: Bilingual) -> None:
    for language in LANGUAGES:
        facts.add(subject, DCTERMS.title, ox.Literal(title.text(language), language=language))


def _sized(facts: Facts, subject: Subject, triples: object) -> None:
    if isinstance(triples, ox.Literal):
        facts.add(subject, VOID.triples, triples)
