"""Funding lines of French financers as rows in the shape of the OECD's Creditor Reporting System.

Columns have the names of the CRS where it has one; docs/exports.md says which are ours. What a page
announces was not necessarily committed or paid: `commitment_national` and `disbursement_national`
are always empty, and `amount_status` says so in each row.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from coopdec_graph.exporting.base import Job, Option, Outcome
from coopdec_graph.exporting.bodies import channel_of, known, names_of
from coopdec_graph.exporting.periods import years_of
from coopdec_graph.exporting.reading import Line, Member, Reader, Thing
from coopdec_graph.exporting.recipients import recipients
from coopdec_graph.exporting.themes import dac_code
from coopdec_graph.iati.codelists import entry
from coopdec_graph.iati.codelists import name as name_of_code
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import SCHEME

__all__ = ["COLUMNS", "PROGRAMME", "TAKES", "write"]

PROGRAMME = "atlas"
TAKES = frozenset({Option.LANGUAGE})

COLUMNS = (
    "year", "donor_code", "donor_name", "agency_name", "project_number", "recipient_name",
    "recipient_iso2", "purpose_code", "purpose_name", "sector_code", "sector_name", "channel_code",
    "channel_name", "channel_reported_name", "commitment_national", "disbursement_national",
    "announced_national", "currency", "amount_status", "project_title", "long_description",
    "geography", "expected_start_date", "completion_date", "source",
)  # fmt: skip

_WRITING = Bilingual("Écriture des lignes", "Writing lines")
_FRANCE = "4"
_ANNOUNCED, _UNREADABLE = "announced", "announced-unreadable"
_OWNER, _FOREIGN = str(SCHEME["role/maitre-d-ouvrage"]), str(SCHEME["role/partenaire-etranger"])
_SECTORS, _CATEGORIES, _CHANNELS = "Sector", "SectorCategory", "CRSChannelCode"
_TOGETHER = "; "

Row = Mapping[str, str]


def write(job: Job, path: Path) -> Outcome:
    """Writes RFC 4180 in UTF-8, a row per line in the order of the pages."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\r\n")
        table.writeheader()
        for row in _rows(job):
            table.writerow(row)
    return Outcome(len(job.activities))


def _rows(job: Job) -> Iterator[Row]:
    reader, language = Reader(job.store), job.settings.language
    for iri in job.track(job.activities, _WRITING, len(job.activities)):
        lines = [line for line in reader.lines(iri) if _is_french(line, reader)]
        if lines:
            facts = reader.thing(iri)
            years = years_of(facts, lines, reader)
            about = _about(facts, reader.members(iri), years, reader, language)
            for line in lines:
                yield {**about, **_sum(line, reader)}


def _is_french(line: Line, reader: Reader) -> bool:
    return line.financer is not None and known(reader.shared(line.financer)).french


def _about(
    facts: Thing,
    members: Sequence[Member],
    years: Collection[int],
    reader: Reader,
    language: Language,
) -> Row:
    """What each line of an activity repeats."""
    partners = [reader.shared(member.body) for member in members if member.role == _FOREIGN]
    return {
        "donor_code": _FRANCE,
        "donor_name": "France",
        "project_number": facts.iri.rpartition("/")[2],
        **_recipient(facts, language),
        **_sector(facts, reader, language),
        **_channel(members, years, reader, language),
        "project_title": _joined(facts, "dct:title"),
        "long_description": _joined(facts, "cd:description"),
        "geography": _TOGETHER.join(_name(body) for body in partners),
        **_period(facts, reader),
        "source": facts.iri,
    }


def _sum(line: Line, reader: Reader) -> Row:
    assert line.financer is not None
    return {
        "year": "" if line.year is None else f"{line.year:04}",
        "agency_name": _name(reader.shared(line.financer)),
        "announced_national": "" if line.amount is None else f"{line.amount:f}",
        "currency": "EUR",
        "amount_status": _UNREADABLE if line.amount is None else _ANNOUNCED,
    }


def _recipient(facts: Thing, language: Language) -> Row:
    """The country, or all of them: a line is not divided among several."""
    found = recipients(facts)
    names = [country.fr if language == "fr" else country.en for country in found]
    return {
        "recipient_name": _TOGETHER.join(names),
        "recipient_iso2": " ".join(country.alpha2 for country in found),
    }


def _sector(facts: Thing, reader: Reader, language: Language) -> Row:
    """Purpose and sector of the one code that the main theme is like; a sector alone has no purpose."""
    theme = facts.one("cd:mainTheme")
    code = None if theme is None else dac_code(reader.shared(theme))
    if code is None:
        return {}
    purpose = entry(_SECTORS, code) if len(code) == 5 else None
    sector = code if purpose is None else purpose.category or code[:3]
    row = {"sector_code": sector, "sector_name": _code_name(_CATEGORIES, sector, language)}
    if purpose is not None:
        row |= {"purpose_code": code, "purpose_name": _code_name(_SECTORS, code, language)}
    return row


def _channel(
    members: Sequence[Member], years: Collection[int], reader: Reader, language: Language
) -> Row:
    """Who delivers: the project owners; with a code where all of them have the same."""
    owners = [reader.shared(member.body) for member in members if member.role == _OWNER]
    codes = {channel_of(owner, years) for owner in owners}
    code = codes.pop() if len(codes) == 1 else None
    return {
        "channel_code": code or "",
        "channel_name": "" if code is None else _code_name(_CHANNELS, code, language),
        "channel_reported_name": _TOGETHER.join(map(_name, owners)),
    }


def _period(facts: Thing, reader: Reader) -> Row:
    period = [reader.thing(node) for node in facts.iris("dct:temporal")]
    return {
        "expected_start_date": next(
            (text for p in period if (text := p.one("dcat:startDate"))), ""
        ),
        "completion_date": next((text for p in period if (text := p.one("dcat:endDate"))), ""),
    }


def _code_name(codelist: str, code: str, language: Language) -> str:
    """The name of a code in the language, else in English."""
    return name_of_code(codelist, code, language) or name_of_code(codelist, code, "en") or ""


def _name(body: Thing) -> str:
    names = names_of(body)
    return names[0].value if names else body.iri


def _joined(facts: Thing, property: str) -> str:
    return "\n".join(text.value for text in facts.texts(property))
