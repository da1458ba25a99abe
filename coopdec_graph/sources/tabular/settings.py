"""`settings.toml` as typed values, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Limits", "TableSettings", "table_settings"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each thing a file may have; beyond it the file is refused whole."""

    mapping_bytes: int
    columns: int
    rows: int
    cells: int
    csv_rows: int
    csv_bytes: int
    cell_characters: int
    row_characters: int
    header_rows: int
    workbook_bytes: int
    part_bytes: int
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Words are by their matching keys (see `namespaces.matching_key`).

    `personal` name persons in names of columns; `totals` a total in a row, `beside_totals` what
    may stand beside them. `somme` is of one only as the first of several.
    """

    suffixes: tuple[str, ...]
    limits: Limits
    personal: frozenset[str]
    totals: frozenset[str]
    beside_totals: frozenset[str]
    somme: frozenset[str]


@cache
def table_settings() -> TableSettings:
    data = tomllib.loads(Path(__file__).with_name("settings.toml").read_text("utf-8"))
    return TableSettings(
        tuple(data["suffixes"]),
        Limits(**data["limits"]),
        frozenset(data["personal"]["words"]),
        frozenset(data["totals"]["words"]),
        frozenset(data["totals"]["beside"]),
        frozenset(data["totals"]["somme"]),
    )
