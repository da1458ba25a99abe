"""What tools answer from: one release, behind an engine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from coopdec_graph.engines.base import Engine
from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index as WordIndex
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.asking import Asking
from coopdec_graph.service.queries import Queries
from coopdec_graph.service.reconciliation.shelf import Shelf
from coopdec_graph.service.statistics import Statistics

__all__ = ["Holdings", "holdings_of"]


@dataclass(frozen=True, slots=True)
class Holdings:
    """For the engine's event loop only. `base` is that of the published data."""

    release: str
    base: str
    engine: Engine
    queries: Queries
    asking: Asking
    statistics: Statistics
    shelf: Shelf
    words: WordIndex


def holdings_of(release: Release, engine: Engine, loop: asyncio.AbstractEventLoop) -> Holdings:
    """Those of a release that nothing else is served from."""
    base = str(release.manifest()["base"])
    queries = Queries(engine, loop)
    words = WordIndex(release.index)
    return Holdings(
        release.id,
        base,
        engine,
        queries,
        Asking(engine, release.id, IndexChoices(words)),
        Statistics(queries),
        Shelf(queries, base),
        words,
    )
