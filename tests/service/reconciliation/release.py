"""A small release with all that /reconcile looks at: bodies, places, financers, themes, homonyms.

The codes are real, so that the French tables know them; the partnerships are invented.
"""

from __future__ import annotations

from pathlib import Path

from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.publishing.releases import Release, Releases

BASE = "https://w3id.org/coopdec/"
_PREFIXES = {
    **PREFIXES,
    "igeo": "http://rdf.insee.fr/def/geo#",
    "schema": "https://schema.org/",
    "country": "http://publications.europa.eu/resource/authority/country/",
    "level": f"{BASE}scheme/level/",
    "theme": f"{BASE}scheme/theme/",
    "scheme": f"{BASE}scheme/",
    "coll": f"{BASE}id/collectivity/",
    "place": f"{BASE}id/place/",
    "part": f"{BASE}id/partnership/",
    "org-": f"{BASE}id/organisation/",
    "group": f"{BASE}id/financer-group/",
    "line": f"{BASE}id/funding/",
}

# One statement a line: subject, predicate, objects separated by " ; ".
FRENCH_BODIES = """
coll:fr/mantes-la-jolie | a | cd:FrenchCollectivity
coll:fr/mantes-la-jolie | rdfs:label | "Mantes la Jolie"@fr ; "Ville de Mantes-la-Jolie"@fr
coll:fr/mantes-la-jolie | skos:prefLabel | "Mantes la Jolie"@fr
coll:fr/mantes-la-jolie | cd:country | country:FRA
coll:fr/mantes-la-jolie | dct:spatial | place:fr/commune/78361
coll:fr/mantes-la-jolie | cd:inseeCode | "78361"
coll:fr/mantes-la-jolie | cd:siren | "217803618"
coll:fr/mantes-la-jolie | cd:level | level:commune
coll:fr/cherbourg-en-cotentin | a | cd:FrenchCollectivity
coll:fr/cherbourg-en-cotentin | rdfs:label | "Cherbourg-en-Cotentin"@fr
coll:fr/cherbourg-en-cotentin | cd:country | country:FRA
coll:fr/cherbourg-en-cotentin | dct:spatial | place:fr/commune/50129
coll:fr/conseil-departemental-des-yvelines | a | cd:FrenchCollectivity
coll:fr/conseil-departemental-des-yvelines | rdfs:label | "Conseil départemental des Yvelines"@fr
coll:fr/conseil-departemental-des-yvelines | cd:country | country:FRA
coll:fr/conseil-departemental-des-yvelines | dct:spatial | place:fr/departement/78
coll:fr/saint-denis | a | cd:FrenchCollectivity
coll:fr/saint-denis | rdfs:label | "Saint-Denis"@fr
coll:fr/saint-denis | cd:inseeCode | "93066"
coll:fr/saint-denis | cd:level | level:commune
coll:fr/saint-denis | cd:country | country:FRA
coll:fr/saint-denis-de-la-reunion | a | cd:FrenchCollectivity
coll:fr/saint-denis-de-la-reunion | rdfs:label | "SAINT DENIS"@fr
coll:fr/saint-denis-de-la-reunion | skos:prefLabel | "Saint-Denis (La Réunion)"@fr
coll:fr/saint-denis-de-la-reunion | cd:inseeCode | "97411"
coll:fr/saint-denis-de-la-reunion | cd:level | level:commune
coll:fr/saint-denis-de-la-reunion | cd:country | country:REU
coll:fr/la-rochelle | a | cd:FrenchCollectivity
coll:fr/la-rochelle | rdfs:label | "La Rochelle"@fr
coll:fr/la-rochelle | cd:country | country:FRA
coll:fr/valence | a | cd:FrenchCollectivity
coll:fr/valence | rdfs:label | "Valence"@fr
coll:fr/valence | cd:country | country:FRA
coll:fr/sans-lien | a | cd:FrenchCollectivity
coll:fr/sans-lien | rdfs:label | "Collectif du Vexin imaginaire"@fr
"""

FOREIGN_BODIES = """
coll:ma/conseil-de-la-prefecture-de-rabat | a | cd:ForeignCollectivity
coll:ma/conseil-de-la-prefecture-de-rabat | rdfs:label | "Conseil de la Préfecture de Rabat"@fr
coll:ma/conseil-de-la-prefecture-de-rabat | cd:country | country:MAR
coll:ma/conseil-de-la-prefecture-de-rabat | dct:spatial | place:ma/wikidata/Q966104
coll:ma/chefchaouen | a | cd:ForeignCollectivity
coll:ma/chefchaouen | rdfs:label | "Chefchaouen"@fr
coll:ma/chefchaouen | cd:country | country:MAR
coll:es/valence | a | cd:ForeignCollectivity
coll:es/valence | rdfs:label | "Valence"@fr
coll:es/valence | cd:country | country:ESP
coll:unplaced/atlas-2/san-pedro | a | cd:ForeignCollectivity
coll:unplaced/atlas-2/san-pedro | rdfs:label | "San Pedro"@fr
"""

PLACES = """
place:fr/commune/78361 | a | cd:Place ; geo:Feature
place:fr/commune/78361 | skos:prefLabel | "Mantes-la-Jolie"@fr
place:fr/commune/78361 | skos:altLabel | "Mantes-Gassicourt"@fr
place:fr/commune/78361 | cd:level | level:commune
place:fr/commune/78361 | cd:country | country:FRA
place:fr/commune/78361 | igeo:codeINSEE | "78361"
place:fr/commune/78361 | dct:isPartOf | place:fr/departement/78
place:fr/commune/78361 | schema:sameAs | wd:Q202368
place:fr/commune/50129 | a | cd:Place
place:fr/commune/50129 | skos:prefLabel | "Cherbourg-en-Cotentin"@fr
place:fr/commune/50129 | cd:level | level:commune
place:fr/commune/50129 | cd:country | country:FRA
place:fr/commune/50129 | igeo:codeINSEE | "50129"
place:fr/departement/78 | a | cd:Place
place:fr/departement/78 | skos:prefLabel | "Yvelines"@fr
place:fr/departement/78 | cd:level | level:departement
place:fr/departement/78 | cd:country | country:FRA
place:fr/departement/78 | igeo:codeINSEE | "78"
place:fr/departement/78 | dct:isPartOf | place:fr/departement/78
place:ma/geonames/2538474 | a | cd:Place
place:ma/geonames/2538474 | skos:prefLabel | "Rabat"@fr
place:ma/geonames/2538474 | cd:level | level:settlement
place:ma/geonames/2538474 | cd:country | country:MAR
place:ma/geonames/2538474 | cd:geonamesId | "2538474"
place:ma/wikidata/Q966104 | a | cd:Place
place:ma/wikidata/Q966104 | skos:prefLabel | "Rabat"@fr ; "Rabat"@en
place:ma/wikidata/Q966104 | skos:altLabel | "Préfecture de Rabat"@fr
place:ma/wikidata/Q966104 | cd:level | level:subdivision
place:ma/wikidata/Q966104 | cd:country | country:MAR
place:ma/wikidata/Q966104 | schema:sameAs | wd:Q966104
place:ma/geonames/2528910 | a | cd:Place
place:ma/geonames/2528910 | skos:prefLabel | "Settat"@fr
place:ma/geonames/2528910 | cd:level | level:subdivision
place:ma/geonames/2528910 | cd:country | country:MAR
level:commune | skos:inScheme | scheme:level
level:commune | skos:prefLabel | "commune"@fr ; "municipality (France)"@en
level:departement | skos:inScheme | scheme:level
level:departement | skos:prefLabel | "département"@fr ; "département"@en
level:settlement | skos:inScheme | scheme:level
level:settlement | skos:prefLabel | "localité"@fr ; "settlement"@en
level:subdivision | skos:inScheme | scheme:level
level:subdivision | skos:prefLabel | "subdivision"@fr ; "subdivision"@en
"""

MONEY_AND_THEMES = """
org-:agence | a | org:Organization
org-:agence | rdfs:label | "Agence de l'eau exemple"@fr
group:atlas-1/partenaires | a | cd:FinancerGroup
group:atlas-1/partenaires | rdfs:label | "Collectivités et partenaires étrangers"@fr
line:1 | cd:financer | org-:agence
line:1 | cd:fundedActivity | part:atlas-1
line:2 | cd:financer | group:atlas-1/partenaires
line:2 | cd:fundedActivity | part:atlas-1
line:3 | cd:financer | coll:fr/mantes-la-jolie
line:3 | cd:fundedActivity | part:atlas-1
theme:eau-et-dechets | a | skos:Concept
theme:eau-et-dechets | skos:inScheme | scheme:theme
theme:eau-et-dechets | skos:prefLabel | "Eau et déchets"@fr ; "Water and waste"@en
theme:eau-et-assainissement | a | skos:Concept
theme:eau-et-assainissement | skos:inScheme | scheme:theme
theme:eau-et-assainissement | skos:prefLabel | "Eau et assainissement"@fr ; "Water and sanitation"@en
theme:eau-et-assainissement | skos:broader | theme:eau-et-dechets
theme:autre-a | skos:inScheme | scheme:theme
theme:autre-a | skos:prefLabel | "Autre"@fr
theme:autre-a | skos:broader | theme:eau-et-dechets
theme:autre-b | skos:inScheme | scheme:theme
theme:autre-b | skos:prefLabel | "Autre"@fr
part:atlas-1 | a | cd:Partnership
part:atlas-1 | dct:title | "Un partenariat"@fr
part:atlas-1 | org:hasMember | coll:fr/mantes-la-jolie ; coll:ma/conseil-de-la-prefecture-de-rabat
part:atlas-1 | dct:subject | theme:eau-et-assainissement
part:atlas-1 | dct:spatial | country:MAR
part:atlas-2 | a | cd:Partnership
part:atlas-2 | org:hasMember | coll:fr/mantes-la-jolie ; coll:ma/chefchaouen
"""

# Links and places are made apart from the bodies: a release may have none.
UNLINKED = ("dct:spatial", "cd:inseeCode", "cd:siren", "cd:level")


def _term(text: str) -> str:
    if text.startswith('"'):
        return text
    if text == "a":
        return f"<{PREFIXES['rdf']}type>"
    prefix, _, local = text.partition(":")
    return f"<{_PREFIXES[prefix]}{local}>"


def quads(*texts: str, without: tuple[str, ...] = ()) -> str:
    """The statements as N-Quads, in one named graph; the properties in `without` are left out."""
    lines = []
    for line in "".join(texts).splitlines():
        if not line.strip():
            continue
        subject, predicate, objects = (part.strip() for part in line.split("|", 2))
        if predicate not in without:
            for one in objects.split(" ; "):
                statement = " ".join(map(_term, (subject, predicate, one.strip())))
                lines.append(f"{statement} <{BASE}graph/test> .\n")
    return "".join(lines)


def publish(folder: Path, text: str, base: str = BASE) -> Release:
    releases = Releases(folder)
    with releases.writing():
        return releases.publish({"graph.nq": text.encode()}, {"base": base})


WHOLE = (FRENCH_BODIES, FOREIGN_BODIES, PLACES, MONEY_AND_THEMES)
