"""`source.toml` as typed values, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coopdec_graph.namespaces import matching_key
from coopdec_graph.sources.base import SourceMetadata

__all__ = ["AtlasSettings", "atlas_settings"]

PROGRAMME = "atlas"


@dataclass(frozen=True, slots=True)
class AtlasSettings:
    """Sets hold matching keys (see `namespaces.matching_key`), ready to compare."""

    metadata: SourceMetadata
    page_url: str
    page_bytes: int
    text_characters: int
    row_characters: int
    sidecar_bytes: int
    first_year: int
    last_year: int
    contact_functions: dict[str, str]
    financer_groups: frozenset[str]
    public_organisations: frozenset[str]
    icon_keys: tuple[str, ...]
    empty_table: frozenset[str]


@cache
def atlas_settings() -> AtlasSettings:
    data = tomllib.loads(Path(__file__).with_name("source.toml").read_text("utf-8"))
    limits, financers, noise = data["limits"], data["financers"], data["noise"]
    return AtlasSettings(
        metadata=SourceMetadata(
            PROGRAMME, data["title"], data["publisher"], data["licence"], data["attribution"]
        ),
        page_url=data["page_url"],
        page_bytes=limits["page_bytes"],
        text_characters=limits["text_characters"],
        row_characters=limits["row_characters"],
        sidecar_bytes=limits["sidecar_bytes"],
        first_year=limits["first_year"],
        last_year=limits["last_year"],
        contact_functions={matching_key(name): name for name in data["contacts"]["functions"]},
        financer_groups=_keys(financers["groups"]),
        public_organisations=_keys(financers["public_organisations"]),
        icon_keys=tuple(noise["icon_keys"]),
        empty_table=_keys(noise["empty_table"]),
    )


def _keys(names: list[str]) -> frozenset[str]:
    return frozenset(matching_key(name) for name in names)
