"""What a request to change the graph would remove from its lines and add to them.

    lines of graph.nq, request ──► Changes ──► edits.py validates and puts the files together

Nothing is written here, and no line that a request does not touch is ever made again: the engine
normalises literals (`1000.00` becomes `1000`), so its quads are compared with each other only, and
what is gone is looked up among the original lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

from coopdec_graph.errors import (
    CoopdecError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
)
from coopdec_graph.graph.keywords import respelled
from coopdec_graph.graph.statements import quads_as_lines, triple_and_graph
from coopdec_graph.graph.store import parse_document
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES, Minter
from coopdec_graph.publishing.documents import RdfUnreadable

__all__ = [
    "BODY_FORMATS",
    "COMPUTED_GRAPHS",
    "Changes",
    "GraphWrite",
    "NotWritable",
    "SparqlUpdate",
    "WriteMethod",
    "changes_of",
    "graph_of",
    "refuse_reaching_out",
]

# Made by the product itself: the vocabulary ships with it, some are written by each change, and those
# of links by `coopdec link` from what people decided (linking/people.py).
COMPUTED_GRAPHS = ("vocabulary", "provenance", "quality", "places", "links", "candidates")

WriteMethod = Literal["PUT", "POST", "DELETE"]

BODY_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}

_SYNTAX = Bilingual(
    "La modification n'est pas du SPARQL Update valable : {reason}",
    "The update is not valid SPARQL Update: {reason}",
)
_REACHES_OUT = Bilingual(
    "LOAD et SERVICE sont refusés : le service n'interroge jamais un autre serveur.",
    "LOAD and SERVICE are refused: the service never calls another server.",
)
_FAILED = Bilingual(
    "Le moteur n'a pas pu appliquer la modification : {reason}",
    "The engine could not apply the update: {reason}",
)
_DEFAULT = Bilingual(
    "Le graphe par défaut est calculé : c'est l'union des graphes nommés. Nommez le graphe à modifier (WITH, GRAPH).",
    "The default graph is computed: it is the union of the named graphs. Name the graph to change (WITH, GRAPH).",
)
_COMPUTED = Bilingual(
    "Le graphe <{graph}> est écrit par le logiciel et ne se modifie pas.",
    "The graph <{graph}> is written by the software and cannot be changed.",
)
_ELSEWHERE = Bilingual(
    "Le graphe <{graph}> n'est pas un graphe de cette publication : son IRI commence par <{root}>.",
    "The graph <{graph}> is not one of this publication: its IRI starts with <{root}>.",
)
_BLANK = Bilingual(
    "Les nœuds anonymes sont refusés : donnez une IRI à chaque nœud.",
    "Blank nodes are refused: give each node an IRI.",
)
_TERM = Bilingual(
    "Les triplets cités et les textes orientés (RDF 1.2) sont refusés.",
    "Triple terms and directional texts (RDF 1.2) are refused.",
)
_BODY = Bilingual("Le corps n'est pas du RDF lisible : {reason}", "The body is not RDF: {reason}")
_REMOTE = Bilingual(
    "Le corps renvoie à un contexte JSON-LD distant ; rien n'est chargé d'ailleurs.",
    "The body refers to a remote JSON-LD context; nothing is loaded from elsewhere.",
)
_DATASET = Bilingual(
    "Le corps nomme des graphes ; il doit contenir un seul graphe, sans nom.",
    "The body names graphs; it must be one graph without a name.",
)

_REACHING = re.compile("service|load", re.IGNORECASE | re.ASCII)
# These only choose the message: other clauses that may stand where those two do.
_GAP = r"((?:\s|#[^\n\r]*+)*+)(?:silent)?"
_SERVICE_CLAUSE = re.compile(rf"(?<![\w:])service(?![\w:]){_GAP}", re.IGNORECASE | re.ASCII)
_LOAD_CLAUSE = re.compile(rf"(?<![\w:])load(?![\w:]){_GAP}", re.IGNORECASE | re.ASCII)
_INTO = re.compile(r"\binto\b", re.IGNORECASE | re.ASCII)


class NotWritable(CoopdecError):
    """The change reaches a graph, or makes a kind of node, that nobody may write."""


@dataclass(frozen=True, slots=True)
class SparqlUpdate:
    """A request of SPARQL 1.1 Update. The prefixes of the project need no declaration."""

    text: str


@dataclass(frozen=True, slots=True)
class GraphWrite:
    """A write of SPARQL 1.1 Graph Store HTTP Protocol (5.3 to 5.5): one named graph replaced,
    added to, or removed. `media_type` is a key of BODY_FORMATS.
    """

    method: WriteMethod
    graph: str
    content: bytes = b""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """Lines of N-Quads, without their line ends. `existed` is whether the graph that a GraphWrite
    names had statements before.
    """

    removed: frozenset[bytes]
    added: frozenset[bytes]
    existed: bool = True

    def graphs(self) -> set[str]:
        return {graph_of(line) for line in self.removed | self.added}

    def subjects(self) -> set[bytes]:
        return {line.partition(b" ")[0] for line in self.removed | self.added}

    def applied_to(self, lines: Iterable[bytes]) -> list[bytes]:
        """The lines without those removed and with those added, ordered."""
        return sorted({line for line in lines if line not in self.removed} | self.added)


def graph_of(line: bytes) -> str:
    """The graph a line of N-Quads is in, as its IRI; none ("") for the default graph."""
    return triple_and_graph(line)[1][1:-1].decode()


def changes_of(request: SparqlUpdate | GraphWrite, lines: Sequence[bytes], mint: Minter) -> Changes:
    """What a request changes in the lines of a release.

    Raises QuerySyntaxError, QueryForbidden, QueryFailed, RdfUnreadable and NotWritable. A SPARQL
    update is evaluated: only a process that may be killed should ask.
    """
    if isinstance(request, SparqlUpdate):
        return _of_update(request.text, lines, mint)
    return _of_graph_write(request, lines, mint)


# ---- SPARQL 1.1 Update ---------------------------------------------------------------------------


def _of_update(text: str, lines: Sequence[bytes], mint: Minter) -> Changes:
    refuse_reaching_out(text)
    before, after = _store_of(lines), _store_of(lines)
    try:
        after.update(text, prefixes=PREFIXES)
    except SyntaxError as error:
        raise QuerySyntaxError(_SYNTAX, reason=error.msg) from None
    except (OSError, RuntimeError, ValueError) as error:
        # What the system says may name files or quote a value.
        raise QueryFailed(_FAILED, reason=type(error).__name__) from None
    added = [quad for quad in after if quad not in before]
    removed = {quad for quad in before if quad not in after}
    _refuse_graphs((quad.graph_name for quad in (*added, *removed)), mint)
    return Changes(_originals(lines, removed), frozenset(_new_lines(added)))


def refuse_reaching_out(update: str) -> None:
    """Raises QueryForbidden when LOAD or SERVICE stands in the update as a keyword.

    Raises QuerySyntaxError for an update that has one of the words and does not parse. It is run
    on an empty store, with the words spelled otherwise: nothing can be fetched by then.
    """
    without = _respelled(update)
    error = None if without == update else _syntax_error(without)
    if error is None:
        return
    without_service = _SERVICE_CLAUSE.sub(r"graph\1", update)
    as_clear = _LOAD_CLAUSE.sub(r"clear graph\1", without_service)
    as_copy = _INTO.sub("to", _LOAD_CLAUSE.sub(r"copy\1", without_service))
    if any(_syntax_error(_respelled(other)) is None for other in (as_clear, as_copy)):
        raise QueryForbidden(_REACHES_OUT)
    raise QuerySyntaxError(_SYNTAX, reason=error.msg)


def _respelled(update: str) -> str:
    return respelled(respelled(update, "service"), "load")


def _syntax_error(update: str) -> SyntaxError | None:
    assert not _REACHING.search(update)
    try:
        ox.Store().update(update, prefixes=PREFIXES)
    except SyntaxError as error:
        return error
    except (OSError, RuntimeError, ValueError):
        pass  # it parses; what stops it now will stop it again on the graph
    return None


def _store_of(lines: Sequence[bytes]) -> ox.Store:
    """The graph as a query sees it: the named graphs, and their union as the default graph."""
    store = ox.Store()
    store.bulk_load(b"\n".join(lines), format=ox.RdfFormat.N_QUADS)
    store.bulk_extend([ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store])
    return store


def _originals(lines: Iterable[bytes], quads: set[ox.Quad]) -> frozenset[bytes]:
    """The lines that the store holds as these quads; it may hold several lines as one."""
    wanted = {(str(q.subject), str(q.predicate), str(q.graph_name)) for q in quads}
    found: dict[bytes, ox.Quad] = {}
    for line in lines:
        subject, predicate, _ = line.decode().split(" ", 2)
        if (subject, predicate, f"<{graph_of(line)}>") in wanted:
            stored = _as_stored(line)
            if stored in quads:
                found[line] = stored
    assert set(found.values()) == quads, "a removed quad has no line"
    return frozenset(found)


def _as_stored(line: bytes) -> ox.Quad:
    store = ox.Store()
    store.load(line, format=ox.RdfFormat.N_QUADS)
    quad: ox.Quad = next(iter(store))
    return quad


# ---- SPARQL 1.1 Graph Store HTTP Protocol --------------------------------------------------------


def _of_graph_write(request: GraphWrite, lines: Iterable[bytes], mint: Minter) -> Changes:
    """Without the engine's store: the lines of the graph stay as they are written."""
    _refuse_graphs([_graph_node(request.graph, mint)], mint)
    old = frozenset(line for line in lines if graph_of(line) == request.graph)
    if request.method == "DELETE":
        return Changes(old, frozenset(), bool(old))
    new = frozenset(_new_lines(_body(request)))
    removed = old - new if request.method == "PUT" else frozenset()
    return Changes(removed, new - old, bool(old))


def _graph_node(iri: str, mint: Minter) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise NotWritable(_ELSEWHERE, graph=iri[:200], root=mint.graph("")) from None


def _body(request: GraphWrite) -> list[ox.Quad]:
    """The statements of a body, in the graph of the request. Relative IRIs start from it (4.1)."""
    graph = ox.NamedNode(request.graph)
    try:
        quads = list(
            parse_document(request.content, BODY_FORMATS[request.media_type], request.graph)
        )
    except (SyntaxError, ValueError, OSError) as error:
        if "LoadDocumentCallback" in str(error):
            raise RdfUnreadable(_REMOTE) from None
        reason = error.msg if isinstance(error, SyntaxError) else type(error).__name__
        raise RdfUnreadable(_BODY, reason=reason) from None
    if any(not isinstance(quad.graph_name, ox.DefaultGraph) for quad in quads):
        raise RdfUnreadable(_DATASET)
    return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]


# ---- What may be written -------------------------------------------------------------------------


def _refuse_graphs(
    graphs: Iterable[ox.NamedNode | ox.BlankNode | ox.DefaultGraph], mint: Minter
) -> None:
    """Raises NotWritable unless each is a graph of the publication that is not computed."""
    computed, root = {str(mint.graph(name)) for name in COMPUTED_GRAPHS}, mint.graph("")
    for graph in sorted(set(graphs), key=str):
        if isinstance(graph, ox.DefaultGraph):
            raise NotWritable(_DEFAULT)
        if graph.value in computed:
            raise NotWritable(_COMPUTED, graph=graph.value)
        if not graph.value.startswith(str(root)) or graph.value == str(root):
            raise NotWritable(_ELSEWHERE, graph=graph.value[:200], root=root)


def _new_lines(quads: Sequence[ox.Quad]) -> Iterator[bytes]:
    """New statements as the builder writes them. Raises NotWritable for what it never makes."""
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            raise NotWritable(_BLANK)
        if isinstance(quad.object, ox.Triple) or getattr(quad.object, "direction", None):
            raise NotWritable(_TERM)
    # Not splitlines(): N-Quads leaves some of the characters it splits at as they are.
    yield from filter(None, quads_as_lines(quads).split(b"\n"))
