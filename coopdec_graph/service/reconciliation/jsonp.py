"""An answer as JSON, or as a script that hands it over (JSONP; specification, "Cross-Origin Access").

What a client names is put into a script, so that only a path of plain identifiers is taken. The text
is ASCII: it is the same script in whatever encoding it is read, and has no separator of lines.
"""

from __future__ import annotations

import json
import re

from starlette.responses import Response

from coopdec_graph.language import Bilingual, Language
from coopdec_graph.service.problems import BadRequest

__all__ = ["answer", "check_callback"]

_MOST_CHARACTERS = 100
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(?:\.[A-Za-z_$][A-Za-z0-9_$]*)*", re.ASCII)
_CALLBACK = Bilingual(
    "« callback » doit être un nom de fonction JavaScript, comme « jQuery.rappel ».",
    "“callback” must be the name of a JavaScript function, such as “jQuery.callback”.",
)


def check_callback(callback: str | None) -> None:
    """Raises BadRequest for a name that is no path of identifiers."""
    if callback is None:
        return
    if len(callback) > _MOST_CHARACTERS or not _NAME.fullmatch(callback):
        raise BadRequest(_CALLBACK)


def answer(document: object, language: Language, callback: str | None) -> Response:
    """The document; the name must have been checked."""
    text = json.dumps(document, separators=(",", ":"))
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    if callback is None:
        return Response(text, 200, headers, "application/json")
    # The comment keeps the first bytes of a file from being the client's (Rosetta Flash).
    return Response(f"/**/{callback}({text});", 200, headers, "text/javascript; charset=utf-8")
