"""The tools over standard input and output, for a client that starts the command itself."""

from __future__ import annotations

import asyncio

from mcp.server.stdio import stdio_server

from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.engines import engine_of
from coopdec_graph.service.mcp.holdings import holdings_of
from coopdec_graph.service.mcp.protocol import mcp_server
from coopdec_graph.service.options import Options

__all__ = ["serve_stdio"]


async def serve_stdio(release: Release, options: Options) -> None:
    """Answers until standard input ends. Raises EngineBroken."""
    # Kept from being removed while it is served.
    with release.held():
        engine = engine_of(release, options)
        await engine.start()
        try:
            server = mcp_server(holdings_of(release, engine, asyncio.get_running_loop()))
            async with stdio_server() as (incoming, outgoing):
                await server.run(incoming, outgoing, server.create_initialization_options())
        finally:
            await engine.stop()
