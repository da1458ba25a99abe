"""Two activities that may be one project, side by side: on a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.table import Table

from coopdec_graph.cli.terminal import language, plain, say

if TYPE_CHECKING:
    from coopdec_graph.linking.activities.queue import ActivityQuestion, Side

__all__ = ["pair_as_json", "show_pair"]

_MOST_OF_A_KIND = 8


def show_pair(console: Console, question: ActivityQuestion, counted: Side, other: Side) -> None:
    """The activity that would be counted on one side, the other beside it; the evidence below."""
    sides = Table.grid(expand=True)
    sides.add_column(ratio=1)
    sides.add_column(ratio=1)
    first = _panel(counted, say("Serait comptée", "Would be counted"))
    sides.add_row(first, _panel(other, say("1 : le même projet ?", "1: the same project?")))
    console.print(sides)
    evidence = ", ".join((f"{question.confidence:.2f}", *question.features))
    console.print(plain(evidence))
    console.print(plain(question.reason.text(language())), style="dim")


def _panel(side: Side, title: str) -> RenderableType:
    lines = [f"[bold]{plain(side.title)}[/]", plain(side.key)]
    lines += [f"{name} {plain(' ; '.join(values))}" for name, values in _shown(side)]
    return Panel("\n".join(lines), title=title)


def _shown(side: Side) -> Iterator[tuple[str, list[str]]]:
    """The facts that are there, each kind under its name."""
    names = {
        "title": say("Aussi titrée :", "Also titled:"),
        "programme": say("Programme :", "Programme:"),
        "reporter": say("Déclarée par :", "Reported by:"),
        "party": say("Avec :", "With:"),
        "country": say("Pays :", "Country:"),
        "place": say("Lieu :", "Place:"),
        "start": say("Début :", "Start:"),
        "end": say("Fin :", "End:"),
        "amount": say("Sommes :", "Sums:"),
    }
    for fact, name in names.items():
        values = [value for value in side.facts.get(fact, ()) if value != side.title]
        if values:
            more = len(values) - _MOST_OF_A_KIND
            yield name, [*values[:_MOST_OF_A_KIND], *([f"+ {more}"] if more > 0 else [])]


def pair_as_json(question: ActivityQuestion, counted: Side, other: Side) -> dict[str, object]:
    """The question as `--list` prints it."""
    return {
        "activity": counted.key,
        "facts": {name: list(values) for name, values in counted.facts.items()},
        "reason": question.reason.to_dict(),
        "candidates": [
            {
                "object": other.key,
                "facts": {name: list(values) for name, values in other.facts.items()},
                "confidence": question.confidence,
                "features": list(question.features),
            }
        ],
    }
