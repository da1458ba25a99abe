"""The small page about an entity that a client shows in a frame (specification, "Preview Service")."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from coopdec_graph.service.pages import Pages
from coopdec_graph.service.reconciliation.answers import described
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.index import Index
from coopdec_graph.service.reconciliation.kinds import TYPES
from coopdec_graph.service.reconciliation.properties import properties_of

__all__ = ["preview"]

# The page says these otherwise.
_ELSEWHERE = ("iri", "partnerships", "country", "level")


def preview(pages: Pages, request: Request, index: Index, entity: Entity) -> Response:
    """In the reader's language: names, types, and the properties that have a value."""
    language = pages.language(request)
    facts = []
    for one in properties_of(None):
        values = one.values(entity, language, index.levels) if one.values else []
        if values and one.id not in _ELSEWHERE:
            texts = [str(value.get("name") or value.get("str")) for value in values]
            facts.append((one.name.text(language), texts))
    return pages.preview(
        request,
        title=entity.name(language),
        iri=entity.iri,
        kinds=[TYPES[id].name.text(language) for id in entity.types],
        description=described(index, entity, language),
        facts=facts,
        href=pages.addresses.local(entity.iri),
    )
