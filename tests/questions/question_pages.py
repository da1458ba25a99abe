"""Invented partnerships whose answers can be counted by hand, as pages of the Atlas print them.

| page | French | foreign | themes | owners | lines | trap |
|---|---|---|---|---|---|---|
| 901 | Mantes la Jolie | Rabat (MA), Fès (MA) | 3 | 2 | 4 | each join multiplies its lines |
| 902 | Département des Yvelines | Rabat (MA) | 1 | 1 | 2 | one line has an amount nobody can read |
| 903 | Chinon | La Paix (TG) | 1 | – | – | neither dates nor money |
| 905 | Région Île-de-France | Exempleville (BJ), Modèleville (TG) | 1 | – | 1 | two countries, no département |
| 904 | Ville de Mantes la Jolie | La Paix (BJ) | 1 | an association | 2 | two homonyms; a line after the end; 1 % |

The text of 902 speaks of vocational training, that of 905 of culture, as its theme does. 901 and 902 are twinnings, of which a person linked Mantes, the Yvelines and Rabat to Wikidata.

Beside them, `activities.xml` has activities of another programme, which no question about partnerships may count:

| activity | countries | sectors | sums | trap |
|---|---|---|---|---|
| XM-EXAMPLE-1 | MA | 15112 60 %, 14030 40 % | 3 kinds, one in dollars | Mantes la Jolie and Rabat take part in it too |
| XM-EXAMPLE-2 | TG 50 %, BJ 50 % | 11220, and 112 again | one in CFA francs, one in pounds without a rate | two vocabularies say one thing twice; one sum has sectors of its own |
| XM-OTHER-901 | MA | 15112 | one | it is 901 again, and says so: counted nowhere |
| XM-EXAMPLE-3 | a region | one of its own list | a correction below zero | nothing of it is in our lists |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from coopdec_graph.pipeline import BuildOptions, run
from coopdec_graph.publishing.links import LinkOptions
from coopdec_graph.publishing.releases import Release
from tests.pipeline.commands import PAGES, write_pages

__all__ = ["AS_OF", "question_release"]

AS_OF = date(2026, 11, 23)
HERE = Path(__file__).parent

_EMPTY = (PAGES / "6669.txt").read_text("utf-8")
_ICON = " commun.ico.loupe.alter\n"
_THEME = (
    "Culture et Patrimoine\nSous-thématique d'intervention\n"
    "Infrastructures, équipements et manifestations culturelles\n"
)
_SUMS = " ".join(["Montant 1% Eau (Loi Oudin 2005)"] * 3)
MINISTRY = "Ministère de l'Europe et des Affaires étrangères"
GROUP = "Collectivités et partenaires étrangers"
RABAT = ("Conseil de la Préfecture de Rabat", "Maroc")


def _page(
    title: str,
    french: Iterable[str],
    foreign: Iterable[tuple[str, str]],
    *,
    post: str = "Ambassade de France à Rabat",
    first: str = "",
    theme: tuple[str, str],
    others: Iterable[str] = (),
    start: str = "",
    end: str = "",
    form: str = "",
    owners: str = "",
    description: str = "",
    funding: Iterable[str] = (),
) -> str:
    """A page in the layout of 6669.txt, which names nobody. What is not given is not printed."""
    signed = f"Année de première signature de la convention\n{first}\n" if first else ""
    filled = {
        "Ambassade de France à Berlin": post,
        "Titre\njumelage\n": f"Titre\n{title}\n{signed}",
        _THEME: f"{theme[0]}\nSous-thématique d'intervention\n{theme[1]}\n",
        "Sous-sous-thématique Priorité\n": "Sous-sous-thématique Priorité\n"
        + "".join(f"{row}\n" for row in others),
        "partenariat\n1987\n": "partenariat\n" + (f"{start}\n" if start else ""),
        "Date de fin du partenariat\n": "Date de fin du partenariat\n"
        + (f"{end}\n" if end else ""),
        "Description détaillée du partenariat\n": "Description détaillée du partenariat\n"
        + (f"{description}\n" if description else ""),
        "prend la forme d'un(e)\n": "prend la forme d'un(e)\n" + (f"{form}\n" if form else ""),
        "Maître(s) d'ouvrage\n": "Maître(s) d'ouvrage\n" + (f"{owners}\n" if owners else ""),
        "étrangère Pays \xa0\n": "étrangère Pays \xa0\n"
        + "".join(f"{name} {country}{_ICON}" for name, country in foreign),
        "territoriale \xa0\n": "territoriale \xa0\n" + "".join(f"{name}{_ICON}" for name in french),
        f"{_SUMS} Année\n": f"{_SUMS} Année\n" + "".join(f"{row}\n" for row in funding),
    }
    text = _EMPTY
    for before, after in filled.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


_GOVERNANCE = (
    "Politique, humanitaire et coopération transfrontalière",
    "Gouvernance locale et appui institutionnel",
)
_EDUCATION = ("Education, Social et Recherche", "Education, emploi, formation professionnelle")
_CULTURE = ("Culture et Patrimoine", "Infrastructures, équipements et manifestations culturelles")
_WATER = ("Environnement, Climat et Energie", "Eau et déchets")

PAGES_OF_QUESTIONS: Mapping[str, str] = {
    "p901": _page(
        "Éducation + santé & « droits »",
        ["Mantes la Jolie"],
        [RABAT, ("Commune de Fès", "Maroc")],
        first="2016",
        theme=_GOVERNANCE,
        others=[
            "Education, Social et Recherche Education, emploi, formation professionnelle 1",
            "Environnement, Climat et Energie Eau et déchets 2",
        ],
        start="2019",
        end="31/12/2021",
        form="Jumelage",
        owners="Mantes la Jolie, Conseil de la Préfecture de Rabat",
        funding=[
            f"{MINISTRY} 7000 2019",
            f"{MINISTRY} 3000 2020",
            "Mantes la Jolie 5000 2019",
            f"{GROUP} 1000 2020",
        ],
    ),
    "p902": _page(
        "Gouvernance de Rabat",
        ["Département des Yvelines"],
        [RABAT],
        theme=_GOVERNANCE,
        first="2020",
        start="2020",
        end="30/06/2027",
        form="Jumelage",
        owners="Département des Yvelines",
        description="Une formation professionnelle au lycée professionnel.",
        funding=[f"{MINISTRY} 4000 2020", "Département des Yvelines 20 000 € 30 ? 2021"],
    ),
    "p903": _page(
        "Eau de La Paix",
        ["Chinon"],
        [("La Paix", "Togo")],
        post="Ambassade de France à Lomé",
        theme=_WATER,
    ),
    "p904": _page(
        "Éducation à La Paix",
        ["Ville de Mantes la Jolie"],
        [("La Paix", "Bénin")],
        post="Ambassade de France à Cotonou",
        theme=_EDUCATION,
        start="2020",
        end="31/12/2020",
        owners="Association Exemple",
        funding=["Ville de Mantes la Jolie 2000 2020", "Ville de Mantes la Jolie 500 40 0 0 2022"],
    ),
    "p905": _page(
        "Fêtes communes",
        ["Région Île-de-France"],
        [("Exempleville", "Bénin"), ("Modèleville", "Togo")],
        post="Ambassade de France à Lomé",
        theme=_CULTURE,
        start="2018",
        description="Un festival, puis une bibliothèque.",
        funding=[f"{MINISTRY} 9000 2021"],
    ),
}


def question_release(folder: Path, *, with_activities: bool = True) -> Release:
    """The four pages, published in `folder/out`, with the links that a person decided."""
    pages = write_pages(folder / "pages", **PAGES_OF_QUESTIONS)
    (pages / "901.toml").write_text("captured = 2026-11-20T23:30:00+02:00\n", "utf-8")
    decisions = folder / "decisions.csv"
    decisions.write_text(
        "body,object,decision,why,date,role\n"
        "ma/conseil-de-la-prefecture-de-rabat,Q966104,same,La préfecture,2026-11-20,essai\n"
        "fr/departement-des-yvelines,Q12820,same,Département 78,2026-11-20,essai\n"
        "fr/mantes-la-jolie,Q207253,same,Commune 78361,2026-11-20,essai\n"
        "tg/la-paix,Q101,unsure,Deux villages de ce nom,2026-11-20,essai\n",
        "utf-8",
    )
    options = BuildOptions(
        sources=(("iati", HERE / "activities.xml"),) if with_activities else (),
        as_of=AS_OF,
        links=LinkOptions("offline", decisions, folder / "cache"),
        rates=HERE / "rates.csv",
    )
    return run([pages], folder / "out", options, lambda items, label, total: items).release
