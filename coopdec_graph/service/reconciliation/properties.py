"""The properties one can ask with, ask for, or both (specification, "Properties")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from coopdec_graph.language import Bilingual, Language
from coopdec_graph.service.reconciliation.comparing import (
    Compare,
    Levels,
    same_broader,
    same_code,
    same_country,
    same_departement,
    same_level,
    same_place,
)
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.kinds import (
    COLLECTIVITY,
    FINANCER,
    FOREIGN,
    FRENCH,
    PLACE,
    THEME,
    TYPES,
)

__all__ = ["DATE", "IDENTIFIERS", "PROPERTIES", "Property", "properties_of"]

Values = Callable[[Entity, Language, Levels], list[dict[str, object]]]

# The time at which the name was borne: it can be asked with only.
DATE = "date"
# A code of these that agrees is enough.
IDENTIFIERS = ("siren", "inseeCode", "wikidata", "geonamesId")


@dataclass(frozen=True, slots=True)
class Property:
    """`compare` is None for one that can only be asked for, `values` for one only asked with.

    `target` is the type of its values where these are entities.
    """

    id: str
    name: Bilingual
    description: Bilingual
    types: tuple[str, ...]
    compare: Compare | None = None
    values: Values | None = None
    target: str | None = None


def _texts(texts: Iterable[str | None]) -> list[dict[str, object]]:
    return [{"str": text} for text in texts if text]


def _entities(entities: Iterable[Entity], language: Language) -> list[dict[str, object]]:
    return [{"id": one.id, "name": one.name(language)} for one in entities]


def _codes(property: str) -> Values:
    return lambda entity, language, levels: _texts(entity.codes_of(property))


def _country(entity: Entity, language: Language, levels: Levels) -> list[dict[str, object]]:
    country = entity.known_country()
    return _texts([country.alpha2 if country else None])


def _country_name(entity: Entity, language: Language, levels: Levels) -> list[dict[str, object]]:
    country = entity.known_country()
    return _texts([(country.en if language == "en" else country.fr) if country else None])


def _level(entity: Entity, language: Language, levels: Levels) -> list[dict[str, object]]:
    return _texts([entity.known_level()])


def _place(entity: Entity, language: Language, levels: Levels) -> list[dict[str, object]]:
    return _entities([entity.place] if entity.place else [], language)


_BODIES = (COLLECTIVITY, FRENCH, FOREIGN)
_LOCATED = (*_BODIES, FINANCER, PLACE)
_FRENCH = (COLLECTIVITY, FRENCH, FINANCER, PLACE)

PROPERTIES: Mapping[str, Property] = {
    property.id: property
    for property in (
        Property(
            "country",
            Bilingual("pays (code)", "country (code)"),
            Bilingual(
                "Code ISO 3166-1 à deux lettres ; en entrée aussi à trois lettres, nom ou IRI.",
                "ISO 3166-1 code of two letters; to ask with, also three letters, a name or an IRI.",
            ),
            _LOCATED,
            same_country,
            _country,
        ),
        Property(
            "countryName",
            Bilingual("pays (nom)", "country (name)"),
            Bilingual("Nom dans la langue demandée.", "Name in the language asked for."),
            _LOCATED,
            None,
            _country_name,
        ),
        Property(
            "level",
            Bilingual("niveau", "level"),
            Bilingual("commune, departement, epci…", "commune, departement, epci…"),
            _LOCATED,
            same_level,
            _level,
        ),
        Property(
            "inseeCode",
            Bilingual("code INSEE", "INSEE code"),
            Bilingual("Code officiel géographique.", "Code officiel géographique of France."),
            _FRENCH,
            same_code("inseeCode"),
            _codes("inseeCode"),
        ),
        Property(
            "siren",
            Bilingual("numéro SIREN", "SIREN number"),
            Bilingual("Neuf chiffres.", "Nine digits."),
            _FRENCH,
            same_code("siren"),
            _codes("siren"),
        ),
        Property(
            "wikidata",
            Bilingual("élément Wikidata", "Wikidata item"),
            Bilingual("Q suivi de chiffres ; celui du lieu.", "Q and digits; that of the place."),
            _LOCATED,
            same_code("wikidata"),
            _codes("wikidata"),
        ),
        Property(
            "geonamesId",
            Bilingual("identifiant GeoNames", "GeoNames identifier"),
            Bilingual("Des chiffres ; celui du lieu.", "Digits; that of the place."),
            _LOCATED,
            same_code("geonamesId"),
            _codes("geonamesId"),
        ),
        Property(
            "departement",
            Bilingual("département", "département"),
            Bilingual("Code, nom ou identifiant.", "Code, name or identifier."),
            _FRENCH,
            same_departement,
            lambda entity, language, levels: _entities(entity.departements(), language),
            PLACE,
        ),
        Property(
            "place",
            Bilingual("lieu", "place"),
            Bilingual("Le lieu d'une collectivité.", "The place of a collectivity."),
            (*_BODIES, FINANCER),
            same_place,
            _place,
            PLACE,
        ),
        Property(
            "broader",
            Bilingual("thème plus général", "broader theme"),
            Bilingual("Libellé ou identifiant.", "Label or identifier."),
            (THEME,),
            same_broader,
            lambda entity, language, levels: _entities(entity.broader, language),
            THEME,
        ),
        Property(
            "partnerships",
            Bilingual("nombre de partenariats", "number of partnerships"),
            Bilingual("Ceux qui sont publiés ici.", "Those published here."),
            tuple(TYPES),
            None,
            lambda entity, language, levels: [{"int": entity.partnerships}],
        ),
        Property(
            "iri",
            Bilingual("IRI", "IRI"),
            Bilingual("L'identifiant complet.", "The full identifier."),
            tuple(TYPES),
            None,
            lambda entity, language, levels: _texts([entity.iri]),
        ),
        Property(
            DATE,
            Bilingual("date du nom", "date of the name"),
            Bilingual(
                "Année, mois ou jour où le nom était porté (AAAA, AAAA-MM, AAAA-MM-JJ).",
                "Year, month or day when the name was borne (YYYY, YYYY-MM, YYYY-MM-DD).",
            ),
            (*_BODIES, PLACE),
        ),
    )
}


def properties_of(type: str | None) -> list[Property]:
    """What can be asked for of a type; of any without one."""
    offered = [property for property in PROPERTIES.values() if property.values is not None]
    return [one for one in offered if type is None or type in one.types]
