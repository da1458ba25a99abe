"""What the headers of an answer say of profiles (RFC 6906; W3C, Content Negotiation by Profile)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from coopdec_graph.results.formats import Format
from coopdec_graph.service.formats import link_header
from coopdec_graph.service.profiles.catalogue import Profile, native

__all__ = ["address_of_view", "profile_headers"]

_PROF_PROFILE = "http://www.w3.org/ns/dx/prof/Profile"
_TURTLE = "text/turtle"


def profile_headers(path: str, profile: Profile, offered: Sequence[Profile]) -> dict[str, str]:
    """`Content-Profile` and `Link` of the document at `path`, as one of the offered profiles.

    Each other profile is named once, in Turtle: the list of alternates has every format.
    """
    links = [f'<{profile.iri}>; rel="profile"', *_views(path, profile, offered)]
    links += [_token(each) for each in offered]
    return {
        "Content-Profile": ", ".join(f"<{iri}>" for iri in profile.conforms),
        "Link": ", ".join([*links, link_header(path)]),
    }


def address_of_view(path: str, profile: Profile, format: Format | None = None) -> str:
    """Where a view is found; in one format, if given."""
    address = f"{path}?_profile={profile.token}"
    return address + (f"&_mediatype={quote(format.media_type, safe='/')}" if format else "")


def _views(path: str, profile: Profile, offered: Sequence[Profile]) -> Iterator[str]:
    default = native()
    yield f'<{path}>; rel="canonical"; type="{_TURTLE}"; profile="{default.iri}"'
    for each in offered:
        if each not in (profile, default):
            address = address_of_view(path, each)
            yield f'<{address}>; rel="alternate"; type="{_TURTLE}"; profile="{each.iri}"'


def _token(profile: Profile) -> str:
    return f'<{_PROF_PROFILE}>; rel="type"; token="{profile.token}"; anchor="{profile.iri}"'
