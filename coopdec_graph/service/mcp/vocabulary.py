"""The terms that a query may name: those of the ontology, shapes and questions, and all that a release
uses.

A vocabulary that the release uses is closed: a term of it that the release does not use finds
nothing, and is most often a slip. What a release has no class or property of (Wikidata) is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from coopdec_graph.countries import countries
from coopdec_graph.graph.distance import DISTANCE_KM
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import CD, CDS, COUNTRY, DEFAULT_BASE, PREFIXES, matching_key
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.questions.refusals import likeness
from coopdec_graph.resources import resource_folder
from coopdec_graph.service.mcp.named_terms import named_terms
from coopdec_graph.service.terms import name_of_term

__all__ = ["OntologyTerm", "Spelled", "Vocabulary", "namespace_of", "ontology_terms", "short_name"]

_MOST_NEAREST = 5
_MOST_COMPARED = 200
# Below it two names have too little in common to be offered for one another.
_NEAR = 60.0
_APART = 25.0
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Datatypes are neither classes nor properties.
_DATATYPES = (PREFIXES["geo"] + "wktLiteral", PREFIXES["rdf"] + "langString")
_LABEL = PREFIXES["rdfs"] + "label"
_DEFINITION = PREFIXES["skos"] + "definition"


class Spelled:
    """Values by the ways they are spelled, to find those nearest to a slip.

    Where `whole`, a part that is alike is not enough: the end of an IRI has the letters of many a
    short name.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]], whole: bool = False) -> None:
        self._scorer = fuzz.ratio if whole else likeness
        self._values: dict[str, list[str]] = {}
        for key, value in pairs:
            self._values.setdefault(matching_key(key), []).append(value)

    def nearest(self, text: str) -> list[str]:
        """For a thread: many thousand names take a while."""
        key = matching_key(text[:_MOST_COMPARED])
        found = process.extract(
            key, list(self._values), scorer=self._scorer, limit=_MOST_NEAREST, score_cutoff=_NEAR
        )
        # Beside one that is very near, others far off would only mislead.
        near = [spelled for spelled, score, _ in found if score >= found[0][1] - _APART]
        values = (value for spelled in near for value in self._values[spelled])
        return list(dict.fromkeys(values))[:_MOST_NEAREST]


@dataclass(slots=True)
class OntologyTerm:
    """A term of ours: its names and definitions by language."""

    names: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)

    def name(self) -> Bilingual | None:
        return _both(self.names)

    def definition(self) -> Bilingual | None:
        return _both(self.definitions)


def _both(texts: Mapping[str, str]) -> Bilingual | None:
    return Bilingual(texts["fr"], texts["en"]) if set(LANGUAGES) <= set(texts) else None


@cache
def ontology_terms() -> Mapping[str, OntologyTerm]:
    """The terms that the ontology and the shapes define, by IRI."""
    terms: dict[str, OntologyTerm] = {DISTANCE_KM.value: OntologyTerm()}
    ontology = resource_folder("ontology") / "coopdec.ttl"
    for path in (ontology, *sorted(resource_folder("shapes").glob("*.ttl"))):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            subject, value = quad.subject, quad.object
            if not isinstance(subject, ox.NamedNode):
                continue
            if not subject.value.startswith((str(CD), str(CDS))):
                continue
            term = terms.setdefault(subject.value, OntologyTerm())
            if isinstance(value, ox.Literal) and value.language:
                texts = {_LABEL: term.names, _DEFINITION: term.definitions}
                texts.get(quad.predicate.value, {})[value.language] = value.value
    return terms


def namespace_of(iri: str) -> str:
    """All but the last part of an IRI."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def short_name(iri: str) -> str:
    """`cd:amount`, where a prefix of ours leads to it; else the IRI."""
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[A-Za-z_][\w-]*", local):
            return f"{prefix}:{local}"
    return iri


@cache
def _asked_for() -> frozenset[str]:
    """The terms that questions of the catalogue name: they may be asked of any release."""
    named = (one.iri for each in catalogue().values() for one in named_terms(each.query))
    return frozenset(iri for iri in named if not iri.startswith(DEFAULT_BASE + "scheme/"))


class Vocabulary:
    """`used` are the classes and properties of a release."""

    def __init__(self, used: Iterable[str]) -> None:
        stated = {*used, *ontology_terms(), *_DATATYPES}
        self._countries = {str(COUNTRY[each.alpha3]): each for each in countries()}
        # Functions are in no release: of their namespaces not all is known (xsd, geof).
        self._closed = {_bare(namespace_of(term)) for term in stated} | {_bare(str(COUNTRY))}
        self._known = stated | _asked_for()
        self._spelled: Spelled | None = None

    def judges(self, iri: str) -> bool:
        """Whether all terms of its namespace are known."""
        return _bare(namespace_of(iri)) in self._closed

    def has(self, iri: str) -> bool:
        return iri in self._known or iri in self._countries

    def nearest(self, iri: str) -> list[str]:
        """The terms that may be meant, as a query writes them; for a thread."""
        if _bare(iri).startswith(_bare(str(COUNTRY))):
            return [f"<{found}>" for found in self._spelled_countries().nearest(_local(iri))]
        # `http` for `https`, or the other way round: the term is meant as it is.
        scheme, _, rest = iri.partition("://")
        other = f"{'http' if scheme == 'https' else 'https'}://{rest}"
        if other in self._known:
            return [f"<{other}>"]
        if self._spelled is None:
            self._spelled = Spelled(self._spellings())
        return self._spelled.nearest(_words(_local(iri)))

    def _spellings(self) -> Iterable[tuple[str, str]]:
        for iri in sorted(self._known):
            if iri.startswith(str(CDS)):
                continue
            written = short_name(iri)
            written = f"<{iri}>" if written == iri else written
            yield _words(_local(iri)), written
            names = (name_of_term(iri, language) for language in LANGUAGES)
            for name in (*names, *ontology_terms().get(iri, OntologyTerm()).names.values()):
                if name:
                    yield name, written

    def _spelled_countries(self) -> Spelled:
        return Spelled(
            (name, iri)
            for iri, country in self._countries.items()
            for name in (country.alpha3, country.alpha2, country.fr, country.en)
        )


def _local(iri: str) -> str:
    return iri.removeprefix(namespace_of(iri))


def _words(local: str) -> str:
    return _HUMPS.sub(" ", local)


def _bare(iri: str) -> str:
    """Without its scheme: `http` for `https` is a slip too."""
    return iri.partition("://")[2]
