"""Spreads independent work over processes when there is enough of it to be worth their start."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

__all__ = ["QUICK_ITEMS", "SLOW_ITEMS", "in_processes"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# A process takes about a second to start and import what it needs: so much work must each one have.
SLOW_ITEMS = 64  # each some 50 ms or more
QUICK_ITEMS = 1_000  # each a few ms
_CHUNK = 16


def in_processes(
    work: Callable[[_Item], _Result],
    items: Sequence[_Item],
    worthwhile: int = SLOW_ITEMS,
    chunk: int = _CHUNK,
) -> Iterator[_Result]:
    """`work` of each item, in the order of the items; in this process when they are few.

    `worthwhile` is how many items a process must have, `chunk` how many it is given at a time.
    `work`, its items and results must be picklable. An exception of any item is raised here.
    """
    processes = min(os.cpu_count() or 1, len(items) // worthwhile)
    if processes < 2:
        yield from map(work, items)
        return
    # Spawned, not forked: the engine's threads would not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(work, items, chunksize=chunk)
