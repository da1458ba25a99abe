"""Behind the wall of a worker the kernel refuses what the guard would have let through.

Every probe of walled.py runs in a process of its own, walled and open. Open, those that speak to
the listener do reach it; walled, none gets out.
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.pipeline.commands import ROOT, environment
from tests.security.listeners import MARK, Listener

pytest.importorskip(
    "coopdec_graph.engines.embedded.walls", reason="the workers have no wall of their own yet"
)

from tests.security import walled

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wall is the kernel's (Linux)")

# Without the wall each of these reaches the listener.
REACHING = (
    *("service", "service_silent", "service_by_name", "service_in_exists", "service_of_variable"),
    *("service_over_tls", "service_respelled", "load", "load_silent", "tcp_over_ipv4"),
    *("tcp_without_waiting", "tcp_in_a_thread", "tcp_by_mapped_address"),
    *("taking_the_wall_down", "the_wall_in_a_child"),
)
# Without the wall each of these gets out, on any Linux.
OPEN_DOORS = (
    *("listening", "any_family", "socket_by_number", "udp_over_ipv4", "another_program"),
    *("another_program_by_descriptor", "a_subprocess", "posix_spawn"),
)
KILLED = 128 + signal.SIGSYS


def behind(name: str, listener: Listener, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.security.walled", name, str(listener.port), *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(),
        timeout=60,
    )


def test_as_many_probes_as_promised():
    assert len(walled.PROBES) == 32
    assert set(REACHING) | set(OPEN_DOORS) <= set(walled.PROBES)


@pytest.mark.parametrize("name", REACHING)
def test_the_probe_is_real(name: str, control):
    _, listener = control
    before = listener.settled()
    behind(name, listener, "open")
    assert listener.settled() > before


@pytest.mark.parametrize("name", OPEN_DOORS)
def test_the_door_is_open_without_a_wall(name: str, listener: Listener):
    assert behind(name, listener, "open").returncode == walled.GOT_OUT


@pytest.mark.parametrize("name", walled.PROBES)
def test_nothing_gets_out(name: str, listener: Listener):
    before = listener.settled()
    done = behind(name, listener)
    assert listener.settled() == before
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stdout.startswith("seccomp\n"), done.stdout
    if done.returncode == walled.NO_DOOR:
        pytest.skip("this system has no such door")
    assert done.returncode in (walled.STOPPED, KILLED), done.stdout
    assert MARK not in done.stdout


def test_the_work_goes_on(listener: Listener):
    done = behind("work", listener)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["seccomp", "works"]
