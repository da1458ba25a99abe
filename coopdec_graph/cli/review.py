"""`coopdec review`: a person settles the doubts of linking, with the evidence side by side."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.table import Table

from coopdec_graph.cli.terminal import language, out, out_in_columns, plain, print_json, say
from coopdec_graph.cli.wikidata_options import Decisions
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

if TYPE_CHECKING:
    from coopdec_graph.linking.people import HumanDecision
    from coopdec_graph.linking.queue import Choice, Question

__all__ = ["HELP", "review"]

HELP = say(
    "Montre un à un les noms que `coopdec link` n'a pas pu relier sans doute, avec les candidats, et"
    " note votre décision dans un fichier que vous gardez avec les données. Rien d'autre n'est"
    " modifié : `coopdec link` ou `coopdec build` appliquent les décisions."
    "\n\nRéponses : 1 c'est le premier candidat ; d1 ce n'est pas lui ; u1 impossible à dire ;"
    " a aucun de ceux-là ; Entrée passe ; q termine. Chaque réponse est enregistrée aussitôt."
    "\n\nExemple : `coopdec review --data build --decisions data/links/decisions.csv --role documentaliste`",
    "Shows one by one the names that `coopdec link` could not link beyond doubt, with the"
    " candidates, and notes your decision in a file that you keep with the data. Nothing else is"
    " changed: `coopdec link` or `coopdec build` apply the decisions."
    "\n\nAnswers: 1 it is the first candidate; d1 it is not; u1 impossible to tell; a none of them;"
    " Enter passes; q ends. Each answer is saved at once."
    "\n\nExample: `coopdec review --data build --decisions data/links/decisions.csv --role documentalist`",
)

_ANSWER = re.compile(r"(?P<verdict>[du]?)(?P<number>[1-9][0-9]?)|(?P<word>[aq]?)")
_MISSING_ROLE = Bilingual(
    "Dites en quelle qualité vous décidez : --role documentaliste (jamais un nom de personne).",
    "Say in what capacity you decide: --role documentalist (never the name of a person).",
)
_WRONG_ROLE = Bilingual("--role : {reason}.", "--role: {reason}.")
_SHOWN_PARTNERSHIPS = 5


def review(
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ],
    decisions: Decisions = None,
    role: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help=say(
                "Qualité en laquelle vous décidez, jamais un nom de personne.",
                "Capacity in which you decide, never the name of a person.",
            ),
        ),
    ] = "",
    listed: Annotated[
        bool,
        typer.Option(
            "--list",
            help=say("Liste ce qui attend, en JSON, et s'arrête.", "Lists what waits, as JSON."),
        ),
    ] = False,
) -> None:
    from coopdec_graph.graph.store import open_store
    from coopdec_graph.linking.people import HumanDecisions, refuse_personal_data
    from coopdec_graph.linking.queue import questions
    from coopdec_graph.publishing.releases import Releases

    file = decisions or data / "decisions.csv"
    release = Releases(data).current()
    with release.held():
        waiting = list(questions(open_store(release.store), HumanDecisions.load(file)))
    if listed:
        print_json([_as_json(question) for question in waiting])
        return
    if not role.strip():
        raise UsageError(_MISSING_ROLE)
    personal = refuse_personal_data(role)
    if personal is not None:
        raise UsageError(_WRONG_ROLE, reason=personal.text(language()))
    saved = _ask_all(waiting, file, role.strip())
    out().print(
        say(
            f"{saved} décision(s) enregistrée(s) dans {plain(str(file))}. `coopdec link` les applique.",
            f"{saved} decision(s) saved in {plain(str(file))}. `coopdec link` applies them.",
        )
    )


def _ask_all(waiting: list[Question], file: Path, role: str) -> int:
    """How many decisions were saved; each is on disk before the next question is shown."""
    from coopdec_graph.linking.people import append

    console, saved = out_in_columns(), 0
    for number, question in enumerate(waiting, start=1):
        _show(console, question, number, len(waiting))
        answer = _answer(console, question)
        if answer is None:
            break
        rows = _rows(question, answer, role)
        if rows:
            append(file, rows)
            saved += len(rows)
    return saved


def _answer(console: Console, question: Question) -> re.Match[str] | None:
    """What the person typed, understood; None when they leave, or input ends."""
    while True:
        try:
            console.print(say("Votre réponse", "Your answer"), end=" > ")
            text = input().strip().lower()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return None
        understood = _ANSWER.fullmatch(text)
        if understood is not None and _fits(understood, question):
            return None if understood["word"] == "q" else understood
        console.print(
            say(
                f"« {plain(text)} » n'est pas une réponse : 1, d1, u1, a, Entrée ou q.",
                f"“{plain(text)}” is no answer: 1, d1, u1, a, Enter or q.",
            ),
            style="yellow",
        )


def _fits(answer: re.Match[str], question: Question) -> bool:
    return not answer["number"] or int(answer["number"]) <= len(question.choices)


def _rows(question: Question, answer: re.Match[str], role: str) -> list[HumanDecision]:
    from coopdec_graph.linking.people import HumanDecision, Verdict

    if answer["word"] == "a":
        judged, verdict = question.choices, Verdict.DIFFERENT
    elif answer["number"]:
        judged = (question.choices[int(answer["number"]) - 1],)
        verdict = {"d": Verdict.DIFFERENT, "u": Verdict.UNSURE}.get(answer["verdict"], Verdict.SAME)
    else:
        return []
    why = _why()
    # The day of a decision is a fact about it: the one clock that is read here on purpose.
    today = date.today().isoformat()
    return [HumanDecision(question.body, one.object, verdict, why, today, role) for one in judged]


def _why() -> str:
    from coopdec_graph.linking.people import refuse_personal_data

    while True:
        out().print(say("Pourquoi (facultatif)", "Why (optional)"), end=" > ")
        try:
            why = " ".join(input().split())[:500]
        except EOFError:
            return ""
        personal = refuse_personal_data(why)
        if personal is None:
            return why
        out().print(f"{personal.text(language())}.", style="yellow")


def _show(console: Console, question: Question, number: int, total: int) -> None:
    console.rule(f"{number}/{total}")
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


def _as_json(question: Question) -> dict[str, object]:
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
