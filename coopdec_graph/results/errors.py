"""Why a result is not written, or not to its end."""

from __future__ import annotations

from coopdec_graph.errors import QueryError, ResultTooBig

__all__ = ["NotWritable", "TooManyRows"]


class TooManyRows(ResultTooBig):
    """The result has more rows than the caller allows; part of it may have been written."""


class NotWritable(QueryError):
    """The result holds something that the format cannot; part of it may have been written."""
