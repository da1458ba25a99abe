"""A sequence that lies on disk: written once, then read in any order, an item at a time.

What a build holds of a hundred thousand activities is so no more than one of them.
"""

from __future__ import annotations

import os
import pickle
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TypeVar, overload

__all__ = ["Spool"]

_Item = TypeVar("_Item")


class Spool(Sequence[_Item]):
    """Takes picklable items; each reading of one gives an equal item, not the same.

    The file is in `folder`, bears no name there, and is gone when the spool is. Raises OSError
    where it cannot be written, and whatever `items` raises. `extend` takes further items.
    """

    def __init__(self, items: Iterable[_Item], folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 (open as long as the spool lives)
        weakref.finalize(self, _close, self._file)
        self._ends = array("Q", [0])
        self.extend(items)

    def extend(self, items: Iterable[_Item]) -> None:
        """Puts further items at the end; those before an error of `items` stay. Raises as the making."""
        try:
            for item in items:
                content = pickle.dumps(item, pickle.HIGHEST_PROTOCOL)
                self._file.write(content)
                self._ends.append(self._ends[-1] + len(content))
        finally:
            self._file.flush()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[_Item]:
        return (self._read(position) for position in range(len(self)))

    @overload
    def __getitem__(self, index: int) -> _Item: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[_Item]: ...

    def __getitem__(self, index: int | slice) -> _Item | Sequence[_Item]:
        positions = range(len(self))[index]
        if isinstance(positions, range):
            return [self._read(position) for position in positions]
        return self._read(positions)

    def _read(self, position: int) -> _Item:
        start, end = self._ends[position], self._ends[position + 1]
        # Only this object can have written what lies there.
        item: _Item = pickle.loads(os.pread(self._file.fileno(), end - start, start))  # noqa: S301
        return item


def _close(file: IO[bytes]) -> None:
    """What could not be written was told when it was not: nobody reads the file any more."""
    with suppress(OSError):
        file.close()
