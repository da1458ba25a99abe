"""Stores that stand in for Wikidata: Oxigraph's server on loopback, filled with given statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.remote.stores import oxigraph_running

__all__ = ["wikidata_running"]


@contextmanager
def wikidata_running(folder: Path, triples: Iterable[bytes]) -> Iterator[str]:
    """The address of an endpoint over N-Triples."""
    with oxigraph_running(folder) as store:
        response = httpx.post(
            f"{store.url}/store?default",
            content=triples,
            headers={"Content-Type": "application/n-triples"},
            timeout=120,
            trust_env=False,
        )
        assert response.status_code in (201, 204), response.text
        yield f"{store.url}/query"
