"""The error of a listed endpoint that did not answer as it should."""

from __future__ import annotations

from coopdec_graph.errors import QueryError

__all__ = ["FederationFailed"]


class FederationFailed(QueryError):
    """An endpoint of the allow-list could not be asked, or its answer cannot be used."""

    exit_code = 1
