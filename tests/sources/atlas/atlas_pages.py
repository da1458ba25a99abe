"""What the tests of the reader share: the fixture pages, and a page read from a text."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.atlas.record import AtlasRecord
from coopdec_graph.sources.base import Document, Reading

ROOT = Path(__file__).parents[3]
TEXT_PAGES = sorted((ROOT / "data" / "atlas").glob("*.txt"))
HTML_PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
MANTES = (ROOT / "data" / "atlas" / "mantes-la-jolie-rabat.txt").read_text("utf-8")
MOUSSODOUGOU = (ROOT / "data" / "atlas" / "15460.txt").read_text("utf-8")
CHROME = (Path(__file__).parent / "pages" / "chrome-saved.html").read_text("utf-8")

# The record of a page that cannot be read: every field, each of them empty.
NOTHING = AtlasRecord().to_dict()

FUNDING_HEADER = (
    "Nom du financeur | Montant en euros | Montant 1% Eau (Loi Oudin 2005) | "
    "Montant 1% Eau (Loi Oudin 2005) | Montant 1% Eau (Loi Oudin 2005) | Année |\n---|"
)
LAST_FUNDING_ROW = "Collectivités et partenaires étrangers 2333 2021"


def read_file(path: Path, name: str | None = None) -> Reading:
    return SOURCES["atlas"].read(Document(path, name or path.name))


def read_bytes(content: bytes, name: str = "page.txt") -> Reading:
    """The reading of a page that holds these bytes; `name` is what the document is called."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.txt"
        path.write_bytes(content)
        return read_file(path, name)


def read_text(text: str, name: str = "page.txt") -> Reading:
    return read_bytes(text.encode("utf-8"), name)


def read_within(seconds: float, content: bytes, name: str = "page.txt") -> Reading:
    """The reading, which must be done in so many seconds of processor time."""
    start = time.process_time()
    reading = read_bytes(content, name)
    assert time.process_time() - start < seconds
    return reading


def replaced(page: str, old: str, new: str) -> str:
    """The page with one passage changed; the passage must be there."""
    assert old in page
    return page.replace(old, new, 1)


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


def issues(reading: Reading, code: str) -> list[tuple[int | None, str | None, str | None]]:
    """Line, field and value of each issue with this code."""
    return [(i.line, i.field, i.value) for i in reading.issues if i.code == code]


def changes(reading: Reading, page: str = MANTES) -> dict[str, object]:
    """The facts of a reading that differ from those of the page it was made from."""
    before = read_text(page).record
    return {key: value for key, value in reading.record.items() if value != before[key]}


HTML_ROW = (
    "<td>Collectivités et partenaires étrangers</td><td>2500</td>"
    "<td></td><td></td><td>125</td><td>2021</td>"
)
GROUP = "Collectivités et partenaires étrangers"


def flat(row: str) -> Reading:
    """The reading of a page whose last row of funding is this one, without cells."""
    return read_text(replaced(MANTES, LAST_FUNDING_ROW, row))


def pipes(row: str) -> Reading:
    """The reading of a page with this row of funding, its cells between pipes."""
    return read_text(replaced(MOUSSODOUGOU, FUNDING_HEADER, f"{FUNDING_HEADER}\n{row}"))


def tabs(row: str) -> Reading:
    """The reading of a page with this row of funding, its cells between tabs."""
    header = FUNDING_HEADER.removesuffix(" |\n---|").replace(" | ", "\t")
    return read_text(replaced(MOUSSODOUGOU, FUNDING_HEADER, f"{header}\n{row}"))


def html(*cells: str) -> Reading:
    """The reading of a saved HTML page with a row of funding of these cells."""
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return read_text(replaced(CHROME, HTML_ROW, row), "page.html")
