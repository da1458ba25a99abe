"""The standard ruleset of each version: what its schema cannot say, in IATI's own form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from coopdec_graph.iati.versions import VERSIONS_WITH_LISTS, known
from coopdec_graph.resources import reference_file

__all__ = ["ruleset"]

# Element (an XPath), then kind of rule (`date_order`, `sum`…), then its cases.
Ruleset = Mapping[str, Mapping[str, Mapping[str, Any]]]


@cache
def ruleset(version: str) -> Ruleset:
    """The rules of a version, as published: none before 1.04. Raises UnknownVersion."""
    if known(version) not in VERSIONS_WITH_LISTS:
        return {}
    text = reference_file(f"iati/rulesets/{version}.json").read_text("utf-8")
    rules: Ruleset = json.loads(text)
    return rules
