"""`coopdec build`: from pages to a published graph."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from coopdec_graph.cli.programme import DEFAULT_PROGRAMME, Programme
from coopdec_graph.cli.terminal import (
    error_console,
    language,
    out,
    plain,
    print_json,
    say,
    show_issues,
    track,
)
from coopdec_graph.errors import BuildRefused, UsageError
from coopdec_graph.issues import Level
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.namespaces import DEFAULT_BASE

__all__ = ["HELP", "build"]

HELP = say(
    "Lit, construit, valide et publie. Une fiche qui enfreint une règle est laissée de côté et"
    " signalée ; les autres sont publiées, d'un seul coup. Ce qui n'a pas changé n'est pas refait."
    "\n\nSortie 0 : un graphe est publié. Sortie 1 : rien n'est publié (aucune fiche valable, ou"
    " --strict et une fiche refusée) ; le graphe précédent reste servi.",
    "Reads, builds, validates and publishes. A record that breaks a rule is left out and reported;"
    " the others are published, in one step. What has not changed is not done again."
    "\n\nExit 0: a graph is published. Exit 1: nothing is (no valid record, or --strict and a"
    " refused one); the previous graph stays served.",
)

# A scheme, a host, and a path that names resources by what follows it: no query, no fragment.
_BASE = re.compile(
    r"https?://[^\s/?#<>\"{}|\\^`\x00-\x20\x7f-\x9f]+(?:/[^\s/?#<>\"{}|\\^`\x00-\x20\x7f-\x9f]+)*/"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_BAD_DATE = Bilingual(
    "« {value} » n'est pas une date AAAA-MM-JJ.", "“{value}” is not a date YYYY-MM-DD."
)
_BAD_BASE = Bilingual(
    "La base « {value} » doit être une adresse http(s) qui finit par « / ».",
    "The base “{value}” must be an http(s) address that ends with “/”.",
)
_BAD_DATASET = Bilingual(
    "« {path} » n'est pas valable : {reason}.", "“{path}” is not valid: {reason}."
)


def build(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…", help=say("Pages ou dossiers de pages.", "Pages or folders of pages.")
        ),
    ],
    folder: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")
        ),
    ],
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help=say(
                "Ne rien publier si une seule fiche est refusée.",
                "Publish nothing if a single record is refused.",
            ),
        ),
    ] = False,
    registry: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Registre des identifiants attribués (défaut : DIR/registry.csv).",
                "Registry of minted identifiers (default: DIR/registry.csv).",
            ),
        ),
    ] = None,
    base: Annotated[
        str,
        typer.Option(
            metavar="IRI",
            envvar="COOPDEC_BASE",
            help=say("Base des IRI des données.", "Base of the data's IRIs."),
        ),
    ] = DEFAULT_BASE,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help=say(
                "Jour pour lequel calculer les statuts (défaut : `as_of` de _dataset.toml, sinon aucun).",
                "Day to compute statuses for (default: `as_of` of _dataset.toml, else none).",
            ),
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Résumé en JSON.", "Summary as JSON."))
    ] = False,
    programme: Programme = DEFAULT_PROGRAMME,
) -> None:
    from coopdec_graph.pipeline import BuildOptions, run

    day = _day(as_of, paths)
    options = BuildOptions(programme, _base(base), registry, strict, day)
    try:
        outcome = run(paths, folder, options, track)
    except BuildRefused as refusal:
        _show_refused(error_console(), refusal.values.get("records", ()))
        if as_json:
            print_json(_refusal(refusal))
        raise
    if as_json:
        print_json(
            {"release": outcome.release.id, "fresh": outcome.fresh, **outcome.release.manifest()}
        )
    else:
        _summarise(outcome, folder)


def _refusal(refusal: BuildRefused) -> dict[str, object]:
    """Why nothing was published: the same keys as a published build's where both have them."""
    records = refusal.values.get("records", ())
    pages = [record.page for record in records] if isinstance(records, list) else []
    reason = {tongue: refusal.text(tongue) for tongue in LANGUAGES}
    return {"release": None, "published": 0, "refused": pages, "message": reason}


def _base(text: str) -> str:
    if not _BASE.fullmatch(text):
        raise UsageError(_BAD_BASE, value=text)
    return text


def _day(text: str | None, paths: list[Path]) -> date | None:
    if text is None:
        return _day_of_dataset(paths)
    try:
        return date.fromisoformat(text if _DATE.fullmatch(text) else "")
    except ValueError:
        raise UsageError(_BAD_DATE, value=text) from None


def _day_of_dataset(paths: list[Path]) -> date | None:
    """`as_of` of the first `_dataset.toml` in the folders given: a day its keepers vouch for."""
    for path in (folder / "_dataset.toml" for folder in paths if folder.is_dir()):
        if not path.is_file():
            continue
        try:
            value = tomllib.loads(path.read_text("utf-8")).get("as_of")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(_BAD_DATASET, path=path, reason=str(error)) from None
        if type(value) is not date:
            raise UsageError(_BAD_DATASET, path=path, reason="as_of = YYYY-MM-DD")
        return value
    return None


def _summarise(outcome: object, folder: Path) -> None:
    from coopdec_graph.pipeline import Outcome

    assert isinstance(outcome, Outcome)
    console = out()
    facts = outcome.release.manifest()
    if not outcome.fresh:
        console.print(
            say(
                f"Rien n'a changé : publication {outcome.release.id} ({facts['published']} partenariats).",
                f"Nothing changed: release {outcome.release.id} ({facts['published']} partnerships).",
            )
        )
        return
    refused = [record for record in outcome.records if record.refused]
    _show_refused(console, refused)
    _show_doubts(console, outcome, folder)
    console.print(
        say(
            f"[bold]{facts['published']} partenariats publiés[/], {len(refused)} fiche(s) refusée(s). Publication {outcome.release.id} dans {plain(str(folder))}.",
            f"[bold]{facts['published']} partnerships published[/], {len(refused)} page(s) refused. Release {outcome.release.id} in {plain(str(folder))}.",
        )
    )


def _show_doubts(console: Console, outcome: object, folder: Path) -> None:
    from coopdec_graph.pipeline import Outcome

    assert isinstance(outcome, Outcome)
    levels = Counter(str(issue.level) for record in outcome.records for issue in record.issues)
    levels.update(
        str(finding.severity)
        for record in outcome.records
        if not record.refused
        for finding in record.report.findings
    )
    warnings, notes = levels["warning"], levels["info"]
    if warnings or notes:
        path = plain(str(folder / "current" / "issues.jsonl"))
        console.print(
            say(
                f"{warnings} avertissement(s) et {notes} note(s) publiés avec les données : {path}",
                f"{warnings} warning(s) and {notes} note(s) published with the data: {path}",
            )
        )


def _show_refused(console: Console, records: object) -> None:
    """Each refused page: why, in words, with the field and value where there is one."""
    from coopdec_graph.publishing.records import Record
    from coopdec_graph.validation import Severity

    for record in records if isinstance(records, list | tuple) else ():
        assert isinstance(record, Record)
        console.print(f"[bold red]{say('Refusée', 'Refused')}[/] {plain(record.page)}")
        show_issues(console, (issue for issue in record.issues if issue.level is Level.ERROR))
        for finding in record.report.by_severity(Severity.VIOLATION):
            name, message = finding.name[language()], finding.message[language()]
            value = (
                f" « {finding.value} »" if finding.value and finding.value != finding.focus else ""
            )
            rule = finding.shape.rpartition("#")[2]
            console.print(
                f"  {plain(name)} : {plain(message)}{plain(value)} [dim]({plain(rule)})[/]"
            )
