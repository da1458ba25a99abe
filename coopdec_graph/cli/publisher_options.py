"""The options that say who republishes, in formats that name a publisher."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from coopdec_graph.cli.terminal import say
from coopdec_graph.errors import UsageError
from coopdec_graph.exporting.base import Publisher
from coopdec_graph.language import Bilingual

__all__ = ["PublisherName", "PublisherRef", "PublisherType", "publisher_of"]

# As the standard wants it (no / & | ?), and without what would break an identifier apart.
_REFERENCE = re.compile(r"[^\s/&|?:\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,100}")
_NAME = re.compile(r"(?=.*\S)[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")
_LIST = "OrganisationType"

_BAD_REFERENCE = Bilingual(
    "« {value} » n'est pas un identifiant d'organisation : AGENCE-NUMÉRO, sans espace ni / & | ? :",
    "“{value}” is no organisation identifier: AGENCY-NUMBER, without blanks and / & | ? :",
)
_BAD_NAME = Bilingual(
    "Le nom « {value} » est vide, trop long ou contient des caractères de commande.",
    "The name “{value}” is empty, too long or has control characters.",
)
_BAD_TYPE = Bilingual(
    "« {value} » n'est pas un type d'organisation de l'IATI. Choisissez parmi : {known}.",
    "“{value}” is no organisation type of IATI. Choose among: {known}.",
)

PublisherRef = Annotated[
    str | None,
    typer.Option(
        "--publisher-ref",
        metavar="REF",
        help=say(
            "Identifiant de l'organisation qui republie (IATI) ; ceux des activités commencent par lui.",
            "Identifier of the organisation that republishes (IATI); those of activities begin with it.",
        ),
    ),
]
PublisherName = Annotated[
    str | None,
    typer.Option(
        "--publisher-name",
        metavar="NAME",
        help=say("Nom de cette organisation.", "Name of that organisation."),
    ),
]
PublisherType = Annotated[
    str | None,
    typer.Option(
        "--publisher-type",
        metavar="CODE",
        help=say(
            "Son type selon l'IATI : 10 État, 11 collectivité, 22 ONG… (défaut : 90, autre).",
            "Its type in IATI's list: 10 government, 11 local government, 22 NGO… (default: 90, other).",
        ),
    ),
]


def publisher_of(reference: str | None, name: str | None, type: str | None) -> Publisher:
    """Who republishes; what is not given is as in `Publisher`. Raises UsageError."""
    from coopdec_graph.iati.codelists import codes
    from coopdec_graph.iati.versions import LATEST

    default = Publisher()
    if reference is not None and not _REFERENCE.fullmatch(reference):
        raise UsageError(_BAD_REFERENCE, value=reference)
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(_BAD_NAME, value=name)
    if type is not None and type not in codes(LATEST, _LIST):
        raise UsageError(_BAD_TYPE, value=type, known=", ".join(codes(LATEST, _LIST)))
    return Publisher(reference or default.reference, name or default.name, type or default.type)
