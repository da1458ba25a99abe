"""The JSON documents of the answers (specification: "Reconciliation Query Responses", "Suggest
Responses", "Data Extension Responses", "Data Extension Property Proposals").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coopdec_graph.language import Bilingual, Language
from coopdec_graph.linking.names import key_of
from coopdec_graph.service.reconciliation.bearing import Bearing
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.index import Index
from coopdec_graph.service.reconciliation.kinds import TYPES, described_type, wanted_types
from coopdec_graph.service.reconciliation.matching import Candidate, candidates
from coopdec_graph.service.reconciliation.messages import Extension, Query
from coopdec_graph.service.reconciliation.properties import PROPERTIES, Property, properties_of
from coopdec_graph.service.values import count

__all__ = [
    "PAGE",
    "described",
    "extended",
    "proposed",
    "results",
    "suggested_entities",
    "suggested_properties",
    "suggested_types",
]

# Suggestions in one answer.
PAGE = 20

_PARTNERSHIPS = Bilingual("{number} partenariats", "{number} partnerships")
_NO_PARTNERSHIP = Bilingual("aucun partenariat", "no partnership")
_PARTNERSHIP = Bilingual("1 partenariat", "1 partnership")
_GROUP = Bilingual("financeurs non nommés", "financers that are not named")
_BORE = Bilingual("a porté le nom « {name} »{time}", "bore the name “{name}”{time}")
_TOOK_OVER = Bilingual("a repris « {name} »{time}", "took over “{name}”{time}")
_FROM = Bilingual("depuis {day}", "since {day}")
_BEFORE = Bilingual("avant {day}", "before {day}")


def results(index: Index, queries: Mapping[str, Query], language: Language) -> dict[str, object]:
    """A reconciliation result batch: each query is answered by itself."""
    return {
        id: {
            "result": [_candidate(index, one, query, language) for one in candidates(index, query)]
        }
        for id, query in queries.items()
    }


def _candidate(
    index: Index, found: Candidate, query: Query, language: Language
) -> dict[str, object]:
    entity = found.entity
    return {
        "id": entity.id,
        "name": entity.name(language),
        "description": described(index, entity, language, found.past),
        "type": _types(entity, language),
        "score": found.score,
        "match": found.match,
        "features": _features(found, query),
    }


def _features(found: Candidate, query: Query) -> list[dict[str, object]]:
    """What the score comes from. What is not known is not there: a feature is a number or a boolean."""
    features: dict[str, object] = {}
    if found.likeness is not None:
        features["name"] = found.likeness
    if query.types:
        features["type"] = True
    features |= {name: answer for name, answer in found.answers.items() if answer is not None}
    if found.past is not None:
        features["took_over" if found.past.took_over else "past_name"] = True
    return [{"id": id, "value": value} for id, value in features.items()]


def _types(entity: Entity, language: Language) -> list[dict[str, object]]:
    return [{"id": id, "name": TYPES[id].name.text(language)} for id in entity.types]


def described(index: Index, entity: Entity, language: Language, past: Bearing | None = None) -> str:
    """A line that tells an entity from its homonyms: level, code, country, partnerships."""
    level, country = entity.known_level(), entity.known_country()
    parts = [_partnerships(entity.partnerships, language)]
    if country is not None:
        parts.insert(0, country.en if language == "en" else country.fr)
    codes = entity.codes_of("inseeCode") or entity.codes_of("siren")
    names = index.levels.get(level or "", {}).get(language) or level
    if names:
        parts.insert(0, " ".join([names, *codes[:1]]))
    if entity.broader:
        parts.insert(0, ", ".join(one.name(language) for one in entity.broader))
    if entity.group:
        parts.insert(0, _GROUP.text(language))
    if past is not None:
        parts.append(_of_another_time(past, language))
    return " · ".join(parts)


def _partnerships(number: int, language: Language) -> str:
    text = (_NO_PARTNERSHIP, _PARTNERSHIP, _PARTNERSHIPS)[min(number, 2)]
    return text.text(language, number=count(str(number), language))


def _of_another_time(past: Bearing, language: Language) -> str:
    held = past.held
    days = [
        text.text(language, day=day)
        for text, day in ((_FROM, held.valid_from), (_BEFORE, held.valid_until))
        if day
    ]
    text = _TOOK_OVER if past.took_over else _BORE
    return text.text(language, name=held.name, time=f" ({', '.join(days)})" if days else "")


def extended(index: Index, asked: Extension, language: Language) -> dict[str, object]:
    """A data extension response. An unknown entity or property has no values."""
    known = [PROPERTIES.get(id) for id in asked.properties]
    meta = [_column(id, found, language) for id, found in zip(asked.properties, known, strict=True)]
    rows = {}
    for id in asked.ids:
        entity = index.with_id(id)
        rows[id] = {
            name: _values(index, entity, found, language)
            for name, found in zip(asked.properties, known, strict=True)
        }
    return {"meta": meta, "rows": rows}


def _column(id: str, found: Property | None, language: Language) -> dict[str, object]:
    column: dict[str, object] = {"id": id, "name": found.name.text(language) if found else id}
    if found is not None and found.target is not None:
        column["type"] = {"id": found.target, "name": TYPES[found.target].name.text(language)}
    return column


def _values(
    index: Index, entity: Entity | None, found: Property | None, language: Language
) -> list[dict[str, object]]:
    if entity is None or found is None or found.values is None:
        return []
    if set(found.types).isdisjoint(entity.types):
        return []
    return found.values(entity, language, index.levels)


def proposed(type: str | None, limit: int | None, language: Language) -> dict[str, object]:
    """The properties one can ask for of a type, with what was asked."""
    answer: dict[str, object] = {
        "properties": [_property(one, language) for one in properties_of(type)[:limit]]
    }
    if type is not None:
        answer["type"] = type
    if limit is not None:
        answer["limit"] = limit
    return answer


def _property(one: Property, language: Language) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name.text(language),
        "description": one.description.text(language),
    }


def suggested_entities(
    index: Index, prefix: str, types: Sequence[str], skip: int, language: Language
) -> dict[str, object]:
    """Entities by identifier, or by the beginning of a name or of a word in it."""
    known = index.with_id(prefix.strip())
    found = [known] if known else index.beginning(prefix, wanted_types(types))
    return {
        "result": [
            {
                "id": one.id,
                "name": one.name(language),
                "description": described(index, one, language),
                "notable": _types(one, language),
            }
            for one in found[skip : skip + PAGE]
        ]
    }


def suggested_properties(prefix: str, skip: int, language: Language) -> dict[str, object]:
    found = [one for one in PROPERTIES.values() if _begins(prefix, one.id, one.name)]
    return {"result": [_property(one, language) for one in found[skip : skip + PAGE]]}


def suggested_types(prefix: str, skip: int, language: Language) -> dict[str, object]:
    found = [one.id for one in TYPES.values() if _begins(prefix, one.id, one.name)]
    return {"result": [described_type(id, language) for id in found[skip : skip + PAGE]]}


def _begins(prefix: str, id: str, name: Bilingual) -> bool:
    """Whether an identifier, or a word of a name, begins so; everything does with nothing."""
    key = key_of(prefix)
    texts: Iterable[str] = (id, name.fr, name.en)
    return any(f" {key_of(text)}".find(f" {key}") >= 0 for text in texts)
