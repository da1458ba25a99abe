"""The command itself: its verbs, its help, and what every error ends in."""

from __future__ import annotations

import sys
from concurrent.futures.process import BrokenProcessPool
from typing import NoReturn

import typer

from coopdec_graph import __version__
from coopdec_graph.cli import (
    ask,
    build,
    export,
    link,
    link_names,
    mcp,
    publish,
    query,
    read,
    review,
    serve,
    validate,
)
from coopdec_graph.cli.framework import Command, Group, speak
from coopdec_graph.cli.terminal import (
    EXIT_USAGE,
    error_console,
    finish,
    give_up_output,
    language,
    plain,
    say,
    use_utf8,
)
from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import Bilingual

__all__ = ["app", "main"]

_KILLED = Bilingual(
    "Le système a mis fin à un des processus du travail, faute de mémoire peut-être : rien n'est publié."
    " Relancez la commande.",
    "The system ended one of the processes of the work, perhaps for want of memory: nothing is published."
    " Run the command again.",
)
_SYSTEM = Bilingual("Le système refuse : {reason}.", "The system refuses: {reason}.")

app = typer.Typer(
    name="coopdec",
    cls=Group,
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

app.command("read", help=read.HELP, cls=Command)(read.read)
app.command("build", help=build.HELP, cls=Command)(build.build)
app.command("validate", help=validate.HELP, cls=Command)(validate.validate)
app.command("serve", help=serve.HELP, cls=Command)(serve.serve)
app.command("mcp", help=mcp.HELP, cls=Command)(mcp.mcp)
app.command("publish", help=publish.HELP, cls=Command)(publish.publish)
app.command("query", help=query.HELP, cls=Command)(query.query)
app.command("ask", help=ask.HELP, cls=ask.AskCommand, context_settings=ask.SETTINGS)(ask.ask)
app.command("export", help=export.HELP, cls=Command)(export.export)
app.command("link", help=link.HELP, cls=Command)(link.link)
app.command("review", help=review.HELP, cls=Command)(review.review)
app.command("link-names", help=link_names.HELP, cls=Command)(link_names.link_names)


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
    use_utf8()
    speak()
    try:
        try:
            app(prog_name="coopdec")
        finally:
            finish()
    except CoopdecError as error:
        _fail(error.text(language()), error.exit_code)
    except BrokenProcessPool:
        _fail(_KILLED.text(language()), EXIT_USAGE)
    except OSError as error:
        # A full disk, a folder without rights: outside our hands wherever it happens.
        give_up_output()
        reason = f"{error.strerror or error}" + (f" ({error.filename})" if error.filename else "")
        _fail(_SYSTEM.text(language(), reason=reason), EXIT_USAGE)


def _fail(message: str, exit_code: int) -> NoReturn:
    error_console().print(plain(message, breaks=True), style="red")
    sys.exit(exit_code)
