"""Asks an endpoint persistently but politely: cached, retried with pauses, given up in time.

One question at a time. What cannot be had raises Unasked: nothing is known then, which is not the
same as knowing that there is nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.cache import Answers
from coopdec_graph.linking.endpoint import Endpoint, Failure, Row, TooLong

__all__ = ["Asker", "Limits", "Unasked"]

_OFFLINE = Bilingual(
    "hors ligne, et la réponse n'est pas dans le cache",
    "offline, and the answer is not in the cache",
)
_OPEN = Bilingual(
    "le point d'accès n'est plus interrogé : {reason}",
    "the endpoint is no longer asked: {reason}",
)
_ENOUGH = Bilingual(
    "le plus grand nombre d'essais ({most}) est atteint", "the most tries ({most}) are spent"
)


class Unasked(Exception):
    """Wikidata could not be asked; `reason` says why, in both languages."""

    def __init__(self, reason: Bilingual) -> None:
        self.reason = reason
        super().__init__(reason.en)


@dataclass(frozen=True, slots=True)
class Limits:
    """As `[limits]` of wikidata.toml has them."""

    country_rows: int
    batch: int
    answer_bytes: int
    tries: int
    total_tries: int
    first_pause: float
    longest_pause: float
    timeout: float
    patience_tries: int
    patience_seconds: float


class Asker:
    """`offline`: the cache only. `requests` and `from_cache` count what was asked and found there."""

    def __init__(
        self,
        url: str,
        store: Answers,
        limits: Limits,
        *,
        offline: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self.limits = limits
        self.requests = 0
        self.from_cache = 0
        self._store = store
        self._offline = offline
        self._sleep = sleep
        self._clock = clock
        self._endpoint = Endpoint(url, limits.timeout, limits.answer_bytes)
        self._down: Bilingual | None = None
        self._failed_tries = 0
        self._failing_since: float | None = None

    def ask(
        self, query: str, names: Sequence[str], most_rows: int, heavy: bool = False
    ) -> list[Row]:
        """The rows, from the cache or the endpoint. Raises Unasked; TooLong for a heavy query."""
        held = self._store.get(self.url, query)
        if held is not None:
            self.from_cache += 1
            return held
        if self._offline:
            raise Unasked(_OFFLINE)
        rows = self._persistently(query, names, most_rows, heavy)
        self._store.put(self.url, query, rows)
        return rows

    def _persistently(
        self, query: str, names: Sequence[str], most_rows: int, heavy: bool
    ) -> list[Row]:
        for attempt in range(1, self.limits.tries + 1):
            self._check_patience()
            self.requests += 1
            began = self._clock()
            try:
                rows = self._endpoint.select(query, names, most_rows)
            except Failure as failure:
                self._failed(failure, began)
                if heavy and isinstance(failure, TooLong):
                    raise
                if not failure.again or attempt == self.limits.tries:
                    raise Unasked(failure.reason) from None
                self._pause(failure, attempt)
            else:
                self._failed_tries, self._failing_since = 0, None
                return rows
        raise AssertionError("the last try returns or raises")

    def _failed(self, failure: Failure, began: float) -> None:
        """Counts tries in a row that brought nothing; too many of them, and nobody is asked again."""
        self._failed_tries += 1
        if self._failing_since is None:
            self._failing_since = began
        lasted = self._clock() - self._failing_since
        limits = self.limits
        if self._failed_tries >= limits.patience_tries or lasted >= limits.patience_seconds:
            self._down = _filled(_OPEN, failure.reason)

    def _check_patience(self) -> None:
        if self._down is not None:
            raise Unasked(self._down)
        most = self.limits.total_tries
        if self.requests >= most:
            raise Unasked(Bilingual(_ENOUGH.text("fr", most=most), _ENOUGH.text("en", most=most)))

    def _pause(self, failure: Failure, attempt: int) -> None:
        """Waits as long as asked to, else twice as long as before, with a random part."""
        limits = self.limits
        if self._down is not None:
            return
        if failure.pause is not None:
            if failure.pause > limits.longest_pause:
                self._down = _filled(_OPEN, failure.reason)
                return
            self._sleep(failure.pause + random.uniform(0, limits.first_pause))
            return
        longest = min(limits.longest_pause, limits.first_pause * 2 ** (attempt - 1))
        self._sleep(random.uniform(longest / 2, longest))


def _filled(text: Bilingual, reason: Bilingual) -> Bilingual:
    return Bilingual(text.text("fr", reason=reason.fr), text.text("en", reason=reason.en))
