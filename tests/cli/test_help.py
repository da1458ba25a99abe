"""What each command says of itself, in both languages, and how wrong usage ends."""

from __future__ import annotations

import pytest

from coopdec_graph import __version__
from tests.pipeline.commands import coopdec

OPTIONS = {
    "read": ["PAGE", "--json", "--explain"],
    "build": ["PATH", "--out", "--strict", "--registry", "--base", "--as-of", "--json"],
    "validate": ["FILE", "--json"],
    "serve": ["--data", "--host", "--port"],
    "ask": ["NAME", "PARAMETER=VALUE", "--data", "--format", "--sparql", "--json"],
    "export": ["FORMAT", "--out", "--data", "--collectivity", "--country", "--programme"],
    "mcp": ["--data", "--timeout", "--memory", "--rows", "--size"],
    "query": ["FILE", "--data", "--format", "table", "csv", "tsv", "json", "xml", "turtle"],
}
FRENCH = {
    "read": "Lit des pages",
    "build": "Lit, construit, valide et publie",
    "validate": "Valide des fichiers RDF",
    "serve": "Sert le graphe publié",
    "ask": "Pose une question du catalogue",
    "export": "Écrit la publication en cours",
    "mcp": "Donne le graphe publié à un client",
    "query": "Exécute une requête SPARQL",
}
ENGLISH = {
    "read": "Reads pages",
    "build": "Reads, builds, validates and publishes",
    "validate": "Validates RDF files",
    "serve": "Serves the published graph",
    "ask": "Asks a question of the catalogue",
    "export": "Writes the current release",
    "mcp": "Gives the published graph to a client",
    "query": "Runs a SPARQL query",
}


@pytest.mark.parametrize("command", OPTIONS)
def test_help_lists_every_option_in_french(command: str) -> None:
    done = coopdec(command, "--help", COLUMNS="200")
    assert done.returncode == 0
    assert [word for word in OPTIONS[command] if word not in done.stdout] == []
    assert FRENCH[command] in done.stdout
    assert "Affiche cette aide." in done.stdout
    assert f"Usage: coopdec {command} " in done.stdout


@pytest.mark.parametrize("command", ["build", "export"])
def test_help_in_english(command: str) -> None:
    done = coopdec(command, "--help", COLUMNS="200", COOPDEC_LANG="en")
    assert [word for word in OPTIONS[command] if word not in done.stdout] == []
    assert ENGLISH[command] in done.stdout
    assert "Shows this help." in done.stdout


def test_help_of_the_command_names_its_verbs() -> None:
    done = coopdec("--help", COLUMNS="200", COOPDEC_LANG="en")
    assert done.returncode == 0
    assert [verb for verb, text in ENGLISH.items() if text not in done.stdout] == []
    assert "--version" in done.stdout


def test_version() -> None:
    assert coopdec("--version").stdout == f"coopdec-graph {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("bogus",),
        ("build", "data/atlas"),
        ("query", "--format", "pdf", "-"),
        ("serve", "--port", "99999"),
    ],
)
def test_wrong_usage_is_exit_2(arguments: tuple[str, ...]) -> None:
    done = coopdec(*arguments)
    assert done.returncode == 2
    assert done.stdout + done.stderr != ""


def test_a_terminal_that_is_not_utf8() -> None:
    """French help on an ASCII stream ended in a traceback."""
    done = coopdec("--help", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "coopération décentralisée" in " ".join(done.stdout.split())
