"""Answers requests for lists, from the index; the query that gives the same rows is shown with them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index, Mask, Positions, Record, Selection
from coopdec_graph.index.records import as_cells, as_object, cell_names
from coopdec_graph.index.resources import Resource, Type, resources
from coopdec_graph.index.tables import Rows, csv_of, geojson_of
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.shown import sparql_of
from coopdec_graph.questions.values import written_for
from coopdec_graph.results.formats import CSV_BOM, GEOJSON, PARQUET, XLSX
from coopdec_graph.service.api.cursors import offset_of, token_of
from coopdec_graph.service.api.formats import JSON_LD, TURTLE
from coopdec_graph.service.api.requests import DEFAULT_FACET_ROWS, ListRequest
from coopdec_graph.service.api.tables import turtle_of, workbook_of

__all__ = ["PATH", "Listed", "Lists"]

PATH = "/api/v1"
# Rows of another resource that a profile begins with.
RELATED_ROWS = 10
# The lists whose names an unknown id is compared with.
_KINDS: Mapping[str, Kind] = {
    "partnerships": Kind.PARTNERSHIP,
    "collectivities": Kind.COLLECTIVITY,
    "financers": Kind.FINANCER,
    "themes": Kind.THEME,
    "places": Kind.PLACE,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """The entities of a request, in order; `positions` are those of its page."""

    asked: ListRequest
    total: int
    start: int
    positions: Positions
    mask: Mask

    @property
    def end(self) -> int:
        return self.start + len(self.positions)

    @property
    def more(self) -> bool:
        """Whether there are more after these."""
        return self.end < self.total

    @property
    def truncated(self) -> bool:
        """Whether these are not all there are."""
        return len(self.positions) < self.total


class Lists:
    """The lists of one release."""

    def __init__(self, index: Index, base: str, release: str) -> None:
        self.index = index
        self.base = base
        self.release = release
        self.choices = IndexChoices(index)

    def listed(self, asked: ListRequest) -> Listed:
        """Which entities an answer has. Raises BadRequest for the cursor of another list."""
        name = asked.resource.name
        start = offset_of(asked.listed, asked.cursor)
        mask = self.index.selected(name, asked.selection)
        if asked.sort is None and asked.selection.words is not None:
            order = self.index.ranked(name, mask, asked.selection.words)
        else:
            order = self.index.ordered(name, mask, asked.sort or asked.resource.sort)
        end = None if asked.limit is None else start + asked.limit
        return Listed(asked, len(order), start, order[start:end], mask)

    def document(self, listed: Listed, root: str, began: float) -> dict[str, Any]:
        """The answer as a JSON document; `root` is the address of the service, for its context."""
        asked = listed.asked
        linked = asked.format is JSON_LD
        document: dict[str, Any] = {"@context": f"{root}{PATH}/context.jsonld"} if linked else {}
        document |= {
            "release": self.release,
            "resource": asked.resource.name,
            "parameters": self.parameters(asked),
            "sort": asked.sort or "relevance",
            "total": listed.total,
            "truncated": listed.truncated,
            "next": self.next_address(listed),
            "sparql": sparql_of(asked.question, asked.bound),
        }
        if asked.facets:
            document["facets"] = self.facets(listed)
        document["rows"] = list(self.objects(listed, exact=linked))
        document["took_ms"] = round((time.perf_counter() - began) * 1000, 1)
        return document

    def parameters(self, asked: ListRequest) -> dict[str, str]:
        """What was asked, each value as it may be written again."""
        kinds = {parameter.name: parameter.kind for parameter in asked.question.parameters}
        found = {name: written_for(kinds[name], term) for name, term in asked.bound.items()}
        if asked.selection.words is not None:
            found["q"] = asked.selection.words
        return found

    def next_address(self, listed: Listed) -> str | None:
        """Where the list goes on."""
        asked = listed.asked
        if not listed.more or not len(listed.positions):
            return None
        parameters = self.parameters(asked)
        parameters.pop("language", None)
        given: dict[str, object] = {**parameters, "sort": asked.sort or "relevance"}
        given |= {"limit": asked.limit, "cursor": token_of(asked.listed, listed.end)}
        for name, values in (("fields", asked.fields), ("facets", asked.facets)):
            if values:
                given[name] = ",".join(values)
        if asked.facets and asked.facet_limit != DEFAULT_FACET_ROWS:
            given["facet_limit"] = asked.facet_limit
        if asked.format.name != "json":
            given["format"] = asked.format.name
        if asked.chosen_language:
            given["lang"] = asked.language
        return f"{PATH}/{asked.resource.name}?{urlencode(given)}"

    def facets(self, listed: Listed) -> dict[str, Any]:
        """Each facet that was asked for, counted among what the other filters leave."""
        asked = listed.asked
        found: dict[str, Any] = {}
        filtered = {name for name, _ in asked.selection.values}
        for name in asked.facets:
            mask = listed.mask
            if name in filtered:
                mask = self.index.selected(asked.resource.name, asked.selection.without(name))
            counts = self.index.counted(asked.resource.name, name, mask)
            shown = [self._value(iri, n) for iri, n in counts[: asked.facet_limit]]
            found[name] = {"values": len(counts), "truncated": len(shown) < len(counts)}
            found[name]["rows"] = shown
        return found

    def _value(self, iri: str, count: int) -> dict[str, object]:
        named = self.index.named(iri)
        value = {"value": iri, "name": dict(named.names), "count": count}
        return value if named.code is None else {**value, "code": named.code}

    def objects(self, listed: Listed, exact: bool = False) -> Iterator[dict[str, object]]:
        """The rows as objects."""
        asked = listed.asked
        fields = asked.fields
        if fields and asked.format is GEOJSON:
            # A feature has its position whatever its properties.
            fields = (*fields, *(c.name for c in asked.resource.columns if c.type is Type.POINT))
        for record in self._records(listed):
            yield as_object(record, asked.resource, self.index, self.base, fields, exact)

    def _records(self, listed: Listed) -> Iterator[Record]:
        return self.index.records(listed.asked.resource.name, listed.positions)

    def table(self, listed: Listed) -> Rows:
        """The rows as those of a table."""
        asked = listed.asked
        resource, fields = asked.resource, asked.fields
        rows = (
            as_cells(record, resource, self.index, self.base, fields, asked.language)
            for record in self._records(listed)
        )
        return Rows(cell_names(resource, fields), rows)

    def pieces(self, listed: Listed) -> Iterator[bytes]:
        """The answer in a format that is no JSON document, in pieces if it can be had in pieces."""
        format = listed.asked.format
        if format in (XLSX, PARQUET):
            yield workbook_of(self.table(listed), len(listed.positions), format)
        elif format is GEOJSON:
            yield from geojson_of(self.objects(listed))
        elif format is TURTLE:
            yield from turtle_of(self.objects(listed, exact=True))
        else:
            yield from csv_of(self.table(listed), marked=format is CSV_BOM)

    def related(self, resource: Resource, iri: str) -> dict[str, Any]:
        """The beginning of each list that has to do with an entity, and where all of it is."""
        found: dict[str, Any] = {}
        for name, filter in resource.related:
            other = resources()[name]
            link = next(each.link for each in other.filters if each.name == filter)
            assert link is not None
            mask = self.index.selected(name, Selection(((link, iri),)))
            order = self.index.ordered(name, mask, other.sort)
            rows = [
                as_object(record, other, self.index, self.base, ())
                for record in self.index.records(name, order[:RELATED_ROWS])
            ]
            address = f"{PATH}/{name}?{urlencode({filter: iri})}"
            found[name] = {"total": len(order), "href": address, "rows": rows}
        return found

    def entity(self, resource: Resource, id: str) -> Record | None:
        """An entity by the part of its IRI that tells it from others of the resource."""
        return self.index.record(resource.name, resource.prefix(self.base) + id)

    def nearest(self, resource: Resource, id: str) -> list[str]:
        """The ids that are nearest to one there is not."""
        kind = _KINDS.get(resource.name)
        return self.choices[kind].nearest(id) if kind else []
