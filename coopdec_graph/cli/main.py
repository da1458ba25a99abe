"""The command itself: its verbs, its help, and what every error ends in."""

from __future__ import annotations

import os
import sys

import typer

from coopdec_graph import __version__
from coopdec_graph.cli import build, query, read, serve, validate
from coopdec_graph.cli.terminal import error_console, language, say
from coopdec_graph.errors import CoopdecError

__all__ = ["app", "main"]

app = typer.Typer(
    name="coopdec",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    add_completion=False,
    help=say(
        "Des pages de l'Atlas de la coopération décentralisée à un graphe validé que l'on interroge."
        "\n\nCodes de sortie : 0 tout va bien, 1 données refusées, 2 mauvais usage."
        " Langue des messages : COOPDEC_LANG=fr ou en.",
        "From pages of the Atlas of decentralised cooperation to a validated graph one can query."
        "\n\nExit codes: 0 fine, 1 data refused, 2 wrong usage."
        " Language of messages: COOPDEC_LANG=fr or en.",
    ),
)

app.command("read", help=read.HELP)(read.read)
app.command("build", help=build.HELP)(build.build)
app.command("validate", help=validate.HELP)(validate.validate)
app.command("serve", help=serve.HELP)(serve.serve)
app.command("query", help=query.HELP)(query.query)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"coopdec-graph {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False,
        "--version",
        callback=_version,
        is_eager=True,
        help=say("Affiche la version.", "Shows the version."),
    ),
) -> None:
    pass


def main() -> None:
    """Runs the command. Our own errors become one message and an exit code, never a traceback."""
    try:
        app()
    except CoopdecError as error:
        error_console().print(error.text(language()), style="red", markup=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has closed it (`coopdec query … | head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
