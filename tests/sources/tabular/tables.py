"""Tables of the three kinds, written from the same cells; a mapping for them; readings of both."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from coopdec_graph.sources import source_named
from coopdec_graph.sources.base import Reading

SAMPLES = Path(__file__).with_name("samples")

# Every name and sum is invented.
MAPPING = """
[programme]
notation = "exemple"
title = { fr = "Aides de la Fondation Exemple", en = "Grants of the Fondation Exemple" }
publisher = "Fondation Exemple"
licence = "https://exemple.org/licence"
attribution = "Fondation Exemple, aides"

[values]
language = "fr"
dates = ["DD/MM/YYYY", "YYYY-MM-DD"]
decimal = ","
thousands = " "
nothing = ["n.c."]

[row]
identifier = "Numéro"
status = "Statut"
start-year = "Début"
url = "Page"

[dates]
planned-start = "Du"
planned-end = "Au"

[[text]]
is = "title"
column = "Intitulé"

[[text]]
is = "description"
column = "Description"
language = "und"

[[party]]
as = "payeur"
role = "funding"
kind = "organisation"
name = { constant = "Fondation Exemple" }

[[party]]
as = "collectivité"
role = "collectivite-francaise"
kind = "french-collectivity"
name = "Collectivité"

[[party]]
role = "partenaire-etranger"
kind = "foreign-collectivity"
name = "Partenaire *"
reference = "Référence *"
country = "Pays *"

[[sum]]
kind = "commitment"
amount = "Montant"
currency = { column = "Devise", codes = { "€" = "EUR" } }
day = "Décision"
provider = "payeur"
receiver = "collectivité"

[[sum]]
kind = "budget"
amount = "Budget"
currency = { constant = "EUR" }
year = "Année"

[[allocation]]
kind = "sector"
code = { column = "Secteurs", separator = ";" }
label = { column = "Noms des secteurs", separator = ";" }
list = "dac"
percentage = "Part"

[[place]]
name = "Lieu"
point = { column = "Position", separator = "|" }

[[identifier]]
column = "Autres numéros"
separator = "|"

[ignored]
"Remarque" = "de la main de l'instructeur"

[personal]
columns = ["Nom du contact"]
without-rows = ["Boursier"]
"""

Cell = str | int | float | Decimal | date | datetime | bool | None


def write_mapping(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "ma.toml"
    path.write_text(text, "utf-8")
    return path


def read(folder: Path, table: Path | Sequence[Path], mapping: str = MAPPING) -> list[Reading]:
    """The readings of tables by a mapping, as the commands get them."""
    source = source_named(str(write_mapping(folder, mapping)))
    paths = [table] if isinstance(table, Path) else list(table)
    return [source.read(document) for document in source.documents(paths)]


def read_csv(folder: Path, content: str | bytes, mapping: str = MAPPING) -> list[Reading]:
    path = folder / "t.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(folder, path, mapping)


def row(**cells: str) -> str:
    """A CSV file of one row, whose columns are named; a title where none is given."""
    told = {"Intitulé": "Puits", **{name.replace("_", " "): text for name, text in cells.items()}}
    return csv_text([list(told), list(told.values())])


def codes(readings: Sequence[Reading]) -> list[list[str]]:
    return [[issue.code for issue in reading.issues] for reading in readings]


def csv_text(rows: Sequence[Sequence[Cell]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def write_csv(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    path.write_text(csv_text(rows), "utf-8", newline="")
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, cells in enumerate(rows):
            for c, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, day)
                elif value not in (None, ""):
                    sheet.write(r, c, value)
    book.close()
    return path


ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
    for prefix in ("office", "table", "text")
)


def ods_cell(value: Cell) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, bool):
        return (
            f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )
    if isinstance(value, date):
        kind, said, shown = "date", f'office:date-value="{value.isoformat()}"', f"{value:%d.%m.%y}"
    elif isinstance(value, str):
        paragraphs = "".join(f"<text:p>{escape(p)}</text:p>" for p in value.split("\n"))
        return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'
    else:
        kind, said, shown = "float", f'office:value="{value}"', str(value)
    return (
        f'<table:table-cell office:value-type="{kind}" {said}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def ods_sheet(name: str, rows: Sequence[Sequence[Cell]]) -> str:
    inside = "".join(
        f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>" for cells in rows
    )
    return f"<table:table table:name={quoteattr(name)}>{inside}</table:table>"


def write_ods(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]] | str, **parts: str
) -> Path:
    """An ODS file of sheets, or of the XML between the tags of its spreadsheet."""
    inside = sheets if isinstance(sheets, str) else "".join(map(ods_sheet, sheets, sheets.values()))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_NAMES}>'
        f"<office:body><office:spreadsheet>{inside}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return write_zip(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            **parts,
        },
    )


XLSX_PARTS = {
    "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="1" Target="s.xml"/></Relationships>',
}


def write_raw_xlsx(path: Path, sheet: str, **parts: str) -> Path:
    """An XLSX file of one sheet, whose rows are given as XML; `parts` replace others by name."""
    named = {name.replace("__", "/") + ".xml": text for name, text in parts.items()}
    whole = f"<worksheet><sheetData>{sheet}</sheetData></worksheet>"
    return write_zip(path, {**XLSX_PARTS, "xl/s.xml": whole, **named})


def write_zip(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path
