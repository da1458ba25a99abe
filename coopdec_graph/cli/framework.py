"""What typer prints of its own, in the reader's language too: titles and the help of `--help`."""

from __future__ import annotations

from typing import Any

from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from coopdec_graph.cli.terminal import say

__all__ = ["Command", "Group", "speak"]


def speak() -> None:
    """Sets the titles of typer's panels."""
    rich_utils.ARGUMENTS_PANEL_TITLE = say("Arguments", "Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("Options", "Options")
    rich_utils.COMMANDS_PANEL_TITLE = say("Commandes", "Commands")
    rich_utils.ERRORS_PANEL_TITLE = say("Erreur", "Error")
    rich_utils.DEFAULT_STRING = say("[défaut : {}]", "[default: {}]")
    rich_utils.ENVVAR_STRING = say("[variable : {}]", "[env var: {}]")
    rich_utils.REQUIRED_LONG_STRING = say("[obligatoire]", "[required]")
    rich_utils.RICH_HELP = say(
        "L'aide : [blue]'{command_path} {help_option}'[/]",
        "Try [blue]'{command_path} {help_option}'[/] for help.",
    )


def _with_help_of_help(option: Any) -> Any:
    if option is not None:
        option.help = say("Affiche cette aide.", "Shows this help.")
    return option


class Command(TyperCommand):
    """A command whose `--help` is described in the reader's language."""

    def get_help_option(self, ctx: Any) -> Any:
        return _with_help_of_help(super().get_help_option(ctx))


class Group(TyperGroup):
    """The same, of the command that holds the others."""

    def get_help_option(self, ctx: Any) -> Any:
        return _with_help_of_help(super().get_help_option(ctx))
