"""The dataset as a whole: Describing Linked Datasets with the VoID Vocabulary (W3C, 2011).

Title, licence and rights are read from the graph, which has them already; the figures are counted
over the default graph.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
from rdflib import FOAF, RDF, RDFS, VOID

from coopdec_graph.graph.query import Form
from coopdec_graph.namespaces import PREFIXES, Minter
from coopdec_graph.results.formats import HTML, formats_of
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.facts import Facts, Subject, count
from coopdec_graph.service.queries import Row
from coopdec_graph.service.statistics import Statistics

__all__ = ["DUMP_PATH", "VOID_PATH", "dataset_facts"]

# RFC 8615; the name is registered by the VoID note, section 7.2.
VOID_PATH = "/.well-known/void"
DUMP_PATH = "/dump.nq"
_N_QUADS = ox.NamedNode(ox.RdfFormat.N_QUADS.iri)


async def dataset_facts(statistics: Statistics, addresses: Addresses, root: str) -> Facts:
    """What is said of the dataset, served at the address `root`. Raises QueryError.

    A figure that costs more than one query may is left out.
    """
    facts = Facts()
    dataset = ox.NamedNode(str(Minter(addresses.base).dataset()))
    for row in await statistics.rows("statements", entity=dataset) or ():
        _copy(facts, dataset, row)
    facts.add(dataset, RDF.type, _node(VOID.Dataset))
    _access(facts, dataset, addresses, root)
    for row in await statistics.rows("examples") or ():
        _link(facts, dataset, VOID.exampleResource, row["entity"])
    for row in await statistics.rows("linksets") or ():
        _linkset(facts, dataset, row)
    for row in await statistics.rows("mapped_concepts") or ():
        _mapping(facts, dataset, row)
    await _sizes(facts, dataset, statistics, addresses)
    classes = await statistics.rows("dataset_classes") or ()
    properties = await statistics.rows("dataset_properties") or ()
    _partitions(facts, dataset, classes, properties)
    return facts


def _copy(facts: Facts, dataset: ox.NamedNode, row: Row) -> None:
    predicate, value = row["property"], row["value"]
    if isinstance(predicate, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
        facts.add(dataset, predicate.value, value)


def _linkset(facts: Facts, dataset: Subject, row: Row) -> None:
    """What the graph says of a set of links of its own (VoID, section 5)."""
    linkset, predicate, value = row["linkset"], row["property"], row["value"]
    if not isinstance(linkset, ox.NamedNode) or not isinstance(predicate, ox.NamedNode):
        return
    facts.add(dataset, VOID.subset, linkset)
    _link(facts, linkset, predicate.value, value)


def _mapping(facts: Facts, dataset: Subject, row: Row) -> None:
    """Links of our concepts to a list of others: a linkset has one predicate (VoID, section 5.2)."""
    linkset = _part(facts, dataset, VOID.subset)
    facts.add(linkset, RDF.type, _node(VOID.Linkset))
    facts.add(linkset, VOID.subjectsTarget, dataset)
    _link(facts, linkset, VOID.objectsTarget, row["list"])
    _link(facts, linkset, VOID.linkPredicate, row["relation"])
    _link(facts, linkset, VOID.triples, row["links"])


def _access(facts: Facts, dataset: Subject, addresses: Addresses, root: str) -> None:
    """Where and how to get it (VoID, section 3)."""
    description = ox.NamedNode(root + VOID_PATH)
    facts.add(description, RDF.type, _node(VOID.DatasetDescription))
    facts.add(description, FOAF.primaryTopic, dataset)
    facts.add(dataset, FOAF.homepage, ox.NamedNode(f"{root}/"))
    facts.add(dataset, RDFS.seeAlso, ox.NamedNode(f"{root}/catalog"))
    facts.add(dataset, VOID.sparqlEndpoint, ox.NamedNode(f"{root}/sparql"))
    facts.add(dataset, VOID.dataDump, ox.NamedNode(root + DUMP_PATH))
    facts.add(dataset, VOID.uriSpace, ox.Literal(f"{addresses.base}id/"))
    engines = (format.engine for format in formats_of(Form.GRAPH) if format is not HTML)
    formats = [ox.NamedNode(engine.iri) for engine in engines if engine is not None]
    facts.add(dataset, VOID.feature, *formats, _N_QUADS)


async def _sizes(
    facts: Facts, dataset: Subject, statistics: Statistics, addresses: Addresses
) -> None:
    for row in await statistics.rows("dataset_size") or ():
        _link(facts, dataset, VOID.triples, row["triples"])
    for row in await statistics.rows("dataset_terms") or ():
        _link(facts, dataset, VOID.distinctSubjects, row["subjects"])
        _link(facts, dataset, VOID.distinctObjects, row["objects"])
    space = ox.Literal(f"{addresses.base}id/")
    for row in await statistics.rows("dataset_entities", space=space) or ():
        _link(facts, dataset, VOID.entities, row["entities"])


def _partitions(
    facts: Facts, dataset: Subject, classes: Sequence[Row], properties: Sequence[Row]
) -> None:
    """By class and by property (VoID, section 4.3), and the vocabularies these come from."""
    for row in classes:
        part = _part(facts, dataset, VOID.classPartition)
        _link(facts, part, VOID["class"], row["class"])
        _link(facts, part, VOID.entities, row["entities"])
    for row in properties:
        part = _part(facts, dataset, VOID.propertyPartition)
        _link(facts, part, VOID.property, row["property"])
        _link(facts, part, VOID.triples, row["triples"])
        _link(facts, part, VOID.distinctSubjects, row["subjects"])
        _link(facts, part, VOID.distinctObjects, row["objects"])
    if classes:
        facts.add(dataset, VOID.classes, count(len(classes)))
    if properties:
        facts.add(dataset, VOID.properties, count(len(properties)))
    used = [row["class"] for row in classes] + [row["property"] for row in properties]
    iris = [term.value for term in used if isinstance(term, ox.NamedNode)]
    for namespace in PREFIXES.values():
        if any(iri.startswith(namespace) for iri in iris):
            facts.add(dataset, VOID.vocabulary, ox.NamedNode(namespace))


def _part(facts: Facts, dataset: Subject, predicate: str) -> ox.BlankNode:
    part = facts.blank()
    facts.add(dataset, predicate, part)
    facts.add(part, RDF.type, _node(VOID.Dataset))
    return part


def _link(facts: Facts, subject: Subject, predicate: str, value: object) -> None:
    if isinstance(value, ox.NamedNode | ox.Literal):
        facts.add(subject, predicate, value)


def _node(term: object) -> ox.NamedNode:
    return ox.NamedNode(str(term))
