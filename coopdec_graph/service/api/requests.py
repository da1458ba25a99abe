"""What a request for a list says: its filters, words, order, page, columns and format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from coopdec_graph import __version__
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Term
from coopdec_graph.index.reading import Bound, Index, Selection
from coopdec_graph.index.resources import Filter, Resource, Type
from coopdec_graph.language import LANGUAGES, Bilingual, Language
from coopdec_graph.questions.catalogue import QuestionFile, catalogue
from coopdec_graph.questions.kinds import Kind, written
from coopdec_graph.questions.values import Choices, bindings
from coopdec_graph.results.formats import Format
from coopdec_graph.service.api.formats import JSON, JSON_LD, offered_formats
from coopdec_graph.service.formats import choose
from coopdec_graph.service.inputs import Inputs
from coopdec_graph.service.problems import BadRequest
from coopdec_graph.service.protocol import only

__all__ = [
    "DEFAULT_FACET_ROWS",
    "DEFAULT_ROWS",
    "MOST_ROWS",
    "RESERVED",
    "ListRequest",
    "read_count",
    "read_fields",
    "read_request",
    "read_words",
]

# Of a page in JSON; other formats have every row.
DEFAULT_ROWS = 50
MOST_ROWS = 1_000
DEFAULT_FACET_ROWS = 20
# More than any release has; a number must have an end.
_MOST_OF_A_TABLE = 10**9
RESERVED = (
    "q",
    "sort",
    "limit",
    "cursor",
    "fields",
    "facets",
    "facet_limit",
    "format",
    "lang",
    "bom",
)

_COUNT = Bilingual(
    "« {name} » est un nombre de {least} à {most}.", "“{name}” is a number from {least} to {most}."
)
_ONE_OF = Bilingual(
    "« {name} » ne connaît pas « {value} ». Possible : {offered}.",
    "“{name}” does not know “{value}”. Possible: {offered}.",
)
_TEXT = Bilingual(
    "« q » : des mots, 200 caractères au plus, sans caractère de commande.",
    "“q”: words, at most 200 characters, without control characters.",
)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """One request for a list. `limit` None: every row. `tag` tells it from any other request."""

    resource: Resource
    question: QuestionFile
    bound: Mapping[str, Term]
    selection: Selection
    sort: str | None
    limit: int | None
    cursor: str | None
    fields: tuple[str, ...]
    facets: tuple[str, ...]
    facet_limit: int
    format: Format
    language: Language
    chosen_language: bool
    listed: str

    @property
    def in_json(self) -> bool:
        return self.format in (JSON, JSON_LD)

    @property
    def tag(self) -> str:
        whole = (self.listed, self.limit, self.cursor, self.fields, self.facets, self.facet_limit)
        return _digest((*whole, self.format.name, self.language))


def read_request(
    inputs: Inputs,
    resource: Resource,
    extension: str | None,
    index: Index,
    lists: Mapping[Kind, Choices],
    release: str,
) -> ListRequest:
    """What is asked of a resource. Raises BadRequest, UsageError and NotAcceptable."""
    given = {name: only(inputs.pairs, name) or "" for name, _ in inputs.pairs}
    own = {name: given.pop(name, None) for name in RESERVED}
    if own["lang"] is not None and own["lang"] not in LANGUAGES:
        raise _unknown("lang", own["lang"], LANGUAGES)
    format = _format(inputs.accept, resource, extension or own["format"], own["bom"])
    language = inputs.language
    question = catalogue()[resource.name]
    if any(parameter.name == "language" for parameter in question.parameters):
        given.setdefault("language", language)
    bound = bindings(question, given, lists)
    words = read_words(own["q"])
    sort = _sort(resource, own["sort"], words)
    selection = _selection(resource, bound, words, index)
    shown = own["facet_limit"]
    return ListRequest(
        resource=resource,
        question=question,
        bound=bound,
        selection=selection,
        sort=sort,
        limit=_limit(own["limit"], format),
        cursor=own["cursor"],
        fields=read_fields(resource, own["fields"]),
        facets=_some("facets", own["facets"], resource.facets),
        facet_limit=DEFAULT_FACET_ROWS
        if shown is None
        else read_count("facet_limit", shown, 1, MOST_ROWS),
        format=format,
        language=language,
        chosen_language=own["lang"] is not None,
        listed=_digest((__version__, release, resource.name, selection, sort)),
    )


def read_fields(resource: Resource, text: str | None) -> tuple[str, ...]:
    """Some columns, in the order asked; none means all. Raises UsageError."""
    return _some("fields", text, [column.name for column in resource.columns])


def _limit(text: str | None, format: Format) -> int | None:
    """The rows of a page; a table has all of them unless it is told otherwise."""
    paged = format in (JSON, JSON_LD)
    if text is None:
        return DEFAULT_ROWS if paged else None
    return read_count("limit", text, 0, MOST_ROWS if paged else _MOST_OF_A_TABLE)


def _digest(whole: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(whole).encode()).hexdigest()[:32]


def _format(accept: str | None, resource: Resource, named: str | None, bom: str | None) -> Format:
    if bom is not None:
        marked = read_count("bom", bom, 0, 1)
        named = "csv-bom" if marked and named in (None, "csv") else named
    return choose(accept, named, offered_formats(resource))


def read_words(text: str | None) -> str | None:
    """The words to look for; a text without a letter or digit finds nothing. Raises BadRequest."""
    if text is None:
        return None
    if written(Kind.TEXT, text) is None:
        raise BadRequest(_TEXT)
    return text.strip()


def _sort(resource: Resource, text: str | None, words: str | None) -> str | None:
    """The order; None is by how well the words fit, which is the order of a search."""
    if text is None or (text == "relevance" and words is not None):
        return None if words is not None else resource.sort
    if text.removeprefix("-") not in resource.sortable:
        raise _unknown("sort", text, resource.sortable)
    return text


def read_count(name: str, text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise BadRequest(_COUNT, name=name, least=least, most=most)
    return int(text)


def _some(name: str, text: str | None, known: Sequence[str]) -> tuple[str, ...]:
    """Some of these names, in the order asked, each once; `*` is all of them."""
    if text is None:
        return ()
    asked = [part for part in text.split(",") if part]
    for part in asked:
        if part != "*" and part not in known:
            raise _unknown(name, part, known)
    return tuple(known) if "*" in asked else tuple(dict.fromkeys(asked))


def _unknown(name: str, value: str, known: Sequence[str]) -> UsageError:
    error = UsageError(_ONE_OF, name=name, value=value[:80], offered=", ".join(known))
    return error.detailed({"offered": list(known)})


def _selection(
    resource: Resource, bound: Mapping[str, Term], words: str | None, index: Index
) -> Selection:
    values: list[tuple[str, str]] = []
    bounds: list[Bound] = []
    for filter in resource.filters:
        term = bound.get(filter.name)
        if term is None:
            continue
        if filter.link is not None:
            values.append((filter.link, _value(resource, filter.link, term, index)))
        else:
            bounds.append(_bound(resource, filter, term.value))
    return Selection(tuple(values), tuple(bounds), words)


def _value(resource: Resource, link: str, term: Term, index: Index) -> str:
    """A value of a facet; places are asked for by their code."""
    if not isinstance(term, ox.Literal):
        return term.value
    choices = index.facet(resource.name, link).choices
    coded = (choice for choice in choices if index.named(choice).code == term.value)
    return next(coded, term.value)


def _bound(resource: Resource, filter: Filter, text: str) -> Bound:
    assert filter.column is not None and filter.test is not None
    dated = resource.column(filter.column).type is Type.DATE
    number = float(date.fromisoformat(text).toordinal()) if dated else float(text)
    return Bound(filter.column, filter.test, number)
