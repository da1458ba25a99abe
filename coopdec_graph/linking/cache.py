"""Answers of the endpoint on disk, one file per query: a later run goes on where this one stopped."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

__all__ = ["AnswerCache", "Answers", "NoAnswers", "default_folder"]

_DAY = 86_400


def default_folder() -> Path:
    """Where users keep what can be fetched again (XDG Base Directory)."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    root = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
    return root / "coopdec-graph" / "wikidata"


class Answers(Protocol):
    """Where answers are kept: the rows of a query, by the endpoint and the text of the query."""

    def get(self, endpoint: str, query: str) -> list[dict[str, Any]] | None: ...
    def put(self, endpoint: str, query: str, rows: list[dict[str, Any]]) -> None: ...


class NoAnswers:
    """Keeps nothing."""

    def get(self, endpoint: str, query: str) -> None:
        return None

    def put(self, endpoint: str, query: str, rows: list[dict[str, Any]]) -> None:
        return None


class AnswerCache:
    """Only checked answers are put in. `days` is their age limit; None takes them at any age."""

    def __init__(
        self, folder: Path, days: float | None = 30, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._seconds = None if days is None else days * _DAY
        self._clock = clock

    def get(self, endpoint: str, query: str) -> list[dict[str, Any]] | None:
        """The rows of a query, or None: not there, too old, or damaged."""
        try:
            held = json.loads(self._file(endpoint, query).read_bytes())
            # The texts are compared: a file put there by hand under this name is another's.
            if (held["endpoint"], held["query"]) != (endpoint, query):
                return None
            if self._seconds is not None and not self._fresh(float(held["asked"])):
                return None
            rows = held["rows"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return rows if isinstance(rows, list) else None

    def _fresh(self, asked: float) -> bool:
        # An answer from the future was written under another clock: it is not trusted.
        return self._seconds is not None and 0 <= self._clock() - asked + 1 <= self._seconds + 1

    def put(self, endpoint: str, query: str, rows: list[dict[str, Any]]) -> None:
        """Keeps an answer. It is there whole or not at all, whenever the process stops."""
        file = self._file(endpoint, query)
        file.parent.mkdir(parents=True, exist_ok=True)
        held = {"endpoint": endpoint, "query": query, "asked": self._clock(), "rows": rows}
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(held, out, ensure_ascii=False, separators=(",", ":"))
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise

    def _file(self, endpoint: str, query: str) -> Path:
        digest = hashlib.sha256(f"{endpoint}\n{query}".encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest}.json"
