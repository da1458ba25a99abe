"""The choice of a content coding (RFC 9110, 12.5.3)."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.http import parse_accept_header

from coopdec_graph.results.coding import CODINGS

__all__ = ["accepted_codings"]

_IDENTITY = "identity"
_SAME = {"x-gzip": "gzip"}


@lru_cache(maxsize=128)
def accepted_codings(accept_encoding: str | None) -> tuple[str, ...]:
    """The codings of ours that the client grades no lower than none at all, the best first.

    Ours come in our order where the client grades them alike. Without the header nothing is
    coded. A client that takes nothing we have gets the body as it is: it is of more use than an
    error, as the section lets a server decide.
    """
    grades = _grades(accept_encoding)
    plain = _grade(grades, _IDENTITY) or 0
    graded = [(_grade(grades, coding) or 0, coding) for coding in CODINGS]
    graded.sort(key=lambda item: -item[0])
    return tuple(coding for grade, coding in graded if grade > 0 and grade >= plain)


def _grades(accept_encoding: str | None) -> dict[str, float]:
    found: dict[str, float] = {}
    for value, quality in parse_accept_header(accept_encoding or ""):
        name = value.partition(";")[0].strip().lower()
        found.setdefault(_SAME.get(name, name), quality)
    return found


def _grade(grades: dict[str, float], coding: str) -> float | None:
    """The quality of a coding, by its name or by `*`; None if the client does not speak of it."""
    return grades.get(coding, grades.get("*"))
