"""One entity with all that is known of it, and the beginning of each list it has to do with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from coopdec_graph.engines.remote.text import bound
from coopdec_graph.graph.query import Term
from coopdec_graph.index.reading import Record
from coopdec_graph.index.records import as_object
from coopdec_graph.index.resources import Resource
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import CD
from coopdec_graph.resources import query_text
from coopdec_graph.results.formats import Format
from coopdec_graph.service.api.formats import JSON, JSON_LD, TURTLE
from coopdec_graph.service.api.lists import PATH, Lists
from coopdec_graph.service.problems import NotFound

__all__ = ["NO_ENTITY", "Profiles", "id_and_format"]

NO_ENTITY = Bilingual(
    "Il n'y a pas de « {id} » parmi : {title}.{nearest}",
    "There is no “{id}” among: {title}.{nearest}",
)
_NEAREST = Bilingual(" Les plus proches : {offered}.", " The nearest: {offered}.")

# The rows of a query file, its parameters bound: of an engine, or of a store that is open here.
Rows = Callable[..., Sequence[Mapping[str, Term | None]]]


def id_and_format(path: str) -> tuple[str, str | None]:
    """The id of an entity, and the name of a format if an extension follows it."""
    stem, dot, extension = path.rpartition(".")
    known = {format.extension: format.name for format in (JSON, JSON_LD, TURTLE)}
    return (stem, known[extension]) if dot and extension in known else (path, None)


class Profiles:
    """The profiles of one release."""

    def __init__(self, lists: Lists, rows: Rows) -> None:
        self.lists = lists
        self._rows = rows

    def record(self, resource: Resource, id: str) -> Record:
        """An entity by its id. Raises NotFound, which says the nearest ids."""
        record = self.lists.entity(resource, id)
        if record is None:
            raise self._not_found(resource, id)
        return record

    def _not_found(self, resource: Resource, id: str) -> NotFound:
        nearest = self.lists.nearest(resource, id)
        near = _NEAREST if nearest else Bilingual("", "")
        message = Bilingual(
            NO_ENTITY.fr.replace("{nearest}", near.fr), NO_ENTITY.en.replace("{nearest}", near.en)
        )
        error = NotFound(message, id=id[:80], title=resource.name, offered=", ".join(nearest))
        return error.detailed({"nearest": nearest})

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
        lines = query_text("entity").splitlines(keepends=True)
        query = "".join(line for line in lines if not line.startswith("#+"))
        document["sparql"] = bound(query, {"entity": ox.NamedNode(record.iri)})
        document["took_ms"] = round((time.perf_counter() - began) * 1000, 1)
        return document

    def _prose(self, iri: str) -> dict[str, list[str]]:
        """The texts of a partnership, by the name of the property."""
        found: dict[str, list[str]] = {}
        for row in self._rows("prose", entity=ox.NamedNode(iri)):
            property, text = row["property"], row["text"]
            if isinstance(property, ox.NamedNode) and isinstance(text, ox.Literal):
                found.setdefault(property.value.removeprefix(str(CD)), []).append(text.value)
        return found
