"""What lines of N-Quads say, subject by subject: the properties that activities are compared on.

One subject after the other, so that a graph of a hundred thousand activities is read beside its own
bytes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import pyoxigraph as ox

from coopdec_graph.namespaces import CD, PREFIXES

__all__ = ["Values", "has_several_sources", "one", "subjects"]

# What is read, by prefixed names: they are the keys of `Values`.
_PROPERTIES = (
    "rdf:type", "rdfs:label", "skos:prefLabel", "skos:notation", "prov:wasDerivedFrom",
    "adms:identifier", "dct:identifier", "dct:title", "dct:temporal", "dct:spatial", "dcat:startDate",
    "dcat:endDate", "org:organization", "org:member", "org:role", "geo:hasGeometry", "geo:asWKT",
    "cd:programme", "cd:reportingOrganisation", "cd:secondaryReporter", "cd:linkedData",
    "cd:recipientCountry", "cd:location", "cd:relatedActivity", "cd:relatedIdentifier",
    "cd:relationType", "cd:identifierType", "cd:startPrecision", "cd:activityReference", "cd:country",
    "cd:siren", "cd:geonamesId", "cd:itemOf", "cd:fundingKind", "cd:amount", "cd:currency",
    "cd:fundedActivity", "cd:financer", "cd:totalAmount",
)  # fmt: skip
_CLASSES = (
    "cd:Activity", "org:Membership", "cd:FinancialItem", "cd:FundingLine", "adms:Identifier",
    "cd:RelatedActivity", "dct:PeriodOfTime", "dct:Location", "cd:Place", "geo:Geometry",
    "prov:Entity", "cd:FrenchCollectivity",
)  # fmt: skip


def _iris(names: Iterable[str]) -> dict[str, str]:
    """The prefixed names by the IRIs that they stand for."""
    parts = ((name, *name.split(":")) for name in names)
    return {PREFIXES[prefix] + local: name for name, prefix, local in parts}


_PROPERTY_OF, _CLASS_OF = _iris(_PROPERTIES), _iris(_CLASSES)
_READ = frozenset(f"<{iri}>".encode() for iri in _PROPERTY_OF)
_PROGRAMME, _REPORTER = (f"<{p}>".encode() for p in (CD.programme, CD.reportingOrganisation))
_VOCABULARY = b"/graph/vocabulary> ."
# How many lines are parsed at a time.
_PARSED = 10_000

# The values of a subject by the prefixed names of its properties.
Values = Mapping[str, Sequence[str]]


def has_several_sources(lines: Iterable[bytes]) -> bool:
    """Whether activities of two programmes, or of two reporters, are there to be compared."""
    seen: dict[bytes, set[bytes]] = {_PROGRAMME: set(), _REPORTER: set()}
    for line in lines:
        if _PROGRAMME in line or _REPORTER in line:
            _, property, rest = line.split(b" ", 2)
            if property in seen:
                seen[property].add(rest.split(b" ", 1)[0])
    return any(len(objects) > 1 for objects in seen.values())


def subjects(lines: Iterable[bytes]) -> Iterator[tuple[str, Values]]:
    """Each subject with its values, in the order of their IRIs."""
    kept = sorted(line for line in lines if _is_read(line))
    for subject, group in groupby(_triples(kept), key=lambda triple: triple[0]):
        values: dict[str, list[str]] = defaultdict(list)
        for _, property, value in group:
            if value not in values[property]:
                values[property].append(value)
        yield subject, dict(values)


def _is_read(line: bytes) -> bool:
    parts = line.split(b" ", 2)
    return len(parts) > 2 and parts[1] in _READ and not line.endswith(_VOCABULARY)


def _triples(lines: Sequence[bytes]) -> Iterator[tuple[str, str, str]]:
    """Classes by their prefixed names; a title with its language before it, for languages count."""
    for quad in _quads(lines):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and not isinstance(value, ox.Triple):
            property, text = _PROPERTY_OF[quad.predicate.value], value.value
            if property == "rdf:type":
                text = _CLASS_OF.get(text, text)
            elif property == "dct:title" and isinstance(value, ox.Literal):
                text = f"{value.language or ''}@{text}"
            yield subject.value, property, text


def _quads(lines: Sequence[bytes]) -> Iterator[ox.Quad]:
    """Some lines at a time, not to have them all twice."""
    for start in range(0, len(lines), _PARSED):
        document = b"\n".join(lines[start : start + _PARSED])
        yield from ox.parse(document, format=ox.RdfFormat.N_QUADS)


def one(values: Values, property: str) -> str | None:
    """The first value of a property, if it has any."""
    found = values.get(property, ())
    return found[0] if found else None
