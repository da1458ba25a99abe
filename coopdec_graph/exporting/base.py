"""What every format is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.language import Bilingual
from coopdec_graph.progress import Track
from coopdec_graph.publishing.releases import Release

__all__ = ["Exporter", "Job", "Option", "Outcome", "Settings"]


class Option(StrEnum):
    """What only some formats take: the name of an option of the command."""

    CANDIDATES = "candidates"


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of those options. `candidates`: also the decisions that made no link."""

    candidates: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One export: of a release, its store open for reading, the activities in order of their IRIs.

    `whole` says that nothing was chosen: the release as it is.
    """

    release: Release
    store: ox.Store
    activities: tuple[str, ...]
    whole: bool
    settings: Settings
    track: Track


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many activities were written."""

    activities: int


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format. `write` makes the file or folder of a path that does not exist yet.

    `write` raises CoopdecError; what it leaves then is removed by who called it.
    """

    write: Callable[[Job, Path], Outcome]
    about: Bilingual
    takes: frozenset[Option] = frozenset()
