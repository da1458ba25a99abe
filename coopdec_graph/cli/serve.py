"""`coopdec serve`: the published graph over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopdec_graph.cli.limit_options import (
    DEFAULT,
    MIB,
    Memory,
    Rows,
    Size,
    Timeout,
    limits_of,
)
from coopdec_graph.cli.terminal import out, say
from coopdec_graph.federation.allow_list import AllowList
from coopdec_graph.publishing.releases import Releases

__all__ = ["HELP", "serve"]

HELP = say(
    "Sert le graphe publié : pages, SPARQL, ressources. En lecture seule ; Ctrl-C pour arrêter.",
    "Serves the published graph: pages, SPARQL, resources. Read-only; Ctrl-C to stop.",
)


def serve(
    data: Annotated[
        Path,
        typer.Option(metavar="DIR", help=say("Dossier des publications.", "Folder of releases.")),
    ] = Path("build"),
    host: Annotated[
        str, typer.Option(metavar="HOST", help=say("Adresse d'écoute.", "Address to listen on."))
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            metavar="PORT",
            min=0,
            max=65535,
            help=say(
                "Port d'écoute ; 0 en prend un libre.", "Port to listen on; 0 takes a free one."
            ),
        ),
    ] = 8000,
    timeout: Timeout = DEFAULT.seconds,
    memory: Memory = DEFAULT.memory // MIB,
    rows: Rows = DEFAULT.rows,
    size: Size = DEFAULT.result_bytes // MIB,
    federation: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Fichier TOML des points d'accès que SERVICE peut appeler (docs/federation.md) ;"
                " sans lui, aucun.",
                "TOML file of the endpoints that SERVICE may call (docs/federation.md);"
                " without it, none.",
            ),
        ),
    ] = None,
    remote: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Fichier TOML d'un magasin SPARQL où la publication a été chargée par « coopdec"
                " publish » (docs/scaling.md) : il répond aux requêtes.",
                "TOML file of a SPARQL store that “coopdec publish” loaded the release into"
                " (docs/scaling.md): it answers the queries.",
            ),
        ),
    ] = None,
    admin_token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=say(
                "Fichier d'un jeton qui ouvre les écritures (docs/administration.md) ;"
                " sans lui, il n'y en a pas.",
                "File of a token that opens writes (docs/administration.md); without it, there"
                " are none.",
            ),
        ),
    ] = None,
) -> None:
    from coopdec_graph.engines.remote.configuration import read_configuration
    from coopdec_graph.service.admin import read_token
    from coopdec_graph.service.options import Options
    from coopdec_graph.service.server import Server

    options = Options(
        limits_of(timeout, memory, rows, size),
        AllowList() if federation is None else AllowList.load(federation),
        None if admin_token_file is None else read_token(admin_token_file),
        None if remote is None else read_configuration(remote),
    )
    server = Server(Releases(data), host, port, options)
    out().print(_welcome(server.address), markup=False)
    server.run()


def _welcome(address: str) -> str:
    return say(
        f"Ouvrez {address}/ dans un navigateur.\n"
        f"  SPARQL : {address}/sparql   Ontologie : {address}/def   API : {address}/docs\n"
        "Ctrl-C pour arrêter.",
        f"Open {address}/ in a browser.\n"
        f"  SPARQL: {address}/sparql   Ontology: {address}/def   API: {address}/docs\n"
        "Ctrl-C to stop.",
    )
