"""Which profile a request asks for: a parameter of its address, else `Accept-Profile`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fastapi import Request

from coopdec_graph.language import Bilingual
from coopdec_graph.results.formats import Format, format_named
from coopdec_graph.service.formats import NotAcceptable, accept_of, choose
from coopdec_graph.service.problems import BadRequest
from coopdec_graph.service.profiles.catalogue import Profile, native

__all__ = ["format_of", "names_format", "profile_of"]

# The names of the specification, then ours.
_PROFILE = ("_profile", "profile")
_MEDIA_TYPE = "_mediatype"

_ONCE = Bilingual(
    "Le profil est demandé deux fois : un seul paramètre « _profile » ou « profile ».",
    "The profile is asked for twice: one parameter only, “_profile” or “profile”.",
)
_NONE = Bilingual("« {asked} » ne nomme aucun profil.", "“{asked}” names no profile.")
_OTHER = Bilingual(
    "Cette ressource n'a pas de vue de profil {asked}. Disponibles : {offered}.",
    "This resource has no view of profile {asked}. Available: {offered}.",
)
_NO_TYPE = Bilingual(
    "Cette vue n'existe pas en {asked}. Disponibles : {offered}.",
    "This view does not exist as {asked}. Available: {offered}.",
)

# An IRI in angle brackets or quotes, or a bare token or IRI; then its parameters.
_ITEM = re.compile(
    r"""\s*+(?:<([^<>]*+)>|"([^"]*+)"|([^\s,;<>"]++))\s*+((?:;[^,;]*+)*+)(?:,|$)""", re.ASCII
)
_QUALITY = re.compile(r";\s*+q\s*+=\s*+([01](?:\.[0-9]{0,3}+)?+)\s*+(?:;|$)", re.IGNORECASE)


def profile_of(request: Request, offered: Sequence[Profile]) -> Profile:
    """The one the client likes best. Raises BadRequest, and NotAcceptable if it likes none.

    A header that cannot be read asks for nothing, as does `*`.
    """
    asked = _asked(request)
    for name, _ in sorted(asked, key=lambda item: -item[1]):
        for profile in offered:
            if name == "*" or name in profile.names:
                return profile
    if not asked:
        return native()
    tokens = [profile.token for profile in offered]
    names = ", ".join(name for name, _ in asked)
    error = NotAcceptable(_OTHER, asked=names, offered=", ".join(tokens))
    raise error.detailed({"offered": tokens})


def names_format(request: Request) -> bool:
    """Whether the address itself, its extension aside, names a format."""
    return bool(request.query_params.get(_MEDIA_TYPE))


def format_of(request: Request, extension: str | None, offered: Sequence[Format]) -> Format:
    """By the extension of the path, else `_mediatype`, else Accept. Raises NotAcceptable."""
    listed = request.query_params.get(_MEDIA_TYPE)
    if extension or not listed:
        return choose(accept_of(request), extension, offered)
    # A plus sign that was not encoded arrives as a space.
    names = [name.strip().replace(" ", "+").lower() for name in listed.split(",")]
    for name in names:
        aliased = next((each for each in offered if name in each.aliases), None)
        found = format_named(name, offered) or aliased
        if found is not None:
            return found
    types = ", ".join(format.media_type for format in offered)
    raise NotAcceptable(_NO_TYPE, asked=", ".join(names), offered=types)


def _asked(request: Request) -> list[tuple[str, float]]:
    """Names of profiles with the client's liking, in its order; without those it excludes."""
    given = [text for name in _PROFILE for text in request.query_params.getlist(name)]
    if len(given) > 1:
        raise BadRequest(_ONCE)
    if given:
        found = list(_items(given[0]))
        if not found:
            raise BadRequest(_NONE, asked=given[0])
        return found
    return list(_items(", ".join(request.headers.getlist("accept-profile"))))


def _items(text: str) -> Iterator[tuple[str, float]]:
    """What is no item ends the list."""
    at = 0
    while match := _ITEM.match(text, at):
        at = match.end()
        quality = _QUALITY.search(match[4])
        degree = float(quality[1]) if quality else 1.0
        if degree > 0:
            yield match[1] or match[2] or match[3] or "", degree
