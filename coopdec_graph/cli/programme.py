"""The option that says which programme's pages are given: one of the table of sources."""

from __future__ import annotations

from typing import Annotated

import typer

from coopdec_graph.cli.terminal import say
from coopdec_graph.sources import SOURCES

__all__ = ["DEFAULT_PROGRAMME", "Programme"]

DEFAULT_PROGRAMME = "atlas"

Programme = Annotated[
    str,
    typer.Option(
        "--programme",
        metavar="NAME",
        help=say(
            f"Programme dont viennent les fichiers ({', '.join(sorted(SOURCES))}), ou fichier de"
            " correspondance (.toml) qui dit comment lire des tableaux.",
            f"Programme the files come from ({', '.join(sorted(SOURCES))}), or a mapping file (.toml)"
            " that says how tables are read.",
        ),
    ),
]
