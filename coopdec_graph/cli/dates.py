"""Days that options take."""

from __future__ import annotations

import re
from datetime import date

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

__all__ = ["day"]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BAD_DATE = Bilingual(
    "« {value} » n'est pas une date AAAA-MM-JJ.", "“{value}” is not a date YYYY-MM-DD."
)


def day(text: str) -> date:
    """The day that `YYYY-MM-DD` means. Raises UsageError."""
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise UsageError(_BAD_DATE, value=text) from None
