"""The zygote: a process that holds the release in memory and forks workers that share it.

`python -m coopdec_graph.engines.embedded.zygote FD` is started by `nursery.py`, which sends one
message with what to hold, then one `fork` for each worker it wants. Messages are JSON, one per
packet of the socket FD. No thread may exist here: only the thread that forks lives on in a child.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from coopdec_graph.engines.embedded.walls import deny_network, die_with_parent
from coopdec_graph.engines.embedded.worker import serve_jobs
from coopdec_graph.graph.store import load_store, open_store

__all__ = ["MOST_IN_MEMORY", "main"]

# Above so many quads the release is read from its index on disk: a quad takes some 350 bytes.
MOST_IN_MEMORY = 20_000_000


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    die_with_parent(os.getppid())
    settings = json.loads(control.recv(65_536))
    try:
        opener = _opener(settings)
    except Exception as error:
        control.send(json.dumps({"failed": type(error).__name__}).encode())
        return
    gc.collect()
    gc.freeze()
    control.send(json.dumps({"ready": True, "wall": _wall()}).encode())
    _Zygote(control, opener, settings["memory"]).run()


def _opener(settings: Mapping[str, Any]) -> Callable[[], ox.Store]:
    """How a worker gets its store: the one held here, shared, or one that it opens itself.

    An index on disk must not be open here: its threads would not survive the fork.
    """
    if settings["store"] is not None and settings["quads"] > MOST_IN_MEMORY:
        folder = Path(settings["store"])
        return lambda: open_store(folder)
    held = ox.Store() if settings["file"] is None else load_store(Path(settings["file"]))
    return lambda: held


def _wall() -> str:
    """Which wall workers will have: tried in a child, for it cannot be taken down again."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, deny_network().encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as told:
        return told.read().decode()


class _Zygote:
    def __init__(self, control: socket.socket, opener: Callable[[], ox.Store], memory: int) -> None:
        self._control = control
        self._opener = opener
        self._memory = memory
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)

    def run(self) -> None:
        """Forks and buries until the service hangs up."""
        signal.set_wakeup_fd(self._wake_write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            control = self._control.fileno()
            readable, _, _ = select.select([control, self._wake_read], [], [])
            if self._wake_read in readable:
                os.read(self._wake_read, 4096)
                self._bury()
            if control in readable:
                if not self._control.recv(64):
                    return
                self._fork()

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        try:
            child = os.fork()
        except OSError:
            ours.close()
            theirs.close()
            self._control.send(json.dumps({"stillborn": True}).encode())
            return
        if child == 0:
            ours.close()
            self._be_a_worker(theirs, parent)
        theirs.close()
        socket.send_fds(self._control, [json.dumps({"born": child}).encode()], [ours.fileno()])
        ours.close()

    def _be_a_worker(self, link: socket.socket, parent: int) -> NoReturn:
        try:
            die_with_parent(parent)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(self._wake_read)
            os.close(self._wake_write)
            self._control.close()
            serve_jobs(link, self._opener, self._memory)
        finally:
            os._exit(1)

    def _bury(self) -> None:
        """Tells of each child that ended: its process, and the signal that ended it or 0."""
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if child == 0:
                return
            ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            self._control.send(json.dumps({"ended": child, "signal": ended}).encode())


if __name__ == "__main__":
    main()
