"""`coopdec build`: from pages to a published graph."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from coopdec_graph import __released__
from coopdec_graph.cli.dates import day
from coopdec_graph.cli.programme import DEFAULT_PROGRAMME, Programme
from coopdec_graph.cli.terminal import error_console, print_json, say, track
from coopdec_graph.cli.wikidata_options import (
    Cache,
    CacheDays,
    Decisions,
    Endpoint,
    decisions_file,
)
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import DEFAULT_BASE
from coopdec_graph.sources import SOURCES

__all__ = ["HELP", "build"]

HELP = say(
    "Lit, construit, valide et publie. Une fiche qui enfreint une règle est laissée de côté et"
    " signalée ; les autres sont publiées, d'un seul coup. Ce qui n'a pas changé n'est pas refait."
    " Les collectivités sont situées d'après les référentiels livrés avec le logiciel ; --wikidata"
    " les relie aussi à Wikidata (voir `coopdec link`)."
    "\n\nSortie 0 : un graphe est publié. Sortie 1 : rien n'est publié (aucune fiche valable, ou"
    " --strict et une fiche refusée) ; le graphe précédent reste servi.",
    "Reads, builds, validates and publishes. A record that breaks a rule is left out and reported;"
    " the others are published, in one step. What has not changed is not done again."
    " Bodies are placed by the reference tables that come with the software; --wikidata links them"
    " to Wikidata too (see `coopdec link`)."
    "\n\nExit 0: a graph is published. Exit 1: nothing is (no valid record, or --strict and a"
    " refused one); the previous graph stays served.",
)

# A scheme, a host, and a path that names resources by what follows it: no query, no fragment.
_BASE = re.compile(
    r"https?://[^\s/?#<>\"{}|\\^`\x00-\x20\x7f-\x9f]+(?:/[^\s/?#<>\"{}|\\^`\x00-\x20\x7f-\x9f]+)*/"
)

_NOTHING = Bilingual(
    "Rien à lire : donnez des pages, ou --source NOM=CHEMIN.",
    "Nothing to read: give pages, or --source NAME=PATH.",
)
_BAD_SOURCE = Bilingual(
    "« {value} » n'est pas de la forme NOM=CHEMIN, comme iati=activites.xml.",
    "“{value}” is not of the form NAME=PATH, as in iati=activities.xml.",
)
_BAD_BASE = Bilingual(
    "La base « {value} » doit être une adresse http(s) qui finit par « / ».",
    "The base “{value}” must be an http(s) address that ends with “/”.",
)


def build(
    folder: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")
        ),
    ],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH…", help=say("Pages ou dossiers de pages.", "Pages or folders of pages.")
        ),
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="NAME=PATH",
            help=say(
                "Fichier ou dossier d'un autre programme, comme iati=activites.xml ; répétable. Tout"
                f" va dans le même graphe. Programmes : {', '.join(sorted(SOURCES))} ; ou un fichier de"
                " correspondance, comme ma.toml=projets.xlsx.",
                "File or folder of another programme, as in iati=activities.xml; may be repeated. All"
                f" goes into one graph. Programmes: {', '.join(sorted(SOURCES))}; or a mapping file, as in"
                " my.toml=projects.xlsx.",
            ),
        ),
    ] = None,
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
        str,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help=say(
                "Jour pour lequel calculer les statuts (défaut : celui de cette version).",
                "Day to compute statuses for (default: the day of this version).",
            ),
        ),
    ] = __released__,
    rates: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Taux de change datés, dans la forme de eurofxref-hist.csv de la BCE : les sommes"
                " d'autres devises ont aussi leur valeur en euros, avec le taux et son jour.",
                "Dated exchange rates, in the form of the ECB's eurofxref-hist.csv: sums of other"
                " currencies get their value in euros too, with the rate and its day.",
            ),
        ),
    ] = None,
    wikidata: Endpoint = None,
    decisions: Decisions = None,
    cache: Cache = None,
    cache_days: CacheDays = 30,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Résumé en JSON.", "Summary as JSON."))
    ] = False,
    programme: Programme = DEFAULT_PROGRAMME,
) -> None:
    from coopdec_graph.cli.build_report import refusal_json, show_refused, summarise, summary_json
    from coopdec_graph.pipeline import BuildOptions, RecordsRefused, run
    from coopdec_graph.publishing.links import LinkOptions

    links = LinkOptions(wikidata, decisions_file(decisions, folder), cache, cache_days)
    options = BuildOptions(
        programme, _sources(sources or []), _base(base), registry, strict, day(as_of), links, rates
    )
    if not paths and not sources:
        raise UsageError(_NOTHING)
    try:
        outcome = run(paths or [], folder, options, track)
    except RecordsRefused as refusal:
        show_refused(error_console(), refusal.records)
        if as_json:
            print_json(refusal_json(refusal))
        raise
    if as_json:
        print_json(summary_json(outcome))
    else:
        summarise(outcome, folder)


def _sources(given: list[str]) -> tuple[tuple[str, Path], ...]:
    """The programme and path of each `NAME=PATH`."""
    pairs = []
    for text in given:
        programme, equals, path = text.partition("=")
        if not equals or not path:
            raise UsageError(_BAD_SOURCE, value=text)
        pairs.append((programme, Path(path)))
    return tuple(pairs)


def _base(text: str) -> str:
    if not _BASE.fullmatch(text):
        raise UsageError(_BAD_BASE, value=text)
    return text
