"""`coopdec ask`: the questions of the catalogue, asked of the published graph without a server."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from coopdec_graph.cli.query import TABLE, show_table, table_or_format
from coopdec_graph.cli.terminal import (
    StandardOutput,
    language,
    out,
    out_in_columns,
    plain,
    print_json,
    say,
    write,
)
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Form, run
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.releases import Releases
from coopdec_graph.questions.catalogue import Mode, Parameter, QuestionFile, catalogue
from coopdec_graph.questions.shown import described, sparql_of
from coopdec_graph.questions.values import bindings, question_named
from coopdec_graph.results.writing import write as write_result

__all__ = ["HELP", "ask"]

HELP = say(
    "Pose une question du catalogue au graphe publié ; sans nom, les montre toutes."
    "\n\nExemple : `coopdec ask partnerships-with-country country=MA year=2020`",
    "Asks a question of the catalogue of the published graph; without a name, shows them all."
    "\n\nExample: `coopdec ask partnerships-with-country country=MA year=2020`",
)

_NO_SIGN = Bilingual(
    "« {text} » n'est pas de la forme PARAMÈTRE=VALEUR.", "“{text}” is not PARAMETER=VALUE."
)
_TWICE = Bilingual("« {name} » est donné deux fois.", "“{name}” is given twice.")


def ask(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help=say("Nom de la question.", "Name of the question."),
            show_default=False,
        ),
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PARAMETER=VALUE",
            help=say("Valeurs de ses paramètres.", "Values of its parameters."),
            show_default=False,
        ),
    ] = None,
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ] = Path("build"),
    format: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=say(
                "Format du résultat : table, csv, csv-bom, tsv, json, xml, geojson, xlsx, parquet.",
                "Format of the result: table, csv, csv-bom, tsv, json, xml, geojson, xlsx, parquet.",
            ),
        ),
    ] = TABLE,
    sparql: Annotated[
        bool,
        typer.Option(
            "--sparql",
            help=say(
                "Montre la requête au lieu de la réponse.", "Shows the query, not the answer."
            ),
        ),
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=say(
                "Décrit en JSON toutes les questions, ou celle qui est nommée, sans la poser.",
                "Describes in JSON all questions, or the one that is named, without asking it.",
            ),
        ),
    ] = False,
) -> None:
    question = None if name is None else question_named(name)
    if as_json:
        shown = catalogue().values() if question is None else [question]
        print_json([described(each) for each in shown])
    elif question is None:
        _show_catalogue()
    else:
        _answer(question, _pairs(values or []), data, format, sparql)


def _answer(
    question: QuestionFile, given: Mapping[str, str], data: Path, name: str, sparql: bool
) -> None:
    format = table_or_format(Form.SELECT, name)
    release = Releases(data).current()
    store = open_store(release.store)
    bound = bindings(question, given, IndexChoices(Index(release.index)))
    if sparql:
        write(sparql_of(question, bound).encode())
        return
    result = run(store, question.asked_with(bound), bindings=bound)
    try:
        if name != TABLE:
            write_result(result, format, StandardOutput())
            return
        held = io.BytesIO()
        write_result(result, format, held)
    finally:
        del result
    show_table(Form.SELECT, json.loads(held.getvalue()))
    out().print(plain(question.reading.text(language())), style="dim")


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    """The values by parameter. Raises UsageError."""
    given: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign:
            raise UsageError(_NO_SIGN, text=text)
        if name in given:
            raise UsageError(_TWICE, name=name)
        given[name] = value
    return given


def _show_catalogue() -> None:
    console = out_in_columns()
    table = Table(
        Column(say("Question", "Question"), overflow="fold"),
        Column(say("Ce qu'elle cherche", "What it asks"), overflow="fold"),
        Column(say("Paramètres", "Parameters"), overflow="fold"),
    )
    for question in catalogue().values():
        title = plain(question.title.text(language()))
        parameters = "\n".join(plain(_usage(parameter)) for parameter in question.parameters)
        table.add_row(question.name, title, parameters)
    console.print(table)


def _usage(parameter: Parameter) -> str:
    """A parameter as a line of the list: in brackets unless it must be given."""
    text = f"{parameter.name}={parameter.kind.value}"
    return text if parameter.mode is Mode.REQUIRED else f"[{text}]"
