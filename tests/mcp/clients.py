"""The SDK's own client, held open on an event loop of its own, for tests that are no coroutines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult

from tests.remote.stores import Loop
from tests.service.live_service import ROOT, command, environment

__all__ = ["Connection", "connected", "stdio_parameters"]


class Connection:
    """A client of one server."""

    def __init__(self, loop: Loop, client: Client) -> None:
        self.loop = loop
        self.client = client

    def call(self, name: str, **arguments: Any) -> CallToolResult:
        """What the tool answers; the client checks it against the tool's own output schema."""
        result: CallToolResult = self.loop.run(self.client.call_tool(name, arguments))
        return result

    def answer(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The data of an answer that is no error, which its text says too."""
        result = self.call(name, **arguments)
        assert not result.is_error, result.content
        found: dict[str, Any] = result.structured_content
        return found

    def refusal(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The error of an answer, whose text is its message in both languages."""
        result = self.call(name, **arguments)
        assert result.is_error, result.content
        error: dict[str, Any] = result.structured_content["error"]
        message = error["message"]
        assert [block.text for block in result.content] == [f"{message['fr']}\n{message['en']}"]
        return error


def stdio_parameters(data: Path, *options: str) -> StdioServerParameters:
    """`coopdec mcp` as a client starts it; a warning ends it."""
    program, *arguments = command("mcp", "--data", data, *options)
    kept = {"PYTHONPATH": environment(ROOT)["PYTHONPATH"], "PATH": os.environ["PATH"]}
    return StdioServerParameters(command=program, args=arguments, env=kept, cwd=data)


@contextmanager
def connected(server: Any, mode: str) -> Iterator[Connection]:
    """`mode` as the SDK has it: `auto` speaks its newest protocol, `legacy` the one with a handshake."""
    loop = Loop()
    ready: asyncio.Future[Client]
    done = asyncio.Event()

    async def prepared() -> asyncio.Future[Client]:
        return asyncio.get_running_loop().create_future()

    async def held() -> None:
        # A client is left by the task that entered it.
        try:
            async with Client(server, mode=mode) as client:
                ready.set_result(client)
                await done.wait()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    async def started() -> tuple[asyncio.Task[None], Client]:
        task = asyncio.create_task(held())
        return task, await ready

    async def stopped(task: asyncio.Task[None]) -> None:
        done.set()
        await task

    try:
        ready = loop.run(prepared())
        task, client = loop.run(started())
        try:
            yield Connection(loop, client)
        finally:
            loop.run(stopped(task))
    finally:
        loop.close()
