"""`coopdec validate`: anybody's RDF against the shapes of the product, IATI files against IATI."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopdec_graph.cli.terminal import (
    EXIT_REFUSED,
    error_console,
    language,
    out,
    plain,
    print_json,
    say,
    track,
)
from coopdec_graph.cli.validate_iati import CheckedActivities, is_iati
from coopdec_graph.errors import UsageError
from coopdec_graph.language import LANGUAGES, Bilingual

if TYPE_CHECKING:
    # Loaded where it is needed: SHACL takes longer to import than the other commands to answer.
    from coopdec_graph.publishing.documents import RdfUnreadable
    from coopdec_graph.validation import Report

__all__ = ["HELP", "validate"]

HELP = say(
    "Valide des fichiers RDF (.ttl, .jsonld, .nt, .nq, .trig, .rdf) avec les formes SHACL du projet."
    " Aucun contexte JSON-LD distant n'est chargé."
    "\n\nValide des fichiers d'activités de l'IATI (.xml) avec le standard : schéma, règles, listes de"
    " codes."
    "\n\nSortie 1 si une règle « Violation » ou une erreur du standard est trouvée, ou si un fichier"
    " est illisible.",
    "Validates RDF files (.ttl, .jsonld, .nt, .nq, .trig, .rdf) against the project's SHACL shapes."
    " No remote JSON-LD context is loaded."
    "\n\nValidates files of IATI activities (.xml) against the standard: schema, ruleset, code lists."
    "\n\nExit 1 if a Violation or an error of the standard is found or a file cannot be parsed.",
)

_MISSING = Bilingual(
    "« {path} » n'existe pas ou n'est pas un fichier.", "“{path}” does not exist or is not a file."
)
_PROFILE = Bilingual(
    "« {profile} » n'est pas un profil. Profils : {known}.",
    "“{profile}” is not a profile. Profiles: {known}.",
)
_DCAT_AP = "dcat-ap"
_PROFILES = ("coopdec", _DCAT_AP)
_CHECKING = Bilingual("Validation", "Validating")
_STYLES = {"violation": "bold red", "warning": "yellow", "info": "dim"}


def validate(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help=say("Fichiers RDF, ou IATI (.xml).", "RDF files, or IATI ones (.xml)."),
        ),
    ],
    profile: Annotated[
        str,
        typer.Option(
            metavar="coopdec|dcat-ap",
            help=say(
                "Règles du projet (coopdec), ou d'une fiche de catalogue (dcat-ap).",
                "The project's rules (coopdec), or those of a catalogue record (dcat-ap).",
            ),
        ),
    ] = "coopdec",
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Rapports en JSON.", "Reports as JSON."))
    ] = False,
) -> None:
    for path in files:
        if not path.is_file():
            raise UsageError(_MISSING, path=path)
    if profile not in _PROFILES:
        raise UsageError(_PROFILE, profile=profile, known=", ".join(_PROFILES))
    checked = [_checked(path, profile) for path in track(files, _CHECKING, len(files))]
    if as_json:
        print_json([file.to_dict() for file in checked])
    else:
        for file in checked:
            file.show()
    if not all(file.conforms for file in checked):
        raise typer.Exit(EXIT_REFUSED)


@dataclass(frozen=True, slots=True)
class _Checked:
    """One file with its report, or why it has none."""

    path: Path
    report: Report
    error: RdfUnreadable | None

    @property
    def conforms(self) -> bool:
        return self.error is None and self.report.conforms

    def to_dict(self) -> dict[str, object]:
        facts = {"file": str(self.path), **self.report.to_dict(), "conforms": self.conforms}
        if self.error is not None:
            facts["error"] = {tongue: self.error.text(tongue) for tongue in LANGUAGES}
        return facts

    def show(self) -> None:
        _show(self)


def _checked(path: Path, profile: str) -> _Checked | CheckedActivities:
    if is_iati(path):
        return CheckedActivities.of(path)
    return _Checked(path, *_validated(path, profile))


def _validated(path: Path, profile: str) -> tuple[Report, RdfUnreadable | None]:
    """A file that cannot be read does not keep the others from being validated."""
    from coopdec_graph.publishing.documents import (
        RdfUnreadable,
        validate_catalog,
        validate_file,
    )
    from coopdec_graph.validation import Report

    try:
        return (validate_catalog if profile == _DCAT_AP else validate_file)(path), None
    except RdfUnreadable as error:
        return Report(), error


def _show(file: _Checked) -> None:
    if file.error is not None:
        error_console().print(plain(file.error.text(language())), style="red")
        return
    console, path, report = out(), file.path, file.report
    verdict = (
        say("conforme", "conforms") if report.conforms else say("non conforme", "does not conform")
    )
    style = "green" if report.conforms else "bold red"
    console.print(f"[bold]{plain(str(path))}[/] : [{style}]{verdict}[/]")
    for finding in report.findings:
        message, rule = finding.message[language()], finding.shape.rpartition("#")[2]
        console.print(
            f"  [{_STYLES[finding.severity]}]{finding.severity}[/] <{plain(finding.focus)}>"
        )
        value = f" « {finding.value} »" if finding.value and finding.value != finding.focus else ""
        console.print(
            f"    {plain(finding.name[language()])} : {plain(message)}{plain(value)} [dim]({plain(rule)})[/]"
        )
