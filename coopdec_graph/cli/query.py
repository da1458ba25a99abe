"""`coopdec query`: a SPARQL query over the published graph, without a server."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pyoxigraph as ox
import typer
from rich.table import Column, Table

from coopdec_graph.cli.terminal import out, plain, say, write
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Answer, Form, evaluate
from coopdec_graph.graph.store import open_store
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.releases import Releases

__all__ = ["HELP", "OutputFormat", "query"]

HELP = say(
    "Exécute une requête SPARQL (SELECT, ASK, CONSTRUCT, DESCRIBE) sur le graphe publié."
    " Les préfixes cd, dct, org, skos, prov… sont déjà déclarés."
    "\n\nExemple : `coopdec query --data build question.rq --format csv`",
    "Runs a SPARQL query (SELECT, ASK, CONSTRUCT, DESCRIBE) over the published graph."
    " The prefixes cd, dct, org, skos, prov… are already declared."
    "\n\nExample: `coopdec query --data build question.rq --format csv`",
)

_MISSING = Bilingual(
    "« {path} » ne peut pas être lu : {reason}", "“{path}” cannot be read: {reason}"
)
_NOT_UTF8 = Bilingual("« {path} » n'est pas en UTF-8.", "“{path}” is not in UTF-8.")
_WRONG_FORMAT = Bilingual(
    "Le format « {format} » ne convient pas à ce résultat. Choisissez parmi : {offered}.",
    "The format “{format}” does not fit this result. Choose among: {offered}.",
)


class OutputFormat(StrEnum):
    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    TURTLE = "turtle"


_ROWS = {
    OutputFormat.TABLE: ox.QueryResultsFormat.JSON,
    OutputFormat.CSV: ox.QueryResultsFormat.CSV,
    OutputFormat.TSV: ox.QueryResultsFormat.TSV,
    OutputFormat.JSON: ox.QueryResultsFormat.JSON,
    OutputFormat.XML: ox.QueryResultsFormat.XML,
}
_GRAPHS = {
    OutputFormat.TABLE: ox.RdfFormat.TURTLE,
    OutputFormat.TURTLE: ox.RdfFormat.TURTLE,
    OutputFormat.JSON: ox.RdfFormat.JSON_LD,
    OutputFormat.XML: ox.RdfFormat.RDF_XML,
}


def query(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=say(
                "Fichier .rq, ou - pour l'entrée standard.", "File .rq, or - for standard input."
            ),
        ),
    ],
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ] = Path("build"),
    format: Annotated[
        OutputFormat,
        typer.Option(
            help=say(
                "Format du résultat ; un graphe se lit en turtle, json (JSON-LD) ou xml (RDF/XML).",
                "Format of the result; a graph reads as turtle, json (JSON-LD) or xml (RDF/XML).",
            )
        ),
    ] = OutputFormat.TABLE,
) -> None:
    release = Releases(data).current()
    store = open_store(release.store)
    answer = evaluate(store, _text(file), lambda form: _engine_format(form, format))
    if format is OutputFormat.TABLE and answer.form is not Form.GRAPH:
        _show_table(answer)
    else:
        write(answer.body)


def _text(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(_MISSING, path=file, reason=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise UsageError(_NOT_UTF8, path=file) from None


def _engine_format(form: Form, format: OutputFormat) -> ox.QueryResultsFormat | ox.RdfFormat:
    offered: dict[OutputFormat, ox.QueryResultsFormat] | dict[OutputFormat, ox.RdfFormat]
    offered = _GRAPHS if form is Form.GRAPH else _ROWS
    if format not in offered:
        raise UsageError(_WRONG_FORMAT, format=format, offered=", ".join(offered))
    return offered[format]


def _show_table(answer: Answer) -> None:
    result = json.loads(answer.body)
    console = out()
    if answer.form is Form.ASK:
        console.print(say("oui", "yes") if result["boolean"] else say("non", "no"))
        return
    names = result["head"]["vars"]
    table = Table(*(Column(plain(name), overflow="fold") for name in names))
    for row in result["results"]["bindings"]:
        values = (str(row.get(name, {}).get("value", "")) for name in names)
        table.add_row(*(plain(value, breaks=True) for value in values))
    console.print(table)
    console.print(f"{table.row_count} {say('ligne(s)', 'row(s)')}")
