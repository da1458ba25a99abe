"""Where a list goes on: an opaque token, good for one list of one release.

A release never changes, so that a place in the order of a list stays the same place.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from coopdec_graph.language import Bilingual
from coopdec_graph.service.problems import BadRequest

__all__ = ["offset_of", "token_of"]

_UNKNOWN = Bilingual(
    "« cursor » n'est pas un jeton de cette liste. Reprenez l'adresse « next » telle quelle, ou la"
    " liste depuis le début : la publication a pu changer.",
    "“cursor” is no token of this list. Use the address “next” as it is, or start the list again:"
    " the release may have changed.",
)


def token_of(listed: str, offset: int) -> str:
    """The token of a place in a list; `listed` is what tells the list from any other."""
    text = json.dumps([offset, _mark(listed, offset)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def offset_of(listed: str, token: str | None) -> int:
    """The place that a token means; 0 without one. Raises BadRequest for that of another list."""
    if token is None:
        return 0
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        offset, mark = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        known = isinstance(offset, int) and mark == _mark(listed, offset)
    except (ValueError, TypeError, RecursionError, binascii.Error):
        known = False
    if not known:
        raise BadRequest(_UNKNOWN)
    return int(offset)


def _mark(listed: str, offset: int) -> str:
    return hashlib.sha256(f"{listed}\n{offset}".encode()).hexdigest()[:16]
