"""Who works when: idle workers, two lanes, few long queries at a time, a bounded queue.

Every query begins at once in a worker of its own. After `TRIAL_SECONDS` of processor it is a long
one, however busy the machine is: it goes on at the lowest priority, in one of a few places; when
these are taken it is paused until one is free. A new worker takes its place, so short queries
never wait behind long ones. The deadline of a query counts from its arrival, whatever it waits
for.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from coopdec_graph.engines.base import Lane
from coopdec_graph.engines.embedded.link import Worker
from coopdec_graph.engines.embedded.nursery import Holding, Nursery
from coopdec_graph.engines.embedded.reply import Reply
from coopdec_graph.errors import EngineBroken, Overloaded, QueryError, QueryTooBig, QueryTooSlow
from coopdec_graph.language import Bilingual

__all__ = ["TRIAL_SECONDS", "Pool", "Sizes"]

_LOG = logging.getLogger(__name__)

TRIAL_SECONDS = 0.1
_SHORTEST_WAIT = 0.02
# At the lowest priority a process may take its time between its last word and its end.
_BURIAL_SECONDS = 5.0
_RESTART_SECONDS = 0.5
_RETRY_SECONDS = 0.2

_SLOW = Bilingual(
    "La requête a dépassé {seconds:g} s : elle a été arrêtée. Restreignez-la, ou ajoutez LIMIT.",
    "The query exceeded {seconds:g} s: it was stopped. Narrow it down, or add LIMIT.",
)
_BIG = Bilingual(
    "La requête demande plus de mémoire qu'une requête n'en a."
    " Restreignez-la : un tri ou un regroupement tient tout en mémoire.",
    "The query needs more memory than one query may have."
    " Narrow it down: sorting or grouping holds everything in memory.",
)
_BUSY = Bilingual(
    "Trop de requêtes attendent déjà. Réessayez dans quelques secondes.",
    "Too many queries are waiting already. Try again in a few seconds.",
)
_DIED = Bilingual(
    "Le processus qui évaluait la requête s'est arrêté (signal {signal}).",
    "The process that evaluated the query ended (signal {signal}).",
)
_DOWN = Bilingual("Le moteur redémarre.", "The engine is restarting.")

_GONE = Bilingual(
    "Le processus qui évaluait la requête a disparu.",
    "The process that evaluated the query is gone.",
)

# The engine ends its process when memory is refused to it, the kernel when a stack is.
_TOO_BIG = {signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGKILL}


def _cores() -> int:
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many workers are ready for short queries, how many long ones run at a time, and how many
    may wait, for a worker or paused. `reserved` ready workers take internal queries only."""

    ready: int = field(default_factory=lambda: 2 * _cores() + 1)
    reserved: int = 1
    long: int = field(default_factory=lambda: max(2, _cores()))
    paused: int = field(default_factory=lambda: 4 * max(2, _cores()))
    waiting: int = 256


@dataclass(slots=True, eq=False)
class _Course:
    """One query in one worker, with the two moments that decide on it."""

    worker: Worker
    seconds: float
    trial: asyncio.TimerHandle | None = None
    deadline: asyncio.TimerHandle | None = None
    worked: float = 0.0
    paused: bool = False
    long: bool = False


class Pool:
    """The workers of one release."""

    def __init__(self, holding: Holding, memory: int, sizes: Sizes) -> None:
        self._sizes = sizes
        self._nursery = Nursery(holding, memory, self)
        self._workers: dict[int, Worker] = {}
        self._idle: deque[Worker] = deque()
        self._courses: dict[Worker, _Course] = {}
        self._paused: deque[_Course] = deque()
        self._queues: dict[Lane, deque[asyncio.Future[Worker]]]
        self._queues = {lane: deque() for lane in (Lane.INTERNAL, Lane.PUBLIC)}
        self._ordered = 0
        self._long = 0
        self._stopped = self._without_nursery = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._deaths: dict[int, asyncio.Future[int]] = {}
        self._ended: dict[int, int] = {}

    async def start(self) -> None:
        """Returns when every ready worker is there. Raises EngineBroken."""
        await self._nursery.start()
        self._top_up()
        while len(self._idle) < self._sizes.ready and not self._stopped:
            await asyncio.sleep(0.002)

    def stop(self) -> None:
        """Ends every worker; what is running or waiting fails."""
        self._stopped = True
        self._nursery.stop()
        for worker in list(self._workers.values()):
            worker.kill(EngineBroken(_DOWN))
            worker.forget()
        self._give_up_waiting()
        for task in self._tasks:
            task.cancel()

    @property
    def quiet(self) -> bool:
        """Whether nothing runs or waits."""
        return not self._courses and not any(self._queues.values())

    async def run(self, job: bytes, reply: Reply, seconds: float, lane: Lane) -> None:
        """Has a job answered into `reply`, and returns when the answer is ready to be read.

        Raises Overloaded, and the error of the answer. A caller that is cancelled closes `reply`.
        """
        arrived = asyncio.get_running_loop().time()
        worker = self._take(lane) or await self._wait(lane, seconds)
        while worker.process not in self._workers:
            # It ended between being given and being taken.
            worker = self._take(lane) or await self._wait(lane, seconds)
        self._begin(worker, job, reply, arrived, seconds, lane)
        await reply.ready()

    def abandon(self, reply: Reply) -> None:
        """Stops the work for a reply that nobody wants any more."""
        for worker in list(self._courses):
            if worker.reply is reply:
                worker.kill()

    # Taking a worker.

    def _take(self, lane: Lane) -> Worker | None:
        kept = 0 if lane is Lane.INTERNAL else self._sizes.reserved
        return self._idle.pop() if len(self._idle) > kept else None

    async def _wait(self, lane: Lane, seconds: float) -> Worker:
        queue = self._queues[lane]
        if self._stopped or len(queue) >= self._sizes.waiting:
            raise Overloaded(_BUSY)
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            async with asyncio.timeout(seconds):
                return await place
        except BaseException as error:
            if place.done() and not place.cancelled() and place.exception() is None:
                # Given in the very turn in which we stopped waiting for it.
                self._idle.append(place.result())
                self._serve_queues()
            if isinstance(error, TimeoutError):
                raise Overloaded(_BUSY) from None
            raise
        finally:
            if place in queue:
                queue.remove(place)

    def _serve_queues(self) -> None:
        for lane, queue in self._queues.items():
            while queue:
                worker = self._take(lane)
                if worker is None:
                    break
                place = queue.popleft()
                if place.done():
                    self._idle.appendleft(worker)
                else:
                    place.set_result(worker)

    def _give_up_waiting(self) -> None:
        for queue in self._queues.values():
            while queue:
                place = queue.popleft()
                if not place.done():
                    place.set_exception(Overloaded(_DOWN))

    # The course of a query.

    def _begin(
        self, worker: Worker, job: bytes, reply: Reply, arrived: float, seconds: float, lane: Lane
    ) -> None:
        loop = asyncio.get_running_loop()
        course = _Course(worker, seconds, worked=worker.worked())
        if lane is Lane.PUBLIC:
            course.trial = loop.call_later(TRIAL_SECONDS, self._trial_over, course)
        course.deadline = loop.call_at(arrived + seconds, self._too_slow, course)
        self._courses[worker] = course
        worker.give(job, reply)

    def _trial_over(self, course: _Course) -> None:
        left = TRIAL_SECONDS - (course.worker.worked() - course.worked)
        if left > 0:
            wait = max(left, _SHORTEST_WAIT)
            course.trial = asyncio.get_running_loop().call_later(wait, self._trial_over, course)
        elif self._long < self._sizes.long:
            self._go_on(course)
        elif len(self._paused) < self._sizes.paused:
            course.paused = True
            course.worker.demote()
            course.worker.pause()
            self._paused.append(course)
        else:
            course.worker.kill(Overloaded(_BUSY))
        self._top_up()

    def _go_on(self, course: _Course) -> None:
        course.long = True
        self._long += 1
        course.worker.demote()
        if course.paused:
            course.paused = False
            course.worker.resume()

    def _too_slow(self, course: _Course) -> None:
        why: QueryError = QueryTooSlow(_SLOW, seconds=course.seconds)
        course.worker.kill(Overloaded(_BUSY) if course.paused else why)

    def _finish(self, worker: Worker) -> _Course | None:
        course = self._courses.pop(worker, None)
        if course is None:
            return None
        for timer in (course.trial, course.deadline):
            if timer is not None:
                timer.cancel()
        if course.paused:
            self._paused.remove(course)
        if course.long:
            self._long -= 1
            if self._paused:
                self._go_on(self._paused.popleft())
        return course

    def _freed(self, worker: Worker) -> None:
        self._finish(worker)
        if worker.demoted or worker.leaving:
            worker.kill()
        else:
            self._idle.append(worker)
            self._serve_queues()

    # Births and deaths; the nursery calls.

    def _top_up(self) -> None:
        """Orders as many workers as are missing for short queries."""
        if self._stopped:
            return
        there = sum(1 for worker in self._workers.values() if not worker.demoted)
        for _ in range(self._sizes.ready - there - self._ordered):
            if not self._nursery.order():
                asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._top_up)
                return
            self._ordered += 1

    def stillborn(self) -> None:
        self._ordered = max(0, self._ordered - 1)
        _LOG.warning("a worker could not be made: processes or file handles are short")
        asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._top_up)

    def born(self, process: int, link: socket.socket) -> None:
        try:
            worker = Worker(process, self._freed, self._lost)
        except OSError:
            # Without its end of the link the process ends by itself.
            link.close()
            self.stillborn()
            return
        self._ordered = max(0, self._ordered - 1)
        self._workers[process] = worker
        self._in_background(self._connect(worker, link))

    async def _connect(self, worker: Worker, link: socket.socket) -> None:
        await worker.connect(link)
        if worker.process in self._workers:
            self._idle.append(worker)
            self._serve_queues()

    def ended(self, process: int, signal_number: int) -> None:
        death = self._deaths.get(process)
        if death is not None and not death.done():
            death.set_result(signal_number)
        elif process in self._workers:
            # Heard of before its socket was seen to close.
            self._ended[process] = signal_number

    def _lost(self, worker: Worker) -> None:
        """The worker's side of the socket is closed: its process ends or has ended."""
        self._workers.pop(worker.process, None)
        if worker in self._idle:
            self._idle.remove(worker)
        course = self._finish(worker)
        self._top_up()
        reply = worker.reply
        seconds = 0.0 if course is None else course.seconds
        number = self._ended.pop(worker.process, None)
        if reply is None or reply.done:
            worker.forget()
        elif number is not None:
            worker.forget()
            reply.fail(worker.doomed or _cause(number, seconds))
        else:
            # At once: the news may be the next to come.
            death = self._deaths[worker.process] = asyncio.get_running_loop().create_future()
            self._in_background(self._explain(worker, reply, course, death))

    async def _explain(
        self, worker: Worker, reply: Reply, course: _Course | None, death: asyncio.Future[int]
    ) -> None:
        """Tells a query what its worker died of, when that was not our doing, by its deadline."""
        seconds = 0.0 if course is None else course.seconds
        patience = 0.0 if self._without_nursery else _BURIAL_SECONDS
        if course is not None and course.deadline is not None:
            patience = min(
                patience, max(0.0, course.deadline.when() - asyncio.get_running_loop().time())
            )
        why: QueryError = EngineBroken(_GONE)
        try:
            why = _cause(await asyncio.wait_for(death, patience), seconds)
        except TimeoutError:
            if 0 < patience < _BURIAL_SECONDS and course is not None:
                why = QueryTooSlow(_SLOW, seconds=course.seconds)
        finally:
            self._deaths.pop(worker.process, None)
            worker.forget()
        reply.fail(worker.doomed or why)

    def orphaned(self) -> None:
        self._without_nursery = True
        for death in self._deaths.values():
            if not death.done():
                death.set_result(signal.SIGTERM)
        if not self._stopped:
            self._ordered = 0
            self._in_background(self._restart())

    async def _restart(self) -> None:
        while not self._stopped:
            try:
                await self._nursery.start()
            except EngineBroken:
                await asyncio.sleep(_RESTART_SECONDS)
            else:
                self._without_nursery = False
                self._top_up()
                return

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _cause(number: int, seconds: float) -> QueryError:
    if number in _TOO_BIG:
        return QueryTooBig(_BIG)
    if number == signal.SIGXCPU:
        return QueryTooSlow(_SLOW, seconds=seconds)
    return EngineBroken(_DIED, signal=number)
