"""The profiles, read once from `profiles.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES, PROFILE

__all__ = ["Profile", "alternates", "native", "offered_to", "profile_named", "profiles"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to describe a resource.

    `bases` are the IRIs of the vocabulary it is a profile of. `query` is None for what no query
    file makes: the description as published, and the list of alternates. `classes` have the view.
    """

    token: str
    iri: str
    bases: tuple[str, ...]
    title: Bilingual
    description: Bilingual
    classes: frozenset[str]
    query: str | None = None
    alignment: str | None = None
    prefix: str = ""
    vocabulary: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What a client may call it."""
        return (self.token, self.iri, *self.bases)

    @property
    def conforms(self) -> tuple[str, ...]:
        """The IRIs of what an answer conforms to."""
        return (self.iri, self.bases[0]) if self.query else (self.iri,)


@cache
def profiles() -> tuple[Profile, ...]:
    """All of them, the native one first, the list of alternates last."""
    data = tomllib.loads(Path(__file__).with_name("profiles.toml").read_text("utf-8"))
    return tuple(_profile(**entry) for entry in data["profile"])


def native() -> Profile:
    """What a client gets that asks for none."""
    return profiles()[0]


def alternates() -> Profile:
    """The view that lists the others."""
    return profiles()[-1]


def profile_named(token: str) -> Profile:
    """The one with this token."""
    return next(profile for profile in profiles() if profile.token == token)


def offered_to(classes: Iterable[str]) -> tuple[Profile, ...]:
    """Those that a resource of these classes has."""
    held = frozenset(classes)
    return tuple(
        profile for profile in profiles() if profile.query is None or profile.classes & held
    )


def _profile(
    token: str,
    bases: list[str],
    title: Mapping[str, str],
    description: Mapping[str, str],
    classes: Iterable[str] = (),
    iri: str | None = None,
    **more: Any,
) -> Profile:
    return Profile(
        token,
        iri or str(PROFILE[token]),
        tuple(bases),
        Bilingual(**title),
        Bilingual(**description),
        frozenset(map(_expanded, classes)),
        **more,
    )


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
