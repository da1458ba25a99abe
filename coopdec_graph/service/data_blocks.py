"""JSON-LD inside a page, as the HTML standard calls it a data block: never run, whatever it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

__all__ = ["data_block"]

_dumps = partial(json.dumps, ensure_ascii=False)


def data_block(document: Mapping[str, object]) -> Markup:
    """The text of `<script type="application/ld+json">` (HTML, 4.12.1.3).

    `<`, `>` and `&` are escaped as JSON lets them be: no text can end the block or begin another.
    """
    return htmlsafe_json_dumps(document, dumps=_dumps)
