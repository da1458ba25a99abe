"""Options of every command that answers queries of others: what one of them may take."""

from __future__ import annotations

from typing import Annotated

import typer

from coopdec_graph.cli.terminal import say
from coopdec_graph.engines.base import Limits

__all__ = ["DEFAULT", "MIB", "Memory", "Rows", "Size", "Timeout", "limits_of"]

MIB = 1024 * 1024
DEFAULT = Limits()

Timeout = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        min=0.1,
        help=say(
            "Temps qu'une requête peut prendre, au plus.", "Time one query may take, at most."
        ),
    ),
]
Memory = Annotated[
    int,
    typer.Option(
        metavar="MIB",
        min=64,
        help=say(
            "Mémoire qu'une requête peut prendre, en MiB.", "Memory one query may take, in MiB."
        ),
    ),
]
Rows = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        help=say("Lignes d'un résultat, au plus.", "Rows of a result, at most."),
    ),
]
Size = Annotated[
    int,
    typer.Option(
        metavar="MIB",
        min=1,
        help=say("Taille d'un résultat, en MiB, au plus.", "Size of a result, in MiB, at most."),
    ),
]


def limits_of(timeout: float, memory: int, rows: int, size: int) -> Limits:
    """The limits, from numbers as the options give them."""
    return Limits(timeout, memory * MIB, rows, size * MIB)
