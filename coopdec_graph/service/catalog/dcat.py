"""The record in RDF: DCAT 3 (W3C, 2024) as DCAT-AP 3.0.1 (SEMIC, 2025) profiles it.

No contact point: nobody who could be one is known. Values of other lists state their classes, so
that a validator needs to load none of them.
"""

from __future__ import annotations

import pyoxigraph as ox
from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Namespace

from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import ONTOLOGY, PREFIXES, SHAPES
from coopdec_graph.service.catalog.record import FILE_TYPES, Download, Record, Service
from coopdec_graph.service.catalog.texts import catalog_texts
from coopdec_graph.service.facts import Facts, Subject
from coopdec_graph.service.void import VOID_PATH

__all__ = ["DCAT_AP", "catalog_facts"]

# The IRI of the profile (https://semiceu.github.io/DCAT-AP/releases/3.0.1, "Application profile").
DCAT_AP = "http://data.europa.eu/r5r/"
DCAT = Namespace(PREFIXES["dcat"])
SPDX = Namespace("http://spdx.org/rdf/terms#")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = ("FRA", "ENG")


def catalog_facts(record: Record) -> Facts:
    """The catalogue, its dataset, each download and each service."""
    return _Writer(record).written()


class _Writer:
    def __init__(self, record: Record) -> None:
        self._record = record
        self._texts = catalog_texts()
        self._facts = Facts()

    def written(self) -> Facts:
        self._catalog()
        self._dataset()
        for download in self._record.downloads:
            self._distribution(download)
        for service in self._record.services:
            self._service(service)
        return self._facts

    def _add(self, subject: Subject, predicate: object, *values: ox.NamedNode) -> None:
        self._facts.add(subject, str(predicate), *values)

    def _say(self, subject: Subject, predicate: object, text: Bilingual | None) -> None:
        if text is not None:
            said = (ox.Literal(text.text(each), language=each) for each in LANGUAGES)
            self._facts.add(subject, str(predicate), *said)

    def _typed(self, subject: Subject, predicate: object, text: str | None, kind: object) -> None:
        if text is not None:
            self._facts.add(subject, str(predicate), ox.Literal(text, datatype=_node(kind)))

    def _of(self, iri: str, *types: object) -> ox.NamedNode:
        """A node with its class."""
        node = ox.NamedNode(iri)
        self._add(node, RDF.type, *map(_node, types))
        return node

    def _part(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(self._record.part(name))

    def _authority(self, table: str, code: str, kind: object) -> ox.NamedNode:
        """A value of an authority table of the EU's Publications Office."""
        return self._of(f"{self._texts.authority}{table}/{code}", kind)

    def _catalog(self) -> None:
        record, texts = self._record, self._texts.texts
        catalog = self._of(record.catalog, DCAT.Catalog)
        self._say(catalog, DCTERMS.title, texts["catalog"])
        self._say(catalog, DCTERMS.description, texts["catalog_description"])
        self._add(catalog, DCTERMS.publisher, self._publisher_of_catalog())
        self._add(catalog, FOAF.homepage, self._of(f"{record.root}/", FOAF.Document))
        self._about(catalog)
        themes = self._of(f"{self._texts.authority}data-theme", SKOS.ConceptScheme)
        self._facts.add(themes, str(DCTERMS.title), ox.Literal("Data theme", language="en"))
        self._add(catalog, DCAT.themeTaxonomy, themes)
        self._add(catalog, DCAT.dataset, ox.NamedNode(record.dataset))
        self._add(catalog, DCAT.service, *(self._part(each.name) for each in record.services))

    def _publisher_of_catalog(self) -> ox.NamedNode:
        """Who runs the service is not known to it: the service itself makes the catalogue."""
        agent = self._of(self._record.part("agent"), FOAF.Agent)
        text = self._texts.texts["service"]
        named = Bilingual(*(text.text(each, root=self._record.root) for each in LANGUAGES))
        self._say(agent, FOAF.name, named)
        return agent

    def _about(self, subject: Subject) -> None:
        """What the catalogue and its dataset have in common."""
        self._licence(subject)
        self._typed(subject, DCTERMS.modified, self._record.modified, XSD.date)
        languages = [
            self._authority("language", code, DCTERMS.LinguisticSystem) for code in _LANGUAGES
        ]
        self._add(subject, DCTERMS.language, *languages)
        countries = [self._of(iri, DCTERMS.Location) for iri in self._record.countries]
        self._add(subject, DCTERMS.spatial, *countries)

    def _licence(self, subject: Subject) -> None:
        if self._record.licence is not None:
            licence = self._of(self._record.licence, DCTERMS.LicenseDocument)
            self._add(subject, DCTERMS.license, licence)

    def _dataset(self) -> None:
        record, texts = self._record, self._texts.texts
        dataset = self._of(record.dataset, DCAT.Dataset)
        self._say(dataset, DCTERMS.title, record.title)
        self._say(dataset, DCTERMS.description, texts["description"])
        self._facts.add(dataset, str(DCTERMS.identifier), ox.Literal(record.dataset))
        self._facts.add(dataset, str(DCAT.version), ox.Literal(record.release))
        self._publisher_of_dataset(dataset)
        self._about(dataset)
        for code, name in self._texts.themes.items():
            theme = self._authority("data-theme", code, SKOS.Concept)
            self._say(theme, SKOS.prefLabel, name)
            self._add(dataset, DCAT.theme, theme)
        for language, words in self._texts.keywords.items():
            keywords = (ox.Literal(word, language=language) for word in words)
            self._facts.add(dataset, str(DCAT.keyword), *keywords)
        public = self._authority("access-right", "PUBLIC", DCTERMS.RightsStatement)
        self._add(dataset, DCTERMS.accessRights, public)
        self._period(dataset)
        for iri, name in ((ONTOLOGY, texts["ontology"]), (SHAPES, texts["shapes"])):
            self._add(dataset, DCTERMS.conformsTo, self._standard(str(iri), name))
        if record.provenance is not None:
            provenance = self._blank(dataset, DCTERMS.provenance, DCTERMS.ProvenanceStatement)
            self._say(provenance, RDFS.label, record.provenance)
        landing = self._of(f"{record.root}/catalog.html", FOAF.Document)
        self._add(dataset, DCAT.landingPage, landing)
        self._add(dataset, RDFS.seeAlso, ox.NamedNode(record.root + VOID_PATH))
        downloads = (self._part(each.name) for each in record.downloads)
        self._add(dataset, DCAT.distribution, *downloads)

    def _publisher_of_dataset(self, dataset: Subject) -> None:
        """As the graph has it; nobody, where the graph does not name them."""
        record = self._record
        if record.publisher is not None and record.publisher_name is not None:
            publisher = self._of(record.publisher, FOAF.Agent)
            name = ox.Literal(record.publisher_name, language="fr")
            self._facts.add(publisher, str(FOAF.name), name)
            self._add(dataset, DCTERMS.publisher, publisher)

    def _period(self, dataset: Subject) -> None:
        record = self._record
        if record.first is None and record.last is None:
            return
        period = self._blank(dataset, DCTERMS.temporal, DCTERMS.PeriodOfTime)
        self._typed(period, DCAT.startDate, record.first, XSD.date)
        self._typed(period, DCAT.endDate, record.last, XSD.date)

    def _blank(self, subject: Subject, predicate: object, kind: object) -> ox.BlankNode:
        """A value that has no name of its own."""
        node = self._facts.blank()
        self._facts.add(subject, str(predicate), node)
        self._add(node, RDF.type, _node(kind))
        return node

    def _standard(self, iri: str, name: Bilingual) -> ox.NamedNode:
        standard = self._of(iri, DCTERMS.Standard)
        self._say(standard, DCTERMS.title, name)
        return standard

    def _distribution(self, download: Download) -> None:
        node = self._of(self._record.part(download.name), DCAT.Distribution)
        self._say(node, DCTERMS.title, download.title)
        self._say(node, DCTERMS.description, download.about)
        self._licence(node)
        if self._record.attribution is not None:
            rights = self._blank(node, DCTERMS.rights, DCTERMS.RightsStatement)
            attribution = ox.Literal(self._record.attribution, language="fr")
            self._facts.add(rights, str(RDFS.label), attribution)
        self._typed(node, DCTERMS.modified, self._record.modified, XSD.date)
        self._add(node, DCAT.accessURL, ox.NamedNode(download.address))
        if download.file:
            self._add(node, DCAT.downloadURL, ox.NamedNode(download.address))
        if download.service is not None:
            self._add(node, DCAT.accessService, self._part(download.service))
        if download.media_type is not None:
            self._format(node, download.media_type)
        if download.size is not None:
            self._typed(node, DCAT.byteSize, str(download.size), XSD.nonNegativeInteger)
        if download.sha256 is not None:
            self._checksum(node, download.sha256)

    def _format(self, node: Subject, media_type: str) -> None:
        kind = self._of(_MEDIA_TYPES + media_type, DCTERMS.MediaType)
        self._add(node, DCAT.mediaType, kind)
        file_type = FILE_TYPES[media_type]
        known = self._authority("file-type", file_type, DCTERMS.MediaTypeOrExtent)
        self._add(node, DCTERMS.format, known)

    def _checksum(self, node: Subject, sha256: str) -> None:
        checksum = self._blank(node, SPDX.checksum, SPDX.Checksum)
        algorithm = self._of(str(SPDX.checksumAlgorithm_sha256), SPDX.ChecksumAlgorithm)
        self._add(checksum, SPDX.algorithm, algorithm)
        self._typed(checksum, SPDX.checksumValue, sha256, XSD.hexBinary)

    def _service(self, service: Service) -> None:
        node = self._of(self._record.part(service.name), DCAT.DataService)
        self._say(node, DCTERMS.title, service.title)
        self._licence(node)
        self._add(node, DCAT.endpointURL, ox.NamedNode(service.endpoint))
        self._add(node, DCAT.endpointDescription, ox.NamedNode(service.description))
        self._add(node, DCAT.servesDataset, ox.NamedNode(self._record.dataset))
        iri, name = service.standard
        self._add(node, DCTERMS.conformsTo, self._standard(iri, Bilingual(name, name)))


def _node(term: object) -> ox.NamedNode:
    return ox.NamedNode(str(term))
