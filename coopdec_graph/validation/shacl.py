"""Validates the graph of one record with pySHACL (SHACL 2017: core and SPARQL constraints).

    Shapes.load(folder) ──► Shapes ──┐
    data: the record's triples ──────┼──► validate ──► Report
    vocabulary: the concept schemes ─┘

Nothing is fetched, nothing is inferred, and no graph that is given is changed. The engine finds;
the words come from the shapes, because pySHACL drops the language of some messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from pyshacl import ShapesGraph, Validator
from pyshacl.graph_abstraction import DataGraph
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from rdflib import RDF, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from coopdec_graph.namespaces import CD, XKOS
from coopdec_graph.privacy import find_mailboxes, scrub_mailboxes
from coopdec_graph.validation.report import Finding, Report, Severity

__all__ = ["Shapes", "ValidationEngineError", "validate"]

PRIVACY_FILE = "privacy.ttl"

# All that a shape asks of a concept it meets as a value. rdf:type is not among them: a concept of
# the vocabulary is there to be looked at, and without a type no shape takes it as its target.
VOCABULARY_FACTS = frozenset(
    {SKOS.inScheme, SKOS.broader, SKOS.narrower, XKOS.depth, CD.reviewStatus}
)

# What a report says about a shape, read once; no result depends on it. Untyped shapes are found by
# their targets and by sh:property.
DESCRIPTIVE = frozenset({RDF.type, SH.name, SH.message, SH.severity})

_SEVERITIES = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}

Texts = Mapping[str, Mapping[str, str]]
Triple = tuple[Node, Node, Node]


class ValidationEngineError(Exception):
    """The shapes cannot be used, or the engine stopped before it had a report."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of a folder, read and compiled once, for any number of graphs.

    `messages` and `names` give the texts of a shape by language, `paths` the path of a property
    shape. `private` lists the shapes of privacy.ttl, and `private_paths` the properties they
    forbid: what either meets is never quoted.
    """

    graph: Graph
    engine: ShapesGraph
    messages: Texts
    names: Texts
    severities: Mapping[str, Severity]
    paths: Mapping[str, str]
    private: frozenset[str]
    private_paths: frozenset[str]

    @classmethod
    def load(cls, folder: Path) -> Shapes:
        """The shapes of every Turtle file of a folder.

        Raises ValidationEngineError when there is none, or one that cannot be read.
        """
        # rdflib and pySHACL each have errors of their own for a file or a shape that is wrong.
        try:
            return cls._load(folder)
        except Exception as error:
            raise ValidationEngineError(f"unusable shapes in {folder}: {error}") from error

    @classmethod
    def _load(cls, folder: Path) -> Shapes:
        files = {file.name: Graph().parse(file, format="turtle") for file in folder.glob("*.ttl")}
        graph = sum(files.values(), start=Graph("SimpleMemory", bind_namespaces="none"))
        engine = ShapesGraph(_evaluated(graph))
        if not engine.shapes:
            raise ValueError("no shape at all")
        privacy = files[PRIVACY_FILE]
        return cls(
            graph=graph,
            engine=engine,
            messages=_texts(graph, SH.message),
            names=_texts(graph, SH.name),
            severities={str(s): _SEVERITIES[o] for s, o in graph.subject_objects(SH.severity)},
            paths={str(s.node): _path(engine, s.path()) for s in engine.shapes if s.path()},
            private=frozenset(str(shape) for shape in privacy.subjects(SH.severity)),
            private_paths=frozenset(
                str(path) for path in privacy.objects(None, SH.targetSubjectsOf)
            ),
        )


def _evaluated(graph: Graph) -> Graph:
    """The facts that decide a result; pySHACL walks all it has of a shape for each node."""
    kept = Graph("SimpleMemory", bind_namespaces="none")
    kept += (triple for triple in graph if triple[1] not in DESCRIPTIVE)
    return kept


def _texts(graph: Graph, predicate: URIRef) -> Texts:
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for shape, text in graph.subject_objects(predicate):
        if isinstance(text, Literal) and text.language:
            texts[str(shape)][text.language] = str(text)
    return dict(texts)


def _path(engine: ShapesGraph, path: Node) -> str:
    """A property as its IRI, any other path as a SPARQL property path (SHACL section 2.3.1)."""
    return str(path) if isinstance(path, URIRef) else str(shacl_path_to_sparql_path(engine, path))


def validate(data: Graph, shapes: Shapes, vocabulary: Graph) -> Report:
    """What the shapes find in `data`, and in `data` only.

    `vocabulary` holds the concept schemes that `data` refers to. Raises ValidationEngineError
    when pySHACL fails; a graph that does not conform gives a report, never an error.
    """
    # What pySHACL lets through: its own errors, and those of SPARQL evaluation.
    try:
        results = _results(_private_copy(data, vocabulary), shapes)
    except Exception as error:
        raise ValidationEngineError(f"pySHACL failed: {error!r}") from error
    nodes = results.subjects(RDF.type, SH.ValidationResult)
    return Report.of(_finding(dict(results.predicate_objects(node)), shapes) for node in nodes)


def _private_copy(data: Graph, vocabulary: Graph) -> Graph:
    """The record and the concepts it names; pySHACL may write in it."""
    copy = _RecordGraph(bind_namespaces="none")
    copy += data
    copy += _facts_of_concepts(set(data.objects()), vocabulary)
    return copy


def _facts_of_concepts(nodes: set[Node], vocabulary: Graph) -> Iterator[Triple]:
    """What the vocabulary says of some nodes, and of the concepts above them."""
    waiting, met = list(nodes), set(nodes)
    while waiting:
        node = waiting.pop()
        for predicate, value in vocabulary.predicate_objects(node):
            if predicate in VOCABULARY_FACTS:
                yield node, predicate, value
            if predicate == SKOS.broader and value not in met:
                met.add(value)
                waiting.append(value)


class _RecordGraph(Graph):
    """A graph that parses each query text once per process.

    pySHACL sends every SPARQL rule as text, once per node; parsing it takes far longer than
    evaluating it on one record.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        query = _parsed(query_object) if isinstance(query_object, str) else query_object
        return super().query(query, *args, **kwargs)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Query:
    return prepareQuery(text)


def _results(graph: Graph, shapes: Shapes) -> Graph:
    """The results graph of pySHACL (SHACL section 3.6)."""
    validator = Validator(
        DataGraph.from_rdflib_graph(graph),
        shacl_graph=shapes.engine.graph,
        options={"inference": "none", "inplace": True},
    )
    # The shapes compiled by Shapes.load, in place of those that Validator would compile anew.
    validator.shacl_graph = shapes.engine
    _, results, _ = validator.run()
    return cast(Graph, results)


def _finding(result: Mapping[Node, Node], shapes: Shapes) -> Finding:
    shape = str(result[SH.sourceShape])
    path = shapes.paths.get(shape) or _text(result.get(SH.resultPath))
    private = shape in shapes.private
    value = result.get(SH.value)
    # A privacy rule starts from a fixed node; its value is the node that holds the text.
    focus = value if private and value else result[SH.focusNode]
    return Finding(
        shape=shape,
        severity=shapes.severities[shape],
        focus=scrub_mailboxes(_text(focus) or ""),
        path=path,
        value=None if private or path in shapes.private_paths else _quotable(value),
        message=shapes.messages[shape],
        name=shapes.names[shape],
    )


def _quotable(value: Node | None) -> str | None:
    """The value as text, or None where it holds a mailbox."""
    text = _text(value)
    return None if text is None or any(find_mailboxes(text)) else text


def _text(node: Node | None) -> str | None:
    """A term as text; blank nodes have no name of their own that would last."""
    return "[]" if isinstance(node, BNode) else None if node is None else str(node)
