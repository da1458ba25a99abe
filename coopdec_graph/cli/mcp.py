"""`coopdec mcp`: the published graph as tools of a language model's client, over stdio."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from coopdec_graph.cli.limit_options import (
    DEFAULT,
    MIB,
    Memory,
    Rows,
    Size,
    Timeout,
    limits_of,
)
from coopdec_graph.cli.terminal import say
from coopdec_graph.publishing.releases import Releases

__all__ = ["HELP", "mcp"]

HELP = say(
    "Donne le graphe publié à un client du Model Context Protocol, qui lance lui-même cette commande :"
    " questions, recherche, SPARQL. En lecture seule ; finit avec l'entrée standard."
    "\n\nExemple : `coopdec mcp --data build`",
    "Gives the published graph to a client of the Model Context Protocol, which runs this command"
    " itself: questions, search, SPARQL. Read-only; ends with standard input."
    "\n\nExample: `coopdec mcp --data build`",
)

_INTERRUPTED = 130


def mcp(
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ] = Path("build"),
    timeout: Timeout = DEFAULT.seconds,
    memory: Memory = DEFAULT.memory // MIB,
    rows: Rows = DEFAULT.rows,
    size: Size = DEFAULT.result_bytes // MIB,
) -> None:
    # The SDK takes half a second to import: the other commands do without.
    from coopdec_graph.service.mcp.stdio import serve_stdio
    from coopdec_graph.service.options import Options

    release = Releases(data).current()
    options = Options(limits_of(timeout, memory, rows, size))
    try:
        asyncio.run(serve_stdio(release, options))
    except KeyboardInterrupt:
        # A thread still waits for standard input; nothing of ours is left to write.
        os._exit(_INTERRUPTED)
