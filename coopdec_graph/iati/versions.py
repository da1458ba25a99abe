"""The versions of the standard that we hold."""

from __future__ import annotations

from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import Bilingual

__all__ = ["LATEST", "VERSIONS", "VERSIONS_WITH_LISTS", "UnknownVersion", "known", "nearest"]

VERSIONS = ("1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02", "2.03")
# No package was found that holds the lists, mappings and rulesets of the first three.
VERSIONS_WITH_LISTS = VERSIONS[3:]
LATEST = VERSIONS[-1]

_UNKNOWN = Bilingual(
    "Version du standard IATI inconnue : « {version} ». Connues : {known}.",
    "Unknown version of the IATI standard: “{version}”. Known: {known}.",
)


class UnknownVersion(CoopdecError):
    """A version of the standard that is not among `VERSIONS`."""


def nearest(said: str | None, has_narratives: bool) -> str:
    """The version to hold a file against that says none of ours: the last of its generation.

    Version 1 lets a file say none. Texts stand in `narrative` from version 2 on: that tells which
    generation a file is of where its version does not.
    """
    generation = (said or "")[:1]
    if generation not in ("1", "2"):
        generation = "2" if has_narratives else "1"
    return max(version for version in VERSIONS if version.startswith(generation))


def known(version: str) -> str:
    """The version itself; raises UnknownVersion when it is none of ours."""
    if version not in VERSIONS:
        raise UnknownVersion(_UNKNOWN, version=version, known=", ".join(VERSIONS))
    return version
