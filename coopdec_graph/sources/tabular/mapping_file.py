"""A mapping file: TOML, without code, read into a `TableMapping` or refused with one clear error."""

from __future__ import annotations

import codecs
import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path

from coopdec_graph.errors import PageUnreadable, UsageError
from coopdec_graph.issues import issue_kinds
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.model import (
    ActivityDate,
    AgentKind,
    AllocationKind,
    Code,
    FundingKind,
    Narrative,
    Role,
    SourceMetadata,
    Text,
)
from coopdec_graph.sources.files import read_bytes
from coopdec_graph.sources.sidecar import is_address
from coopdec_graph.sources.tabular.days import day_form, two_readings
from coopdec_graph.sources.tabular.lists import COUNTRY_LIST, has_list
from coopdec_graph.sources.tabular.mapping import (
    TITLE,
    AllocationFields,
    PartyFields,
    PlaceFields,
    SumFields,
    TableMapping,
    TextField,
    Values,
)
from coopdec_graph.sources.tabular.mapping_keys import Field, Keys
from coopdec_graph.sources.tabular.settings import table_settings
from coopdec_graph.sources.tabular.tables import Layout
from coopdec_graph.vocabulary import thesaurus

__all__ = ["mapping_bytes", "parsed_mapping"]

_MISSING = Bilingual(
    "La correspondance « {file} » ne peut pas être lue : {reason_fr}.",
    "The mapping “{file}” cannot be read: {reason_en}.",
)
_NOT_TOML = Bilingual(
    "La correspondance « {file} » n'est pas du TOML en UTF-8 : {reason}. Corrigez-la là.",
    "The mapping “{file}” is not TOML in UTF-8: {reason}. Correct it there.",
)
# Programmes that have a reader of their own.
_RESERVED = ("atlas", "iati")
_NOTATION = re.compile(r"[a-z0-9]{1,40}")
# Roles of IATI by the words a mapping writes (list OrganisationRole); ours are by their notations.
_IATI_ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
_ROLE_LIST = "iati-organisation-role"
_TEXT_KINDS = (TITLE, *(str(kind) for kind in Narrative))
_AGENT_KINDS = tuple(str(kind) for kind in AgentKind if kind is not AgentKind.FINANCER_GROUP)
_POINT_ORDERS = ("latitude longitude", "longitude latitude")


def mapping_bytes(path: Path) -> bytes:
    """A mapping file as it is. Raises UsageError for one that is missing, or no such file."""
    try:
        return read_bytes(path, table_settings().limits.mapping_bytes)
    except PageUnreadable as error:
        kind = issue_kinds()[error.code].message
        fr, en = (kind.text(language, **error.values).rstrip(".") for language in LANGUAGES)
        raise UsageError(_MISSING, file=path, reason_fr=fr, reason_en=en) from None


@cache
def parsed_mapping(content: bytes, file: str) -> TableMapping:
    """The mapping that a file's bytes say; `file` is what errors call it. Raises UsageError."""
    try:
        facts = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(_NOT_TOML, file=file, reason=error) from None
    return _mapping(Keys(facts, "", file), hashlib.sha256(content).hexdigest())


def _mapping(keys: Keys, digest: str) -> TableMapping:
    metadata = _programme(keys.table("programme"))
    layout = _layout(keys.table("table"))
    values, language = _values(keys.table("values"))
    row, personal = keys.table("row"), keys.table("personal")
    parties = tuple(_party(each, language) for each in keys.tables("party"))
    mapping = TableMapping(
        digest,
        metadata,
        layout,
        values,
        _identifier(row),
        row.field("url"),
        row.field("start-year"),
        row.field("status", ["codes"]),
        _days(keys.table("dates")),
        tuple(_text(each, language) for each in keys.tables("text")),
        parties,
        tuple(_sum(each, parties, language) for each in keys.tables("sum")),
        tuple(_allocation(each, language) for each in keys.tables("allocation")),
        tuple(_place(each, language) for each in keys.tables("place")),
        tuple(_other_identifier(each) for each in keys.tables("identifier")),
        tuple(keys.table("ignored").items()),
        personal.texts("columns"),
        personal.texts("without-rows"),
    )
    for table in (row, personal, keys):
        table.done()
    _refuse_contradictions(mapping, keys)
    return mapping


def _programme(keys: Keys) -> SourceMetadata:
    notation = keys.text("notation", required=True) or ""
    if not _NOTATION.fullmatch(notation):
        raise keys.wrong(
            "notation",
            "il faut des minuscules et des chiffres",
            "lower-case letters and digits are needed",
        )
    if notation in _RESERVED:
        raise keys.wrong(
            "notation",
            f"« {notation} » a son propre lecteur ; choisissez un autre nom",
            f"“{notation}” has a reader of its own; choose another name",
        )
    title = keys.table("title")
    labels = tuple(Text(title.text(it, required=True) or "", it) for it in ("fr", "en"))
    title.done()
    licence = keys.text("licence")
    if licence is not None and not is_address(licence):
        raise keys.wrong("licence", "il faut une adresse http", "an http address is needed")
    listed = any(c.scheme == "programme" and c.path == notation for c in thesaurus().concepts)
    metadata = SourceMetadata(
        notation,
        labels[0].value,
        keys.text("publisher"),
        licence,
        keys.text("attribution"),
        () if listed else labels,
    )
    keys.done()
    return metadata


def _layout(keys: Keys) -> Layout:
    header = keys.number("header", 1, table_settings().limits.header_rows, 1)
    encoding, delimiter = keys.text("encoding"), keys.sign("delimiter")
    if encoding is not None and not _is_text_encoding(encoding):
        raise keys.wrong("encoding", "encodage inconnu", "unknown encoding")
    if delimiter is not None and delimiter in '"\r\n':
        raise keys.wrong("delimiter", "ce signe ne peut pas séparer", "this sign cannot separate")
    layout = Layout(keys.texts("sheet"), header, encoding, delimiter)
    keys.done()
    return layout


def _is_text_encoding(name: str) -> bool:
    try:
        "".encode(codecs.lookup(name).name)
    except LookupError:
        return False
    return True


def _values(keys: Keys) -> tuple[Values, str | None]:
    forms = []
    for printed in keys.texts("dates") or ("YYYY-MM-DD",):
        form = day_form(printed)
        if form is None:
            raise keys.wrong(
                "dates",
                f"« {printed} » : il faut YYYY, MM et DD avec des séparateurs, ou iso",
                f"“{printed}”: YYYY, MM and DD with separators are needed, or iso",
            )
        forms.append(form)
    twice = two_readings(forms)
    if twice is not None:
        first, second = twice.first.printed, twice.second.printed
        raise keys.wrong(
            "dates",
            f"« {twice.text} » serait deux jours, l'un pour {first}, l'autre pour {second} ; gardez la"
            " forme des tableaux, et faites une autre correspondance pour ceux qui ont l'autre",
            f"“{twice.text}” would be two days, one by {first}, the other by {second}; keep the form of"
            " the tables, and make another mapping for those that have the other",
        )
    decimal = keys.sign("decimal") or "."
    thousands = keys.texts("thousands")
    if decimal not in ".," or any(len(t) != 1 or t in "0123456789-+" + decimal for t in thousands):
        raise keys.wrong(
            "decimal",
            "il faut un point ou une virgule, et d'autres signes pour les milliers",
            "a point or a comma is needed, and other signs for thousands",
        )
    nothing = frozenset(text.strip().casefold() for text in keys.texts("nothing"))
    language = keys.language("language", None)
    keys.done()
    return Values(tuple(forms), decimal, thousands, nothing), language


def _identifier(row: Keys) -> tuple[Field, ...]:
    """One column, or the columns that together tell a row apart: `{ columns = [...] }`."""
    facts = row.peek("identifier")
    if not isinstance(facts, dict) or "columns" not in facts:
        field = row.field("identifier")
        return () if field is None else (field,)
    keys = row.table("identifier")
    found = keys.listed_fields("columns")
    keys.done()
    return found


def _days(keys: Keys) -> tuple[tuple[ActivityDate, Field], ...]:
    found = []
    for date in ActivityDate:
        # `plannedStart` is the property; a mapping writes `planned-start`.
        field = keys.field(re.sub(r"([A-Z])", r"-\1", date).lower())
        if field is not None:
            found.append((date, field))
    keys.done()
    return tuple(found)


def _text(keys: Keys, language: str | None) -> TextField:
    kind = keys.choice("is", _TEXT_KINDS, required=True) or ""
    text = TextField(kind, keys.whole_field(["language"], language))
    keys.done()
    return text


def _party(keys: Keys, language: str | None) -> PartyFields:
    role = keys.choice("role", (*_IATI_ROLES, *Role))
    party = PartyFields(
        keys.text("as"),
        AgentKind(keys.choice("kind", _AGENT_KINDS, required=True) or ""),
        _role(role),
        keys.field("name", ["constant", "language", "separator"], language=language),
        keys.field("reference", ["constant", "separator"]),
        keys.field("country", ["constant", "codes"]),
    )
    if party.name is None and party.reference is None:
        raise keys.wrong(
            "name", "il faut un nom ou une référence", "a name or a reference is needed"
        )
    if role is None and party.label is None:
        raise keys.wrong(
            "role",
            "il faut un rôle, ou un nom (as) pour les sommes",
            "a role is needed, or a name (as) for sums",
        )
    keys.done()
    return party


def _role(word: str | None) -> Role | Code | None:
    if word is None:
        return None
    return Code(_IATI_ROLES[word], _ROLE_LIST) if word in _IATI_ROLES else Role(word)


def _sum(keys: Keys, parties: tuple[PartyFields, ...], language: str | None) -> SumFields:
    labels = [party.label for party in parties if party.label is not None]
    amount = keys.field("amount", required=True)
    assert amount is not None
    item = SumFields(
        FundingKind(keys.choice("kind", tuple(FundingKind), required=True) or ""),
        amount,
        keys.field("currency", ["constant", "codes"]),
        keys.field("day"),
        keys.field("value-day"),
        keys.field("start"),
        keys.field("end"),
        keys.field("year"),
        keys.field("reference"),
        keys.field("description", ["language"], language=language),
        keys.choice("provider", labels),
        keys.choice("receiver", labels),
    )
    if item.year and (item.start or item.end):
        raise keys.wrong(
            "year", "une année, ou un début et une fin", "a year, or a start and an end"
        )
    keys.done()
    return item


def _allocation(keys: Keys, language: str | None) -> AllocationFields:
    kind = AllocationKind(keys.choice("kind", tuple(AllocationKind), required=True) or "")
    named = keys.text("list")
    if named is not None and not has_list(named):
        raise keys.wrong("list", f"liste inconnue : « {named} »", f"unknown list: “{named}”")
    uri = keys.text("vocabulary-uri")
    if uri is not None and not is_address(uri):
        raise keys.wrong("vocabulary-uri", "il faut une adresse http", "an http address is needed")
    if kind is AllocationKind.RECIPIENT_COUNTRY:
        named = named or COUNTRY_LIST
    allocation = AllocationFields(
        kind,
        keys.field("code", ["codes", "separator"]),
        keys.field("label", ["language", "separator"], language=language),
        keys.field("percentage"),
        named,
        keys.field("vocabulary", ["constant"]),
        uri,
    )
    if allocation.code is None and allocation.label is None:
        raise keys.wrong("code", "il faut un code ou un libellé", "a code or a label is needed")
    keys.done()
    return allocation


def _place(keys: Keys, language: str | None) -> PlaceFields:
    place = PlaceFields(
        keys.field("name", ["language", "separator"], language=language),
        keys.field("latitude"),
        keys.field("longitude"),
        keys.field("point", ["separator"]),
        keys.choice("order", _POINT_ORDERS) or _POINT_ORDERS[0],
        keys.field("code"),
        keys.field("code-type", ["constant"]),
    )
    if (place.latitude is None) != (place.longitude is None):
        raise keys.wrong(
            "latitude",
            "la latitude et la longitude vont ensemble",
            "latitude and longitude go together",
        )
    if not any((place.name, place.latitude, place.point, place.code)):
        raise keys.wrong(
            "name",
            "il faut un nom, une position ou un code",
            "a name, a position or a code is needed",
        )
    keys.done()
    return place


def _other_identifier(keys: Keys) -> Field:
    field = keys.whole_field(["separator"])
    keys.done()
    return field


def _refuse_contradictions(mapping: TableMapping, keys: Keys) -> None:
    """A row must be told apart from the others, and a column is read or it is not."""
    if not mapping.identifier and not any(text.kind == TITLE for text in mapping.texts):
        raise keys.wrong(
            "row.identifier",
            "il faut un identifiant, ou un titre",
            "an identifier is needed, or a title",
        )
    labels = [party.label for party in mapping.parties if party.label is not None]
    for label in labels:
        if labels.count(label) > 1:
            raise keys.wrong(
                "party", f"« {label} » nomme deux acteurs", f"“{label}” names two parties"
            )
    unread = {*mapping.ignored, *mapping.personal, *mapping.without_rows}
    for group in mapping.groups():
        for field in group:
            for name in sorted(unread & set(field.names)):
                raise keys.wrong(
                    field.key,
                    f"la colonne « {name} » est aussi parmi celles qui ne sont pas lues",
                    f"column “{name}” is also among those that are not read",
                )
