"""`coopdec review`: a person settles the doubts of linking, with the evidence side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from coopdec_graph.cli.review_activities import pair_as_json, show_pair
from coopdec_graph.cli.review_bodies import body_as_json, show_body
from coopdec_graph.cli.terminal import language, out, out_in_columns, plain, print_json, say
from coopdec_graph.cli.wikidata_options import Decisions
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

if TYPE_CHECKING:
    from pyoxigraph import Store

    from coopdec_graph.linking.activities.queue import ActivityQuestion
    from coopdec_graph.linking.people import HumanDecision
    from coopdec_graph.linking.queue import Question

__all__ = ["HELP", "review"]

HELP = say(
    "Montre un à un les noms que `coopdec link` n'a pas pu relier sans doute, avec les candidats,"
    " puis les activités qui pourraient être un même projet, et note votre décision dans un fichier"
    " que vous gardez avec les données. Rien d'autre n'est modifié : `coopdec link` ou `coopdec"
    " build` appliquent les décisions."
    "\n\nRéponses : 1 c'est le premier candidat (ou le même projet) ; d1 ce n'est pas lui ;"
    " u1 impossible à dire ; a aucun de ceux-là ; Entrée passe ; q termine. Chaque réponse est"
    " enregistrée aussitôt."
    "\n\nExemple : `coopdec review --data build --decisions data/links/decisions.csv --role documentaliste`",
    "Shows one by one the names that `coopdec link` could not link beyond doubt, with the"
    " candidates, then the activities that may be one project, and notes your decision in a file"
    " that you keep with the data. Nothing else is changed: `coopdec link` or `coopdec build` apply"
    " the decisions."
    "\n\nAnswers: 1 it is the first candidate (or the same project); d1 it is not; u1 impossible to"
    " tell; a none of them; Enter passes; q ends. Each answer is saved at once."
    "\n\nExample: `coopdec review --data build --decisions data/links/decisions.csv --role documentalist`",
)

_ANSWER = re.compile(r"(?P<verdict>[du]?)(?P<number>[1-9][0-9]?)|(?P<word>[aq]?)")
_MISSING_ROLE = Bilingual(
    "Dites en quelle qualité vous décidez : --role documentaliste (jamais un nom de personne).",
    "Say in what capacity you decide: --role documentalist (never the name of a person).",
)
_WRONG_ROLE = Bilingual("--role : {reason}.", "--role: {reason}.")


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
    from coopdec_graph.linking.activities.queue import activity_questions, sides_of
    from coopdec_graph.linking.people import HumanDecisions
    from coopdec_graph.linking.queue import questions
    from coopdec_graph.publishing.releases import Releases

    file = decisions or data / "decisions.csv"
    release = Releases(data).current()
    with release.held():
        store, people = open_store(release.store), HumanDecisions.load(file)
        names, pairs = list(questions(store, people)), list(activity_questions(store, people))
        if listed:
            listed_pairs = (pair_as_json(pair, *sides_of(store, pair)) for pair in pairs)
            print_json([*map(body_as_json, names), *listed_pairs])
            return
        _refuse_role(role)
        waiting = [*map(_name_waiting, names), *(_pair_waiting(store, pair) for pair in pairs)]
        saved = _ask_all(waiting, file, role.strip())
    out().print(
        say(
            f"{saved} décision(s) enregistrée(s) dans {plain(str(file))}. `coopdec link` les applique.",
            f"{saved} decision(s) saved in {plain(str(file))}. `coopdec link` applies them.",
        )
    )


def _refuse_role(role: str) -> None:
    from coopdec_graph.linking.people import refuse_personal_data

    if not role.strip():
        raise UsageError(_MISSING_ROLE)
    personal = refuse_personal_data(role)
    if personal is not None:
        raise UsageError(_WRONG_ROLE, reason=personal.text(language()))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A question: how to show it, and what to write of each answer: a subject and what it may be."""

    show: Callable[[Console], None]
    subject: str
    objects: tuple[str, ...]


def _name_waiting(question: Question) -> _Waiting:
    objects = tuple(choice.object for choice in question.choices)
    return _Waiting(lambda console: show_body(console, question), question.body, objects)


def _pair_waiting(store: Store, pair: ActivityQuestion) -> _Waiting:
    """What the graph says of the two is looked up when they are shown: there may be thousands."""
    from coopdec_graph.linking.activities.compare import key_of_activity
    from coopdec_graph.linking.activities.queue import sides_of

    def show(console: Console) -> None:
        show_pair(console, pair, *sides_of(store, pair))

    return _Waiting(show, key_of_activity(pair.second), (key_of_activity(pair.first),))


def _ask_all(waiting: list[_Waiting], file: Path, role: str) -> int:
    """How many decisions were saved; each is on disk before the next question is shown."""
    from coopdec_graph.linking.people import HumanDecisions, append

    console, saved, people = out_in_columns(), 0, HumanDecisions()
    for number, question in enumerate(waiting, start=1):
        if people.have_settled(question.subject, question.objects[0]):
            continue  # by the answers before it
        console.rule(f"{number}/{len(waiting)}")
        question.show(console)
        answer = _answer(console, question)
        if answer is None:
            break
        rows = _rows(question, answer, role)
        if rows:
            append(file, rows)
            saved, people = saved + len(rows), HumanDecisions.load(file)
    return saved


def _answer(console: Console, question: _Waiting) -> re.Match[str] | None:
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


def _fits(answer: re.Match[str], question: _Waiting) -> bool:
    return not answer["number"] or int(answer["number"]) <= len(question.objects)


def _rows(question: _Waiting, answer: re.Match[str], role: str) -> list[HumanDecision]:
    from coopdec_graph.linking.people import HumanDecision, Verdict

    if answer["word"] == "a":
        judged, verdict = question.objects, Verdict.DIFFERENT
    elif answer["number"]:
        judged = (question.objects[int(answer["number"]) - 1],)
        verdict = {"d": Verdict.DIFFERENT, "u": Verdict.UNSURE}.get(answer["verdict"], Verdict.SAME)
    else:
        return []
    why = _why()
    # The day of a decision is a fact about it: the one clock that is read here on purpose.
    today = date.today().isoformat()
    return [HumanDecision(question.subject, one, verdict, why, today, role) for one in judged]


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
