"""`coopdec validate`: anybody's RDF against the shapes of the product."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from coopdec_graph.cli.terminal import EXIT_REFUSED, language, out, print_json, say, track
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.validation.report import Report, Severity

__all__ = ["HELP", "validate"]

HELP = say(
    "Valide des fichiers RDF (.ttl, .jsonld, .nt, .nq, .trig, .rdf) avec les formes SHACL du projet."
    " Aucun contexte JSON-LD distant n'est chargé."
    "\n\nSortie 1 si une règle « Violation » est enfreinte ou si un fichier est illisible.",
    "Validates RDF files (.ttl, .jsonld, .nt, .nq, .trig, .rdf) against the project's SHACL shapes."
    " No remote JSON-LD context is loaded."
    "\n\nExit 1 if a Violation is found or a file cannot be parsed.",
)

_MISSING = Bilingual(
    "« {path} » n'existe pas ou n'est pas un fichier.", "“{path}” does not exist or is not a file."
)
_CHECKING = Bilingual("Validation", "Validating")
_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def validate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help=say("Fichiers RDF.", "RDF files."))
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Rapports en JSON.", "Reports as JSON."))
    ] = False,
) -> None:
    from coopdec_graph.publishing.documents import validate_file

    for path in files:
        if not path.is_file():
            raise UsageError(_MISSING, path=path)
    reports = [(path, validate_file(path)) for path in track(files, _CHECKING, len(files))]
    if as_json:
        print_json([{"file": str(path), **report.to_dict()} for path, report in reports])
    else:
        for path, report in reports:
            _show(path, report)
    if not all(report.conforms for _, report in reports):
        raise typer.Exit(EXIT_REFUSED)


def _show(path: Path, report: Report) -> None:
    console = out()
    verdict = (
        say("conforme", "conforms") if report.conforms else say("non conforme", "does not conform")
    )
    style = "green" if report.conforms else "bold red"
    console.print(f"[bold]{escape(str(path))}[/] : [{style}]{verdict}[/]")
    for finding in report.findings:
        message, rule = finding.message[language()], finding.shape.rpartition("#")[2]
        console.print(
            f"  [{_STYLES[finding.severity]}]{finding.severity}[/] <{escape(finding.focus)}>"
        )
        value = f" « {finding.value} »" if finding.value and finding.value != finding.focus else ""
        console.print(
            f"    {escape(finding.name[language()])} : {escape(message)}{escape(value)} [dim]({escape(rule)})[/]"
        )
