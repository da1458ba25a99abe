"""What the commands share: the language of messages, the two streams, progress, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from coopdec_graph.issues import Issue, Level
from coopdec_graph.language import Bilingual, Language, language_of_environment

__all__ = [
    "EXIT_FINE",
    "EXIT_REFUSED",
    "EXIT_USAGE",
    "LEVEL_STYLES",
    "error_console",
    "language",
    "out",
    "print_json",
    "say",
    "show_issues",
    "track",
]

EXIT_FINE, EXIT_REFUSED, EXIT_USAGE = 0, 1, 2

LEVEL_STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.INFO: "dim"}

T = TypeVar("T")


@cache
def language() -> Language:
    return language_of_environment()


def say(fr: str, en: str) -> str:
    """The text in the reader's language: messages and `--help` alike."""
    return en if language() == "en" else fr


def out() -> Console:
    """Standard output: results. Not a terminal: no colours, no wrapping of long lines."""
    return Console(file=sys.stdout, soft_wrap=not sys.stdout.isatty(), highlight=False)


def error_console() -> Console:
    """Standard error: progress and problems."""
    return Console(file=sys.stderr, soft_wrap=not sys.stderr.isatty(), highlight=False)


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_issues(console: Console, issues: Iterable[Issue]) -> None:
    """One line per issue: where, how serious, what, what to do."""
    for issue in issues:
        style = LEVEL_STYLES[issue.level]
        where, message = escape(issue.where()), escape(issue.message(language()))
        console.print(f"  [{style}]{_level(issue.level)}[/] {where} — {message}")


def _level(level: Level) -> str:
    names = {
        Level.ERROR: say("erreur", "error"),
        Level.WARNING: say("attention", "warning"),
        Level.INFO: say("note", "note"),
    }
    return names[level]


def track(items: Iterable[T], label: Bilingual, total: int) -> Iterator[T]:
    """The items, with a progress bar on a terminal and a few plain lines elsewhere."""
    text = label.text(language())
    console = error_console()
    if console.is_terminal:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=True) as progress:
            yield from progress.track(items, total=total, description=text)
        return
    step = max(1, total // 10)
    for number, item in enumerate(items, start=1):
        yield item
        if number % step == 0 and total >= 20 or number == total:
            console.print(
                f"{text} : {number}/{total}" if language() == "fr" else f"{text}: {number}/{total}"
            )
