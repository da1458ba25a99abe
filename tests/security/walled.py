"""Runs one probe behind the wall of a worker, in a forked child as a worker is.

    python walled.py PROBE PORT [open]

Prints what the probe says and ends with 0 when it got out, 10 when it was stopped, 20 when this
system has no such door, and whatever the kernel makes of it when the kernel kills it. With `open`,
no wall is raised: that is how the probes are shown to be real.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.engines.embedded.walls import deny_network

GOT_OUT, STOPPED, NO_DOOR = 0, 10, 20
WIDE = platform.machine() == "x86_64"

Probe = Callable[[int], object]
PROBES: dict[str, Probe] = {}
# What a worker speaks over is made before the wall is raised.
_PAIR: list[socket.socket] = []


class NoDoor(Exception):
    """The system does not have what the probe would go through."""


def probe(function: Probe) -> Probe:
    PROBES[function.__name__] = function
    return function


def store() -> ox.Store:
    store = ox.Store()
    store.update(
        "INSERT DATA { <urn:a> <urn:b> true, 2, 'trois'@fr . GRAPH <urn:g> { <urn:a> a 1 } }"
    )
    return store


def ask(text: str) -> object:
    result = store().query(text)
    return bool(result) if isinstance(result, ox.QueryBoolean) else len(list(result))


# The engine.


@probe
def service(port: int) -> object:
    return ask(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?a ?b ?c }} }}")


@probe
def service_silent(port: int) -> object:
    text = f"SELECT ?a {{ SERVICE SILENT <http://127.0.0.1:{port}/> {{ ?a ?b ?c }} }}"
    if any(row["a"] is not None for row in store().query(text)):
        return "rows of elsewhere"
    raise PermissionError("silent")


@probe
def service_by_name(port: int) -> object:
    return ask(f"SELECT * {{ SERVICE <http://localhost:{port}/> {{ ?a ?b ?c }} }}")


@probe
def service_in_exists(port: int) -> object:
    ask(f"ASK {{ FILTER EXISTS {{ SERVICE <http://2130706433:{port}/> {{}} }} }}")
    raise PermissionError("the engine answers true for an error in EXISTS; the listener counts")


@probe
def service_of_variable(port: int) -> object:
    return ask(f"SELECT * {{ BIND(<http://127.1:{port}/> AS ?e) LATERAL {{ SERVICE ?e {{}} }} }}")


@probe
def service_over_tls(port: int) -> object:
    return ask(f"SELECT * {{ SERVICE <https://127.0.0.1:{port}/> {{}} }}")


@probe
def service_respelled(port: int) -> object:
    return ask(
        f"PREFIX : <http://127.0.0.1:{port}/#> PREFIX trueSERVIxE: <urn:x#> SELECT * "
        "{ VALUES ?s { <urn:a> } OPTIONAL { ?s ?p true } OPTIONAL { ?s ?q trueSERVICE:x {} } }"
    )


@probe
def load(port: int) -> object:
    graph = store()
    graph.update(f"LOAD <http://127.0.0.1:{port}/> INTO GRAPH <urn:new>")
    return len(graph)


@probe
def load_silent(port: int) -> object:
    graph = store()
    before = len(graph)
    graph.update(f"LOAD SILENT <http://127.0.0.1:{port}/>")
    if len(graph) > before:
        return len(graph)
    raise PermissionError("silent")


# Python.


@probe
def tcp_over_ipv4(port: int) -> object:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


@probe
def tcp_over_ipv6(port: int) -> object:
    if not Path("/proc/net/if_inet6").exists():
        raise NoDoor
    return socket.create_connection(("::1", port), timeout=5)


@probe
def tcp_by_mapped_address(port: int) -> object:
    with socket.socket(socket.AF_INET6) as one:
        one.connect(("::ffff:127.0.0.1", port))
    return "connected"


@probe
def tcp_without_waiting(port: int) -> object:
    with socket.socket() as one:
        one.setblocking(False)
        return one.connect_ex(("127.0.0.1", port))


@probe
def tcp_fast_open(port: int) -> object:
    with socket.socket() as one:
        return one.sendto(b"x", 0x20000000, ("127.0.0.1", port))


@probe
def multipath_tcp(port: int) -> object:
    with open_socket(socket.AF_INET, socket.SOCK_STREAM, 262) as one:
        return one.connect_ex(("127.0.0.1", port))


@probe
def tcp_in_a_thread(port: int) -> object:
    said: list[object] = []

    def run() -> None:
        try:
            said.append(tcp_over_ipv4(port))
        except OSError as error:
            said.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(said[0], OSError):
        raise said[0]
    return said[0]


@probe
def udp_over_ipv4(port: int) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        return one.sendto(b"x", ("127.0.0.1", port))


@probe
def udp_over_ipv6(port: int) -> object:
    if not Path("/proc/net/if_inet6").exists():
        raise NoDoor
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
        return one.sendto(b"x", ("::1", port))


@probe
def listening(port: int) -> object:
    return socket.create_server(("127.0.0.1", 0))


@probe
def any_family(port: int) -> object:
    """Netlink, packets, the hypervisor, Bluetooth… whatever else a kernel has, but AF_UNIX."""
    made = []
    for family in range(2, 47):
        for kind in (1, 2, 3, 5):
            try:
                socket.socket(family, kind).close()
                made.append((family, kind))
            except OSError:
                pass
    if made:
        return made
    raise PermissionError("none")


# The kernel.


def call(number: int, *arguments: object) -> int:
    """A system call by its number, as the C library does it. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    done = int(libc.syscall(ctypes.c_long(number), *arguments))
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return done


def open_socket(family: int, kind: int, protocol: int) -> socket.socket:
    try:
        return socket.socket(family, kind, protocol)
    except PermissionError:
        raise
    except OSError as error:
        raise NoDoor from error


@probe
def socket_by_number(port: int) -> object:
    return call(41 if WIDE else 198, 2, 1, 0)


@probe
def socket_of_x32(port: int) -> object:
    """The same call under the number of the x32 ABI, which a list of numbers may forget."""
    if not WIDE:
        raise NoDoor
    return call(0x40000000 | 41, 2, 1, 0)


@probe
def socket_of_32_bits(port: int) -> object:
    """The same by `int 0x80`, where numbers have another meaning: socket is 359."""
    return interrupt(359, 2, 1, 0)


@probe
def socketcall_of_32_bits(port: int) -> object:
    """The old call of 32-bit programs, whose arguments a filter cannot see."""
    if not WIDE:
        raise NoDoor
    low = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40)
    low.write(struct.pack("III", 2, 1, 0))
    address = ctypes.addressof(ctypes.c_char.from_buffer(low))
    if address >> 32:
        raise NoDoor
    return interrupt(102, 1, address, 0)


def interrupt(number: int, *arguments: int) -> int:
    """A 32-bit system call from this 64-bit process. Raises OSError."""
    if not WIDE:
        raise NoDoor
    # push rbx; mov eax,edi; mov ebx,esi; xchg ecx,edx; int 0x80; pop rbx; ret
    code = bytes.fromhex("53 89f8 89f3 87ca cd80 5b c3")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    function = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_uint] * 4)(
        ctypes.addressof(ctypes.c_char.from_buffer(page))
    )
    done = int(function(number, *arguments))
    if done < 0:
        raise OSError(-done, os.strerror(-done))
    return done


@probe
def io_uring(port: int) -> object:
    return call(425, 4, ctypes.create_string_buffer(120))


@probe
def another_program(port: int) -> object:
    os.execv("/bin/sh", ["/bin/sh", "-c", "exit 0"])


@probe
def another_program_by_descriptor(port: int) -> object:
    descriptor = os.open("/bin/sh", os.O_RDONLY)
    arguments = (ctypes.c_char_p * 4)(b"sh", b"-c", b"exit 0", None)
    empty = (ctypes.c_char_p * 1)(None)
    return call(322 if WIDE else 281, descriptor, b"", arguments, empty, 0x1000)


@probe
def a_subprocess(port: int) -> object:
    return subprocess.run([sys.executable, "-c", ""], check=True)


@probe
def posix_spawn(port: int) -> object:
    spawned = os.posix_spawn("/bin/sh", ["/bin/sh", "-c", "exit 0"], {})
    status = os.waitpid(spawned, 0)[1]
    if status:
        raise PermissionError("127")
    return spawned


@probe
def tracing_another_process(port: int) -> object:
    """Who may trace a process may make it call for him."""
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        return call(101 if WIDE else 117, 16, child, 0, 0)
    finally:
        os.kill(child, signal.SIGKILL)


@probe
def taking_the_wall_down(port: int) -> object:
    """A filter that allows everything, laid over the first: the stricter one still holds."""
    libc = ctypes.CDLL(None, use_errno=True)
    allow = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000), 8)

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    libc.prctl(38, 1, 0, 0, 0)
    libc.prctl(22, 2, ctypes.byref(Filter(1, ctypes.addressof(allow))), 0, 0)
    return tcp_over_ipv4(port)


@probe
def the_wall_in_a_child(port: int) -> object:
    child = os.fork()
    if child == 0:
        try:
            tcp_over_ipv4(port)
        except OSError:
            os._exit(STOPPED)
        os._exit(GOT_OUT)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == STOPPED:
        raise PermissionError("in the child")
    return "got out"


# What must still work; not a way out.


def work(port: int) -> str:
    """Queries in memory, with sorting, patterns and every way to write a result."""
    graph = store()
    assert ask("SELECT * { ?s ?p ?o } ORDER BY ?o") == 3
    assert ask("ASK { ?s ?p ?o FILTER REGEX(STR(?o), '^tr') }")
    assert ask("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g") == 1
    for format in (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML):
        assert graph.query("SELECT * { ?s ?p ?o }").serialize(format=format)
    assert ox.serialize(
        graph.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"), format=ox.RdfFormat.TURTLE
    )
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(ask("ASK { ?s ?p 2 }")))
    thread.start()
    thread.join()
    assert answers == [True]
    left, right = _PAIR
    left.sendall(b"over the pair made before")
    assert right.recv(100) == b"over the pair made before"
    return "works"


def run(name: str, port: int, walled: bool) -> int:
    if walled:
        print(deny_network(), flush=True)
    if name == "work":
        print(work(port))
        return GOT_OUT
    try:
        print(PROBES[name](port))
    except NoDoor:
        return NO_DOOR
    except (OSError, RuntimeError) as error:
        print(type(error).__name__, error)
        return STOPPED
    return GOT_OUT


def main(name: str, port: str, *options: str) -> int:
    _PAIR.extend(socket.socketpair())
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = run(name, int(port), "open" not in options)
        finally:
            sys.stdout.flush()
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
