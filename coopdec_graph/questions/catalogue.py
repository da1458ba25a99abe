"""Reads the questions of this folder: SPARQL files whose header says all that is shown of them.

    #+ title_fr: …                        #+ title_en: …          in a list
    #+ description_fr: …                  #+ description_en: …    what it finds
    #+ who: journalist                                            who asks it
    #+ reading_fr: …                      #+ reading_en: …        how to read the answer
    #+ view: table                                                table, map, bar, line, matrix, network
    #+ parameter NAME: TYPE, MODE | words in French | words in English
    #+ example: country=MA&from=2019                              values, as in an address

TYPE is one of `kinds.py`. MODE is `required`, `optional`, or `default VALUE`. Parameters may be
none; every other line is there exactly once, in any order, before the query.

A parameter is a variable of its name. It is bound as an RDF term, and the engine wants such a
variable in the SELECT clause: each parameter is a column of the answer. An optional one that was
not given stays unbound, and must not filter. Three ways of writing do that, on the embedded engine
(which binds the variable) and on another store (for which `engines/remote/text.py` writes the term
wherever the variable stands, so that `BOUND(?name)` does not parse; an inner `GROUP BY ?name` needs
another variable beside it):

- what stands between a line `#? NAME` and the next `#.` is a part of the query only where NAME was
  given: there the variable may be used as if it were always bound. This is the way to filter;
- the variable is the object of a pattern that holds anyway (`?line cd:year ?year`): bound, it
  chooses; unbound, it takes each value. Never in an OPTIONAL, which keeps what does not match;
- `COALESCE(STR(?name), "") = ""` is true of what was not given, since no value is empty:
  `FILTER(IF(COALESCE(STR(?name), "") = "", true, EXISTS { … ?name … }))`, or, with an operator on an
  unbound variable an error, `FILTER(COALESCE(STR(?x) >= STR(?name), COALESCE(STR(?name), "") = ""))`.
  (Not `… || EXISTS { … }`: the engine may evaluate the second first, for every row.)

A question that sums money takes `lines`: with `yes`, `contributing` lists the funding lines of each
sum. They are put in order before they are grouped, so that each engine lists them in the same one.

What makes a query fast, on an engine that plans before it knows the parameters:

- a group that begins with `{ FILTER(COALESCE(STR(?name), "") != "") }`, its patterns in a group of
  their own, is not evaluated at all unless the parameter is given. So a UNION has a way for the
  parameter, which starts from it, and a way without, which joins whole tables;
- `{ SELECT ?line ?year { ?line cd:year ?year } }` is read whole and joined, which is five times as
  fast as a look-up for each of many rows; the pattern alone is looked up, which is faster for few;
- an OPTIONAL of one pattern is looked up for the rows before it; one of several patterns, with a
  BIND or with another OPTIONAL in it is evaluated for all there is, then joined;
- a sub-SELECT that a parameter must pass through names it, or the embedded engine loses it there;
- around a variable that may be unbound nothing is looked up: every pair of rows is compared;
- rows are ordered by numbers and short texts first: of an IRI each comparison is two look-ups.

A question may have SERVICE with an IRI: it is answered only where the list of endpoints names that
(docs/federation.md). A parameter in its block is sent along. Its answer is of the day: nothing keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl

import pyoxigraph as ox

from coopdec_graph.errors import CoopdecError, QueryError
from coopdec_graph.graph.query import run
from coopdec_graph.language import Bilingual
from coopdec_graph.questions.kinds import LISTED, Kind, written

__all__ = [
    "Mode",
    "Parameter",
    "QuestionFile",
    "QuestionMalformed",
    "View",
    "Who",
    "catalogue",
    "read_question",
]

M = TypeVar("M", bound=StrEnum)

_MALFORMED = Bilingual("Question « {name} » : {fr}.", "Question “{name}”: {en}.")

_FIELD = re.compile(r"#\+ (?P<key>\w+)(?: (?P<name>[a-z][a-z_]*))?: (?P<value>\S.*)")
_PARAMETER = re.compile(
    r"(?P<kind>\w+), (?P<mode>required|optional|default (?P<default>\S+))"
    r" \| (?P<fr>[^|]*[^|\s]) \| (?P<en>[^|]*[^|\s])"
)
# A part that belongs to a parameter; parts do not nest.
_PART = re.compile(r"^ *#\? (?P<name>[a-z_]+)\n(?P<text>.*?)^ *#\.\n", re.MULTILINE | re.DOTALL)
_SERVICE = re.compile(r"\bSERVICE (?:SILENT )?<[^<>]*>")
_TEXTS = ("title", "description", "reading")
_ONCE = frozenset(
    {f"{text}_{language}" for text in _TEXTS for language in ("fr", "en")}
    | {"who", "view", "example"}
)
# What an address may say besides a question's own parameters.
_RESERVED = frozenset({"format", "lang", "limit"})


class QuestionMalformed(CoopdecError):
    """A file of the catalogue breaks the grammar of its header, or its query does not fit it."""


class View(StrEnum):
    """How an answer is best shown."""

    BAR = "bar"
    LINE = "line"
    MAP = "map"
    MATRIX = "matrix"
    NETWORK = "network"
    TABLE = "table"


class Who(StrEnum):
    """Who asks a question."""

    DATA_STEWARD = "data-steward"
    EMBASSY = "embassy"
    JOURNALIST = "journalist"
    REGION_OFFICER = "region-officer"
    RESEARCHER = "researcher"
    WIKIDATA = "wikidata"


class Mode(StrEnum):
    """What happens to a parameter that is not given: an error, nothing, or its default."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `default` is a text, as somebody would write it, in mode DEFAULT only."""

    name: str
    kind: Kind
    mode: Mode
    about: Bilingual
    default: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question; `query` is the SPARQL without the header, `columns` those of its answer in order."""

    name: str
    title: Bilingual
    description: Bilingual
    who: Who
    reading: Bilingual
    view: View
    parameters: tuple[Parameter, ...]
    example: Mapping[str, str]
    query: str
    columns: tuple[str, ...]

    def asked_with(self, given: Collection[str]) -> str:
        """The query for these parameters: without the parts that belong to others."""
        return _PART.sub(lambda part: part["text"] if part["name"] in given else "", self.query)

    @property
    def asks_others(self) -> bool:
        """Whether another endpoint takes part in the answer, which a release then does not fix."""
        return _SERVICE.search(self.query) is not None

    @property
    def has_positions(self) -> bool:
        """Whether its rows lie on a map."""
        return "wkt" in self.columns


@cache
def catalogue() -> Mapping[str, QuestionFile]:
    """Every question by its name, in order of names. Raises QuestionMalformed."""
    paths = sorted(Path(__file__).parent.glob("*.rq"))
    return {path.stem: read_question(path.stem, path.read_text("utf-8")) for path in paths}


def read_question(name: str, text: str) -> QuestionFile:
    """A question from the text of its file. Raises QuestionMalformed with the first thing wrong."""
    lines = text.splitlines()
    length = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    query = "\n".join(lines[length:]) + "\n"
    fields, parameters = _header(name, lines[:length])
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise _wrong(name, "le nom du fichier", "the name of the file")
    columns = _columns(name, query)
    strangers = {part["name"] for part in _PART.finditer(query)} - {p.name for p in parameters}
    if strangers or query.count("#?") != len(_PART.findall(query)):
        told = ", ".join(sorted(strangers)) or "#?"
        raise _wrong(name, f"partie sans paramètre : {told}", f"part without parameter: {told}")
    missing = ", ".join(p.name for p in parameters if p.name not in columns)
    if missing:
        raise _wrong(name, f"SELECT n'a pas ?{missing}", f"SELECT lacks ?{missing}")
    return QuestionFile(
        name,
        Bilingual(fields["title_fr"], fields["title_en"]),
        Bilingual(fields["description_fr"], fields["description_en"]),
        _member(name, Who, fields["who"]),
        Bilingual(fields["reading_fr"], fields["reading_en"]),
        _member(name, View, fields["view"]),
        parameters,
        _example(name, fields["example"], parameters),
        query,
        columns,
    )


def _header(name: str, lines: Iterable[str]) -> tuple[Mapping[str, str], tuple[Parameter, ...]]:
    fields: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    for line in lines:
        match = _FIELD.fullmatch(line)
        if match is None:
            raise _wrong(name, f"ligne illisible : {line}", f"unreadable line: {line}")
        key, value = match["key"], match["value"].strip()
        if key == "parameter" and match["name"]:
            known: Mapping[str, object] = parameters
            key = match["name"]
            parameter = _parameter(name, key, value)
        elif key in _ONCE and not match["name"]:
            known, parameter = fields, None
        else:
            raise _wrong(name, f"ligne inconnue : {line}", f"unknown line: {line}")
        if key in known:
            raise _wrong(name, f"« {key} » deux fois", f"“{key}” twice")
        if parameter is None:
            fields[key] = value
        else:
            parameters[key] = parameter
    absent = ", ".join(sorted(_ONCE - set(fields)))
    if absent:
        raise _wrong(name, f"il manque {absent}", f"{absent} missing")
    return fields, tuple(parameters.values())


def _parameter(question: str, name: str, text: str) -> Parameter:
    match = _PARAMETER.fullmatch(text)
    if match is None or match["kind"] not in set(Kind) or name in _RESERVED:
        raise _wrong(question, f"paramètre « {name} »", f"parameter “{name}”")
    kind, default = Kind(match["kind"]), match["default"]
    # A default must be sound whatever the release holds.
    listed = kind in LISTED and kind is not Kind.LANGUAGE
    if default is not None and (listed or kind not in LISTED and written(kind, default) is None):
        raise _wrong(question, f"défaut de « {name} »", f"default of “{name}”")
    mode = Mode.DEFAULT if default is not None else Mode(match["mode"])
    return Parameter(name, kind, mode, Bilingual(match["fr"], match["en"]), default)


def _member(name: str, members: type[M], value: str) -> M:
    try:
        return members(value)
    except ValueError:
        raise _wrong(name, f"valeur inconnue : {value}", f"unknown value: {value}") from None


def _example(name: str, text: str, parameters: Iterable[Parameter]) -> Mapping[str, str]:
    """The values of an example: `-` for a question without parameters."""
    pairs = [] if text == "-" else parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    given = dict(pairs)
    known = {parameter.name: parameter.mode for parameter in parameters}
    required = {key for key, mode in known.items() if mode is Mode.REQUIRED}
    if len(given) != len(pairs) or not required <= set(given) <= set(known):
        raise _wrong(name, f"exemple : {text}", f"example: {text}")
    return given


def _columns(name: str, query: str) -> tuple[str, ...]:
    """The columns, from an empty store: a query that does not parse is found here.

    What is asked of another endpoint is there an ordinary group: it has the same variables.
    """
    try:
        result = run(ox.Store(), _SERVICE.sub("", query))
    except QueryError as error:
        raise _wrong(name, error.text("fr"), error.text("en")) from None
    if not isinstance(result, ox.QuerySolutions):
        raise _wrong(name, "la requête n'est pas un SELECT", "the query is no SELECT")
    return tuple(variable.value for variable in result.variables)


def _wrong(name: str, fr: str, en: str) -> QuestionMalformed:
    return QuestionMalformed(_MALFORMED, name=name, fr=fr, en=en)
