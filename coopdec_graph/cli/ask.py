"""`coopdec ask`: the questions of the catalogue, asked of the published graph without a server."""

from __future__ import annotations

import asyncio
import io
import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from coopdec_graph.cli.framework import Command
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
from coopdec_graph.federation.allow_list import AllowList
from coopdec_graph.federation.client import Client
from coopdec_graph.federation.resolve import resolve_services
from coopdec_graph.graph.query import Form, run
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.choices import IndexChoices
from coopdec_graph.index.reading import Index
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.releases import Releases
from coopdec_graph.questions.catalogue import Mode, Parameter, QuestionFile, catalogue
from coopdec_graph.questions.kinds import about
from coopdec_graph.questions.shown import described, sparql_of
from coopdec_graph.questions.values import bindings, question_named
from coopdec_graph.results.writing import write as write_result

__all__ = ["HELP", "SETTINGS", "AskCommand", "ask"]

# The parameters of a question are options that the command itself does not know.
SETTINGS = {"ignore_unknown_options": True}

HELP = say(
    "Pose une question du catalogue au graphe publié ; sans nom, les montre toutes."
    " Chaque paramètre s'écrit `country=MA`, `--country MA` ou `--country=MA` ;"
    " `coopdec ask NAME --help` les montre."
    "\n\nExemple : `coopdec ask partnerships-with-country --country MA --year 2020`",
    "Asks a question of the catalogue of the published graph; without a name, shows them all."
    " Each parameter is written `country=MA`, `--country MA` or `--country=MA`;"
    " `coopdec ask NAME --help` shows them."
    "\n\nExample: `coopdec ask partnerships-with-country --country MA --year 2020`",
)

_NO_SIGN = Bilingual(
    "« {text} » n'est pas de la forme PARAMÈTRE=VALEUR ou --PARAMÈTRE VALEUR.",
    "“{text}” is not PARAMETER=VALUE or --PARAMETER VALUE.",
)
_NAME_FIRST = Bilingual(
    "« {text} » : le nom de la question vient avant ses paramètres.",
    "“{text}”: the name of the question comes before its parameters.",
)
_TWICE = Bilingual("« {name} » est donné deux fois.", "“{name}” is given twice.")


class AskCommand(Command):
    """The command, whose `--help` beside the name of a question is about that question."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = _named(args) if "--help" in args else None
        if named is None:
            return super().parse_args(ctx, args)
        _show_question(question_named(named))
        raise typer.Exit


def _named(args: Sequence[str]) -> str | None:
    """The name of a question among arguments: the first, else the first that is one."""
    if not args[0].startswith("-"):
        return args[0]
    return next((each for each in args if each in catalogue()), None)


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
    federation: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Fichier TOML des points d'accès que SERVICE peut appeler (docs/federation.md) ;"
                " sans lui, une question qui en a besoin est refusée.",
                "TOML file of the endpoints that SERVICE may call (docs/federation.md);"
                " without it, a question that needs one is refused.",
            ),
        ),
    ] = None,
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
    if name is not None and name.startswith("-"):
        raise UsageError(_NAME_FIRST, text=name)
    question = None if name is None else question_named(name)
    if as_json:
        shown = catalogue().values() if question is None else [question]
        print_json([described(each) for each in shown])
    elif question is None:
        _show_catalogue()
    else:
        allow = AllowList() if federation is None else AllowList.load(federation)
        _answer(question, _pairs(values or []), data, format, sparql, allow)


def _answer(
    question: QuestionFile,
    given: Mapping[str, str],
    data: Path,
    name: str,
    sparql: bool,
    allow: AllowList,
) -> None:
    format = table_or_format(Form.SELECT, name)
    release = Releases(data).current()
    store = open_store(release.store)
    bound = bindings(question, given, IndexChoices(Index(release.index)))
    if sparql:
        write(sparql_of(question, bound).encode())
        return
    query = question.asked_with(bound)
    if question.asks_others and allow.endpoints:
        query, bound = asyncio.run(_with_services(sparql_of(question, bound), allow)), {}
    result = run(store, query, bindings=bound)
    try:
        if name != TABLE:
            write_result(result, format, StandardOutput())
            return
        held = io.BytesIO()
        write_result(result, format, held)
    finally:
        del result
    shown = json.loads(held.getvalue())
    # Who asked knows what was asked: those columns are for other formats.
    asked = {parameter.name for parameter in question.parameters}
    shown["head"]["vars"] = [name for name in shown["head"]["vars"] if name not in asked]
    show_table(Form.SELECT, shown)
    out().print(plain(question.reading.text(language())), style="dim")


async def _with_services(query: str, allow: AllowList) -> str:
    """The query with the rows of the endpoints it names. Raises QueryForbidden, FederationFailed."""
    return await resolve_services(query, allow, Client())


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    """The values by parameter. Raises UsageError."""
    given: dict[str, str] = {}
    rest = list(texts)
    while rest:
        name, value = _pair(rest.pop(0), rest)
        if name in given:
            raise UsageError(_TWICE, name=name)
        given[name] = value
    return given


def _pair(text: str, rest: list[str]) -> tuple[str, str]:
    """One value: `name=value`, `--name=value`, or `--name` and what comes next, taken from `rest`."""
    name, sign, value = text.partition("=")
    if not name.startswith("--"):
        if not sign:
            raise UsageError(_NO_SIGN, text=text)
        return name, value
    if not sign and rest and not rest[0].startswith("--"):
        value = rest.pop(0)
    # Without a value it is refused later: as no parameter, or as one without a value.
    return name.removeprefix("--").replace("-", "_"), value


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


def _show_question(question: QuestionFile) -> None:
    """All that one must know to ask it."""
    console = out_in_columns()
    for text in (question.title, question.description):
        console.print(plain(text.text(language())))
    table = Table(
        Column(say("Paramètre", "Parameter"), overflow="fold"),
        Column(say("Ce qu'il choisit", "What it chooses"), overflow="fold"),
        Column(say("Ce qu'on écrit", "What one writes"), overflow="fold"),
        Column(say("Sinon", "Otherwise"), overflow="fold"),
    )
    for parameter in question.parameters:
        texts = (parameter.about, about(parameter.kind))
        told = (plain(text.text(language())) for text in texts)
        table.add_row(f"--{parameter.name}", *told, _otherwise(parameter))
    console.print(table)
    console.print(plain(question.reading.text(language())))
    console.print(plain(shlex.join(_example(question))))


def _otherwise(parameter: Parameter) -> str:
    """What happens without the parameter."""
    if parameter.default is not None:
        return parameter.default
    required = parameter.mode is Mode.REQUIRED
    return say("obligatoire", "required") if required else say("tout", "all")


def _example(question: QuestionFile) -> list[str]:
    options = (part for name, value in question.example.items() for part in (f"--{name}", value))
    return ["coopdec", "ask", question.name, *options]
