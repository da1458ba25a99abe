"""Rows as a DataFrame of pandas: flat columns, of the type that their values have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopdec_graph.client.problem import own_problem
from coopdec_graph.index.reading import Named
from coopdec_graph.index.records import name_in
from coopdec_graph.index.resources import Resource, Type
from coopdec_graph.language import Bilingual, Language

if TYPE_CHECKING:
    import pandas

__all__ = ["Field", "fields_of", "frame_of", "plain_fields"]

_NO_PANDAS = Bilingual(
    "« frame() » a besoin de pandas, qui n'est pas installé : pip install 'coopdec-graph[frame]'",
    "“frame()” needs pandas, which is not installed: pip install 'coopdec-graph[frame]'",
)
# Types that can be without a value; an integer column of numpy's cannot.
_DTYPES: Mapping[Type | None, str] = {
    Type.DATE: "datetime64[s]",
    Type.DECIMAL: "Float64",
    Type.INTEGER: "Int64",
    Type.YEAR: "Int64",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A key of the rows. `type` None: that of its values; `code`: what it leads to has a code."""

    name: str
    type: Type | None = None
    code: bool = False


def fields_of(resource: Resource, chosen: Sequence[str]) -> tuple[Field, ...]:
    """The keys of a list's rows: all, or those that were asked for."""
    columns = (each for each in resource.columns if not chosen or each.name in chosen)
    own = (Field("iri", Type.IRI), Field("id", Type.TEXT))
    return (*own, *(Field(column.name, column.type, column.code) for column in columns))


def plain_fields(names: Iterable[str]) -> tuple[Field, ...]:
    """Keys whose values tell their type."""
    return tuple(map(Field, names))


def frame_of(
    rows: Sequence[Mapping[str, Any]], fields: Iterable[Field], language: Language
) -> pandas.DataFrame:
    """The rows as a DataFrame. Raises Problem if pandas is not installed."""
    try:
        import pandas as pd
    except ImportError:
        raise own_problem("NoPandas", _NO_PANDAS, language) from None
    columns: dict[str, Any] = {}
    for field in fields:
        values = [row.get(field.name) for row in rows]
        for name, flat in _flat(field, values, language).items():
            columns[name] = _series(flat, field)
    return pd.DataFrame(columns)


def _series(values: Sequence[object], field: Field) -> pandas.Series:
    import pandas as pd

    if field.type is None:
        return pd.Series(values, dtype="object").convert_dtypes()
    try:
        return pd.Series(values, dtype=_DTYPES.get(field.type, "string"))
    except (TypeError, ValueError):
        # A value that does not have the form of its type, as a year with a time zone.
        return pd.Series(values, dtype="object")


def _flat(field: Field, values: Sequence[Any], language: Language) -> dict[str, list[Any]]:
    """The columns that a key becomes."""
    if field.type in (Type.LINK, Type.LINKS):
        return _linked(field, values, language)
    if field.type is Type.NAME:
        return {field.name: [_name("", value or {}, language) or None for value in values]}
    if field.type is Type.POINT:
        return {field.name: [_wkt(value) for value in values]}
    return {field.name: list(values)}


def _linked(field: Field, values: Sequence[Any], language: Language) -> dict[str, list[Any]]:
    """Several names have `; ` between them, IRIs and codes a space, as in the CSV."""
    several = [value if isinstance(value, list) else [value] if value else [] for value in values]
    found = {
        f"{field.name}_name": [
            "; ".join(_name(each["iri"], each["name"], language) for each in some)
            for some in several
        ],
        f"{field.name}_iri": [" ".join(each["iri"] for each in some) for some in several],
    }
    if field.code:
        codes = (" ".join(each.get("code") or "" for each in some).strip() for some in several)
        found[f"{field.name}_code"] = list(codes)
    return {name: [text or None for text in texts] for name, texts in found.items()}


def _name(iri: str, names: Mapping[str, str], language: Language) -> str:
    return name_in(Named(iri, names), language) or iri


def _wkt(geometry: Mapping[str, Any] | None) -> str | None:
    """A point as the graph has it (GeoSPARQL 1.1, 8.5)."""
    if geometry is None:
        return None
    return f"POINT({' '.join(map(str, geometry['coordinates']))})"
