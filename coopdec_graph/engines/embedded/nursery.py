"""The service's side of the zygote: starts it, asks it for workers, hears of births and deaths."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from coopdec_graph.engines.embedded.walls import NO_WALL
from coopdec_graph.errors import EngineBroken
from coopdec_graph.language import Bilingual

__all__ = ["Family", "Holding", "Nursery"]

_LOG = logging.getLogger(__name__)

_PACKAGE_PARENT = Path(__file__).parents[3]
_NOT_STARTED = Bilingual(
    "Le moteur n'a pas pu charger la publication ({reason}).",
    "The engine could not load the release ({reason}).",
)


@dataclass(frozen=True, slots=True)
class Holding:
    """What workers answer from: a release's N-Quads, and its index on disk for a large one.

    Without a file the store is empty: such workers check queries and write results of others.
    """

    file: Path | None = None
    store: Path | None = None
    quads: int = 0


class Family(Protocol):
    """Who is told what happens in the nursery."""

    def born(self, process: int, link: socket.socket) -> None: ...

    def stillborn(self) -> None:
        """A worker that was ordered does not come: there was no process or handle for it."""
        ...

    def ended(self, process: int, signal_number: int) -> None: ...

    def orphaned(self) -> None:
        """The zygote ended though nobody asked; its workers end with it."""
        ...


class Nursery:
    """One zygote process."""

    def __init__(self, holding: Holding, memory: int, family: Family) -> None:
        self._holding = holding
        self._memory = memory
        self._family = family
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    async def start(self) -> None:
        """Returns when the release is loaded. Raises EngineBroken."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.zygote", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # What the engine prints as it dies of its limits is no news of the service.
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _search_path()},
                # Ctrl-C is for the service, which then ends the workers.
                start_new_session=True,
            )
        self._control.setblocking(False)
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self._control, self._settings())
            first = json.loads(await loop.sock_recv(self._control, 65_536) or b"{}")
        except (OSError, ValueError):
            first = {}
        except BaseException:
            self.stop()
            raise
        if "ready" not in first:
            self.stop()
            raise EngineBroken(_NOT_STARTED, reason=first.get("failed", "zygote"))
        if first["wall"] == NO_WALL:
            _LOG.warning("this system offers no wall between a query and the network")
        loop.add_reader(self._control.fileno(), self._hear)

    def _settings(self) -> bytes:
        return json.dumps(
            {
                "file": _text(self._holding.file),
                "store": _text(self._holding.store),
                "quads": self._holding.quads,
                "memory": self._memory,
            }
        ).encode()

    def order(self) -> bool:
        """Asks for one more worker; False when the zygote cannot be asked now."""
        if self._control is None:
            return False
        try:
            self._control.send(b"fork")
        except OSError:
            return False
        return True

    def stop(self) -> None:
        """Ends the zygote, and with it every worker."""
        if self._control is not None:
            with suppress(RuntimeError, ValueError):
                asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            # Freeing a large release takes a while, and the loop has requests to serve.
            threading.Thread(target=self._process.wait, daemon=True).start()

    def _hear(self) -> None:
        assert self._control is not None
        try:
            message, links, _, _ = socket.recv_fds(self._control, 4096, 1)
        except BlockingIOError:
            return
        except OSError:
            message, links = b"", []
        if not message:
            self.stop()
            self._family.orphaned()
            return
        told = json.loads(message)
        if "born" in told and links:
            self._family.born(told["born"], socket.socket(fileno=links[0]))
        elif "ended" not in told:
            self._family.stillborn()
        else:
            self._family.ended(told["ended"], told["signal"])


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path.resolve())


def _search_path() -> str:
    """The package that runs is the one the zygote must find, from wherever it was imported."""
    given = os.environ.get("PYTHONPATH")
    return str(_PACKAGE_PARENT) + (os.pathsep + given if given else "")
