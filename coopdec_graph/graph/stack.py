"""A stack deep enough for any query: the engine recurses on it, some 4 KiB per nested part."""

from __future__ import annotations

import threading
from collections.abc import Callable

__all__ = ["STACK_BYTES", "on_a_deep_stack"]

# Only what is used of it takes memory.
STACK_BYTES = 512 * 1024**2


def on_a_deep_stack(work: Callable[[], None]) -> None:
    """Runs `work` in a thread, because only a thread's stack can be sized, and raises its error."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    before = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(target=run)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if raised:
        raise raised[0]
