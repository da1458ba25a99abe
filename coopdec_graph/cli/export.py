"""`coopdec export`: the current release in the format of others."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from coopdec_graph.cli.dates import day
from coopdec_graph.cli.publisher_options import (
    PublisherName,
    PublisherRef,
    PublisherType,
    publisher_of,
)
from coopdec_graph.cli.terminal import error_console, language, plain, say, track, write
from coopdec_graph.errors import UsageError
from coopdec_graph.exporting import EXPORTERS
from coopdec_graph.exporting.base import Exporter, LeftOut, Option, Outcome, Settings
from coopdec_graph.exporting.delivery import ActivitiesLeftOut, draft_beside
from coopdec_graph.exporting.delivery import export as export_release
from coopdec_graph.exporting.selection import Wanted
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.publishing.releases import Releases
from coopdec_graph.questions.refusals import nearest_of, refused, shortened

__all__ = ["HELP", "export"]

_FORMATS = ", ".join(EXPORTERS)

HELP = say(
    "Écrit la publication en cours dans un autre format, en un seul fichier : il est là entier,"
    f" ou comme il était avant. Formats : {_FORMATS} (docs/exports.md)."
    "\n\nSortie 0 : le fichier est écrit ; les activités que le format ne peut pas dire sont laissées de"
    " côté et signalées. Sortie 1 : rien n'est écrit (aucune ne peut l'être, ou --strict et l'une ne le"
    " peut pas)."
    "\n\nExemple : `coopdec export nq --data build --country MA --out maroc.nq`",
    "Writes the current release in another format, to one file: it is there whole, or as it was"
    f" before. Formats: {_FORMATS} (docs/exports.md)."
    "\n\nExit 0: the file is written; activities that the format cannot say are left out and reported."
    " Exit 1: nothing is written (none can be, or --strict and one cannot)."
    "\n\nExample: `coopdec export nq --data build --country MA --out morocco.nq`",
)

_STDOUT = Path("-")
_PIECE = 1 << 20

_NO_FORMAT = Bilingual(
    "Il n'y a pas de format « {name} » : choisissez parmi {known}.{nearest}",
    "There is no format “{name}”: choose among {known}.{nearest}",
)
_NOT_TAKEN = Bilingual(
    "L'option --{option} ne va pas avec le format {format}.",
    "The option --{option} does not go with the format {format}.",
)
_NO_STREAM = Bilingual(
    "Le format {format} donne un dossier : il ne peut pas aller sur la sortie standard.",
    "The format {format} gives a folder: it cannot go to standard output.",
)


def export(
    format: Annotated[
        str,
        typer.Argument(metavar="FORMAT", help=say(f"Un de : {_FORMATS}.", f"One of: {_FORMATS}.")),
    ],
    file: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            help=say(
                "Fichier à écrire, ou - pour la sortie standard.",
                "File to write, or - for standard output.",
            ),
        ),
    ],
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ] = Path("build"),
    collectivity: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=say(
                "Seulement les partenariats de cette collectivité : son nom ou son IRI.",
                "Only the partnerships of this collectivity: its name or IRI.",
            ),
        ),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            metavar="ISO2",
            help=say(
                "Seulement les partenariats avec ce pays : son code ou son nom.",
                "Only the partnerships with this country: its code or name.",
            ),
        ),
    ] = None,
    programme: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=say(
                "Seulement les activités de ce programme.", "Only the activities of this programme."
            ),
        ),
    ] = None,
    candidates: Annotated[
        bool,
        typer.Option(
            "--candidates",
            help=say(
                "Aussi les décisions qui n'ont pas fait de lien (formats RDF).",
                "Also the decisions that made no link (RDF formats).",
            ),
        ),
    ] = False,
    publisher_ref: PublisherRef = None,
    publisher_name: PublisherName = None,
    publisher_type: PublisherType = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help=say(
                "Jour que le fichier dit être celui où il a été fait (IATI ; défaut : aucun).",
                "Day that the file says it was made on (IATI; default: none).",
            ),
        ),
    ] = None,
    names_in: Annotated[
        Language | None,
        typer.Option(
            "--language",
            help=say(
                "Langue des noms dans les tables (csv, parquet ; défaut : fr).",
                "Language of names in tables (csv, parquet; default: fr).",
            ),
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help=say(
                "Ne rien écrire si une seule activité ne peut pas l'être.",
                "Write nothing if a single activity cannot be.",
            ),
        ),
    ] = False,
) -> None:
    exporter = _exporter(format)
    given = {
        Option.CANDIDATES: candidates or None,
        Option.PUBLISHER_REF: publisher_ref,
        Option.PUBLISHER_NAME: publisher_name,
        Option.PUBLISHER_TYPE: publisher_type,
        Option.AS_OF: as_of,
        Option.LANGUAGE: names_in,
    }
    _refuse_what_is_not_taken(format, exporter, given)
    publisher = publisher_of(publisher_ref, publisher_name, publisher_type)
    made_on = None if as_of is None else day(as_of)
    settings = Settings(candidates, publisher, made_on, names_in or "fr")
    wanted = Wanted(collectivity, country, programme)
    release = Releases(data).current()
    # Told to stop, it ends as by an error: the draft is removed.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with _draft(file) as draft:
        try:
            outcome = export_release(exporter, release, wanted, settings, draft, track, strict)
        except ActivitiesLeftOut as refusal:
            _show_left_out(refusal.left_out)
            raise
        if file == _STDOUT:
            _pour(draft, format)
    _show_left_out(outcome.left_out)
    _tell(outcome, file)


def _exporter(name: str) -> Exporter:
    """The format of a name. Raises UsageError."""
    found = EXPORTERS.get(name)
    if found is None:
        nearest = nearest_of(name, EXPORTERS)
        raise refused(UsageError, _NO_FORMAT, nearest, name=shortened(name), known=_FORMATS)
    return found


def _refuse_what_is_not_taken(
    name: str, exporter: Exporter, given: Mapping[Option, object]
) -> None:
    for option, value in given.items():
        if value is not None and option not in exporter.takes:
            raise UsageError(_NOT_TAKEN, option=option.value, format=name)


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """Where to write: beside the file, or where standard output is filled from in the end."""
    if file != _STDOUT:
        with draft_beside(file) as draft:
            yield draft
        return
    with tempfile.TemporaryDirectory(prefix="coopdec-") as folder:
        yield Path(folder) / "export"


def _pour(draft: Path, format: str) -> None:
    """A file to standard output, whole: nothing is written before the export has ended well."""
    if draft.is_dir():
        raise UsageError(_NO_STREAM, format=format)
    with draft.open("rb") as content:
        while piece := content.read(_PIECE):
            write(piece)


def _show_left_out(left_out: Iterable[LeftOut]) -> None:
    console = error_console()
    for one in left_out:
        name, reason = plain(one.activity), plain(one.reason.text(language()))
        console.print(say(f"Laissée de côté {name} : {reason}", f"Left out {name}: {reason}"))


def _tell(outcome: Outcome, file: Path) -> None:
    where = say("la sortie standard", "standard output") if file == _STDOUT else plain(str(file))
    error_console().print(
        say(
            f"{outcome.activities} activité(s) dans {where}.",
            f"{outcome.activities} activities in {where}.",
        )
    )
