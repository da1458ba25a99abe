"""The processes of a server, as the system sees them: which there are, what they use and hold."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

__all__ = [
    "descriptors_of",
    "is_idle",
    "memory_of",
    "processes_of",
    "processor_of",
    "resident_of",
    "spent_by",
    "wait_until_idle",
]

# Of one processor: what the event loop and the watch over releases may use.
_IDLE_SHARE = 0.1
_WINDOW = 0.2


def processes_of(server: int) -> list[Path]:
    """The server's process and every one below it."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(status.parent.name)] = int(_fields(status)[1])
    found = {server}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return [Path("/proc", str(process)) for process in found]


def memory_of(server: int) -> int:
    """Bytes that the server and its workers have, what they share counted once."""
    total = 0
    for process in processes_of(server):
        with suppress(OSError):
            total += _kibibytes(process / "smaps_rollup", "Pss")
    return total * 1024


def resident_of(server: int) -> int:
    """Bytes of memory that the server's own process has."""
    return _kibibytes(Path("/proc", str(server), "status"), "VmRSS") * 1024


def descriptors_of(server: int) -> list[str]:
    """What the server's own process holds open."""
    found = []
    for descriptor in Path("/proc", str(server), "fd").iterdir():
        with suppress(OSError):
            found.append(str(descriptor.readlink()))
    return found


def processor_of(server: int) -> float:
    """Ticks of processor that the server and its living workers have used."""
    return sum(_ticks(server).values())


def spent_by(server: int) -> float:
    """Ticks of processor that the server and its workers have used, those that ended included."""
    total = 0.0
    for process in processes_of(server):
        with suppress(OSError):
            total += sum(map(int, _fields(process / "stat")[11:15]))
    return total


def is_idle(server: int, window: float = _WINDOW) -> bool:
    """Whether no process of the server works: next to nothing is used within `window` seconds."""
    before = _ticks(server)
    time.sleep(window)
    after = _ticks(server)
    used = sum(ticks - before.get(process, 0) for process, ticks in after.items())
    return used <= _IDLE_SHARE * 100 * window + 1


def wait_until_idle(server: int, seconds: float) -> float:
    """Waits until no process of the server works; how long that took, the last look not counted.

    Fails after `seconds`.
    """
    started = time.monotonic()
    while not is_idle(server):
        assert time.monotonic() - started < seconds, "something still runs"
    return max(0.0, time.monotonic() - started - _WINDOW)


def wait_until_processes(server: int, count: int, seconds: float = 60) -> None:
    """Waits until the server has so many processes again: one that waits for a disk is idle too."""
    started = time.monotonic()
    while len(processes_of(server)) != count:
        assert time.monotonic() - started < seconds, len(processes_of(server))
        time.sleep(0.05)


def _ticks(server: int) -> dict[Path, int]:
    found = {}
    for process in processes_of(server):
        with suppress(OSError):
            fields = _fields(process / "stat")
            found[process] = int(fields[11]) + int(fields[12])
    return found


def _fields(status: Path) -> list[str]:
    """The fields of `/proc/PID/stat` after the name, which may hold anything (proc(5))."""
    return status.read_text().rpartition(")")[2].split()


def _kibibytes(path: Path, name: str) -> int:
    for line in path.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise AssertionError(f"{path} does not tell {name}")
