"""`coopdec read`: what a page says, and what was doubted in it. Writes nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated

import typer
from rich.table import Table

from coopdec_graph.cli.programme import DEFAULT_PROGRAMME, Programme
from coopdec_graph.cli.terminal import (
    EXIT_REFUSED,
    error_console,
    language,
    out,
    plain,
    print_json,
    say,
    show_issues,
    track,
)
from coopdec_graph.language import Bilingual
from coopdec_graph.parallel import QUICK_ITEMS, in_processes
from coopdec_graph.sources import source_named
from coopdec_graph.sources.accounting import LineState
from coopdec_graph.sources.base import Reading
from coopdec_graph.spool import Spool

__all__ = ["HELP", "read"]

HELP = say(
    "Lit des pages et montre ce qu'elles disent, avec les doutes ligne par ligne. N'écrit rien."
    "\n\nExemples : `coopdec read data/atlas/3203.txt` · `coopdec read PAGE --json` ·"
    " `coopdec read PAGE --explain`",
    "Reads pages and shows what they say, with the doubts line by line. Writes nothing."
    "\n\nExamples: `coopdec read data/atlas/3203.txt` · `coopdec read PAGE --json` ·"
    " `coopdec read PAGE --explain`",
)

_READING = Bilingual("Lecture des pages", "Reading pages")
_NONE = (
    "Rien trouvé à lire. Les pages sont des fichiers .txt ou .html, les activités de l'IATI des fichiers"
    " .xml, les tableaux des .csv, .xlsx ou .ods.",
    "Nothing found to read. Pages are .txt or .html files, IATI activities .xml files, tables .csv,"
    " .xlsx or .ods.",
)


def read(
    pages: Annotated[
        list[Path],
        typer.Argument(
            metavar="PAGE…",
            help=say(
                "Pages (.txt, .html), fichiers IATI (.xml) ou dossiers.",
                "Pages (.txt, .html), IATI files (.xml) or folders.",
            ),
        ),
    ],
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=say(
                "Un objet JSON par page (une ligne chacun s'il y en a plusieurs).",
                "One JSON object per page (one per line if there are several).",
            ),
        ),
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help=say(
                "Ce que devient chaque ligne : utilisée, ignorée (par quelle règle), ou signalée.",
                "What becomes of each line: used, ignored (by which rule), or an issue.",
            ),
        ),
    ] = False,
    programme: Programme = DEFAULT_PROGRAMME,
) -> None:
    source = source_named(programme)
    documents = list(source.documents(pages))
    read_each = in_processes(source.read, documents, len(documents), QUICK_ITEMS)
    if len(documents) > 1:
        read_each = track(read_each, _READING, len(documents))
    readings = Spool(read_each, Path(gettempdir()))
    if not readings:
        error_console().print(say(*_NONE), markup=False)
        raise typer.Exit(EXIT_REFUSED)
    any_refused = False
    for reading in readings:
        any_refused = any_refused or reading.refused
        if as_json:
            print_json(_object(reading, explain), indent=2 if len(readings) == 1 else None)
        elif explain:
            _show_lines(reading)
        else:
            _show(reading)
    if any_refused:
        raise typer.Exit(EXIT_REFUSED)


def _object(reading: Reading, explain: bool) -> dict[str, object]:
    source = reading.activity.source if reading.activity else None
    return {
        "page": reading.name,
        "identifier": source.identifier if source else None,
        "url": source.url if source else None,
        **reading.record,
        "issues": [issue.to_dict() for issue in reading.issues],
        "lines": {"total": len(reading.lines), **_states(reading)},
        **({"explanation": _explanation(reading)} if explain else {}),
    }


def _states(reading: Reading) -> dict[str, int]:
    """How many lines ended in each state; the three add up to the non-blank lines of the page."""
    states = Counter(line.disposition.state for line in reading.lines)
    return {str(state): states[state] for state in LineState}


def _explanation(reading: Reading) -> list[dict[str, object]]:
    fates = (line.disposition for line in reading.lines)
    return [{"line": fate.line, "state": str(fate.state), "name": fate.name} for fate in fates]


def _show(reading: Reading) -> None:
    console = out()
    console.print(f"[bold]{plain(reading.name)}[/]")
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    for field, value in reading.record.items():
        if value in (None, [], (), {}):
            continue
        shown = plain(_shown(value), breaks=True)
        if console.is_terminal:
            table.add_row(plain(field), shown)
        else:
            console.print(f"  {plain(field)}: " + shown.replace("\n", "\n    "))
    if table.row_count:
        console.print(table)
    show_issues(console, reading.issues)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(
            f"{key}: {_shown(item)}" for key, item in value.items() if item is not None
        )
    if isinstance(value, list | tuple):
        return "\n".join(_shown(item) for item in value)
    text = str(value)
    return text if len(text) <= 160 else text[:159] + "…"


def _show_lines(reading: Reading) -> None:
    console = out()
    console.print(f"[bold]{plain(reading.name)}[/]")
    table = Table(
        "",
        say("état", "state"),
        say("champ ou règle", "field or rule"),
        say("texte", "text"),
        box=None,
    )
    for line in reading.lines:
        fate = line.disposition
        table.add_row(str(fate.line), str(fate.state), plain(fate.name), plain(line.text[:80]))
    console.print(table)
    parts = " + ".join(f"{count} {state}" for state, count in _states(reading).items())
    unit = reading.unit.text(language())
    console.print(f"{parts} = {len(reading.lines)} {unit}")
    show_issues(console, reading.issues)
