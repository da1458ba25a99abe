"""`Coopdec`: the same questions to a host and to a folder, with the same answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

from rapidfuzz import process

from coopdec_graph.client.frames import Field, fields_of, plain_fields
from coopdec_graph.client.problem import own_problem
from coopdec_graph.client.records import Records, Row
from coopdec_graph.client.remote import Remote
from coopdec_graph.client.source import Document, Source
from coopdec_graph.index.resources import Resource, Type, resources
from coopdec_graph.language import LANGUAGES, Bilingual, Language, language_of_environment
from coopdec_graph.service.question_answers import plain_rows

__all__ = ["Coopdec", "Value"]

Value = str | int | float | Decimal | date | Sequence[str] | None

# The most that the API gives at once.
_PAGE = 1_000
_NO_RESOURCE = Bilingual(
    "Il n'y a pas de liste « {name} » : {known}.", "There is no list “{name}”: {known}."
)
_CLOSED = Bilingual("Ce client est fermé.", "This client is closed.")
_LANGUAGE = Bilingual(
    "Il n'y a pas de langue « {name} » : fr ou en.", "There is no language “{name}”: fr or en."
)
_FOUND = (Field("iri", Type.IRI), Field("name", Type.NAME))
_COUNTED = (Field("value", Type.IRI), Field("name", Type.NAME), Field("code", Type.TEXT))
_LISTED = (Field("title", Type.NAME), Field("description", Type.NAME), Field("who"), Field("view"))


class Coopdec:
    """The graph of a host (`"https://…"`) or of a folder of releases (`"build"`).

    Filters are the parameters of docs/questions.md, as keywords: texts, numbers, days, or a list of
    texts where several may be named. A keyword of Python takes a `_`: `from_=2015`. Every method
    raises `Problem`. `language` is that of names in a DataFrame and of messages; `timeout` is how
    many seconds a host may be silent; a folder has no limit of time or memory. Use it in a `with` block, or `close()` it.
    """

    def __init__(
        self, where: str | Path, *, language: Language | None = None, timeout: float = 60.0
    ) -> None:
        self.language: Language = language or language_of_environment()
        if self.language not in LANGUAGES:
            raise own_problem("UsageError", _LANGUAGE, "fr", 400, name=self.language)
        self._open: Source | None = self._opened(where, timeout)

    def _opened(self, where: str | Path, timeout: float) -> Source:
        if isinstance(where, str) and where.startswith(("http://", "https://")):
            return Remote(where, self.language, timeout)
        # Opening a graph takes what talking to a host needs nothing of.
        from coopdec_graph.client.local import Local

        return Local(Path(where), self.language)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes connections and files. A client that is closed answers nothing more."""
        if self._open is not None:
            self._open.close()
        self._open = None

    @property
    def _source(self) -> Source:
        if self._open is None:
            raise own_problem("Closed", _CLOSED, self.language)
        return self._open

    @property
    def release(self) -> str:
        """The publication that answers; that of a host may change from one call to the next."""
        return self._source.release()

    # ---- Lists ---------------------------------------------------------------------------------

    def partnerships(self, *, limit: int | None = None, **asked: Value) -> Records:
        """Partnerships, from all pages of the list, or the first `limit`.

        So it is for the other lists. `q`: words; `sort`: a column, with `-` before it for the other
        way round; `fields`: some of the columns.
        """
        return self._listed("partnerships", limit, asked)

    def collectivities(self, *, limit: int | None = None, **asked: Value) -> Records:
        """Collectivities, French and foreign."""
        return self._listed("collectivities", limit, asked)

    def financers(self, *, limit: int | None = None, **asked: Value) -> Records:
        """Who pays at least one line."""
        return self._listed("financers", limit, asked)

    def themes(self, *, limit: int | None = None, **asked: Value) -> Records:
        """Themes."""
        return self._listed("themes", limit, asked)

    def places(self, *, limit: int | None = None, **asked: Value) -> Records:
        """Territories and towns."""
        return self._listed("places", limit, asked)

    def funding(self, *, limit: int | None = None, **asked: Value) -> Records:
        """Funding lines."""
        return self._listed("funding", limit, asked)

    def _listed(self, resource: str, limit: int | None, asked: Mapping[str, Value]) -> Records:
        pairs = self._pairs(asked)
        rows: list[Row] = []
        cursor: list[tuple[str, str]] = []
        while True:
            size = _PAGE if limit is None else min(limit - len(rows), _PAGE)
            page = self._source.listed(resource, [*pairs, ("limit", str(size)), *cursor])
            rows += page["rows"]
            if page["next"] is None or len(rows) == limit:
                break
            # The address of the next page says all again; where it begins is new.
            cursor = [("cursor", parse_qs(urlsplit(page["next"]).query)["cursor"][0])]
        chosen = dict(pairs).get("fields", "*").split(",")
        fields = fields_of(resources()[resource], () if "*" in chosen else chosen)
        return self._records(page, rows, page["total"], fields, page["sparql"])

    def get(self, resource: str, id: str) -> Row:
        """One entity of a list by its `id`: its columns, `related` (the beginning of each list that
        has to do with it), `sparql` and `release`; for a partnership also `prose`."""
        document = self._source.entity(self._known(resource).name, _written(id))
        (row,) = document["rows"]
        more = {name: document[name] for name in ("prose", "related") if name in document}
        return {**row, **more, "sparql": document["sparql"], "release": document["release"]}

    def facets(
        self, resource: str, *facets: str, limit: int | None = None, **asked: Value
    ) -> dict[str, Records]:
        """How many entities of a list have each value of some facets, or of all; most first.

        A facet is counted among what the other filters leave. `limit`: values shown of each.
        """
        shown = _PAGE if limit is None else limit
        pairs = self._pairs({**asked, "facets": facets or "*", "facet_limit": shown})
        page = self._source.listed(self._known(resource).name, [*pairs, ("limit", "0")])
        fields = (*_COUNTED, Field("count", Type.INTEGER))
        return {
            name: self._records(page, facet["rows"], facet["values"], fields)
            for name, facet in page["facets"].items()
        }

    def search(self, q: str, *, limit: int | None = None) -> dict[str, Records]:
        """Words in everything: the best of each list, five if no `limit` is said."""
        document = self._source.search(self._pairs({"q": q, "limit": limit}))
        return {
            name: self._records(document, found["rows"], found["total"], _FOUND)
            for name, found in document["found"].items()
        }

    def _known(self, name: str) -> Resource:
        known = resources()
        if name not in known:
            values = {"name": name[:80], "known": ", ".join(known)}
            error = own_problem("NotFound", _NO_RESOURCE, self.language, 404, **values)
            near = process.extract(name[:80], list(known), limit=3, score_cutoff=50)
            error.document["nearest"] = [value for value, _, _ in near]
            raise error
        return known[name]

    # ---- Questions -----------------------------------------------------------------------------

    def questions(self) -> Records:
        """The questions of the catalogue, with their parameters and their texts in two languages."""
        rows = self._source.questions()["questions"]
        fields = (Field("name"), *_LISTED)
        return Records(rows, len(rows), False, self.release, fields, self.language)

    def ask(self, question: str, *, limit: int | None = None, **asked: Value) -> Records:
        """The answer to a question of the catalogue, all of it or the first `limit` rows."""
        document = self._source.answer(_written(question), self._pairs({**asked, "limit": limit}))
        rows = document["rows"]
        total = document["total"]
        if document["truncated"] and (limit is None or limit > len(rows)):
            # A document has a thousand rows at most; the query that it shows gives all of them.
            rows = plain_rows(self._result(document["sparql"]))[:limit]
            total = total if limit is not None else len(rows)
        fields = plain_fields(document["columns"])
        reading = document["reading"][self.language]
        return self._records(document, rows, total, fields, document["sparql"], reading)

    # ---- SPARQL --------------------------------------------------------------------------------

    def sparql(self, query: str) -> Records | bool | str:
        """The rows of a SELECT, the yes or no of an ASK, or a graph, as Turtle.

        Numbers and booleans of a row are such; other values are texts, what is unbound is None.
        """
        found = self._source.sparql(query)
        if isinstance(found, str):
            return found
        result = json.loads(found)
        if "boolean" in result:
            return bool(result["boolean"])
        rows, fields = plain_rows(found), plain_fields(result["head"]["vars"])
        return Records(rows, len(rows), False, self.release, fields, self.language, query)

    def _result(self, query: str) -> bytes:
        found = self._source.sparql(query)
        assert isinstance(found, bytes)
        return found

    # ---- What they share -----------------------------------------------------------------------

    def _pairs(self, asked: Mapping[str, Value]) -> list[tuple[str, str]]:
        """Names and values as an address has them. `format` and `lang` are the client's own."""
        given = [
            (name.removesuffix("_"), _written(value))
            for name, value in asked.items()
            if value is not None
        ]
        return [*given, ("format", "json"), ("lang", self.language)]

    def _records(
        self,
        document: Document,
        rows: list[Row],
        total: int | None,
        fields: tuple[Field, ...],
        sparql: str | None = None,
        reading: str | None = None,
    ) -> Records:
        cut = total is None or len(rows) < total
        release = document["release"]
        return Records(rows, total, cut, release, fields, self.language, sparql, reading)


def _written(value: Value) -> str:
    """A value as an address has it; a number without an exponent."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)):f}"
    text = str(value) if isinstance(value, str | int) else ",".join(value or ())
    # Half of a surrogate pair is in no address.
    return text.encode("utf-8", "replace").decode("utf-8")
