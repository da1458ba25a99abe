"""Exchange rates of the euro by day, from a table in the form that the European Central Bank gives.

The file is `eurofxref-hist.csv` of the ECB's euro foreign exchange reference rates, or any with its
form: a header `Date,USD,JPY,…`, then a row per day, `2021-06-15,1.2108,133.31,…`: units of the
currency for one euro, `N/A` where there is none.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from pathlib import Path

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

__all__ = ["Rate", "RateTable"]

# Rates are not set on week-ends and holidays: that of the last day before stands.
_LONGEST_GAP = timedelta(days=7)
_CENT = Decimal("0.01")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RATE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MOST_BYTES = 50_000_000

_UNREADABLE = Bilingual(
    "Table des taux « {path} », ligne {line} : {reason}. Attendu : la forme de eurofxref-hist.csv de la"
    " BCE (Date,USD,… puis 2021-06-15,1.2108,…).",
    "Table of rates “{path}”, line {line}: {reason}. Expected: the form of the ECB's"
    " eurofxref-hist.csv (Date,USD,… then 2021-06-15,1.2108,…).",
)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units of a currency one euro bought, on the day that the rate was set."""

    currency: str
    day: date
    units: Decimal

    def in_euros(self, amount: Decimal) -> Decimal:
        """The amount in euros, to the cent, halves to the even cent."""
        return (amount / self.units).quantize(_CENT, ROUND_HALF_EVEN)


@dataclass(frozen=True)
class RateTable:
    """The rates of a file; `digest` is its SHA-256. An empty table converts nothing."""

    rates: Mapping[tuple[str, date], Decimal]
    digest: str = ""
    name: str = ""

    @classmethod
    def load(cls, path: Path | None) -> RateTable:
        """The table of a file, an empty one without a file. Raises UsageError with its line."""
        if path is None:
            return cls({})
        try:
            if path.stat().st_size > _MOST_BYTES:
                raise _fault(path, 1, f"> {_MOST_BYTES} octets / bytes")
            content = path.read_bytes()
            text = content.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise _fault(path, 1, getattr(error, "strerror", None) or str(error)) from None
        return cls(dict(_rates(text, path)), hashlib.sha256(content).hexdigest(), path.name)

    @cached_property
    def currencies(self) -> frozenset[str]:
        return frozenset(currency for currency, _ in self.rates)

    def rate(self, currency: str, day: date) -> Rate | None:
        """The rate of a day, or of the last day before it on which one was set; None: there is none.

        No rate is older than seven days.
        """
        if currency not in self.currencies:
            return None
        for back in range(_LONGEST_GAP.days + 1):
            when = day - timedelta(days=back)
            units = self.rates.get((currency, when))
            if units is not None:
                return Rate(currency, when, units)
        return None


def _rates(text: str, path: Path) -> Iterator[tuple[tuple[str, date], Decimal]]:
    rows = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(rows, [])]
    # The ECB ends each line with a comma: an empty last column.
    currencies = header[1:-1] if header and header[-1] == "" else header[1:]
    if header[:1] != ["Date"] or not currencies or not all(map(_CURRENCY.fullmatch, currencies)):
        raise _fault(path, 1, "Date,USD,…")
    if len(set(currencies)) < len(currencies):
        raise _fault(path, 1, "une devise deux fois / a currency twice")
    seen: set[date] = set()
    for row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        day = _day(cells[0], path, rows.line_num)
        if day in seen:
            raise _fault(path, rows.line_num, f"{day} ×2")
        seen.add(day)
        if len(cells) not in (len(currencies) + 1, len(header)):
            raise _fault(path, rows.line_num, f"{len(cells)} ≠ {len(header)}")
        for currency, cell in zip(currencies, cells[1:], strict=False):
            if cell not in ("", "N/A"):
                yield (currency, day), _units(cell, path, rows.line_num)


def _day(text: str, path: Path, line: int) -> date:
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise _fault(path, line, text[:40]) from None


def _units(text: str, path: Path, line: int) -> Decimal:
    units = Decimal(text) if len(text) < 40 and _RATE.fullmatch(text) else Decimal(0)
    if units <= 0:
        raise _fault(path, line, text[:40])
    return units


def _fault(path: Path, line: int, reason: str) -> UsageError:
    return UsageError(_UNREADABLE, path=path, line=line, reason=reason)
