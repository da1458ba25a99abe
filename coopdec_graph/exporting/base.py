"""What every format is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.index.reading import Index
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.progress import Track
from coopdec_graph.publishing.releases import Release

__all__ = ["Exporter", "Job", "LeftOut", "Option", "Outcome", "Publisher", "Settings"]


class Option(StrEnum):
    """What only some formats take: the name of an option of the command."""

    AS_OF = "as-of"
    CANDIDATES = "candidates"
    LANGUAGE = "language"
    PUBLISHER_NAME = "publisher-name"
    PUBLISHER_REF = "publisher-ref"
    PUBLISHER_TYPE = "publisher-type"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who republishes: organisation identifier, name, kind (IATI OrganisationType; 90 is other)."""

    reference: str = "coopdec-graph"
    name: str = "coopdec-graph"
    type: str = "90"


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of those options. `candidates`: also the decisions that made no link; `as_of` is
    the day that the file says it was made on, `language` that of names in tables."""

    candidates: bool = False
    publisher: Publisher = Publisher()
    as_of: date | None = None
    language: Language = "fr"


@dataclass(frozen=True, slots=True)
class Job:
    """One export: of a release, its store and index open, the activities in order of their IRIs.

    `whole` says that nothing was chosen: the release as it is.
    """

    release: Release
    store: ox.Store
    index: Index
    activities: tuple[str, ...]
    whole: bool
    settings: Settings
    track: Track


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An activity that the format cannot say, and why not."""

    activity: str
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many activities were written, and which were not."""

    activities: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format. `write` makes the file or folder of a path that does not exist yet.

    `write` raises CoopdecError; what it leaves then is removed by who called it. `programme` is the
    only one that is exported unless another is named.
    """

    write: Callable[[Job, Path], Outcome]
    takes: frozenset[Option] = frozenset()
    programme: str | None = None
