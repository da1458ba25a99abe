"""How every table is written: sorted rows, Unix line ends, and what was dropped on the screen."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

__all__ = ["Row", "csv_text", "drop", "write_csv", "write_zip"]

Row = Sequence[object]


def csv_text(header: Sequence[str], rows: Iterable[Row]) -> str:
    """The rows in order of their text; None is an empty cell."""
    cells = [tuple("" if cell is None else str(cell) for cell in row) for row in rows]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(sorted(cells))
    return file.getvalue()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    text = csv_text(header, rows)
    path.write_text(text, "utf-8", newline="")
    print(f"{path.name}: {text.count(chr(10)) - 1:,} rows, {len(text.encode()):,} bytes")


def write_zip(path: Path, members: Mapping[str, str]) -> None:
    """One member per key, dated 1980 so that the same text gives the same archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, members[name].encode())
    print(f"{path.name}: {len(members)} members, {path.stat().st_size:,} bytes")


def drop(what: str, dropped: Sequence[object]) -> None:
    """Says how many rows were left out and why, with the first few as examples."""
    if dropped:
        shown = ", ".join(str(item) for item in dropped[:5])
        print(f"  dropped {len(dropped):,}: {what} ({shown}{', …' if len(dropped) > 5 else ''})")
