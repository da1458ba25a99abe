"""A small graph as JSON-LD that reads like plain JSON: nested, its context inside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from coopdec_graph.graph.query import Term
from coopdec_graph.namespaces import PREFIXES

__all__ = ["compact"]

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_Node = ox.NamedNode | ox.BlankNode
# The language and datatype of a text.
_Kind = tuple[str, str]
_PLAIN: _Kind = ("", "http://www.w3.org/2001/XMLSchema#string")


def compact(triples: Iterable[ox.Triple], about: str, vocabulary: str) -> dict[str, Any]:
    """The document of these statements, from the node `about` on.

    A term of `vocabulary` is written without it. Equal graphs give equal documents, but for the
    order of blank nodes that say the same.
    """
    return _Writer(triples, vocabulary).document(ox.NamedNode(about))


class _Writer:
    def __init__(self, triples: Iterable[ox.Triple], vocabulary: str) -> None:
        self._vocabulary = vocabulary
        self._of: dict[_Node, dict[str, list[Term]]] = {}
        self._kinds: dict[str, set[_Kind]] = {}
        self._mentions = Counter[Term]()
        for triple in triples:
            self._add(triple)
        self._written: set[_Node] = set()
        self._prefixes = self._needed_prefixes()

    def document(self, root: _Node) -> dict[str, Any]:
        content = self._node(root, self._mentions[root] > 0)
        left = []
        while rest := sorted(set(self._of) - self._written, key=str):
            left.append(self._node(rest[0], self._mentions[rest[0]] > 0))
        included = {"@included": left} if left else {}
        return {"@context": self._context(), **content, **included}

    def _add(self, triple: ox.Triple) -> None:
        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        assert not isinstance(subject, ox.Triple) and not isinstance(value, ox.Triple)
        self._of.setdefault(subject, {}).setdefault(predicate, []).append(value)
        self._mentions[value] += 1
        if isinstance(value, ox.Literal):
            self._kinds.setdefault(predicate, set()).add(_kind(value))

    # ---- The context ---------------------------------------------------------------------------

    def _context(self) -> dict[str, Any]:
        context: dict[str, Any] = {"@vocab": self._vocabulary}
        context.update(sorted(self._prefixes.items()))
        for predicate in sorted(self._kinds):
            coercion = self._coercion(predicate)
            if coercion is not None:
                language, datatype = coercion
                typed = {"@language": language} if language else {"@type": datatype}
                context[self._key(predicate)] = typed
        return context

    def _coercion(self, predicate: str) -> _Kind | None:
        """What all its texts are, unless they are plain."""
        kinds = self._kinds.get(predicate, set())
        only = next(iter(kinds)) if len(kinds) == 1 else _PLAIN
        return None if only == _PLAIN else only

    def _needed_prefixes(self) -> dict[str, str]:
        """The prefixes of the terms of other vocabularies, but for one that is a name of ours."""
        types = {type.value for said in self._of.values() for type in said.get(_TYPE, [])}
        used = {name for said in self._of.values() for name in said} - {_TYPE} | types
        ours = {iri.removeprefix(self._vocabulary) for iri in used}
        others = {iri for iri in used if not iri.startswith(self._vocabulary)}
        return {
            name: space
            for name, space in PREFIXES.items()
            if name not in ours and any(iri.startswith(space) for iri in others)
        }

    def _key(self, iri: str) -> str:
        if iri.startswith(self._vocabulary):
            return iri.removeprefix(self._vocabulary)
        for name, space in self._prefixes.items():
            if iri.startswith(space):
                return f"{name}:{iri.removeprefix(space)}"
        return iri

    # ---- Nodes and values ----------------------------------------------------------------------

    def _node(self, node: _Node, elsewhere: bool) -> dict[str, Any]:
        """A node with what is said of it, where it is first met; is it met elsewhere too?"""
        named = elsewhere or isinstance(node, ox.NamedNode)
        content: dict[str, Any] = {"@id": _id(node)} if named else {}
        self._written.add(node)
        said = self._of.get(node, {})
        if _TYPE in said:
            content["@type"] = _one(sorted(self._key(each.value) for each in said[_TYPE]))
        for predicate in sorted(set(said) - {_TYPE}):
            values = sorted(said[predicate], key=self._rank)
            content[self._key(predicate)] = _one([self._value(predicate, each) for each in values])
        return content

    def _value(self, predicate: str, value: Term) -> object:
        if isinstance(value, ox.Literal):
            return self._text(predicate, value)
        if value in self._of and value not in self._written:
            return self._node(value, self._mentions[value] > 1)
        return {"@id": _id(value)}

    def _text(self, predicate: str, value: ox.Literal) -> object:
        if _kind(value) == (self._coercion(predicate) or _PLAIN):
            return value.value
        if value.language:
            return {"@value": value.value, "@language": value.language}
        return {"@value": value.value, "@type": value.datatype.value}

    def _rank(self, value: Term) -> str:
        """A blank node stands by what is said of it: its own name changes with each answer."""
        if isinstance(value, ox.BlankNode):
            said = self._of.get(value, {})
            return " ".join(sorted(str(each) for values in said.values() for each in values))
        return str(value)


def _kind(value: ox.Literal) -> _Kind:
    return value.language or "", value.datatype.value


def _id(node: _Node) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
