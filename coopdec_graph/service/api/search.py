"""Words looked for in every resource at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from coopdec_graph.errors import UsageError
from coopdec_graph.index.reading import Index, Named, Selection
from coopdec_graph.index.resources import resources
from coopdec_graph.language import Bilingual
from coopdec_graph.service.api.formats import JSON
from coopdec_graph.service.api.lists import PATH, Lists
from coopdec_graph.service.api.requests import read_count, read_words
from coopdec_graph.service.formats import choose
from coopdec_graph.service.inputs import Inputs
from coopdec_graph.service.protocol import only

__all__ = ["DEFAULT_FOUND", "MOST_FOUND", "found_words", "read_search", "searched"]

MOST_FOUND = 50
DEFAULT_FOUND = 5
_MISSING = Bilingual(
    "Il manque « q » : les mots à chercher.", "“q” is missing: the words to look for."
)
_UNKNOWN = Bilingual(
    "La recherche n'a pas de paramètre « {name} » : q, limit, lang.",
    "The search has no parameter “{name}”: q, limit, lang.",
)


@dataclass(frozen=True, slots=True)
class Search:
    """The words, and how many entities of each resource are shown."""

    words: str
    limit: int


def read_search(inputs: Inputs) -> Search:
    """What is looked for. Raises BadRequest and UsageError."""
    pairs = inputs.pairs
    for name, _ in pairs:
        if name not in ("q", "limit", "lang", "format"):
            raise UsageError(_UNKNOWN, name=name[:80])
    # There is one format; another is refused as everywhere.
    choose(None, only(pairs, "format"), (JSON,))
    words = read_words(only(pairs, "q"))
    if words is None:
        raise UsageError(_MISSING)
    return Search(
        words, read_count("limit", only(pairs, "limit") or str(DEFAULT_FOUND), 1, MOST_FOUND)
    )


def searched(lists: Lists, asked: Search, began: float) -> dict[str, Any]:
    """The best of each resource, and the address of all of them."""
    found = {}
    for name in resources():
        total, best = found_words(lists.index, name, asked.words, asked.limit)
        rows = [{"iri": each.iri, "name": dict(each.names)} for each in best]
        address = f"{PATH}/{name}?{urlencode({'q': asked.words})}"
        found[name] = {"total": total, "href": address, "rows": rows}
    took = round((time.perf_counter() - began) * 1000, 1)
    return {"release": lists.release, "q": asked.words, "found": found, "took_ms": took}


def found_words(index: Index, resource: str, words: str, limit: int) -> tuple[int, list[Named]]:
    """How many entities of a resource have all the words, and the best of them."""
    mask = index.selected(resource, Selection(words=words))
    order = index.ranked(resource, mask, words)
    records = index.records(resource, order[:limit])
    return len(order), [index.named(record.iri) for record in records]
