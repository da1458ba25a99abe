"""Small answers are remembered: which, under what key, within what memory, and until when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Answer, Lane, Limits, Question
from coopdec_graph.engines.remembering import RememberingEngine
from coopdec_graph.errors import (
    EngineBroken,
    Overloaded,
    QueryError,
    QuerySyntaxError,
    QueryTooBig,
    QueryTooSlow,
    ResultTooBig,
)
from coopdec_graph.graph.query import Dataset, Form
from coopdec_graph.language import Bilingual
from tests.service.live_service import ROOT, build, serving
from tests.service.processes import spent_by

KIB = 1024
TEXT = "SELECT ?x { ?s ?p ?x }"
QUESTION = Question(TEXT, {Form.SELECT: "csv", Form.GRAPH: "nt"})


@dataclass
class FakeAnswer:
    """An answer of the engine behind; it counts how often it was closed."""

    body: bytes
    streamed: bool = False
    form: Form = Form.SELECT
    format: str = "csv"
    coding: str | None = None
    cut: bool = False
    closed: int = 0

    @property
    def whole(self) -> bytes | None:
        return None if self.streamed else self.body

    async def pieces(self) -> AsyncIterator[bytes]:
        yield self.body

    async def close(self) -> None:
        self.closed += 1


@dataclass
class CountingEngine:
    """Answers with the number of the question, and keeps what it was asked and what it said."""

    make: Callable[[int], FakeAnswer | QueryError] = lambda number: FakeAnswer(b"%d" % number)
    limits: Limits = field(default_factory=lambda: Limits(seconds=7))
    asked: list[tuple[Question, Lane]] = field(default_factory=list)
    given: list[FakeAnswer] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    async def start(self) -> None:
        self.calls.append("start")

    async def stop(self) -> None:
        self.calls.append("stop")

    async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
        self.asked.append((question, lane))
        made = self.make(len(self.asked))
        if isinstance(made, QueryError):
            raise made
        self.given.append(made)
        return made


async def body_of(answer: Answer) -> bytes:
    """The answer as it is sent: whole, or piece by piece; then given back."""
    whole = answer.whole
    try:
        return b"".join([piece async for piece in answer.pieces()]) if whole is None else whole
    finally:
        await answer.close()


def bodies(engine: RememberingEngine, *questions: Question) -> list[bytes]:
    """The answers, one after another."""

    async def told() -> list[bytes]:
        return [await body_of(await engine.ask(question)) for question in questions]

    return asyncio.run(told())


def test_the_same_question_is_asked_once():
    behind = CountingEngine()
    engine = RememberingEngine(behind)
    assert engine.limits is behind.limits
    assert bodies(engine, *[QUESTION] * 5) == [b"1"] * 5
    assert behind.asked == [(QUESTION, Lane.PUBLIC)]


def test_an_equal_question_of_other_objects_is_the_same():
    def question() -> Question:
        return Question(
            "".join(["SELECT ?x ", "{ ?s ?p ?x }"]),
            {Form.SELECT: "csv"},
            Dataset(("urn:a",), ("urn:b",)),
            {"s": ox.NamedNode("urn:s")},
            5,
            None,
            ("gzip",),
            "http://a/sparql",
        )

    behind = CountingEngine()
    assert bodies(RememberingEngine(behind), question(), question()) == [b"1", b"1"]


def test_all_that_was_said_of_an_answer_is_remembered():
    made = FakeAnswer(b"zipped", form=Form.GRAPH, format="nt", coding="gzip", cut=True)
    engine = RememberingEngine(CountingEngine(lambda number: made))

    async def story() -> list[tuple[Any, ...]]:
        found = []
        for _ in range(2):
            answer = await engine.ask(QUESTION)
            pieces = [piece async for piece in answer.pieces()]
            found.append(
                (answer.form, answer.format, answer.coding, answer.cut, answer.whole, pieces)
            )
            await answer.close()
        return found

    assert asyncio.run(story()) == [(Form.GRAPH, "nt", "gzip", True, b"zipped", [b"zipped"])] * 2


BOUND = replace(QUESTION, bindings={"s": ox.NamedNode("urn:s")})
# Pairs of questions that differ in one thing an answer depends on.
DIFFERENT = {
    "text": (QUESTION, replace(QUESTION, text=TEXT.replace("?x {", "?x  {"))),
    "letters of the text": (QUESTION, replace(QUESTION, text=TEXT.replace("?p", "?P"))),
    "format": (QUESTION, replace(QUESTION, formats={Form.SELECT: "tsv", Form.GRAPH: "nt"})),
    "a form without a format": (QUESTION, replace(QUESTION, formats={Form.SELECT: "csv"})),
    "form of a format": (
        replace(QUESTION, formats={Form.SELECT: "csv"}),
        replace(QUESTION, formats={Form.ASK: "csv"}),
    ),
    "dataset": (QUESTION, replace(QUESTION, dataset=Dataset(("urn:a",)))),
    "an empty dataset": (QUESTION, replace(QUESTION, dataset=Dataset((), ()))),
    "side of the dataset": (
        replace(QUESTION, dataset=Dataset(("urn:a",), ())),
        replace(QUESTION, dataset=Dataset((), ("urn:a",))),
    ),
    "order of the dataset": (
        replace(QUESTION, dataset=Dataset(("urn:a", "urn:b"))),
        replace(QUESTION, dataset=Dataset(("urn:b", "urn:a"))),
    ),
    "a binding": (QUESTION, BOUND),
    "variable bound": (BOUND, replace(QUESTION, bindings={"p": ox.NamedNode("urn:s")})),
    "kind of a term": (BOUND, replace(QUESTION, bindings={"s": ox.Literal("urn:s")})),
    "a blank node": (
        replace(QUESTION, bindings={"s": ox.Literal("_:a")}),
        replace(QUESTION, bindings={"s": ox.BlankNode("a")}),
    ),
    "language of a term": (
        replace(QUESTION, bindings={"s": ox.Literal("a", language="fr")}),
        replace(QUESTION, bindings={"s": ox.Literal("a", language="en")}),
    ),
    "type of a term": (
        replace(QUESTION, bindings={"s": ox.Literal("1")}),
        replace(QUESTION, bindings={"s": ox.Literal(1)}),
    ),
    "rows": (replace(QUESTION, rows=1), replace(QUESTION, rows=2)),
    "no limit of rows": (QUESTION, replace(QUESTION, rows=1)),
    "codings": (replace(QUESTION, codings=("gzip",)), replace(QUESTION, codings=("zstd",))),
    "order of codings": (
        replace(QUESTION, codings=("gzip", "zstd")),
        replace(QUESTION, codings=("zstd", "gzip")),
    ),
    "no coding": (QUESTION, replace(QUESTION, codings=("gzip",))),
    "base": (replace(QUESTION, base="http://a/"), replace(QUESTION, base="http://b/")),
    "no base": (QUESTION, replace(QUESTION, base="http://a/")),
}


@pytest.mark.parametrize("part", DIFFERENT)
def test_every_part_of_a_question_matters(part):
    one, other = DIFFERENT[part]
    behind = CountingEngine()
    assert bodies(RememberingEngine(behind), one, other, one, other) == [b"1", b"2", b"1", b"2"]


def test_no_part_of_a_question_is_forgotten():
    """A new field of Question must be thought of here, and in the key."""
    known = {
        "text",
        "formats",
        "dataset",
        "bindings",
        "rows",
        "bytes",
        "seconds",
        "codings",
        "base",
    }
    assert set(Question.__slots__) == known


def test_the_time_a_query_may_take_does_not_matter_nor_who_asks():
    behind = CountingEngine()
    engine = RememberingEngine(behind)

    async def story() -> list[bytes]:
        return [
            await body_of(await engine.ask(replace(QUESTION, seconds=seconds), lane))
            for seconds, lane in ((None, Lane.INTERNAL), (0.1, Lane.PUBLIC), (30.0, Lane.INTERNAL))
        ]

    assert asyncio.run(story()) == [b"1"] * 3
    assert [lane for _, lane in behind.asked] == [Lane.INTERNAL]


@pytest.mark.parametrize("name", ["RAND", "NOW", "UUID", "STRUUID", "BNODE"])
@pytest.mark.parametrize("spelling", [str.upper, str.lower, str.title, str.swapcase])
def test_what_is_another_each_time_is_not_remembered(name, spelling):
    text = f"SELECT ({spelling(name)}() AS ?x) {{}}"
    behind = CountingEngine()
    asked = [replace(QUESTION, text=text)] * 3
    assert bodies(RememberingEngine(behind), *asked) == [b"1", b"2", b"3"]
    # They pass as they are: whoever asked closes them.
    assert [answer.closed for answer in behind.given] == [1, 1, 1]


@pytest.mark.parametrize(
    "error",
    [QuerySyntaxError, QueryTooSlow, QueryTooBig, ResultTooBig, Overloaded, EngineBroken],
)
def test_errors_are_not_remembered(error):
    def make(number: int) -> FakeAnswer | QueryError:
        return error(Bilingual("non", "no")) if number < 3 else FakeAnswer(b"%d" % number)

    behind = CountingEngine(make)
    engine = RememberingEngine(behind)

    async def story() -> bytes:
        for _ in range(2):
            with pytest.raises(error):
                await engine.ask(QUESTION)
        return await body_of(await engine.ask(QUESTION))

    assert asyncio.run(story()) == b"3"
    assert len(behind.asked) == 3


def test_large_answers_are_not_remembered():
    sizes = {60 * KIB: 1, 64 * KIB: 2, 64 * KIB + 1: 2, 1024 * KIB: 2}
    for size, times in sizes.items():
        behind = CountingEngine(lambda number, size=size: FakeAnswer(b"x" * size))
        found = bodies(RememberingEngine(behind), QUESTION, QUESTION)
        assert [len(body) for body in found] == [size, size]
        assert len(behind.asked) == times, size


@pytest.mark.parametrize(
    "large",
    [
        replace(QUESTION, text=TEXT + "#" + "x" * 64 * KIB),
        replace(QUESTION, dataset=Dataset(("urn:" + "x" * 64 * KIB,))),
        replace(QUESTION, dataset=Dataset((), tuple(f"urn:{n}" for n in range(10_000)))),
        replace(QUESTION, base="http://a/" + "x" * 64 * KIB),
        replace(QUESTION, bindings={"s": ox.Literal("x" * 64 * KIB)}),
    ],
    ids=["text", "one graph", "many graphs", "base", "bindings"],
)
def test_a_large_question_is_not_remembered(large):
    """The key takes memory too: a million bytes of graph names with a small answer."""
    behind = CountingEngine()
    engine = RememberingEngine(behind)
    assert bodies(engine, large, large) == [b"1", b"2"]


def test_memory_is_bounded_and_the_oldest_use_is_forgotten_first():
    # Of 60 KiB each, so that some thousand fit in 64 MiB. All are the same bytes.
    body = b"x" * 60 * KIB
    behind = CountingEngine(lambda number: FakeAnswer(body))
    engine = RememberingEngine(behind)
    questions = [replace(QUESTION, rows=number) for number in range(3_000)]

    async def remembered(question: Question) -> bool:
        """Whether it is; if not, it is from now on."""
        before = len(behind.asked)
        await body_of(await engine.ask(question))
        return len(behind.asked) == before

    async def story() -> None:
        for question in questions[:1_000]:
            assert not await remembered(question)
        # All of them, and then the first is used again.
        assert await remembered(questions[0])
        for question in questions[1_000:1_600]:
            assert not await remembered(question)
        assert await remembered(questions[0])
        assert await remembered(questions[1_599])
        assert not await remembered(questions[1])
        # What was forgotten leaves room: a thousand more push out the first by then.
        for question in questions[1_600:]:
            assert not await remembered(question)
        kept = [question for question in reversed(questions) if question.rows is not None]
        held = 0
        for question in kept:
            if not await remembered(question):
                break
            held += 1
        # The last ones, without a gap, as many as fit: 64 MiB of 60 KiB and a little each.
        assert 1_000 < held < 1_100

    asyncio.run(story())


def test_what_was_held_for_an_answer_is_given_back_once():
    behind = CountingEngine()
    engine = RememberingEngine(behind)
    bodies(engine, QUESTION, QUESTION)
    assert [answer.closed for answer in behind.given] == [1]


def test_a_streamed_answer_passes_through():
    behind = CountingEngine(lambda number: FakeAnswer(b"%d" % number, streamed=True))
    engine = RememberingEngine(behind)

    async def story() -> None:
        for number in (0, 1):
            answer = await engine.ask(QUESTION)
            assert answer is behind.given[number]
            assert behind.given[number].closed == 0
            assert answer.whole is None
            assert await body_of(answer) == b"%d" % (number + 1)
            assert behind.given[number].closed == 1

    asyncio.run(story())
    assert len(behind.asked) == 2


def test_a_question_that_is_asked_while_it_is_answered_is_answered_for_all():
    """Both are asked, for neither is known yet; both get a right answer, and one is kept."""
    gate: list[asyncio.Future[None]] = []

    class Slow(CountingEngine):
        async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
            gate.append(asyncio.get_running_loop().create_future())
            await gate[-1]
            return await super().ask(question, lane)

    behind = Slow()
    engine = RememberingEngine(behind)

    async def story() -> tuple[list[bytes], bytes]:
        both = [asyncio.create_task(engine.ask(QUESTION)) for _ in range(2)]
        while len(gate) < 2:
            await asyncio.sleep(0)
        for future in gate:
            future.set_result(None)
        answers = [await body_of(await task) for task in both]
        return answers, await body_of(await engine.ask(QUESTION))

    assert asyncio.run(story()) == ([b"1", b"2"], b"1")
    assert [answer.closed for answer in behind.given] == [1, 1]
    assert len(behind.asked) == 2


def test_after_a_stop_nothing_is_kept_and_a_start_begins_anew():
    body = b"x" * 60 * KIB
    behind = CountingEngine(lambda number: FakeAnswer(body))
    engine = RememberingEngine(behind)
    many = [replace(QUESTION, rows=number) for number in range(1_000)]

    async def story() -> None:
        await engine.start()
        for question in many:
            await body_of(await engine.ask(question))
        await engine.stop()
        await engine.start()
        for _ in range(2):
            for question in many:
                await body_of(await engine.ask(question))

    asyncio.run(story())
    assert behind.calls == ["start", "stop", "start"]
    # All were asked again after the stop, and once only: nothing of before takes room.
    assert len(behind.asked) == 2_000


# Through HTTP.

# Much work, with a small answer.
COSTLY = """SELECT (COUNT(*) AS ?n) {
  ?a skos:prefLabel ?c . ?d skos:prefLabel ?f FILTER(STRLEN(STR(?c)) < STRLEN(STR(?f))) }"""
YEARS = "SELECT ?y { ?p cd:startYear ?y }"


def published(out: Path, year: int) -> str:
    """Publishes one page with this first year; the new release."""
    pages = out.parent / "pages"
    pages.mkdir(exist_ok=True)
    text = (ROOT / "data" / "atlas" / "3203.txt").read_text()
    (pages / "3203.txt").write_text(text.replace("\n2011\n", f"\n{year}\n"))
    build(out, pages, out / "registry.csv")
    return (out / "current").resolve().name


def asked(client: httpx.Client, query: str, **more: str) -> tuple[bytes, list[tuple[str, str]]]:
    """The body of an answer, and its headers but for the date."""
    answer = client.get("/sparql", params={"query": query, **more}).raise_for_status()
    return answer.content, [pair for pair in answer.headers.multi_items() if pair[0] != "date"]


def test_over_http_a_costly_question_is_answered_once_until_a_new_release(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    published(out, 2011)
    with serving(out, tmp_path / "log") as client:
        unused = spent_by(client.server)
        first = asked(client, COSTLY)
        cost = spent_by(client.server) - unused
        assert cost > 10
        answers = [asked(client, COSTLY, timeout="5") for _ in range(50)]
        assert answers == [first] * 50
        # Fifty more, each evaluated, would cost fifty times as much.
        assert spent_by(client.server) - unused - cost < 10 * cost
        assert len({asked(client, "SELECT (RAND() AS ?x) {}")[0] for _ in range(5)}) == 5

        before = asked(client, YEARS, format="csv")
        assert asked(client, YEARS, format="csv") == before
        assert before[0] == b"y\r\n2011\r\n"
        release = published(out, 2019)
        deadline = time.monotonic() + 30
        while client.get("/ready").json()["release"] != release:
            assert time.monotonic() < deadline, "the new release is not served"
            time.sleep(0.05)
        after = asked(client, YEARS, format="csv")
        assert after[0] == b"y\r\n2019\r\n"
        assert asked(client, YEARS, format="csv") == after
    assert (tmp_path / "log").read_text() == ""
