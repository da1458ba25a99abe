"""The engine that answers for a release."""

from __future__ import annotations

from coopdec_graph.engines.base import Engine
from coopdec_graph.engines.embedded.engine import EmbeddedEngine
from coopdec_graph.engines.embedded.nursery import Holding
from coopdec_graph.engines.remembering import RememberingEngine
from coopdec_graph.engines.remote.engine import RemoteEngine
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.options import Options

__all__ = ["engine_of"]


def engine_of(release: Release, options: Options) -> Engine:
    """Not started yet. A remote store has workers of ours in front of it."""
    if options.remote is not None:
        workers = EmbeddedEngine(Holding(), options.limits)
        return RemoteEngine(options.remote, options.limits, workers)
    quads = release.manifest()["quads"]
    assert isinstance(quads, int)
    holding = Holding(release.quads, release.store, quads)
    return RememberingEngine(EmbeddedEngine(holding, options.limits))
