"""`coopdec query`: a SPARQL query over the published graph, without a server."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import pyoxigraph as ox
import typer
from rich.table import Column, Table

from coopdec_graph.cli.terminal import StandardOutput, out, plain, say
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Form, form_of, run
from coopdec_graph.graph.stack import on_a_deep_stack
from coopdec_graph.graph.store import open_store
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.releases import Releases
from coopdec_graph.results.formats import HTML, Format, format_named, formats_of
from coopdec_graph.results.writing import write as write_result

__all__ = ["HELP", "TABLE", "query", "show_table", "table_or_format"]

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


TABLE = "table"
_NAMES = (TABLE, *sorted({f.name for form in Form for f in formats_of(form) if f is not HTML}))


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
        str,
        typer.Option(
            metavar="NAME",
            help=say(
                f"Format du résultat : {', '.join(_NAMES)}. Un graphe se lit aussi en json"
                " (JSON-LD) et xml (RDF/XML).",
                f"Format of the result: {', '.join(_NAMES)}. A graph also reads as json"
                " (JSON-LD) and xml (RDF/XML).",
            ),
        ),
    ] = TABLE,
) -> None:
    release = Releases(data).current()
    store = open_store(release.store)
    text = _text(file)
    on_a_deep_stack(lambda: _answer(store, text, format))


def _answer(store: ox.Store, text: str, name: str) -> None:
    result = run(store, text)
    try:
        form = form_of(result)
        format = table_or_format(form, name)
        if name == TABLE and form is not Form.GRAPH:
            held = io.BytesIO()
            write_result(result, format, held)
            show_table(form, json.loads(held.getvalue()))
        else:
            write_result(result, format, StandardOutput())
    finally:
        del result


def _text(file: str) -> str:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(_MISSING, path=file, reason=error.strerror or str(error)) from None
    except UnicodeDecodeError:
        raise UsageError(_NOT_UTF8, path=file) from None


def table_or_format(form: Form, name: str) -> Format:
    """The format of a name for this form; a table is made of JSON rows, and a graph shows as Turtle."""
    offered = [format for format in formats_of(form) if format is not HTML]
    if name == TABLE:
        return offered[0]
    found = format_named(name, offered)
    if found is None:
        names = ", ".join((TABLE, *(format.name for format in offered)))
        raise UsageError(_WRONG_FORMAT, format=name, offered=names)
    return found


def show_table(form: Form, result: Mapping[str, Any]) -> None:
    """Prints a result, as its JSON has it: yes or no, or a table and the number of its rows."""
    console = out()
    if form is Form.ASK:
        console.print(say("oui", "yes") if result["boolean"] else say("non", "no"))
        return
    names = result["head"]["vars"]
    table = Table(*(Column(plain(name), overflow="fold") for name in names))
    for row in result["results"]["bindings"]:
        values = (str(row.get(name, {}).get("value", "")) for name in names)
        table.add_row(*(plain(value, breaks=True) for value in values))
    console.print(table)
    console.print(f"{table.row_count} {say('ligne(s)', 'row(s)')}")
