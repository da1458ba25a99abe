"""Options of every command that may ask Wikidata, declared once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopdec_graph.cli.terminal import say
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

__all__ = ["Cache", "CacheDays", "Decisions", "Endpoint", "Timeout", "decisions_file"]

Endpoint = Annotated[
    str | None,
    typer.Option(
        "--wikidata",
        metavar="URL|offline",
        help=say(
            "Point d'accès SPARQL qui a les énoncés de Wikidata, ou « offline » : le cache seul.",
            "SPARQL endpoint that has Wikidata's statements, or “offline”: the cache only.",
        ),
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        help=say(
            "Où garder les réponses de Wikidata (défaut : ~/.cache/coopdec-graph/wikidata).",
            "Where to keep Wikidata's answers (default: ~/.cache/coopdec-graph/wikidata).",
        ),
    ),
]
CacheDays = Annotated[
    float,
    typer.Option(
        "--cache-days",
        metavar="DAYS",
        min=0,
        help=say(
            "Âge auquel une réponse est redemandée.", "Age at which an answer is asked again."
        ),
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        help=say("Attente d'une réponse (défaut : 60).", "Wait for one answer (default: 60)."),
    ),
]
_NO_FILE = Bilingual(
    "Le fichier de décisions « {path} » n'existe pas.", "There is no file of decisions “{path}”."
)


def decisions_file(given: Path | None, folder: Path) -> Path:
    """Where decisions are read. Raises UsageError for a file that was named and is not there."""
    if given is not None and not given.exists():
        raise UsageError(_NO_FILE, path=given)
    return given or folder / "decisions.csv"


Decisions = Annotated[
    Path | None,
    typer.Option(
        "--decisions",
        metavar="FILE",
        help=say(
            "Décisions de relecture, jamais modifiées (défaut : DIR/decisions.csv).",
            "Decisions of reviewers, never changed (default: DIR/decisions.csv).",
        ),
    ),
]
