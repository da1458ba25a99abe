"""Examples for the description of the API: what the release itself answers, shortened."""

from __future__ import annotations

import time
from typing import Any

from coopdec_graph.index.resources import Resource
from coopdec_graph.service.api.lists import Lists
from coopdec_graph.service.api.requests import read_request
from coopdec_graph.service.api.search import read_search, searched
from coopdec_graph.service.inputs import Inputs

__all__ = ["list_example", "profile_example", "search_example"]

# As if each had taken as long: a description does not change from one start to the next.
_TOOK = {"took_ms": 1.0}


def list_example(lists: Lists, resource: Resource) -> dict[str, Any]:
    """The first row of a list, with one value of one facet."""
    pairs = [("limit", "1"), ("facets", resource.facets[0]), ("facet_limit", "1")]
    asking = Inputs(pairs, None, "fr")
    asked = read_request(asking, resource, None, lists.index, lists.choices, lists.release)
    return lists.document(lists.listed(asked), "", time.perf_counter()) | _TOOK


def profile_example(lists: Lists, resource: Resource) -> dict[str, Any]:
    """The profile of the first entity, without its prose, which only an engine has."""
    rows = list_example(lists, resource)["rows"]
    related = lists.related(resource, rows[0]["iri"]) if rows else {}
    return {
        "release": lists.release,
        "resource": resource.name,
        "rows": rows,
        "related": {name: {**found, "rows": found["rows"][:1]} for name, found in related.items()},
        "sparql": "DESCRIBE …",
        **_TOOK,
    }


def search_example(lists: Lists) -> dict[str, Any]:
    """What one finds with the words of the parameter's example."""
    asked = read_search(Inputs([("q", "eau potable"), ("limit", "1")], None, "fr"))
    return searched(lists, asked, time.perf_counter()) | _TOOK
