"""What the commands share: the language of messages, the two streams, progress, exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import IO, TextIO, TypeVar, cast

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
    "finish",
    "give_up_output",
    "language",
    "out",
    "out_in_columns",
    "plain",
    "print_json",
    "say",
    "show_issues",
    "track",
    "use_utf8",
    "write",
]

EXIT_FINE, EXIT_REFUSED, EXIT_USAGE = 0, 1, 2

LEVEL_STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.INFO: "dim"}

# Characters that would steer a terminal or reorder a line; and bytes of a file name in no encoding.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BREAKS = re.compile(r"[\n\t\u2028\u2029]")
# Wide enough for any table: where nobody watches, values are neither cut nor broken over lines.
_UNBOUND = 1_000_000
_PAGE = 100

T = TypeVar("T")


@cache
def language() -> Language:
    return language_of_environment()


def say(fr: str, en: str) -> str:
    """The text in the reader's language: messages and `--help` alike."""
    return en if language() == "en" else fr


class _Console(Console):
    """A console whose reader may leave (`coopdec … | head`): the work ends with its own exit code."""

    def on_broken_pipe(self) -> None:
        _silence(self.file)


def _silence(stream: IO[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def out() -> Console:
    """Standard output: results. Not a terminal: no colours, no wrapping of long lines."""
    return _console(sys.stdout)


def out_in_columns() -> Console:
    """Standard output for things side by side: as wide as the terminal, else as a page."""
    console = out()
    if not console.is_terminal:
        console.width = _PAGE
    return console


def error_console() -> Console:
    """Standard error: progress and problems."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    watched = stream.isatty()
    width = None if watched else _UNBOUND
    return _Console(file=stream, soft_wrap=not watched, highlight=False, width=width)


def use_utf8() -> None:
    """Both streams in UTF-8, whatever the locale; what is not a character shows as `\\udcff`."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


class StandardOutput:
    """Standard output as a sink of bytes; who reads no further loses the rest without an error."""

    def write(self, content: bytes) -> int:
        write(content)
        return len(content)

    def flush(self) -> None:
        """Each piece is written through."""


def write(content: bytes) -> None:
    """Bytes to standard output, exactly."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence(sys.stdout)


def finish() -> None:
    """Writes what standard output still holds, while an error can still be told. Raises OSError."""
    # None where whoever started us closed it.
    stream = cast("IO[str] | None", sys.stdout)
    try:
        if stream is not None:
            stream.flush()
    except BrokenPipeError:
        _silence(sys.stdout)


def give_up_output() -> None:
    """What standard output still holds is lost: Python would try again as it ends, and fail anew."""
    if cast("IO[str] | None", sys.stdout) is not None:
        _silence(sys.stdout)


def print_json(value: object, indent: int | None = 2) -> None:
    """A value as JSON in UTF-8; half a surrogate pair (a file name) becomes its JSON escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    write(text.encode("utf-8", "backslashreplace") + b"\n")


def plain(text: str, breaks: bool = False) -> str:
    """Somebody's text, ready to print: no markup, nothing that steers a terminal.

    `breaks` keeps its line breaks; without, it stays on one line.
    """
    visible = _STEERING.sub(_escaped, text)
    return escape(visible if breaks else _BREAKS.sub(_escaped, visible))


def _escaped(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode("ascii")


def show_issues(console: Console, issues: Iterable[Issue]) -> None:
    """One line per issue: where, how serious, what, what to do."""
    for issue in issues:
        style = LEVEL_STYLES[issue.level]
        where, message = plain(issue.where()), plain(issue.message(language()))
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
