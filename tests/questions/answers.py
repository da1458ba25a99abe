"""What each question must answer over the pages of `question_pages.py`, counted by hand.

A row is its values in the order of the columns, IRIs by their ends, nothing for what is unbound;
`ASKED` are the values given. Every question has an answer here, and values that find nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["CASES", "WIKIDATA", "Case", "short"]

MINISTRY = "organisation/ministere-de-l-europe-et-des-affaires-etrangeres"
MINISTRY_NAME = "Ministère de l'Europe et des Affaires étrangères"
P1, P2, P3, P4, P5 = (f"partnership/atlas-90{n}" for n in range(1, 6))
T1, T2 = "Éducation + santé & « droits »", "Gouvernance de Rabat"
T3, T4, T5 = "Eau de La Paix", "Éducation à La Paix", "Fêtes communes"
MANTES, YVELINES = "collectivity/fr/mantes-la-jolie", "collectivity/fr/departement-des-yvelines"
VILLE = "collectivity/fr/ville-de-mantes-la-jolie"
RABAT, FES = "collectivity/ma/conseil-de-la-prefecture-de-rabat", "collectivity/ma/commune-de-fes"
RABAT_NAME = "Conseil de la Préfecture de Rabat"
GOVERNANCE = "theme/politique-humanitaire-et-cooperation-transfrontaliere"
LOCAL = "theme/gouvernance-locale-et-appui-institutionnel"
RELATED = "http://www.w3.org/2004/02/skos/core#relatedMatch"
GOAL = "http://metadata.un.org/sdg/"
SDG_16 = f"{GOAL}16"
I1 = "activity/iati-XM-EXAMPLE-1"
ATLAS = "Atlas français de la coopération décentralisée"
IATI = "Initiative internationale pour la transparence de l’aide (IATI)"
SUBNATIONAL = "Décentralisation et soutien aux administrations infranationales"
MANTES_PLACE, MANTES_POINT = "place/fr/commune/78361", "POINT(1.7167 48.99048)"
WATER = "theme/environnement-climat-et-energie"
# The columns that repeat the filters of a total, `lines` last.
UNFILTERED = (*[""] * 8, "no")
UNASKED = "decision/unasked"
ONGOING = ("status/en-cours", "2")

# The sectors of each theme in use, as (code, name, relation, confidence), by their codes.
EDUCATION_SECTORS = {
    "110": ("Education", "narrowMatch", "0.6"),
    "11330": ("Vocational training", "narrowMatch", "0.7"),
    "16020": ("Employment creation", "narrowMatch", "0.6"),
}
WATER_SECTORS = {
    "140": ("Water supply and sanitation", "closeMatch", "0.8"),
    "14030": ("Basic drinking water supply and basic sanitation", "narrowMatch", "0.6"),
    "14050": ("Waste management/disposal", "narrowMatch", "0.8"),
}
LOCAL_SECTORS = {
    "15112": ("Decentralisation and support to subnational government", "closeMatch", "0.8"),
    "15185": ("Local government administration", "narrowMatch", "0.6"),
}
CULTURE_SECTORS = {
    "16061": ("Culture and recreation", "broadMatch", "0.7"),
    "16066": ("Culture", "broadMatch", "0.5"),
}
OF_THEMES = {
    "education-emploi-formation-professionnelle": EDUCATION_SECTORS,
    "eau-et-dechets": WATER_SECTORS,
    "gouvernance-locale-et-appui-institutionnel": LOCAL_SECTORS,
    "infrastructures-equipements-et-manifestations-culturelles": CULTURE_SECTORS,
}


def sectors(*codes: str) -> tuple[str, ...]:
    """The state and the five lists of an exported activity: codes, names, relations, confidences,
    themes."""
    found = [
        (theme, known[code])
        for code in codes
        for theme, known in OF_THEMES.items()
        if code in known
    ]
    lists = [
        codes,
        *([facts[n] for _, facts in found] for n in range(3)),
        [theme for theme, _ in found],
    ]
    return (*ONGOING, *("; ".join(one) for one in lists))


# What stands for Wikidata: who is twinned with whom, at any rank, and where they lie.
WIKIDATA = """
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
wd:Q1028 wdt:P298 "MAR" . wd:Q142 wdt:P298 "FRA" .
wd:Q207253 wdt:P17 wd:Q142 ; p:P190 [ ps:P190 wd:Q966104 ] .
wd:Q12820 wdt:P17 wd:Q142 .
wd:Q966104 wdt:P17 wd:Q1028 ; p:P190 [ ps:P190 wd:Q207253 ] .
"""

_STARTS = (
    "https://w3id.org/coopdec/id/",
    "https://w3id.org/coopdec/scheme/",
    "http://publications.europa.eu/resource/authority/country/",
    "http://www.wikidata.org/entity/",
)


def short(value: str) -> str:
    """An IRI without its beginning."""
    for start in _STARTS:
        value = value.removeprefix(start)
    return value


@dataclass(frozen=True)
class Case:
    """The values given and the rows they must find; and values that find none, if there are any."""

    given: Mapping[str, str]
    rows: Sequence[tuple[str, ...]]
    nothing: Mapping[str, str] | None = field(default_factory=lambda: {"country": "FJ"})


CASES: Mapping[str, Case] = {
    # 901, 902 and an IATI activity are in Morocco; the Atlas knows years, IATI days.
    "activities": Case(
        {"country": "MA"},
        [
            ("", "MAR", "", "fr", "atlas", P1, "atlas-901", T1, "2019-01-01", "year")
            + ("2021-12-31", "day", "MA"),
            ("", "MAR", "", "fr", "atlas", P2, "atlas-902", T2, "2020-01-01", "year")
            + ("2027-06-30", "day", "MA"),
            ("", "MAR", "", "fr", "iati", I1, "iati-XM-EXAMPLE-1", "Services locaux de Rabat")
            + ("2020-01-01", "day", "2026-12-31", "day", "MA"),
        ],
    ),
    "bodies-of-several-programmes": Case(
        {},
        [
            ("fr", MANTES, "Mantes la Jolie", "atlas iati", "1 1"),
            ("fr", "collectivity/fr/region-ile-de-france", "Région Île-de-France")
            + ("atlas iati", "1 1"),
        ],
        None,
    ),
    # Mantes and Île-de-France take part; the other name of Mantes has the same place.
    "absent-from-iati": Case(
        {},
        [
            ("", "fr", "collectivity/fr/chinon", "Chinon", "213700727", "1"),
            ("", "fr", YVELINES, "Département des Yvelines", "227806460", "1"),
        ],
        {"departement": "11"},
    ),
    # A target counts for its goal. Of themes: education is one of 901 and 904, water of 901 and
    # 903, cultural events of 905, governance of 901 and 902.
    "goals-of-programmes": Case(
        {"language": "en"},
        [
            ("", "en", f"{GOAL}{number}", number, name, programme, basis, count)
            for number, name, programme, basis, count in (
                ("4", "Quality education", "atlas", "proposed", "2"),
                ("4", "Quality education", "iati", "reported", "1"),
                ("6", "Clean water and sanitation", "atlas", "proposed", "2"),
                ("6", "Clean water and sanitation", "iati", "reported", "1"),
                ("8", "Decent work and economic growth", "atlas", "proposed", "2"),
                ("11", "Sustainable cities and communities", "atlas", "proposed", "3"),
                ("12", "Responsible consumption and production", "atlas", "proposed", "2"),
                ("16", "Peace, justice and strong institutions", "atlas", "proposed", "2"),
                ("17", "Partnerships for the goals", "atlas", "proposed", "2"),
            )
        ],
        {"sdg": "1"},
    ),
    "places-of-several-programmes": Case(
        {"country": "MA"},
        [("MAR", "fr", "place/ma/geonames/2548885", "Fes", "iati", "1", "1", "iati-XM-EXAMPLE-1")],
    ),
    # 901 is reported again, and says so: no other answer counts it.
    "reported-twice": Case(
        {"decision": "accepted"},
        [
            ("decision/accepted", "fr", P1, T1, "programme/atlas", "activity/iati-XM-OTHER-901")
            + ("Éducation + santé", "programme/iati", P1, "link-method/declared-identifier", "1")
            + (
                "amounts: apart; country: same; dates: same; identifier: declared;"
                " parties: one-side, French; title: alike, 0.81",
            )
        ],
        {"decision": "refused"},
    ),
    # 7000 + 3000 + 5000 + 1000, 4000, 2000 + 500 and 9000 are announced, and one line is unread.
    "sums-by-kind": Case(
        {},
        [
            ("", "fr", "atlas", ATLAS, "announced", "Annoncée", "EUR", "4", "9", "31500", "1"),
            ("", "fr", "iati", IATI, "budget", "Budget", "EUR", "1", "1", "10000", "0"),
            ("", "fr", "iati", IATI, "commitment", "Engagement", "USD", "1", "1", "12000", "0"),
            ("", "fr", "iati", IATI, "disbursement", "Décaissement", "EUR", "2", "2", "3500", "0"),
            (
                "",
                "fr",
                "iati",
                IATI,
                "disbursement",
                "Décaissement",
                "XOF",
                "1",
                "1",
                "655957",
                "0",
            ),
            ("", "fr", "iati", IATI, "expenditure", "Dépense", "GBP", "1", "1", "300", "0"),
        ],
        None,
    ),
    "sums-without-euros": Case(
        {"programme": "iati"},
        [
            ("programme/iati", "iati", "financial-item/iati-XM-EXAMPLE-2/2", "iati-XM-EXAMPLE-2")
            + ("expenditure", "300", "GBP", "2021-06-17", "no-rate"),
        ],
        {"programme": "atlas"},
    ),
    "unlisted-codes": Case(
        {},
        [("", "iati", "sector", "A-12", "99", "https://exemple.org/secteurs", "Boreholes", "1")],
        {"programme": "atlas"},
    ),
    # 655,957 CFA francs are 1000 euros, half for each country; 12,000 dollars of 1.20 are 10,000.
    "value-by-country": Case(
        {"language": "en"},
        [
            ("", "", "en", "no", "", "", "", "atlas", "announced", "9000", "1", "1", "0", ""),
            ("", "", "en", "no", "", "", "", "iati", "disbursement", "-500", "1", "1", "0", ""),
            (
                "",
                "",
                "en",
                "no",
                "BEN",
                "BJ",
                "Benin",
                "atlas",
                "announced",
                "2500",
                "1",
                "2",
                "0",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "BEN",
                "BJ",
                "Benin",
                "iati",
                "disbursement",
                "500",
                "1",
                "1",
                "0",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "BEN",
                "BJ",
                "Benin",
                "iati",
                "expenditure",
                "0",
                "1",
                "1",
                "1",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "MAR",
                "MA",
                "Morocco",
                "atlas",
                "announced",
                "20000",
                "2",
                "6",
                "1",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "MAR",
                "MA",
                "Morocco",
                "iati",
                "budget",
                "10000",
                "1",
                "1",
                "0",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "MAR",
                "MA",
                "Morocco",
                "iati",
                "commitment",
                "10000",
                "1",
                "1",
                "0",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "MAR",
                "MA",
                "Morocco",
                "iati",
                "disbursement",
                "4000",
                "1",
                "1",
                "0",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "TGO",
                "TG",
                "Togo",
                "iati",
                "disbursement",
                "500",
                "1",
                "1",
                "0",
                "",
            ),
            (
                "",
                "",
                "en",
                "no",
                "TGO",
                "TG",
                "Togo",
                "iati",
                "expenditure",
                "0",
                "1",
                "1",
                "1",
                "",
            ),
        ],
    ),  # fmt: skip
    # Sixty per cent of each sum of the IATI activity; all lines of 901 and 902, by their theme.
    "value-by-sector": Case(
        {"dac": "151"},
        [
            ("dac/151", "", "fr", "no", "dac/15112", "15112", SUBNATIONAL, "atlas", "announced")
            + ("20000", "2", "6", "1", "0", ""),
            ("dac/151", "", "fr", "no", "dac/15112", "15112", SUBNATIONAL, "iati", "budget")
            + ("6000", "1", "1", "0", "0", ""),
            ("dac/151", "", "fr", "no", "dac/15112", "15112", SUBNATIONAL, "iati", "commitment")
            + ("6000", "1", "1", "0", "0", ""),
            ("dac/151", "", "fr", "no", "dac/15112", "15112", SUBNATIONAL, "iati", "disbursement")
            + ("2400", "1", "1", "0", "0", ""),
        ],
        {"dac": "12220"},
    ),
    # 905 has two countries, and is in both.
    # Two names of one commune have a row each; 902's line has no amount.
    "collectivities": Case(
        {"departement": "78"},
        [
            ("", "", "", "78", "", "", "", "", "", "", YVELINES, "Département des Yvelines")
            + ("227806460", "", "place/fr/departement/78", "Q12820", "1", "1", "1", "0", ""),
            ("", "", "", "78", "", "", "", "", "", "", MANTES, "Mantes la Jolie", "217803618")
            + ("78361", MANTES_PLACE, "Q207253", "1", "1", "0", "5000", MANTES_POINT),
            ("", "", "", "78", "", "", "", "", "", "", VILLE, "Ville de Mantes la Jolie")
            + ("217803618", "78361", MANTES_PLACE, "Q207253", "1", "2", "0", "2500", MANTES_POINT),
        ],
        {"least": "5000.01"},
    ),
    "completeness": Case(
        {},
        [
            ("", "BEN", "2", "0", "0", "1", "0", "0"),
            ("", "MAR", "2", "0", "0", "0", "0", "1"),
            ("", "TGO", "2", "0", "1", "2", "1", "0"),
        ],
    ),
    # Each of the five has a theme that leads to a code of five digits: 16 000 of 901, 4 000 of 902 and a line
    # that nobody can read, no line of 903, 2 500 of 904, 9 000 of 905.
    "dac-coverage": Case(
        {},
        [("", "no", "purpose", "5", "1", "31500", "1", "9", "1", "")],
    ),
    # 905 is of a région, which lies in no département.
    "departement-country-matrix": Case(
        {"language": "en"},
        [
            ("en", "37", "Indre-et-Loire", "TGO", "Togo", "1"),
            ("en", "78", "Yvelines", "BEN", "Benin", "1"),
            ("en", "78", "Yvelines", "MAR", "Morocco", "2"),
        ],
        {"departement": "11"},
    ),
    "diplomatic-posts": Case(
        {"country": "TG"},
        [("TGO", "diplomatic-post/ambassade-de-france-a-lome", "Ambassade de France à Lomé", "2")],
    ),
    "ending-between": Case(
        {"from": "2020-12-31", "to": "2021-12-30"},
        [("2020-12-31", "2021-12-30", P4, T4, "2020-12-31", "status/en-cours")],
        {"from": "2021-01-01", "to": "2021-12-30"},
    ),
    # 901 has two partners and three themes: 16 000 + 4 000. 905 has two countries: counted once.
    # 7 000 + 3 000 of 901, 4 000 of 902, 9 000 of 905.
    "financers": Case(
        {"least": "5000"},
        [
            ("", "", "", "", "", "", "5000", "", MANTES, "Mantes la Jolie")
            + ("1", "1", "0", "5000", "2019", "2019"),
            ("", "", "", "", "", "", "5000", "", MINISTRY, MINISTRY_NAME)
            + ("3", "4", "0", "23000", "2019", "2021"),
        ],
        {"least": "23000.01"},
    ),
    "funding": Case(
        {"from": "2021"},
        [
            ("", "", "", "", "", "", "", "", "", "2021", "", "", "")
            + ("funding/atlas-902/departement-des-yvelines/2021", P2, T2, YVELINES)
            + ("Département des Yvelines", "2021", "", "")
            + ("Département des Yvelines 20 000 € 30 ? 2021",),
            ("", "", "", "", "", "", "", "", "", "2021", "", "", "")
            + ("funding/atlas-904/ville-de-mantes-la-jolie/2022", P4, T4, VILLE)
            + ("Ville de Mantes la Jolie", "2022", "500", "40", ""),
            ("", "", "", "", "", "", "", "", "", "2021", "", "", "")
            + (f"funding/atlas-905/{MINISTRY.partition('/')[2]}/2021", P5, T5, MINISTRY)
            + (MINISTRY_NAME, "2021", "9000", "", ""),
        ],
        {"least": "9000.01"},
    ),
    "funding-by-theme-and-country": Case(
        {},
        [
            ("fr", "no", "theme/culture-et-patrimoine", "Culture et Patrimoine", "", "")
            + ("9000", "1", "1", "0", ""),
            ("fr", "no", "theme/education-social-et-recherche", "Education, Social et Recherche")
            + ("BEN", "Bénin", "2500", "1", "2", "0", ""),
            ("fr", "no", GOVERNANCE, "Politique, humanitaire et coopération transfrontalière")
            + ("MAR", "Maroc", "20000", "2", "6", "1", ""),
        ],
        {"theme": "eau-et-dechets"},
    ),
    # In 2020 3 000 of 901 and 4 000 of 902.
    "funding-by-year": Case(
        {"financer": MINISTRY_NAME, "to": "2020"},
        [
            ("", "2020", "no", MINISTRY, MINISTRY_NAME, "2019", "7000", "1", "0", ""),
            ("", "2020", "no", MINISTRY, MINISTRY_NAME, "2020", "7000", "2", "0", ""),
        ],
        {"from": "2023"},
    ),
    "funding-lines": Case(
        {"country": "MA", "theme": "politique-humanitaire-et-cooperation-transfrontaliere"}
        | {"text": "RABAT", "status": "en-cours", "from": "2020", "to": "2021"},
        [
            ("MAR", GOVERNANCE, "", "", "", "status/en-cours", "RABAT", "2020", "2021")
            + ("atlas-902", T2)
            + (f"funding/atlas-902/{MINISTRY.partition('/')[2]}/2020", "", MINISTRY)
            + (MINISTRY_NAME, "2020", "4000", ""),
            ("MAR", GOVERNANCE, "", "", "", "status/en-cours", "RABAT", "2020", "2021")
            + ("atlas-902", T2)
            + ("funding/atlas-902/departement-des-yvelines/2021", "", YVELINES)
            + ("Département des Yvelines", "2021", "")
            + ("Département des Yvelines 20 000 € 30 ? 2021",),
        ],
        {"least": "9000.01"},
    ),
    "funding-outside-period": Case(
        {},
        [
            ("", P4, T4, "funding/atlas-904/ville-de-mantes-la-jolie/2022", "2022")
            + ("500", "2020", "2020-12-31")
        ],
        {"country": "MA"},
    ),
    # 5 000, 1 000 and 10 000 of 16 000. A line of 902 is unread: no total, so no share.
    "funding-shares": Case(
        {},
        [
            ("atlas-901", "no", P1, T1, "french-collectivity", "5000", "16000", "0.313", "0", ""),
            ("atlas-901", "no", P1, T1, "group", "1000", "16000", "0.063", "0", ""),
            ("atlas-901", "no", P1, T1, "state", "10000", "16000", "0.625", "0", ""),
            ("atlas-902", "no", P2, T2, "french-collectivity", "0", "", "", "1", ""),
            ("atlas-902", "no", P2, T2, "state", "4000", "", "", "0", ""),
            ("atlas-904", "no", P4, T4, "french-collectivity", "2500", "2500", "1", "0", ""),
            ("atlas-905", "no", P5, T5, "state", "9000", "9000", "1", "0", ""),
        ],
        {"identifier": "atlas-903"},
    ),
    # 903 has no dates. 901 has three themes, of which each leads to sectors.
    "iati-activities": Case(
        {"language": "en"},
        [
            ("", "", "en", P1, "atlas-901", T1, "2019-01-01", "year", "2021-12-31", "day")
            + sectors("110", "11330", "140", "14030", "14050", "15112", "15185", "16020"),
            ("", "", "en", P2, "atlas-902", T2, "2020-01-01", "year", "2027-06-30", "day")
            + sectors("15112", "15185"),
            ("", "", "en", P3, "atlas-903", T3, "", "", "", "") + sectors("140", "14030", "14050"),
            ("", "", "en", P4, "atlas-904", T4, "2020-01-01", "year", "2020-12-31", "day")
            + sectors("110", "11330", "16020"),
            ("", "", "en", P5, "atlas-905", T5, "2018-01-01", "year", "", "")
            + sectors("16061", "16066"),
        ],
        {"dac": "14010"},
    ),
    "name-variants": Case(
        {"departement": "Yvelines"},
        [
            ("78", MANTES_PLACE, "Mantes-la-Jolie", MANTES, "Mantes la Jolie"),
            ("78", MANTES_PLACE, "Mantes-la-Jolie", VILLE, "Ville de Mantes la Jolie"),
        ],
        # The code of the région that Mantes lies in, and of a département that it does not.
        {"departement": "11"},
    ),
    "one-percent-levies": Case(
        {},
        [
            ("0", P4, T4, "funding/atlas-904/ville-de-mantes-la-jolie/2022")
            + ("Ville de Mantes la Jolie", "2022", "1", "40")
        ],
        {"above": "40"},
    ),
    "ongoing-after-end": Case(
        {},
        [
            ("", P4, T4, "2020-12-31", "2026-11-23"),
            ("", P1, T1, "2021-12-31", "2026-11-23"),
        ],
    ),
    "partners-map": Case(
        {},
        [
            ("MAR", FES, "Commune de Fès", "place/ma/geonames/2548885", "1")
            + ("POINT(-5.00028 34.03313)",)
        ],
        {"country": "BJ"},
    ),
    "partners-without-item": Case(
        {"country": "TGO"},
        [
            ("TGO", "collectivity/tg/la-paix", "La Paix", "", UNASKED),
            ("TGO", "collectivity/tg/modeleville", "Modèleville", "", UNASKED),
        ],
    ),
    # 901 once, whatever the number of its partners, themes and owners.
    # 905 has two countries and stands there once.
    "partnerships": Case(
        {"country": "TG", "language": "en"},
        [
            ("TGO", *[""] * 18, "en", P3, "Eau de La Paix", "", "", "", "Ongoing")
            + ("Water and waste", "Togo", "TG", "Chinon", "collectivity/fr/chinon", "La Paix")
            + ("collectivity/tg/la-paix", "", "0", "0"),
            ("TGO", *[""] * 18, "en", P5, "Fêtes communes", "", "2018", "", "Ongoing")
            + ("Cultural infrastructure, facilities and events", "Benin; Togo", "BJ TG")
            + ("Région Île-de-France", "collectivity/fr/region-ile-de-france")
            + (
                "Exempleville; Modèleville",
                "collectivity/bj/exempleville"
                " https://w3id.org/coopdec/id/collectivity/tg/modeleville",
            )
            + ("9000", "1", "0"),
        ],
    ),
    # 901 and 904 are of the commune, 902 of the département.
    "places": Case(
        {"departement": "78"},
        [
            ("", "", "78", "", "", MANTES_PLACE, "Mantes-la-Jolie", "place/fr/departement/78")
            + ("78361", "2996148", "Q207253", "2", "2", MANTES_POINT),
            ("", "", "78", "", "", "place/fr/departement/78", "Yvelines", "place/fr/region/11")
            + ("78", "", "Q12820", "1", "3", ""),
        ],
    ),
    "partnerships-of-departement": Case(
        {"departement": "78"},
        [
            ("78", "no", P1, T1, "16000", "16000", "4", "0", ""),
            ("78", "no", P2, T2, "", "4000", "2", "1", ""),
            ("78", "no", P4, T4, "2500", "2500", "2", "0", ""),
        ],
        {"departement": "11"},
    ),
    # The theme of 901 and 902 has the goal, and so has the one above it, which counts no second time.
    "partnerships-of-sdg": Case(
        {"sdg": "16", "language": "en"},
        [
            (SDG_16, "", "en", P1, T1, LOCAL, "Local governance and institutional support", LOCAL)
            + (RELATED, "0.6"),
            (SDG_16, "", "en", P2, T2, LOCAL, "Local governance and institutional support", LOCAL)
            + (RELATED, "0.6"),
        ],
        {"sdg": "16.6"},
    ),
    "partnerships-with-country": Case(
        {"country": "maroc", "year": "2019"},
        [("MAR", "2019", P1, T1, "2019", "2021-12-31", MANTES, "Mantes la Jolie")],
        {"country": "TG", "year": "2019"},
    ),
    "project-owners": Case(
        {},
        [
            ("atlas-901", P1, T1, MANTES, "Mantes la Jolie", "true", "true"),
            ("atlas-901", P1, T1, RABAT, RABAT_NAME, "false", "true"),
            ("atlas-902", P2, T2, YVELINES, "Département des Yvelines", "true", "true"),
            ("atlas-904", P4, T4, "organisation/association-exemple", "Association Exemple")
            + ("false", "false"),
        ],
        {"identifier": "atlas-905"},
    ),
    # Mantes and Ville de Mantes are one commune, but not with one partner.
    "shared-partners": Case(
        {},
        [(RABAT, RABAT_NAME, YVELINES, "Département des Yvelines", MANTES, "Mantes la Jolie")],
        {"partner": "tg/la-paix"},
    ),
    # A theme among those of 901 is the main one of 903.
    "similar-partnerships": Case(
        {"identifier": "atlas-903"},
        [("atlas-903", "theme/eau-et-dechets", P1, T1, "MAR")],
        {"identifier": "atlas-999"},
    ),
    "sources-of": Case(
        {"identifier": "atlas-901"},
        [
            ("atlas-901", P1, "source/atlas-901-*")
            + (
                "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/"
                "detailProjet.html?criteres.prjId=901",
            )
            + ("2026-11-20T23:30:00+02:00", MINISTRY, MINISTRY_NAME)
        ],
        {"identifier": "atlas-999"},
    ),
    # 5 000 under one name, 2 000 and 500 under another.
    # 901 and 903 have the second; nobody has the first, and the last only through it.
    "themes": Case(
        {"within": "environnement-climat-et-energie"},
        [
            ("", WATER, "fr", "theme/eau-et-assainissement", "Eau et assainissement", "3")
            + ("theme/eau-et-dechets", "0", "0"),
            ("", WATER, "fr", "theme/eau-et-dechets", "Eau et déchets", "2", WATER, "2", "2"),
            ("", WATER, "fr", WATER, "Environnement, Climat et Energie", "1", "", "0", "2"),
        ],
        {"broader": "eau-et-assainissement"},
    ),
    # Two expressions of 902, whose theme is local governance; those of 905 agree with its theme.
    "theme-text-disagreements": Case(
        {"language": "en"},
        [
            ("", "en", P2, "atlas-902", T2, "15112; 15185", "dac/11330", "Vocational training")
            + ("0.4", "description: formation professionnelle; description: lycée professionnel"),
        ],
    ),
    "top-communes": Case(
        {"departement": "78"},
        [
            ("78", "", "", "no", MANTES_PLACE, "Mantes-la-Jolie", "78361", "7500", "3", "0")
            + ("POINT(1.7167 48.99048)", "")
        ],
        {"departement": "37"},
    ),
    # Everything there is, each line once, whatever its partnership's partners, themes and owners.
    "totals-by-country": Case(
        {},
        [
            (*UNFILTERED, "fr", "MAR", "Maroc", "20000", "2", "6", "1", ""),
            (*UNFILTERED, "fr", "", "", "9000", "1", "1", "0", ""),
            (*UNFILTERED, "fr", "BEN", "Bénin", "2500", "1", "2", "0", ""),
        ],
    ),
    # The group of 901 is nobody; Mantes and Ville de Mantes are two names.
    "totals-by-financer": Case(
        {},
        [
            (*UNFILTERED, MINISTRY, MINISTRY_NAME, "23000", "3", "4", "0", ""),
            (*UNFILTERED, MANTES, "Mantes la Jolie", "5000", "1", "1", "0", ""),
            (*UNFILTERED, VILLE, "Ville de Mantes la Jolie", "2500", "1", "2", "0", ""),
            (*UNFILTERED, "", "", "1000", "1", "1", "0", ""),
            (*UNFILTERED, YVELINES, "Département des Yvelines", "0", "1", "1", "1", ""),
        ],
    ),
    "totals-by-region": Case(
        {},
        [(*UNFILTERED, "place/fr/region/11", "Île-de-France", "31500", "4", "9", "1", "")],
    ),
    "totals-by-theme": Case(
        {"language": "en"},
        [
            (*UNFILTERED, "en", GOVERNANCE)
            + (
                "Politics, humanitarian aid and cross-border cooperation",
                "20000",
                "2",
                "6",
                "1",
                "",
            ),
            (*UNFILTERED, "en", "theme/culture-et-patrimoine", "Culture and heritage")
            + ("9000", "1", "1", "0", ""),
            (*UNFILTERED, "en", "theme/education-social-et-recherche")
            + ("Education, social affairs and research", "2500", "1", "2", "0", ""),
        ],
    ),
    "totals-by-year": Case(
        {},
        [
            (*UNFILTERED, "2019", "12000", "1", "2", "0", ""),
            (*UNFILTERED, "2020", "10000", "3", "4", "0", ""),
            (*UNFILTERED, "2021", "9000", "2", "2", "1", ""),
            (*UNFILTERED, "2022", "500", "1", "1", "0", ""),
        ],
        {"from": "2023"},
    ),
    "network": Case(
        {"country": "MA"},
        [
            ("MAR", "1", YVELINES, "Département des Yvelines", RABAT, RABAT_NAME, "1"),
            ("MAR", "1", MANTES, "Mantes la Jolie", FES, "Commune de Fès", "1"),
            ("MAR", "1", MANTES, "Mantes la Jolie", RABAT, RABAT_NAME, "1"),
        ],
    ),
    "country-profile": Case(
        {"country": "MA", "language": "en"},
        [
            ("MAR", "en", "euros", "", "", "20000"),
            ("MAR", "en", "french", YVELINES, "Département des Yvelines", "1"),
            ("MAR", "en", "french", MANTES, "Mantes la Jolie", "1"),
            ("MAR", "en", "name", "MAR", "Morocco", ""),
            ("MAR", "en", "partnerships", "", "", "2"),
            (
                "MAR",
                "en",
                "theme",
                "theme/gouvernance-locale-et-appui-institutionnel",
                "Local governance and institutional support",
                "2",
            ),
            ("MAR", "en", "unread", "", "", "1"),
        ],
    ),
    "theme-profile": Case(
        {"theme": "eau-et-dechets"},
        [
            ("theme/eau-et-dechets", "fr", "country", "MAR", "Maroc", "1"),
            ("theme/eau-et-dechets", "fr", "country", "TGO", "Togo", "1"),
            ("theme/eau-et-dechets", "fr", "euros", "", "", "16000"),
            ("theme/eau-et-dechets", "fr", "french", "collectivity/fr/chinon", "Chinon", "1"),
            ("theme/eau-et-dechets", "fr", "french", MANTES, "Mantes la Jolie", "1"),
            ("theme/eau-et-dechets", "fr", "name", "theme/eau-et-dechets", "Eau et déchets", ""),
            ("theme/eau-et-dechets", "fr", "partnerships", "", "", "2"),
            ("theme/eau-et-dechets", "fr", "unread", "", "", "0"),
        ],
        # A value of the list has a name at least.
        None,
    ),
    "collectivity-profile": Case(
        {"collectivity": "fr/mantes-la-jolie"},
        [
            (MANTES, "fr", "country", "MAR", "Maroc", "1"),
            (MANTES, "fr", "euros", "", "", "16000"),
            (MANTES, "fr", "name", MANTES, "Mantes la Jolie", ""),
            (MANTES, "fr", "partner", FES, "Commune de Fès", "1"),
            (MANTES, "fr", "partner", RABAT, RABAT_NAME, "1"),
            (MANTES, "fr", "partnerships", "", "", "1"),
            (
                MANTES,
                "fr",
                "theme",
                "theme/gouvernance-locale-et-appui-institutionnel",
                "Gouvernance locale et appui institutionnel",
                "1",
            ),
            (MANTES, "fr", "unread", "", "", "0"),
        ],
        # A value of the list has a name at least.
        None,
    ),
    "place-profile": Case(
        {"place": "fr/region/11"},
        [
            ("place/fr/region/11", "fr", "body", YVELINES, "Département des Yvelines", "1"),
            ("place/fr/region/11", "fr", "body", MANTES, "Mantes la Jolie", "1"),
            (
                "place/fr/region/11",
                "fr",
                "body",
                "collectivity/fr/region-ile-de-france",
                "Région Île-de-France",
                "1",
            ),
            ("place/fr/region/11", "fr", "body", VILLE, "Ville de Mantes la Jolie", "1"),
            ("place/fr/region/11", "fr", "country", "BEN", "Bénin", "2"),
            ("place/fr/region/11", "fr", "country", "MAR", "Maroc", "2"),
            ("place/fr/region/11", "fr", "country", "TGO", "Togo", "1"),
            ("place/fr/region/11", "fr", "euros", "", "", "31500"),
            ("place/fr/region/11", "fr", "name", "place/fr/region/11", "Île-de-France", ""),
            ("place/fr/region/11", "fr", "partnerships", "", "", "4"),
            ("place/fr/region/11", "fr", "unread", "", "", "1"),
        ],
        # A value of the list has a name at least.
        None,
    ),
    "financer-profile": Case(
        {"financer": "organisation/ministere-de-l-europe-et-des-affaires-etrangeres"},
        [
            (MINISTRY, "fr", "country", "MAR", "Maroc", "2"),
            (MINISTRY, "fr", "country", "BEN", "Bénin", "1"),
            (MINISTRY, "fr", "country", "TGO", "Togo", "1"),
            (MINISTRY, "fr", "euros", "", "", "23000"),
            (
                MINISTRY,
                "fr",
                "name",
                "organisation/ministere-de-l-europe-et-des-affaires-etrangeres",
                "Ministère de l'Europe et des Affaires étrangères",
                "",
            ),
            (MINISTRY, "fr", "partnerships", "", "", "3"),
            (MINISTRY, "fr", "unread", "", "", "0"),
            (MINISTRY, "fr", "year", "", "2021", "9000"),
            (MINISTRY, "fr", "year", "", "2019", "7000"),
            (MINISTRY, "fr", "year", "", "2020", "7000"),
        ],
        # A value of the list has a name at least.
        None,
    ),
    "partnership-profile": Case(
        {"identifier": "atlas-904"},
        [
            ("atlas-904", "fr", "declaredStatus", "status/en-cours", "En cours", ""),
            (
                "atlas-904",
                "fr",
                "diplomaticPost",
                "diplomatic-post/ambassade-de-france-a-cotonou",
                "Ambassade de France à Cotonou",
                "",
            ),
            ("atlas-904", "fr", "endDate", "", "2020-12-31", ""),
            ("atlas-904", "fr", "euros", "", "", "2500"),
            (
                "atlas-904",
                "fr",
                "hasMember",
                "organisation/association-exemple",
                "Association Exemple",
                "",
            ),
            ("atlas-904", "fr", "hasMember", "collectivity/bj/la-paix", "La Paix", ""),
            ("atlas-904", "fr", "hasMember", VILLE, "Ville de Mantes la Jolie", ""),
            (
                "atlas-904",
                "fr",
                "mainTheme",
                "theme/education-emploi-formation-professionnelle",
                "Education, emploi, formation professionnelle",
                "",
            ),
            ("atlas-904", "fr", "spatial", "BEN", "Bénin", ""),
            ("atlas-904", "fr", "startYear", "", "2020", ""),
            (
                "atlas-904",
                "fr",
                "subject",
                "theme/education-emploi-formation-professionnelle",
                "Education, emploi, formation professionnelle",
                "",
            ),
            ("atlas-904", "fr", "title", "", "Éducation à La Paix", ""),
            ("atlas-904", "fr", "unread", "", "", "0"),
            ("atlas-904", "fr", "wasDerivedFrom", "source/atlas-904-*", "", ""),
        ],
        {"identifier": "atlas-999"},
    ),
    "sources-of-figure": Case(
        {"identifier": "atlas-902"},
        [
            (
                "atlas-902",
                "",
                "2020",
                "funding/atlas-902/ministere-de-l-europe-et-des-affaires-etrangeres/2020",
                "4000",
                "source/atlas-902-*",
                "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/detailProjet.html?criteres.prjId=902",
                "",
                "organisation/ministere-de-l-europe-et-des-affaires-etrangeres",
            ),
            (
                "atlas-902",
                "",
                "2021",
                "funding/atlas-902/departement-des-yvelines/2021",
                "",
                "source/atlas-902-*",
                "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/detailProjet.html?criteres.prjId=902",
                "",
                "organisation/ministere-de-l-europe-et-des-affaires-etrangeres",
            ),
        ],
        {"identifier": "atlas-999"},
    ),
    # Of two twinnings Wikidata has one (WIKIDATA); Fès has no item, so that it cannot be told.
    "twinnings-missing-from-wikidata": Case(
        {"country": "MA"},
        [
            ("MAR", "missing", P2, T2, "2020", YVELINES, "Département des Yvelines", "Q12820")
            + (RABAT, RABAT_NAME, "Q966104")
        ],
    ),
    "wikidata-links": Case(
        {},
        [
            ("0", "BEN", "Q962", "", "", "link-method/country-code", "1"),
            ("0", "FRA", "Q142", "", "", "link-method/country-code", "1"),
            ("0", "MAR", "Q1028", "", "", "link-method/country-code", "1"),
            ("0", "TGO", "Q945", "", "", "link-method/country-code", "1"),
            ("0", MANTES_PLACE, "Q207253", MANTES, "Mantes la Jolie")
            + ("link-method/human-review", "1"),
            ("0", "place/fr/departement/78", "Q12820", YVELINES, "Département des Yvelines")
            + ("link-method/human-review", "1"),
            ("0", "place/ma/wikidata/Q966104", "Q966104", RABAT, RABAT_NAME)
            + ("link-method/human-review", "1"),
        ],
        {"above": "1.01"},
    ),
    "years-since-first-agreement": Case(
        {},
        [("", P1, T1, "2016", "2019", "3"), ("", P2, T2, "2020", "2020", "0")],
        {"country": "TG"},
    ),
}
