"""Validates the graph of one record with pySHACL (SHACL 2017: core and SPARQL constraints).

    folder ──► Shapes.load ──► Shapes ────┐
    data: the triples of one record ──────┼──► validate ──► Report
    vocabulary: the concept schemes ──────┘

Nothing is fetched, nothing is inferred, and no graph that is given is changed. pySHACL finds; what
a report says of a shape comes from the shapes, since pySHACL drops the language of some messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from pyshacl import Shape, ShapesGraph, Validator
from pyshacl.graph_abstraction import DataGraph
from pyshacl.helper.path_helper import shacl_path_to_sparql_path
from rdflib import RDF, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import IdentifiedNode, Node

from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import CD, CDS, XKOS
from coopdec_graph.privacy import find_mailboxes, scrub_mailboxes
from coopdec_graph.validation.report import Finding, Report, Severity

__all__ = ["ShapeText", "Shapes", "ValidationEngineError", "validate"]

PRIVACY_FILE = "privacy.ttl"

# All that a shape asks of a concept it meets as a value. rdf:type is not among them: a concept of
# the vocabulary is there to be looked at, and without a type no shape takes it as its target.
VOCABULARY_FACTS = frozenset(
    {SKOS.inScheme, SKOS.broader, SKOS.narrower, XKOS.depth, CD.reviewStatus}
)

# The one rule that reads every text of a graph, and what a text that it finds has in it: a rule that
# takes a third of the time of a validation is left out where no text can break it.
TEXT_RULE = CDS.NoMailboxInTextShape
_SUSPECT = re.compile(r"[@＠﹫]|[\[({<] ?(?:at|arobase) ?[\])}>]", re.IGNORECASE)

# What a report says of a shape; no result depends on it. Untyped shapes are still found, by their
# targets and by sh:property.
DESCRIPTIVE = frozenset({RDF.type, SH.name, SH.message, SH.severity})

_SEVERITIES: Mapping[Node, Severity] = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}

Triple = tuple[Node, Node, Node]


_ENGINE = Bilingual(
    "La validation n'a pas pu se faire : {reason}. Signalez ce défaut.",
    "The validation could not be done: {reason}. Please report this defect.",
)


class ValidationEngineError(CoopdecError):
    """The shapes cannot be used, or the engine stopped before it had a report."""

    def __init__(self, reason: str) -> None:
        super().__init__(_ENGINE, reason=reason)


@dataclass(frozen=True, slots=True)
class ShapeText:
    """What a report says of one shape: its texts under `fr` and `en`, its severity, its path.

    `private` shapes come from privacy.ttl: what they find is never quoted.
    """

    name: Mapping[str, str]
    message: Mapping[str, str]
    severity: Severity
    path: str | None
    private: bool


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of a folder, read and compiled once, for any number of graphs.

    `engine_of_plain_texts` is the engine without TEXT_RULE. `texts` is keyed by the IRI of a shape; `private_paths` are the properties that privacy.ttl
    forbids, whose values no report quotes.
    """

    graph: Graph
    engine: ShapesGraph
    engine_of_plain_texts: ShapesGraph
    texts: Mapping[str, ShapeText]
    private_paths: frozenset[str]

    @classmethod
    def load(cls, folder: Path, private: bool = True) -> Shapes:
        """The shapes of every Turtle file of a folder, privacy.ttl among them unless not `private`.

        Raises ValidationEngineError when a file cannot be read, or a shape lacks its severity, its
        name or its message in one of the two languages.
        """
        # rdflib and pySHACL each have errors of their own for a file or a shape that is wrong.
        try:
            return cls._load(folder, private)
        except Exception as error:
            raise ValidationEngineError(f"unusable shapes in {folder}: {error!r}") from error

    @classmethod
    def _load(cls, folder: Path, private: bool) -> Shapes:
        graph = _union(sorted(folder.glob("*.ttl")))
        privacy = _union([folder / PRIVACY_FILE] if private else [])
        evaluated = _evaluated(graph)
        engine = ShapesGraph(evaluated)
        quiet = set(privacy.subjects(SH.severity))
        return cls(
            graph=graph,
            engine=engine,
            engine_of_plain_texts=ShapesGraph(_without(TEXT_RULE, evaluated)),
            texts={
                str(shape.node): _shape_text(graph, shape, shape.node in quiet)
                for shape in engine.shapes
                # A blank shape is a part of another one: no result comes from it.
                if isinstance(shape.node, URIRef)
            },
            private_paths=frozenset(map(str, privacy.objects(None, SH.targetSubjectsOf))),
        )


def _union(files: list[Path]) -> Graph:
    union = Graph(bind_namespaces="none")
    for file in files:
        union += Graph(bind_namespaces="none").parse(file, format="turtle")
    return union


def _evaluated(graph: Graph) -> Graph:
    """The facts that decide a result: pySHACL walks all it has of a shape, for each node."""
    # SimpleMemory: one graph, so no bookkeeping of which graph a triple is in.
    kept = Graph("SimpleMemory", bind_namespaces="none")
    kept += (triple for triple in graph if triple[1] not in DESCRIPTIVE)
    return kept


def _without(shape: URIRef, graph: Graph) -> Graph:
    kept = Graph("SimpleMemory", bind_namespaces="none")
    kept += (triple for triple in graph if triple[0] != shape)
    return kept


def _shape_text(graph: Graph, shape: Shape, private: bool) -> ShapeText:
    return ShapeText(
        name=_bilingual(graph, shape.node, SH.name),
        message=_bilingual(graph, shape.node, SH.message),
        severity=_SEVERITIES[cast(Node, graph.value(shape.node, SH.severity))],
        path=_path(shape),
        private=private,
    )


def _bilingual(graph: Graph, shape: Node, predicate: URIRef) -> Mapping[str, str]:
    """The texts of a shape by language. Raises ValueError unless there is one `fr`, one `en`."""
    texts = [text for text in graph.objects(shape, predicate) if isinstance(text, Literal)]
    if sorted(text.language or "" for text in texts) != ["en", "fr"]:
        raise ValueError(f"{shape} needs one {predicate} in fr and one in en")
    return {str(text.language): str(text) for text in sorted(texts, key=lambda t: str(t.language))}


def _path(shape: Shape) -> str | None:
    """A property as its IRI, any other path as a SPARQL property path (SHACL section 2.3.1)."""
    path = cast("Node | None", shape.path())  # type: ignore[no-untyped-call]
    if path is None or isinstance(path, URIRef):
        return path and str(path)
    return str(shacl_path_to_sparql_path(shape.sg, path))


def validate(data: Graph, shapes: Shapes, vocabulary: Graph) -> Report:
    """What the shapes find in `data`, and in `data` only.

    `vocabulary` holds the concept schemes that `data` refers to. Raises ValidationEngineError
    when pySHACL fails; a graph that does not conform gives a report, never an error.
    """
    # What pySHACL lets through: its own errors, and those of SPARQL evaluation.
    try:
        results = _results(_private_copy(data, vocabulary), shapes)
    except Exception as error:
        # Its name only: the text of an error may quote the record.
        raise ValidationEngineError(f"pySHACL failed: {type(error).__name__}") from error
    # Results under sh:detail explain another one: they are not findings of their own.
    nodes = results.objects(None, SH.result)
    return Report.of(_finding(dict(results.predicate_objects(node)), shapes) for node in nodes)


def _private_copy(data: Graph, vocabulary: Graph) -> Graph:
    """The record with what is known of the concepts it names; pySHACL may write in it."""
    copy = _RecordGraph(bind_namespaces="none")
    copy += data
    copy += _concept_facts(set(data.objects()), vocabulary)
    return copy


def _concept_facts(nodes: set[Node], vocabulary: Graph) -> Iterator[Triple]:
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

    pySHACL sends every SPARQL rule as text, once per node, and parsing takes 30 times longer than
    evaluating over one record.
    """

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        query = _parsed(query_object) if isinstance(query_object, str) else query_object
        return super().query(query, *args, **kwargs)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Query:
    return prepareQuery(text)


def _results(graph: Graph, shapes: Shapes) -> Graph:
    """The results graph of pySHACL (SHACL section 3.6)."""
    suspect = any(_SUSPECT.search(str(value)) for value in graph.objects())
    engine = shapes.engine if suspect else shapes.engine_of_plain_texts
    validator: Any = Validator(
        DataGraph.from_rdflib_graph(graph),
        shacl_graph=engine.graph,
        options={"inference": "none", "inplace": True},
    )
    # The shapes compiled by Shapes.load, in place of those Validator would compile each time.
    validator.shacl_graph = engine
    _, results, _ = validator.run()
    return cast(Graph, results)


def _finding(result: Mapping[Node, Node], shapes: Shapes) -> Finding:
    shape = str(result[SH.sourceShape])
    text = shapes.texts[shape]
    path = text.path or (_text(result[SH.resultPath]) if SH.resultPath in result else None)
    value = result.get(SH.value)
    return Finding(
        shape=shape,
        severity=text.severity,
        focus=scrub_mailboxes(_text(_focus(result, text.private))),
        path=path,
        value=None if text.private or path in shapes.private_paths else _quotable(value),
        message=text.message,
        name=text.name,
        component=str(result[SH.sourceConstraintComponent]),
    )


def _focus(result: Mapping[Node, Node], private: bool) -> Node:
    """The node a finding is about: for a privacy rule, which may start from a fixed node, the
    node that it gives as its value. Never a text.
    """
    value = result.get(SH.value)
    return value if private and isinstance(value, IdentifiedNode) else result[SH.focusNode]


def _quotable(value: Node | None) -> str | None:
    """The value as text, or None where it holds a mailbox."""
    return None if value is None or any(find_mailboxes(str(value))) else _text(value)


def _text(node: Node) -> str:
    """A term as text; a blank node has no name that would last."""
    return "[]" if isinstance(node, BNode) else str(node)
