"""Spreads independent work over processes when there is enough of it to be worth their start."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

__all__ = ["QUICK_ITEMS", "SLOW_ITEMS", "in_processes"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# A process takes about a second to start and import what it needs: so much work must each one have.
SLOW_ITEMS = 64  # each some 50 ms or more
QUICK_ITEMS = 1_000  # each a few ms
_CHUNK = 16
# How many chunks each process finds waiting: enough never to idle, few enough to hold in memory.
_AHEAD = 4


def in_processes(
    work: Callable[[_Item], _Result],
    items: Iterable[_Item],
    number: int,
    worthwhile: int = SLOW_ITEMS,
    chunk: int = _CHUNK,
) -> Iterator[_Result]:
    """`work` of each item, in the order of the items; in this process when they are few.

    `number` is how many items there are: they are taken only when their turn comes. `worthwhile` is
    how many a process must have, `chunk` how many it is given at a time. `work`, its items and
    results must be picklable. An exception of any item is raised here.
    """
    processes = min(os.cpu_count() or 1, number // worthwhile)
    if processes < 2:
        yield from map(work, items)
        return
    # Spawned, not forked: the engine's threads would not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from _in_order(pool, work, iter(items), chunk, processes * _AHEAD)


def _in_order(
    pool: ProcessPoolExecutor,
    work: Callable[[_Item], _Result],
    items: Iterator[_Item],
    chunk: int,
    most: int,
) -> Iterator[_Result]:
    """As `Executor.map` does, with no more than `most` chunks of items and results held at a time."""
    waiting = deque[Future[list[_Result]]]()
    try:
        while chunk_of_items := list(islice(items, chunk)):
            waiting.append(pool.submit(_each, work, chunk_of_items))
            if len(waiting) >= most:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def _each(work: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    return [work(item) for item in items]
