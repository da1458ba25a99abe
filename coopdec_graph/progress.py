"""How long work says how far it is, without knowing who looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from coopdec_graph.language import Bilingual

__all__ = ["Ticks", "Track"]

T = TypeVar("T")


class Track(Protocol):
    """Passes items through and shows how far the work is."""

    def __call__(self, items: Iterable[T], label: Bilingual, total: int) -> Iterable[T]: ...


class Ticks:
    """A track for work that does not go through items one by one but says how many are done."""

    def __init__(self, track: Track, label: Bilingual, total: int) -> None:
        self._left = iter(track(range(total), label, total))

    def __call__(self, count: int) -> None:
        for _ in range(count):
            next(self._left, None)

    def end(self) -> None:
        """Nothing more will come, even if not all was done."""
        for _ in self._left:
            pass
