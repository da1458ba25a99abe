"""The index is built once, whoever asks at the same time, and again after a failure."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import cast

import pytest

from coopdec_graph.errors import EngineBroken
from coopdec_graph.language import Bilingual
from coopdec_graph.service.queries import Queries, Row
from coopdec_graph.service.reconciliation.shelf import Shelf


class _Graph:
    """Stands for an empty graph; the first `failures` builds fail."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.builds = 0
        self.threads: set[int] = set()

    def rows(self, name: str) -> list[Row]:
        self.threads.add(threading.get_ident())
        if name == "reconcile_entities":
            self.builds += 1
            time.sleep(0.05)
            if self.builds <= self.failures:
                raise EngineBroken(Bilingual("", ""))
        return []


def shelf_of(graph: _Graph) -> Shelf:
    return Shelf(cast(Queries, graph), "https://example.org/")


def test_one_build_for_all_and_not_on_the_event_loop() -> None:
    async def ask() -> int:
        shelf = shelf_of(graph)
        first, *others = [asyncio.create_task(shelf.index()) for _ in range(20)]
        await asyncio.sleep(0.01)
        # One that leaves does not stop the build for the others.
        first.cancel()
        found = {id(await one) for one in others}
        found.add(id(await shelf.index()))
        return len(found)

    graph = _Graph()
    assert asyncio.run(ask()) == 1
    assert graph.builds == 1
    assert threading.get_ident() not in graph.threads


def test_a_build_that_failed_is_tried_again() -> None:
    async def ask() -> None:
        shelf = shelf_of(graph)
        with pytest.raises(EngineBroken):
            await shelf.index()
        assert len(await shelf.index()) == 0

    graph = _Graph(failures=1)
    asyncio.run(ask())
    assert graph.builds == 2
