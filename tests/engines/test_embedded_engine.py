"""The embedded engine: what a query may take, and that only the query suffers when it takes more."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Answer, Lane, Limits, Question
from coopdec_graph.engines.embedded.engine import EmbeddedEngine
from coopdec_graph.engines.embedded.nursery import Holding
from coopdec_graph.engines.embedded.pool import Sizes
from coopdec_graph.errors import (
    EngineBroken,
    NoFormat,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTooBig,
    QueryTooSlow,
    ResultTooBig,
    UpdateRefused,
)
from coopdec_graph.graph.query import Dataset, Form
from coopdec_graph.graph.store import create_store

FORMATS = {Form.SELECT: "csv", Form.ASK: "json", Form.GRAPH: "nt"}
# 400 triples: four in a row are 25 thousand million rows.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
FLOOD = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def quads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 triples in two graphs, one of them in both."""
    path = tmp_path_factory.mktemp("engine") / "graph.nq"
    lines = [f'<urn:s{n}> <urn:p> "{n}" <urn:g{n % 2}> .' for n in range(400)]
    path.write_text("\n".join([*lines, '<urn:s0> <urn:p> "0" <urn:g1> .', ""]))
    return path


@asynccontextmanager
async def running(
    holding: Holding, limits: Limits, sizes: Sizes | None = None
) -> AsyncIterator[EmbeddedEngine]:
    engine = EmbeddedEngine(holding, limits, sizes)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.stop()


def with_engine(
    quads: Path,
    story: Callable[[EmbeddedEngine], Awaitable[Any]],
    limits: Limits | None = None,
    sizes: Sizes | None = None,
) -> Any:
    async def told() -> Any:
        holding = Holding(quads, None, 401)
        async with running(holding, limits or Limits(seconds=20), sizes) as engine:
            return await story(engine)

    return asyncio.run(told())


async def whole(engine: EmbeddedEngine, text: str, **more: Any) -> bytes:
    """The answer as bytes; what is held for it is given back."""
    answer = await engine.ask(Question(text, FORMATS, **more))
    return await all_of(answer)


async def all_of(answer: Answer) -> bytes:
    try:
        return answer.whole or b"".join([piece async for piece in answer.pieces()])
    finally:
        await answer.close()


async def settled(engine: EmbeddedEngine) -> None:
    """Until every place of the pool is as it was at the start."""
    pool = engine._pool
    async with asyncio.timeout(10):
        while not (
            engine.quiet
            and len(pool._idle) == pool._sizes.ready
            and len(pool._workers) == pool._sizes.ready
            and pool._long == len(pool._paused) == pool._ordered == 0
        ):
            await asyncio.sleep(0.01)


def runs(process: int) -> bool:
    """A process that has ended may wait for whoever adopted it to bury it."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_until_gone(processes: set[int]) -> None:
    deadline = time.monotonic() + 5
    while any(runs(process) for process in processes):
        assert time.monotonic() < deadline, "a worker outlived the engine"
        time.sleep(0.01)


def test_the_default_graph_is_a_set_and_named_graphs_are_there(quads):
    async def story(engine: EmbeddedEngine) -> list[bytes]:
        in_both = Dataset(("urn:g1",), ("urn:g0",))
        return [
            await whole(engine, COUNT),
            await whole(engine, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"),
            await whole(engine, COUNT, dataset=in_both),
            await whole(engine, "ASK { GRAPH <urn:g1> { ?s ?p '0' } }"),
            await whole(engine, "ASK { GRAPH <urn:g1> { ?s ?p '0' } }", dataset=in_both),
            await whole(engine, "CONSTRUCT WHERE { <urn:s7> ?p ?o }"),
        ]

    assert with_engine(quads, story) == [
        b"n\r\n400\r\n",
        b"n\r\n401\r\n",
        b"n\r\n201\r\n",
        b'{"head":{},"boolean":true}',
        b'{"head":{},"boolean":false}',
        b'<urn:s7> <urn:p> "7" .\n',
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELEC", QuerySyntaxError),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", QueryForbidden),
        ("CLEAR ALL", UpdateRefused),
        ("SELECT (<urn:none>() AS ?x) {}", QuerySyntaxError),
        ("SELECT * " + "{" * 200_000, QueryTooBig),
    ],
)
def test_a_query_that_is_not_answered_says_why_in_two_languages(quads, text, error):
    async def story(engine: EmbeddedEngine) -> QueryError:
        with pytest.raises(error) as raised:
            await engine.ask(Question(text, FORMATS))
        assert await whole(engine, COUNT) == b"n\r\n400\r\n"
        return raised.value

    told = with_engine(quads, story)
    assert type(told) is error
    assert told.text("fr") != told.text("en")


def test_a_form_without_a_format_is_refused(quads):
    async def story(engine: EmbeddedEngine) -> None:
        with pytest.raises(NoFormat) as raised:
            await engine.ask(Question("ASK {}", {Form.SELECT: "csv"}))
        assert raised.value.details == {"form": "ask"}

    with_engine(quads, story)


def test_bindings_replace_a_variable_by_a_term(quads):
    async def story(engine: EmbeddedEngine) -> list[bytes]:
        text = "SELECT ?o ?s { ?s ?p ?o }"
        hostile = ox.Literal('"> } DROP ALL # \n\\')
        return [
            await whole(engine, text, bindings={"s": ox.NamedNode("urn:s3")}),
            await whole(engine, text, bindings={"o": hostile}),
            await whole(engine, "SELECT ?x {}", bindings={"x": ox.Literal("é", language="fr")}),
        ]

    assert with_engine(quads, story) == [
        b"o,s\r\n3,urn:s3\r\n",
        b"o,s\r\n",
        "x\r\né\r\n".encode(),
    ]


def test_the_time_limit_stops_the_work_and_nothing_else(quads):
    async def story(engine: EmbeddedEngine) -> tuple[float, set[int], set[int]]:
        before = set(engine._pool._workers)
        started = time.monotonic()
        with pytest.raises(QueryTooSlow):
            await engine.ask(Question(ENDLESS, FORMATS, seconds=0.7))
        elapsed = time.monotonic() - started
        await settled(engine)
        return elapsed, before, set(engine._pool._workers)

    elapsed, before, after = with_engine(quads, story)
    assert 0.6 < elapsed < 1.2
    assert len(before - after) == len(after - before) == 1
    (killed,) = before - after
    wait_until_gone({killed})


def test_the_time_limit_of_a_request_is_never_above_the_service_s(quads):
    async def story(engine: EmbeddedEngine) -> float:
        started = time.monotonic()
        with pytest.raises(QueryTooSlow, match="exceeded 0.5 s"):
            await engine.ask(Question(ENDLESS, FORMATS, seconds=3600))
        return time.monotonic() - started

    assert with_engine(quads, story, Limits(seconds=0.5)) < 1.0


def test_the_memory_limit_ends_one_query_only(quads):
    async def story(engine: EmbeddedEngine) -> tuple[bytes, bytes]:
        beside = asyncio.create_task(
            whole(engine, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }", seconds=20)
        )
        with pytest.raises(QueryTooBig):
            await engine.ask(Question(SORTED, FORMATS))
        return await beside, await whole(engine, COUNT)

    answers = with_engine(quads, story, Limits(seconds=20, memory=200 * 1024**2))
    assert answers == (b"n\r\n160000\r\n", b"n\r\n400\r\n")


@pytest.mark.parametrize("deep", ["{" * 90_000 + "}" * 90_000, "{ FILTER(" + "!" * 90_000 + "1) }"])
def test_a_deep_query_ends_one_query_only(quads, deep):
    async def story(engine: EmbeddedEngine) -> bytes:
        with suppress(QueryTooBig, QueryFailed):
            await whole(engine, "SELECT * " + deep)
        return await whole(engine, COUNT)

    assert with_engine(quads, story) == b"n\r\n400\r\n"


def test_a_long_result_streams_and_one_that_is_too_long_fails(quads):
    async def story(engine: EmbeddedEngine) -> tuple[int, int]:
        answer = await engine.ask(Question("SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y }", FORMATS))
        rows = (await all_of(answer)).count(b"\r\n")
        answer = await engine.ask(Question(FLOOD, FORMATS))
        assert answer.whole is None
        received = 0
        with pytest.raises(ResultTooBig, match="exceeds 8000000 bytes"):
            async for piece in answer.pieces():
                received += len(piece)
        await answer.close()
        await settled(engine)
        return rows, received

    rows, received = with_engine(quads, story, Limits(seconds=20, result_bytes=8_000_000))
    assert rows == 160_001
    assert 1_000_000 < received <= 8_000_000


def test_too_many_rows_are_refused_or_cut_on_request(quads):
    async def story(engine: EmbeddedEngine) -> tuple[bytes, bool, bool]:
        with pytest.raises(ResultTooBig):
            await engine.ask(Question("SELECT ?s { ?s ?p ?o }", FORMATS))
        query = "SELECT ?s { ?s ?p ?o } ORDER BY ?s"
        answer = await engine.ask(Question(query, FORMATS, rows=2))
        cut = answer.cut
        full = await engine.ask(Question(query + " LIMIT 2", FORMATS, rows=2))
        await full.close()
        return await all_of(answer), cut, full.cut

    answers = with_engine(quads, story, Limits(seconds=20, rows=399))
    assert answers == (b"s\r\nurn:s0\r\nurn:s1\r\n", True, False)


def test_long_queries_leave_short_ones_their_workers(quads):
    """Six queries without end on two places: short ones are answered meanwhile, at once."""

    async def story(engine: EmbeddedEngine) -> tuple[list[bytes], list[type]]:
        long = [
            asyncio.create_task(engine.ask(Question(ENDLESS, FORMATS, seconds=3))) for _ in range(6)
        ]
        await asyncio.sleep(0.5)
        short = [await whole(engine, COUNT) for _ in range(50)]
        assert not any(task.done() for task in long[:4])
        results = await asyncio.gather(*long, return_exceptions=True)
        await settled(engine)
        return short, [type(result) for result in results]

    sizes = Sizes(ready=3, reserved=1, long=2, paused=2, waiting=8)
    short, ended = with_engine(quads, story, Limits(seconds=20), sizes)
    assert short == [b"n\r\n400\r\n"] * 50
    # Two ran, two were paused until their time was over, two found no place to wait.
    assert sorted(kind.__name__ for kind in ended) == [
        *["Overloaded"] * 4,
        *["QueryTooSlow"] * 2,
    ]


def test_a_paused_query_goes_on_when_a_place_is_free(quads):
    async def story(engine: EmbeddedEngine) -> bytes:
        first = asyncio.create_task(engine.ask(Question(ENDLESS, FORMATS, seconds=1)))
        await asyncio.sleep(0.3)
        # Half a second of work: it is paused until the first has been stopped.
        work = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i < '2') }"
        second = asyncio.create_task(whole(engine, work))
        with pytest.raises(QueryTooSlow):
            await first
        return await second

    sizes = Sizes(ready=2, reserved=0, long=1, paused=2, waiting=8)
    assert with_engine(quads, story, Limits(seconds=30), sizes) == b"n\r\n17920000\r\n"


def test_a_full_queue_is_refused_and_the_internal_lane_is_not(quads):
    async def story(engine: EmbeddedEngine) -> tuple[list[str], bytes]:
        # Each holds its worker for the time of its trial.
        held = [
            asyncio.create_task(engine.ask(Question(ENDLESS, FORMATS, seconds=1)))
            for _ in range(20)
        ]
        await asyncio.sleep(0)
        answer = await engine.ask(Question(COUNT, FORMATS), Lane.INTERNAL)
        internal = await all_of(answer)
        results = await asyncio.gather(*held, return_exceptions=True)
        return [type(result).__name__ for result in results], internal

    sizes = Sizes(ready=2, reserved=1, long=1, paused=1, waiting=4)
    ended, internal = with_engine(quads, story, Limits(seconds=20), sizes)
    assert internal == b"n\r\n400\r\n"
    assert set(ended) == {"Overloaded", "QueryTooSlow"}
    assert ended.count("QueryTooSlow") >= 1
    assert ended[5:] == ["Overloaded"] * 15


def test_an_abandoned_query_is_stopped(quads):
    async def story(engine: EmbeddedEngine) -> None:
        asking = asyncio.create_task(engine.ask(Question(ENDLESS, FORMATS)))
        await asyncio.sleep(0.3)
        assert not engine.quiet
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await settled(engine)
        answer = await engine.ask(Question(FLOOD, FORMATS))
        assert answer.whole is None
        await answer.close()
        await settled(engine)

    with_engine(quads, story)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_worker_that_dies_is_replaced(quads, sent):
    async def story(engine: EmbeddedEngine) -> tuple[str, bytes]:
        asking = asyncio.create_task(engine.ask(Question(ENDLESS, FORMATS)))
        await asyncio.sleep(0.3)
        (worker,) = engine._pool._courses
        os.kill(worker.process, sent)
        with pytest.raises(QueryError) as raised:
            await asking
        await settled(engine)
        return type(raised.value).__name__, await whole(engine, COUNT)

    expected = "EngineBroken" if sent is signal.SIGTERM else "QueryTooBig"
    assert with_engine(quads, story) == (expected, b"n\r\n400\r\n")


def test_a_zygote_that_dies_is_replaced_and_leaves_no_process(quads):
    async def story(engine: EmbeddedEngine) -> bytes:
        pool = engine._pool
        before = set(pool._workers)
        assert pool._nursery._process is not None
        asking = asyncio.create_task(engine.ask(Question(ENDLESS, FORMATS)))
        await asyncio.sleep(0.2)
        os.kill(pool._nursery._process.pid, signal.SIGKILL)
        with pytest.raises(QueryError):
            await asking
        async with asyncio.timeout(10):
            while len(pool._idle) < pool._sizes.ready:
                await asyncio.sleep(0.01)
        assert not before & set(pool._workers)
        wait_until_gone(before)
        return await whole(engine, COUNT)

    assert with_engine(quads, story) == b"n\r\n400\r\n"


def test_a_shortage_of_file_handles_passes(quads):
    """A defect once: the pool stayed without a worker after handles had been short."""

    async def story(engine: EmbeddedEngine) -> bytes:
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        for worker in list(engine._pool._idle):
            worker.kill()
        resource.setrlimit(resource.RLIMIT_NOFILE, (4, limits[1]))
        try:
            await asyncio.sleep(0.5)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        await settled(engine)
        return await whole(engine, COUNT)

    assert with_engine(quads, story) == b"n\r\n400\r\n"


def test_a_worker_that_ends_between_being_given_and_taken_is_replaced(quads):
    async def story(engine: EmbeddedEngine) -> bytes:
        pool = engine._pool
        (given, *others) = [pool._idle.pop() for _ in range(len(pool._idle))]
        place = asyncio.create_task(pool._wait(Lane.INTERNAL, 5))
        await asyncio.sleep(0)
        pool._queues[Lane.INTERNAL][0].set_result(given)
        place.cancel()
        with pytest.raises(asyncio.CancelledError):
            await place
        # What was given to nobody is there again.
        assert given in pool._idle
        pool._idle.extend(others)
        return await whole(engine, COUNT)

    assert with_engine(quads, story) == b"n\r\n400\r\n"


def test_a_stop_leaves_no_process(quads):
    processes: set[int] = set()

    async def story(engine: EmbeddedEngine) -> None:
        asking = [asyncio.create_task(engine.ask(Question(ENDLESS, FORMATS))) for _ in range(3)]
        await asyncio.sleep(0.3)
        processes.update(engine._pool._workers)
        await engine.stop()
        results = await asyncio.gather(*asking, return_exceptions=True)
        assert {type(result) for result in results} == {EngineBroken}
        with pytest.raises(Overloaded):
            await engine.ask(Question(COUNT, FORMATS))

    with_engine(quads, story)
    assert len(processes) >= 3
    wait_until_gone(processes)


def test_a_release_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "graph.nq").write_text("no N-Quads")
    engine = EmbeddedEngine(Holding(tmp_path / "graph.nq", None, 1))
    with pytest.raises(EngineBroken, match="could not load the release"):
        asyncio.run(engine.start())


def test_a_large_release_is_read_from_its_index_on_disk(quads, tmp_path):
    create_store(quads, tmp_path / "store")

    async def story() -> list[bytes]:
        holding = Holding(quads, tmp_path / "store", 10**9)
        async with running(holding, Limits(seconds=30, memory=200 * 1024**2)) as engine:
            with pytest.raises(QueryTooSlow):
                await engine.ask(Question(ENDLESS, FORMATS, seconds=0.5))
            with pytest.raises(QueryTooBig):
                await engine.ask(Question(SORTED, FORMATS))
            return [await whole(engine, COUNT), await whole(engine, "ASK {?s ?p '7'}")]

    assert asyncio.run(story()) == [b"n\r\n400\r\n", b'{"head":{},"boolean":true}']


def test_check_and_transcode_need_no_data():
    async def story() -> tuple[list[Form], list[bytes]]:
        async with running(Holding(), Limits(seconds=5)) as engine:
            texts = ("SELECT * {}", "ASK {}", "DESCRIBE <urn:a>")
            forms = [await engine.check(Question(text, FORMATS)) for text in texts]
            with pytest.raises(QueryForbidden):
                await engine.check(Question("ASK { SERVICE <urn:a> {} }", FORMATS))
            rows = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"1"}}]}}'
            question = Question("", FORMATS)
            written = [
                await all_of(await engine.transcode(question, Form.SELECT, rows)),
                await all_of(
                    await engine.transcode(question, Form.ASK, b'{"head":{},"boolean":true}')
                ),
                await all_of(
                    await engine.transcode(question, Form.GRAPH, b'<urn:a> <urn:b> "c" .\n')
                ),
            ]
            for form, cut in ((Form.SELECT, rows[:-9]), (Form.GRAPH, b'<urn:a> <urn:b> "c"')):
                with pytest.raises(QueryFailed):
                    await engine.transcode(question, form, cut)
            return forms, written

    assert asyncio.run(story()) == (
        [Form.SELECT, Form.ASK, Form.GRAPH],
        [b"a\r\n1\r\n", b'{"head":{},"boolean":true}', b'<urn:a> <urn:b> "c" .\n'],
    )
