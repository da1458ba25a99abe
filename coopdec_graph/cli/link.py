"""`coopdec link`: the bodies of a published graph, linked to their places and to Wikidata."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopdec_graph.cli.link_export import Export, Source, export
from coopdec_graph.cli.terminal import EXIT_REFUSED, error_console, language, out, plain, say, track
from coopdec_graph.cli.wikidata_options import (
    Cache,
    CacheDays,
    Decisions,
    Endpoint,
    Timeout,
    decisions_file,
)
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

if TYPE_CHECKING:
    from coopdec_graph.publishing.links import LinkReport

__all__ = ["HELP", "link", "summarise_links"]

HELP = say(
    "Relie les collectivités du graphe publié à leurs lieux (INSEE, GeoNames) et à Wikidata, et les"
    " activités de plusieurs sources qui sont un même projet, puis publie le graphe avec ces liens."
    " Un lien faux est pire qu'un lien absent : le doute attend"
    " une personne (`coopdec review`). Les décisions de relecture passent avant toute règle."
    "\n\nSans --wikidata, le service public est interrogé. S'il ne répond pas, ce qui n'a pas pu"
    " être demandé est dit, et une nouvelle commande reprend où celle-ci s'est arrêtée."
    "\n\nSortie 0 : le graphe est publié. Avec --strict, sortie 1 si une collectivité n'a pas pu"
    " être demandée."
    "\n\nAvec --export, rien n'est relié ni publié : les jumelages du graphe sont comparés à ceux de"
    " Wikidata (P190). `quickstatements` écrit ce qui y manque, à relire et à soumettre soi-même ;"
    " `twin-towns` dit ce qui diffère, dans les deux sens. Rien n'est jamais soumis."
    "\n\nExemple : `coopdec link --data build --wikidata https://query.wikidata.org/sparql`",
    "Links the bodies of the published graph to their places (INSEE, GeoNames) and to Wikidata, and"
    " the activities of several sources that are one project, then publishes the graph with these"
    " links. A wrong link is worse than none: a doubt waits for a"
    " person (`coopdec review`). Decisions of reviewers go before any rule."
    "\n\nWithout --wikidata the public service is asked. If it does not answer, what could not be"
    " asked is said, and another run goes on where this one stopped."
    "\n\nExit 0: the graph is published. With --strict, exit 1 if a body could not be asked about."
    "\n\nWith --export nothing is linked or published: the twinnings of the graph are compared with"
    " those of Wikidata (P190). `quickstatements` writes what is missing there, to be looked through"
    " and submitted by you; `twin-towns` says what differs, both ways. Nothing is ever submitted."
    "\n\nExample: `coopdec link --data build --wikidata https://query.wikidata.org/sparql`",
)

_ONLY_EXPORT = Bilingual("--out ne va qu'avec --export.", "--out goes with --export only.")
_NO_DECISIONS = Bilingual(
    "--decisions ne va pas avec --export, qui ne relie rien.",
    "--decisions does not go with --export, which links nothing.",
)


def link(
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ],
    wikidata: Endpoint = None,
    decisions: Decisions = None,
    cache: Cache = None,
    cache_days: CacheDays = 30,
    timeout: Timeout = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help=say(
                "Sortie 1 si une collectivité n'a pas pu être demandée.",
                "Exit 1 if a body could not be asked about.",
            ),
        ),
    ] = False,
    kind: Annotated[
        Export | None,
        typer.Option(
            "--export",
            help=say(
                "Compare les jumelages à ceux de Wikidata, sans rien relier ni publier.",
                "Compares twinnings with those of Wikidata, without linking or publishing.",
            ),
        ),
    ] = None,
    exported: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help=say(
                "Où écrire l'export (défaut : la sortie standard).",
                "Where to write the export (default: standard output).",
            ),
        ),
    ] = None,
) -> None:
    if kind is not None:
        if decisions is not None:
            raise UsageError(_NO_DECISIONS)
        whole = export(kind, data, Source(wikidata, cache, cache_days, timeout), exported)
        if strict and not whole:
            raise typer.Exit(EXIT_REFUSED)
        return
    if exported is not None:
        raise UsageError(_ONLY_EXPORT)
    from coopdec_graph.linking.wikidata import default_url
    from coopdec_graph.publishing.links import LinkOptions
    from coopdec_graph.publishing.relink import relink

    file = decisions_file(decisions, data)
    options = LinkOptions(wikidata or default_url(), file, cache, cache_days, timeout)
    release, report = relink(data, options, track)
    summarise_links(report)
    where = plain(str(data))
    out().print(say(f"Publication {release.id} dans {where}.", f"Release {release.id} in {where}."))
    if strict and report.facts["unasked"]:
        raise typer.Exit(EXIT_REFUSED)


def summarise_links(report: LinkReport) -> None:
    """What came of a campaign: results on standard output, troubles on standard error."""
    facts = report.facts
    console = out()
    console.print(
        say(
            f"{facts['bodies']} collectivités : {facts['placed']} situées, {facts['accepted']}"
            f" liées à Wikidata, {facts['review']} à revoir, {facts['nil']} sans réponse.",
            f"{facts['bodies']} bodies: {facts['placed']} placed, {facts['accepted']} linked to"
            f" Wikidata, {facts['review']} to review, {facts['nil']} without an answer.",
        )
    )
    for link in report.refused:
        error_console().print(
            say(
                f"Sans liens, car ils enfreignent une règle ({plain(link.shape.rpartition('#')[2])}) :"
                f" {plain(link.subject)}. Signalez ce défaut.",
                f"Without links, for they break a rule ({plain(link.shape.rpartition('#')[2])}):"
                f" {plain(link.subject)}. Please report this defect.",
            ),
            style="yellow",
        )
    _summarise_activities(report)
    if report.unknown:
        error_console().print(
            say(
                f"Décisions sur ce que le graphe n'a pas : {plain(', '.join(report.unknown))}.",
                f"Decisions on what the graph does not have: {plain(', '.join(report.unknown))}.",
            ),
            style="yellow",
        )
    if facts["wikidata"] is None:
        return
    per_thousand = 1000 * report.requests / max(1, report.bodies)
    console.print(
        say(
            f"{report.requests} requêtes ({per_thousand:.1f} pour 1 000 collectivités),"
            f" {report.from_cache} réponses du cache.",
            f"{report.requests} requests ({per_thousand:.1f} per 1,000 bodies),"
            f" {report.from_cache} answers from the cache.",
        )
    )
    if report.unasked is not None:
        told = plain(report.unasked.text(language()))
        error_console().print(
            say(
                f"{facts['unasked']} collectivité(s) non demandée(s). {told}"
                " Relancez la commande : ce qui a été répondu est gardé.",
                f"{facts['unasked']} body(ies) not asked about. {told}"
                " Run the command again: what was answered is kept.",
            ),
            style="yellow",
        )


def _summarise_activities(report: LinkReport) -> None:
    """Of projects reported twice, where there are any."""
    found = report.facts["activities"]
    assert isinstance(found, dict)
    if any(found.values()):
        out().print(
            say(
                f"Projets déclarés deux fois : {found['accepted']} liens, {found['review']} à revoir.",
                f"Projects reported twice: {found['accepted']} links, {found['review']} to review.",
            )
        )
