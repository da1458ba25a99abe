"""What a worker process may not do, whatever a query asks: reach a network, or take all memory.

The walls belong to the kernel, so they hold even if the engine has a hole. They are raised in the
worker itself, after it was forked and before it reads its first query, and cannot be taken down.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
import time
from pathlib import Path
from typing import Final

__all__ = ["NO_WALL", "deny_network", "die_with_parent", "limit_cpu", "limit_resources"]

NO_WALL: Final = "none"

# include/uapi/linux/{prctl,seccomp,filter,audit,sched}.h
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_RET_ALLOW = 0x7FFF0000
_RET_ERRNO = 0x00050000
_LOAD_WORD = 0x20
_JUMP_EQUAL = 0x15
_JUMP_AT_LEAST = 0x35
_RETURN = 0x06
_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000
_X32_BIT = 0x40000000

# Per machine: audit architecture, and the numbers of socket, execve, execveat, ptrace and
# io_uring_setup. io_uring could make sockets where the filter does not look.
_MACHINES: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (41, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 221, 281, 117, 425)),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def deny_network() -> str:
    """Takes every network away from this process, for good; call it before a second thread exists.

    Returns what holds: `seccomp` (no socket can be made at all; Linux on x86-64 or ARM64, no
    privilege needed), else `namespace` (a network of its own with nothing in it; Linux that lets
    users make namespaces), else `none`. See docs/service.md.
    """
    if sys.platform != "linux":
        return NO_WALL
    libc = ctypes.CDLL(None, use_errno=True)
    if _filter_calls(libc):
        return "seccomp"
    return "namespace" if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0 else NO_WALL


def _filter_calls(libc: ctypes.CDLL) -> bool:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _bpf(*machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    return bool(
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        and libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0
    )


def _bpf(architecture: int, denied: tuple[int, ...]) -> bytes:
    """The filter: calls of another architecture and the denied ones fail with EPERM."""
    refuse = (_RETURN, 0, 0, _RET_ERRNO | errno.EPERM)
    steps = [
        (_LOAD_WORD, 0, 0, 4),  # struct seccomp_data: nr at 0, arch at 4
        (_JUMP_EQUAL, 1, 0, architecture),
        refuse,
        (_LOAD_WORD, 0, 0, 0),
        (_JUMP_AT_LEAST, 0, 1, _X32_BIT),
        refuse,
    ]
    for number in denied:
        steps += [(_JUMP_EQUAL, 0, 1, number), refuse]
    steps.append((_RETURN, 0, 0, _RET_ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def limit_resources(memory: int) -> None:
    """At most `memory` bytes more than this process has now; no files written, no core dumped."""
    ceiling = _address_space() + memory
    _lower(resource.RLIMIT_AS, ceiling)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)


def limit_cpu(seconds: float) -> None:
    """At most so many seconds of processor from now on: the last resort, should nobody kill us."""
    most = int(time.process_time() + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def die_with_parent(parent: int) -> None:
    """This process is killed when the one that made it ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _address_space() -> int:
    try:
        with Path("/proc/self/statm").open("rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _lower(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))
