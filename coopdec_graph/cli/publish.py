"""`coopdec publish`: the current release into a remote store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coopdec_graph.cli.terminal import out, print_json, say, track
from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

__all__ = ["HELP", "publish"]

HELP = say(
    "Charge la publication en cours dans un magasin SPARQL distant, sans que ses lecteurs voient"
    " un mélange. Ce qui y est déjà n'est pas renvoyé ; une publication interrompue laisse la"
    " précédente servie."
    "\n\nSortie 0 : le magasin sert la publication. Sortie 1 : il n'a pas pu être chargé."
    "\n\nExemple : `coopdec publish --data build --to http://127.0.0.1:7878`",
    "Loads the current release into a remote SPARQL store, without its readers seeing a mixture."
    " What is there already is not sent again; an interrupted run leaves the previous release"
    " served."
    "\n\nExit 0: the store serves the release. Exit 1: it could not be loaded."
    "\n\nExample: `coopdec publish --data build --to http://127.0.0.1:7878`",
)

_ONE = Bilingual(
    "Donnez --to URL ou --remote FICHIER, l'un des deux.",
    "Give --to URL or --remote FILE, one of them.",
)
_WITH_FILE = Bilingual(
    "« {option} » va avec --to ; avec --remote, écrivez-le dans le fichier.",
    "“{option}” goes with --to; with --remote, write it in the file.",
)


class StoreKind(StrEnum):
    """The stores whose addresses are known beforehand; any other needs a file."""

    OXIGRAPH = "oxigraph"
    VIRTUOSO = "virtuoso"


def publish(
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ] = Path("build"),
    to: Annotated[
        str | None,
        typer.Option(metavar="URL", help=say("Adresse du magasin.", "Address of the store.")),
    ] = None,
    kind: Annotated[
        StoreKind | None,
        typer.Option(
            help=say(
                "Sorte de magasin, avec --to (défaut : oxigraph).",
                "Kind of store, with --to (default: oxigraph).",
            )
        ),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=say("Compte qui peut écrire, avec --to.", "Account that may write, with --to."),
        ),
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Fichier qui contient son mot de passe, avec --to.",
                "File that holds its password, with --to.",
            ),
        ),
    ] = None,
    remote: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Description du magasin en TOML (docs/scaling.md).",
                "Description of the store, in TOML (docs/scaling.md).",
            ),
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help=say(
                "Tout renvoyer, quoi que contienne le magasin.",
                "Send everything again, whatever the store holds.",
            ),
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help=say("Résumé en JSON.", "Summary as JSON."))
    ] = False,
) -> None:
    from coopdec_graph.engines.remote.configuration import configured, read_configuration
    from coopdec_graph.publishing.releases import Releases
    from coopdec_graph.publishing.remote import publish_to

    options = {"--kind": kind, "--user": user, "--password-file": password_file}
    if (to is None) == (remote is None):
        raise UsageError(_ONE)
    if remote is not None:
        for option, value in options.items():
            if value is not None:
                raise UsageError(_WITH_FILE, option=option)
        store = read_configuration(remote)
    else:
        given = {
            "kind": str(kind or StoreKind.OXIGRAPH),
            "url": to,
            "user": user,
            "password_file": None if password_file is None else str(password_file),
            "auth": "basic" if user is not None and kind is not StoreKind.VIRTUOSO else None,
        }
        table = {key: value for key, value in given.items() if value is not None}
        store = configured(table, Path())
    done = publish_to(store, Releases(data).current(), track, replace)
    if as_json:
        print_json(
            {
                "release": done.release,
                "fresh": done.fresh,
                "triples": done.triples,
                "graphs": done.graphs,
            }
        )
        return
    if not done.fresh:
        out().print(
            say(
                f"Rien n'a changé : le magasin sert déjà la publication {done.release}.",
                f"Nothing has changed: the store already serves release {done.release}.",
            ),
            markup=False,
        )
        return
    out().print(
        say(
            f"Publication {done.release} chargée : {done.triples} triplets, {done.graphs} graphes.",
            f"Release {done.release} loaded: {done.triples} triples, {done.graphs} graphs.",
        ),
        markup=False,
    )
