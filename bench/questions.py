"""What the endpoint's bench asks: the shapes of the competency questions, and lookups.

Every shape is a text with parameters. Its requests cycle over countries, themes, bodies,
partnerships, years and pages, so that they differ from one to the next. The mixed load repeats
blocks that hold each shape as often as its weight says, in a drawn order that is always the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from string import Template

JSON = "application/sparql-results+json"
TURTLE = "text/turtle"

PREFIXES = """\
PREFIX cd: <https://w3id.org/coopdec/def#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


@dataclass(frozen=True, slots=True)
class Query:
    """One text to send, and what to accept for it."""

    text: str
    accept: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A question with parameters, and how often the mixed load asks it."""

    name: str
    weight: int
    body: str
    accept: str = JSON


# A year is compared as text: rdflib has no order for xsd:gYear, and all must answer the same.
# Weights: reading lists and single partnerships is most of the traffic; sums and networks are rarer.
SHAPES = (
    Shape(
        "list: a country's partnerships by theme and date",
        4,
        """SELECT ?partnership ?title ?theme ?start ?total WHERE {
  ?partnership dct:spatial <$country> ; a cd:Partnership ; dct:title ?title ;
    cd:mainTheme/skos:prefLabel ?theme ; cd:startYear ?start .
  OPTIONAL { ?partnership cd:totalAmount ?total }
  FILTER(LANG(?theme) = "fr")
} ORDER BY ?theme DESC(?start) ?partnership LIMIT $limit OFFSET $offset""",
    ),
    Shape(
        "page: partnerships with every optional part",
        2,
        """SELECT ?partnership ?title ?start ?end ?total ?status ?first ?post ?french ?foreign WHERE {
  ?partnership cd:mainTheme <$theme> ; dct:spatial <$country> .
  OPTIONAL { ?partnership dct:title ?title }
  OPTIONAL { ?partnership cd:startYear ?start }
  OPTIONAL { ?partnership cd:endDate ?end }
  OPTIONAL { ?partnership cd:totalAmount ?total }
  OPTIONAL { ?partnership cd:computedStatus/skos:prefLabel ?status FILTER(LANG(?status) = "fr") }
  OPTIONAL { ?partnership cd:firstAgreementYear ?first }
  OPTIONAL { ?partnership cd:diplomaticPost ?post }
  OPTIONAL { ?partnership org:hasMember ?a . ?a a cd:FrenchCollectivity ; skos:prefLabel ?french }
  OPTIONAL { ?partnership org:hasMember ?b . ?b a cd:ForeignCollectivity ; skos:prefLabel ?foreign }
} ORDER BY ?partnership LIMIT $limit OFFSET $start""",
    ),
    Shape(
        "one partnership, whole (CONSTRUCT)",
        2,
        """CONSTRUCT { ?s ?p ?o } WHERE {
  { VALUES ?s { <$partnership> } ?s ?p ?o }
  UNION { ?s cd:fundedActivity <$partnership> ; ?p ?o }
  UNION { ?s org:organization <$partnership> ; ?p ?o }
}""",
        TURTLE,
    ),
    Shape("one partnership, its own facts (DESCRIBE)", 2, "DESCRIBE <$partnership>", TURTLE),
    Shape(
        "source of a partnership's facts",
        1,
        """SELECT ?source ?page ?licence ?publisher WHERE {
  <$partnership> prov:wasDerivedFrom ?source .
  ?source dct:source ?page ; dct:license ?licence .
  OPTIONAL { ?source dct:publisher/skos:prefLabel ?publisher }
}""",
    ),
    Shape(
        "facets: a country's partnerships counted by theme",
        2,
        """SELECT ?theme ?name (COUNT(DISTINCT ?partnership) AS ?count) WHERE {
  ?partnership dct:spatial <$country> ; cd:mainTheme ?theme ; cd:startYear ?start .
  ?theme skos:prefLabel ?name .
  FILTER(LANG(?name) = "fr" && STR(?start) >= "$year")
} GROUP BY ?theme ?name ORDER BY DESC(?count) ?theme""",
    ),
    Shape(
        "money of a country by year and financer",
        1,
        """SELECT ?year ?financer (SUM(?amount) AS ?euros) WHERE {
  ?partnership dct:spatial <$country> .
  ?line cd:fundedActivity ?partnership ; cd:financer ?financer ; cd:year ?year ; cd:amount ?amount .
  FILTER(STR(?year) >= "$year")
} GROUP BY ?year ?financer ORDER BY ?year DESC(?euros) LIMIT 100""",
    ),
    Shape(
        "top financers of a theme",
        1,
        """SELECT ?financer (SAMPLE(?label) AS ?name) (SUM(?amount) AS ?euros) WHERE {
  ?partnership cd:mainTheme <$theme> .
  ?line cd:fundedActivity ?partnership ; cd:financer ?financer ; cd:year ?year ; cd:amount ?amount .
  ?financer skos:prefLabel ?label .
  FILTER(STR(?year) >= "$year")
} GROUP BY ?financer ORDER BY DESC(?euros) ?financer LIMIT 20""",
    ),
    Shape(
        "theme with its narrower ones, in a country",
        1,
        """SELECT ?theme ?name (COUNT(?partnership) AS ?count) WHERE {
  ?theme skos:broader* <$top> ; skos:prefLabel ?name .
  ?partnership cd:mainTheme ?theme ; dct:spatial <$country> ; cd:startYear ?start .
  FILTER(LANG(?name) = "fr" && STR(?start) >= "$year")
} GROUP BY ?theme ?name ORDER BY ?theme""",
    ),
    Shape(
        "titles that contain a text",
        1,
        """SELECT ?partnership ?title WHERE {
  ?partnership a cd:Partnership ; dct:title ?title .
  FILTER(CONTAINS(LCASE(STR(?title)), "secteur $sector"))
} LIMIT 10""",
    ),
    Shape(
        "French bodies that share a foreign partner",
        1,
        """SELECT DISTINCT ?other ?name WHERE {
  ?partnership org:hasMember <$body> , ?foreign .
  ?foreign a cd:ForeignCollectivity .
  ?elsewhere org:hasMember ?foreign , ?other .
  ?other a cd:FrenchCollectivity ; skos:prefLabel ?name .
  FILTER(?other != <$body>)
} ORDER BY ?name""",
    ),
    Shape(
        "declared ongoing although ended",
        1,
        """SELECT ?partnership ?title ?end WHERE {
  ?partnership dct:spatial <$country> ; cd:declaredStatus ?declared ; cd:computedStatus ?computed ;
    cd:endDate ?end ; dct:title ?title .
  FILTER(?declared != ?computed && ?end < "$year-06-30"^^xsd:date)
} ORDER BY ?end ?partnership LIMIT 50""",
    ),
    Shape(
        "has a body a partnership in a country (ASK)",
        1,
        "ASK { ?partnership org:hasMember <$body> ; dct:spatial <$country> }",
    ),
)
LOOKUP = Shape("tiny lookups", 0, "SELECT ?p ?o WHERE { <$entity> ?p ?o }")

_PER_SHAPE = 2_000
_BLOCKS = 400
_MOST_ENTITIES = 20_000

_POOLS = {
    "country": r"<[^>]+> <[^>]+/terms/spatial> <([^>]+)>",
    "theme": r"<[^>]+> <[^>]+#mainTheme> <([^>]+)>",
    "top": r"<([^>]+/scheme/theme/[^>]+)> <[^>]+#topConceptOf>",
    "partnership": r"<([^>]+/id/partnership/[^>]+)>",
    "body": r"<([^>]+/id/collectivity/fr/[^>]+)>",
    "sector": r'<[^>]+> <[^>]+/terms/title> "[^"]*secteur (\d+)"',
    # Bodies, lines of funding and participations: from 4 to 9 short statements each.
    "entity": r"<([^>]+/id/(?:collectivity|funding|participation|period)/[^>]+)>",
}


def pools(union: Path) -> Mapping[str, Sequence[str]]:
    """The values of each parameter, from the triples that are served."""
    patterns = {name: re.compile(pattern) for name, pattern in _POOLS.items()}
    values: dict[str, set[str]] = {name: set() for name in patterns}
    with union.open(encoding="utf-8") as lines:
        for line in lines:
            for name, pattern in patterns.items():
                if found := pattern.match(line):
                    values[name].add(found[1])
    drawn = {name: sorted(found) for name, found in values.items()}
    return {
        **drawn,
        "year": [str(year) for year in range(2008, 2022)],
        "start": [str(row) for row in range(4)],
        "offset": [str(row) for row in range(40)],
        "limit": [str(rows) for rows in range(20, 30)],
    }


def loads(values: Mapping[str, Sequence[str]]) -> dict[str, list[Query]]:
    """What is sent, by name: each shape alone, the mixed load, the lookups."""
    alone = {shape.name: list(islice(_queries(shape, values), _PER_SHAPE)) for shape in SHAPES}
    return {LOOKUP.name: _lookups(values), "mixed load": _mixed(alone), **alone}


def _queries(shape: Shape, values: Mapping[str, Sequence[str]]) -> Iterator[Query]:
    drawing = random.Random(shape.name)
    template = Template(PREFIXES + shape.body)
    while True:
        bound = {name: drawing.choice(pool) for name, pool in values.items()}
        yield Query(template.substitute(bound), shape.accept)


def _lookups(values: Mapping[str, Sequence[str]]) -> list[Query]:
    """Each entity once, in a drawn order: no cache of results can answer."""
    entities = list(values["entity"])
    random.Random(LOOKUP.name).shuffle(entities)
    template = Template(LOOKUP.body)
    return [
        Query(template.substitute(entity=entity), LOOKUP.accept)
        for entity in entities[:_MOST_ENTITIES]
    ]


def _mixed(alone: Mapping[str, Sequence[Query]]) -> list[Query]:
    drawing = random.Random("mixed load")
    queues = {name: cycle(queries) for name, queries in alone.items()}
    block = [shape.name for shape in SHAPES for _ in range(shape.weight)]
    mixed = []
    for _ in range(_BLOCKS):
        drawing.shuffle(block)
        mixed.extend(next(queues[name]) for name in block)
    return mixed
