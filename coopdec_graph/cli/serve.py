"""`coopdec serve`: the published graph over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopdec_graph.cli.terminal import out, say
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
) -> None:
    from coopdec_graph.service.server import Server

    release = Releases(data).current()
    server = Server(release, host, port)
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
