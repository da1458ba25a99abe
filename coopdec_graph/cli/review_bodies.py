"""A name that waits for a person, beside the places it may mean: on a terminal, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.table import Table

from coopdec_graph.cli.terminal import language, plain, say

if TYPE_CHECKING:
    from coopdec_graph.linking.queue import Choice, Question

__all__ = ["body_as_json", "show_body"]

_SHOWN_PARTNERSHIPS = 5


def show_body(console: Console, question: Question) -> None:
    """What the Atlas says of the body on one side, the candidates on the other; why it waits below."""
    sides = Table.grid(expand=True)
    sides.add_column(ratio=2)
    sides.add_column(ratio=3)
    sides.add_row(_of_body(question), _of_candidates(question))
    console.print(sides)
    console.print(plain(question.reason.text(language())), style="dim")


def _of_body(question: Question) -> RenderableType:
    lines = [f"[bold]{plain(question.name)}[/]", plain(question.country)]
    for title, others in question.partnerships[:_SHOWN_PARTNERSHIPS]:
        lines.append(f"• {plain(title)} ({plain(', '.join(others))})")
    more = len(question.partnerships) - _SHOWN_PARTNERSHIPS
    if more > 0:
        lines.append(say(f"et {more} autre(s) partenariat(s)", f"and {more} more partnership(s)"))
    return Panel("\n".join(filter(None, lines)), title=say("Ce que dit l'Atlas", "The Atlas says"))


def _of_candidates(question: Question) -> RenderableType:
    table = Table(box=None, pad_edge=False)
    for header in (
        "",
        say("candidat", "candidate"),
        say("nom", "name"),
        say("indices", "evidence"),
    ):
        table.add_column(header)
    for number, one in enumerate(question.choices, start=1):
        evidence = ", ".join((f"{one.confidence:.2f}", *one.features))
        table.add_row(str(number), _link(one), plain(one.name), plain(evidence))
    return Panel(table, title=say("Qui cela peut être", "Who it may be"))


def _link(one: Choice) -> str:
    """A Wikidata item opens in a terminal that knows links."""
    if not one.object.startswith("Q"):
        return plain(one.object)
    return f"[link=https://www.wikidata.org/wiki/{one.object}]{one.object}[/link]"


def body_as_json(question: Question) -> dict[str, object]:
    """The question as `--list` prints it."""
    return {
        "body": question.body,
        "name": question.name,
        "country": question.country,
        "reason": question.reason.to_dict(),
        "candidates": [
            {
                "object": one.object,
                "name": one.name,
                "confidence": one.confidence,
                "features": list(one.features),
            }
            for one in question.choices
        ],
        "partnerships": [
            {"title": title, "members": list(others)} for title, others in question.partnerships
        ],
    }
