"""`coopdec publish`: what a store holds afterwards, when it is asked meanwhile, when it is killed."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine
from coopdec_graph.engines.remote.publication import Marks
from coopdec_graph.engines.remote.writing import PublishFailed, StoreWriter
from coopdec_graph.errors import EngineBroken, QueryError, UsageError
from coopdec_graph.publishing.releases import Release, Releases
from coopdec_graph.publishing.remote import Published, publish_to
from tests.pipeline.commands import mantes, write_pages
from tests.remote.stores import (
    Loop,
    Store,
    build_release,
    environment,
    oxigraph_running,
    parsed,
    remote_engine,
)

KILLS = 5
COMMAND = (sys.executable, "-W", "error", "-m", "coopdec_graph")


def silent(items, label, total):
    return items


def publish(store: Store, release: Release, base: str, replace: bool = False) -> Published:
    return publish_to(store.remote(base=base), release, silent, replace)


@pytest.fixture
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An Oxigraph of the test's own; the Virtuoso of all, where a test has a base of its own."""
    if request.param == "virtuoso":
        yield request.getfixturevalue("virtuoso")
    else:
        (tmp_path / "oxigraph").mkdir()
        with oxigraph_running(tmp_path / "oxigraph") as store:
            yield store


both = pytest.mark.parametrize("own", ["oxigraph", "virtuoso"], indirect=True)


class Two:
    """A folder whose current release is the first or the second; they share half their records."""

    def __init__(self, folder: Path, base: str) -> None:
        self.base = base
        self.out = folder / "out"
        self.out.mkdir()
        self.releases = []
        for number, (first, last) in enumerate((("Un", "Deux"), ("Trois", "Deux"))):
            pages = {"a": mantes(first), "b": mantes(last, 2018)}
            if number == 0:
                pages["c"] = mantes("Disparu", 2015)
            build_release(self.out, write_pages(folder / f"pages{number}", **pages), base)
            self.releases.append(Releases(self.out).current())

    def make_current(self, number: int) -> Release:
        link = self.out / "current"
        link.unlink()
        link.symlink_to(Path("releases") / self.releases[number].id)
        return Releases(self.out).current()


@pytest.fixture
def two(tmp_path: Path, request: pytest.FixtureRequest) -> Two:
    name = "".join(c for c in request.node.name if c.isalnum())
    return Two(tmp_path, f"https://example.org/{name}/")


def named_graphs(store: Store, base: str) -> dict[str, int]:
    """Triples by named graph below a base, but for what publishing needs for itself."""
    with StoreWriter(store.remote()) as writer:
        rows = writer.rows(
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } "
            f'FILTER(STRSTARTS(STR(?g), "{base}")) }} GROUP BY ?g'
        )
    own = {Marks(base).graph, *Marks(base).slots}
    return {row["g"]: int(row["n"]) for row in rows if row["g"] not in own}


def expected_graphs(release: Release) -> dict[str, int]:
    store = ox.Store.read_only(str(release.store))
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    return {row["g"].value: int(row["n"].value) for row in store.query(query)}


SEEN = "SELECT ?t (COUNT(?s) AS ?n) { ?s dct:title ?t } GROUP BY ?t"
ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def seen(engine: Engine, loop: Loop) -> str:
    """What a reader sees of the default graph, in one query."""
    rows = loop.rows(engine, SEEN)
    return json.dumps(sorted((row["t"] or "", row["n"] or "") for row in rows))


def seen_in(release: Release) -> str:
    store = ox.Store.read_only(str(release.store))
    found = store.query("PREFIX dct: <http://purl.org/dc/terms/> " + SEEN)
    return json.dumps(sorted((str(row["t"]), str(row["n"])) for row in found))


@both
def test_one_release_after_another(own: Store, two: Two, loop: Loop) -> None:
    first, second = two.releases
    if own.kind == "virtuoso":
        with pytest.raises(EngineBroken, match="No release"):
            loop.run(remote_engine(own.remote(base=two.base)).start())
    assert publish(own, first, two.base).fresh
    with loop.running(remote_engine(own.remote(base=two.base))) as engine:
        assert seen(engine, loop) == seen_in(first)
    assert named_graphs(own, two.base) == expected_graphs(first)
    again = publish(own, first, two.base)
    assert (again.release, again.fresh) == (first.id, False)

    assert publish(own, second, two.base).fresh
    with loop.running(remote_engine(own.remote(base=two.base))) as engine:
        assert seen(engine, loop) == seen_in(second) != seen_in(first)
    assert named_graphs(own, two.base) == expected_graphs(second)
    assert not set(expected_graphs(first)) <= set(expected_graphs(second))

    assert publish(own, first, two.base).fresh
    assert named_graphs(own, two.base) == expected_graphs(first)
    assert publish(own, first, two.base, replace=True).fresh
    assert named_graphs(own, two.base) == expected_graphs(first)


@contextmanager
def publisher(command: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A publisher that has sent something: it speaks then."""
    process = subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr is not None and process.stdout is not None
    with process.stderr, process.stdout:
        process.stderr.read(1)
        yield process


@both
def test_readers_see_the_old_or_the_new_release_whoever_is_killed(
    own: Store, two: Two, loop: Loop, tmp_path: Path
) -> None:
    """The publisher is killed at many moments while a reader asks all the time."""
    whole = {seen_in(release): number for number, release in enumerate(two.releases)}
    two.make_current(0)
    publish(own, two.releases[0], two.base)
    config = tmp_path / "store.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in own.table(base=two.base).items()]
    config.write_text("\n".join(lines))
    command = [*COMMAND, "publish", "--data", str(two.out), "--remote", str(config)]
    killed, stop = 0, threading.Event()
    reads: list[int] = []
    mixtures: list[str] = []
    with loop.running(remote_engine(own.remote(base=two.base))) as engine:

        def read() -> None:
            while not stop.is_set():
                try:
                    found = seen(engine, loop)
                except QueryError as error:
                    mixtures.append(repr(error))
                    continue
                if found in whole:
                    reads.append(whole[found])
                else:
                    mixtures.append(found)

        reader = threading.Thread(target=read)
        reader.start()
        try:
            two.make_current(1)
            with publisher(command) as process:
                began = time.monotonic()
                assert process.wait() == 0
                lasts = time.monotonic() - began
            for number in range(KILLS):
                two.make_current(number % 2)
                with publisher(command) as process:
                    # From its first word on, over the time it takes when nobody kills it.
                    time.sleep(lasts * number / KILLS)
                    process.send_signal(signal.SIGKILL)
                    killed += process.wait() == -signal.SIGKILL
            last = two.make_current(1)
            done = subprocess.run(command, env=environment(), capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            assert last.id in done.stdout
            before = len(reads)
            while len(reads) < before + 3:
                time.sleep(0.01)
        finally:
            stop.set()
            reader.join()
    assert mixtures == []
    assert len(reads) > KILLS and killed > 0
    with loop.running(remote_engine(own.remote(base=two.base))) as engine:
        assert whole[seen(engine, loop)] == 1
        union = parsed(loop.ask(engine, ALL)[1])
    assert named_graphs(own, two.base) == expected_graphs(last)
    count = ox.Store.read_only(str(last.store)).query(ALL)
    assert [row["n"] for row in union] == [str(row["n"]) for row in count]


def test_an_interrupted_run_is_taken_up(virtuoso: Store, two: Two, loop: Loop) -> None:
    """Killed when the slot is staged and half the named graphs are new; then the old one again."""
    first, second = two.releases
    publish(virtuoso, first, two.base)

    class Killed(Exception):
        pass

    def break_off(items, label, total):
        for number, item in enumerate(items):
            if total > 1 and number == total // 2:
                raise Killed
            yield item

    with pytest.raises(Killed):
        publish_to(virtuoso.remote(base=two.base), second, break_off)
    with loop.running(remote_engine(virtuoso.remote(base=two.base))) as engine:
        assert seen(engine, loop) == seen_in(first)
        assert publish(virtuoso, first, two.base).fresh
        assert named_graphs(virtuoso, two.base) == expected_graphs(first)
        assert seen(engine, loop) == seen_in(first)
    assert publish(virtuoso, first, two.base).fresh is False
    publish(virtuoso, second, two.base)
    assert named_graphs(virtuoso, two.base) == expected_graphs(second)


def test_a_running_engine_follows_a_switch(virtuoso: Store, two: Two, loop: Loop) -> None:
    publish(virtuoso, two.releases[0], two.base)
    with loop.running(remote_engine(virtuoso.remote(base=two.base))) as engine:
        assert seen(engine, loop) == seen_in(two.releases[0])
        publish(virtuoso, two.releases[1], two.base)
        end = time.monotonic() + 30
        while seen(engine, loop) != seen_in(two.releases[1]):
            assert time.monotonic() < end
            time.sleep(0.2)


def test_data_of_others_is_not_replaced(tmp_path: Path, release: Release) -> None:
    with oxigraph_running(tmp_path) as store:
        graph = {"graph": "urn:theirs"}
        theirs = {"Content-Type": "text/turtle"}
        httpx.put(f"{store.url}/store", params=graph, content="<urn:s> a <urn:c> .", headers=theirs)
        with pytest.raises(UsageError, match="--replace"):
            publish_to(store.remote(), release, silent)
        assert "urn:c" in httpx.get(f"{store.url}/store", params=graph).text
        assert publish_to(store.remote(), release, silent, replace=True).fresh
        assert httpx.get(f"{store.url}/store", params=graph).status_code == 404


def test_a_wrong_password_is_one_clear_error(
    virtuoso: Store, release: Release, tmp_path: Path
) -> None:
    password = tmp_path / "password"
    password.write_text("wrong")
    remote = virtuoso.remote(password_file=str(password), base="https://example.org/denied/")
    with pytest.raises(UsageError, match="denies access"):
        publish_to(remote, release, silent)


# ---- The command -------------------------------------------------------------------------------


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    given = [*COMMAND, "publish", *map(str, arguments)]
    done = subprocess.run(given, env=environment(), capture_output=True, text=True, timeout=100)
    assert "Traceback" not in done.stderr
    return done


def test_the_command_says_what_it_did(tmp_path: Path, data: Path, release: Release) -> None:
    with oxigraph_running(tmp_path) as store:
        done = command("--data", data, "--to", store.url)
        assert (done.returncode, done.stderr) == (0, "Sending to the store: 5/5\n")
        assert done.stdout.startswith(f"Release {release.id} loaded: ")
        done = command("--data", data, "--to", store.url)
        assert done.stdout == (
            f"Nothing has changed: the store already serves release {release.id}.\n"
        )
        shown = json.loads(command("--data", data, "--to", store.url, "--json").stdout)
        assert (shown["release"], shown["fresh"]) == (release.id, False)
        assert shown["triples"] > 1000 and shown["graphs"] > 10


def test_the_command_with_a_user(virtuoso: Store, data: Path, release: Release) -> None:
    user = ("--user", "dba", "--password-file", virtuoso.folder / "password")
    done = command("--data", data, "--to", virtuoso.url, "--kind", "virtuoso", *user)
    assert done.returncode == 0, done.stderr
    assert release.id in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Give --to URL or --remote FILE"),
        (("--to", "http://h", "--remote", "x"), "Give --to URL or --remote FILE"),
        (("--remote", "absent.toml"), "cannot be read"),
        (("--remote", "absent.toml", "--user", "x"), "goes with --to"),
        (("--to", "nowhere"), "http(s) address"),
        (("--to", "http://h", "--user", "x"), "password_file"),
        (("--to", "http://h", "--kind", "fuseki"), "fuseki"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], said: str, data: Path) -> None:
    done = command("--data", data, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())


def test_a_folder_without_release(tmp_path: Path) -> None:
    done = command("--data", tmp_path, "--to", "http://127.0.0.1:1")
    assert done.returncode == 2
    assert "holds no published graph" in done.stderr


def test_nobody_listens(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    done = command("--data", data, "--to", url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not answer" in done.stderr


def test_help_names_every_option() -> None:
    done = command("--help")
    options = ("--data", "--to", "--kind", "--user", "--password-file", "--remote", "--replace")
    assert [option for option in (*options, "--json") if option not in done.stdout] == []


def test_a_store_that_loses_triples(oxigraph: Store, release: Release) -> None:
    """What is counted is not what was sent: told, and the release is not called published."""
    with StoreWriter(oxigraph.remote()) as writer:
        assert writer.count("SELECT (COUNT(*) AS ?n) { VALUES ?x { 1 2 } }") == 2
    from coopdec_graph.publishing import remote

    lost = remote._Content.union_size
    try:
        remote._Content.union_size = property(lambda self: 7)  # type: ignore[assignment]
        with pytest.raises(PublishFailed, match="instead of 7"):
            publish_to(oxigraph.remote(), release, silent, replace=True)
    finally:
        remote._Content.union_size = lost  # type: ignore[method-assign]
