"""One entity with all that is known of it, and the beginning of each list it has to do with."""

from __future__ import annotations

import time
from typing import Any

import pyoxigraph as ox

from coopdec_graph.engines.remote.text import bound
from coopdec_graph.index.reading import Record
from coopdec_graph.index.resources import Resource
from coopdec_graph.namespaces import CD
from coopdec_graph.resources import query_text
from coopdec_graph.results.formats import Format
from coopdec_graph.service.api.formats import JSON_LD
from coopdec_graph.service.api.lists import PATH, Lists
from coopdec_graph.service.api.records import as_object
from coopdec_graph.service.pages import Pages

__all__ = ["Profiles"]


class Profiles:
    """The profiles of one release."""

    def __init__(self, lists: Lists, pages: Pages) -> None:
        self.lists = lists
        self._pages = pages

    def document(
        self, resource: Resource, record: Record, format: Format, root: str, began: float
    ) -> dict[str, Any]:
        """The profile as a JSON document. For a thread, not the event loop. Raises QueryError."""
        lists = self.lists
        linked = format is JSON_LD
        entity = as_object(record, resource, lists.index, lists.base, (), exact=linked)
        document: dict[str, Any] = {"@context": f"{root}{PATH}/context.jsonld"} if linked else {}
        document |= {"release": lists.release, "resource": resource.name, "rows": [entity]}
        if resource.name == "partnerships":
            document["prose"] = self._prose(record.iri)
        document["related"] = lists.related(resource, record.iri)
        document["sparql"] = bound(query_text("entity"), {"iri": ox.NamedNode(record.iri)})
        document["took_ms"] = round((time.perf_counter() - began) * 1000, 1)
        return document

    def _prose(self, iri: str) -> dict[str, list[str]]:
        """The texts of a partnership, by the name of the property."""
        found: dict[str, list[str]] = {}
        for row in self._pages.queries.rows("prose", iri=ox.NamedNode(iri)):
            property, text = row["property"], row["text"]
            if isinstance(property, ox.NamedNode) and isinstance(text, ox.Literal):
                found.setdefault(property.value.removeprefix(str(CD)), []).append(text.value)
        return found
