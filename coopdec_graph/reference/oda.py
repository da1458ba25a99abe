"""The countries and territories that may receive official development assistance (ODA), by year.

Table `oda_recipients.csv`: the DAC's List of ODA Recipients for the flows of 2011 to 2026; `until` is
the last year of one that left it. What the list of another year says is not known here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache

from coopdec_graph.resources import reference_file

__all__ = ["FIRST_YEAR", "LAST_YEAR", "is_oda_recipient"]

FIRST_YEAR, LAST_YEAR = 2011, 2026


def is_oda_recipient(alpha2: str, years: Iterable[int]) -> bool:
    """Whether the list of each year had the country (ISO 3166-1); no where one is not known."""
    until = _until().get(alpha2)
    wanted = list(years)
    return until is not None and bool(wanted) and all(FIRST_YEAR <= y <= until for y in wanted)


@cache
def _until() -> Mapping[str, int]:
    with reference_file("oda_recipients.csv").open(encoding="utf-8", newline="") as file:
        return {row["alpha2"]: int(row["until"] or LAST_YEAR) for row in csv.DictReader(file)}
