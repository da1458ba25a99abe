"""Invented pages of twinnings, a stand-in Wikidata that has some of them, and a release of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.pipeline.commands import PAGES, coopdec, write_pages

_EMPTY = (PAGES / "6669.txt").read_text("utf-8")
_SEARCH = " commun.ico.loupe.alter\n"


def twinning(
    title: str,
    french: Iterable[str],
    foreign: Iterable[tuple[str, str]],
    *,
    first: int | None = None,
    status: str = "En cours",
    end: str = "",
    form: str = "Jumelage",
) -> str:
    """A page in the layout of 6669.txt, which names nobody; foreign bodies with their country."""
    signed = f"Année de première signature de la convention\n{first}\n" if first else ""
    filled = {
        "Titre\njumelage\n": f"Titre\n{title}\n{signed}",
        "En cours\nDate de fin du partenariat\n": (
            f"{status}\nDate de fin du partenariat\n" + (f"{end}\n" if end else "")
        ),
        "prend la forme d'un(e)\n": f"prend la forme d'un(e)\n{form}\n",
        "étrangère Pays \xa0\n": "étrangère Pays \xa0\n"
        + "".join(f"{name} {country}{_SEARCH}" for name, country in foreign),
        "territoriale \xa0\n": "territoriale \xa0\n"
        + "".join(f"{name}{_SEARCH}" for name in french),
    }
    text = _EMPTY
    for before, after in filled.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


MANTES, CHERBOURG = "Mantes la Jolie", "Cherbourg-en-Cotentin"
YVELINES, REGION = "Département des Yvelines", "Région Île-de-France"
MODELEVILLE, EXEMPLEVILLE = ("Modèleville", "Togo"), ("Exempleville", "Bénin")
FONDUE, FUTURE = ("Fondue", "Togo"), ("Future", "Bénin")
LA_PAIX, PAIX = ("La Paix", "Togo"), ("Paix", "Togo")

PAGES_OF_TWINNINGS: Mapping[str, str] = {
    "p101": twinning("Un", [MANTES], [MODELEVILLE], first=1987),
    "p102": twinning("Deux", [MANTES], [EXEMPLEVILLE], first=1990),
    "p103": twinning("Trois", [CHERBOURG], [FONDUE], first=1991),
    "p104": twinning("Quatre", [CHERBOURG], [MODELEVILLE], first=1992),
    "p105": twinning("Cinq", [YVELINES], [LA_PAIX], status="Terminé", end="31/12/2001"),
    "p106": twinning("Six", [YVELINES], [PAIX], status="Terminé", end="31/12/2001"),
    "p107": twinning("Sept", ["Roanne"], [MODELEVILLE], first=1993),
    "p108": twinning("Huit", [REGION], [EXEMPLEVILLE, FUTURE]),
    "p109": twinning("Neuf", [MANTES, CHERBOURG], [LA_PAIX, PAIX]),
    "p110": twinning("Dix", [REGION], [("Région de Modèleville", "Togo")], first=1994),
    # The same pair as 101, signed later: one twinning, whose first agreement is that of 101.
    "p112": twinning("Douze", ["Ville de Mantes la Jolie"], [MODELEVILLE], first=1999),
    # Two towns that work together are no twins.
    "p113": twinning(
        "Treize", [MANTES], [FUTURE], first=2001, form="Projet de coopération décentralisée"
    ),
    # A page of no number: nobody can be sent to it.
    "sans-numero": twinning("Onze", [CHERBOURG], [EXEMPLEVILLE], first=1995),
}

TWINS = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix s: <http://www.wikidata.org/entity/statement/> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# Both ways: once truthy alone, once with its whole statement.
wd:Q207253 wdt:P190 wd:Q111 .
wd:Q111 wdt:P190 wd:Q207253 ; p:P190 s:a . s:a ps:P190 wd:Q207253 ; wikibase:rank wikibase:NormalRank .
# One way, to an item that was merged; what it was merged into was merged after the release was linked.
wd:Q201 wdt:P190 wd:Q106 . wd:Q107 owl:sameAs wd:Q960 .
# Ended, both ways: the whole statement says so, the truthy one cannot.
wd:Q201 wdt:P190 wd:Q101 ; p:P190 s:b . s:b ps:P190 wd:Q101 ; wikibase:rank wikibase:NormalRank ;
    pq:P582 "2001-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q101 wdt:P190 wd:Q201 ; p:P190 s:c . s:c ps:P190 wd:Q201 ; wikibase:rank wikibase:NormalRank ;
    pq:P582 [] .
wd:Q12820 wdt:P190 wd:Q108 . wd:Q108 wdt:P190 wd:Q12820 .
# An end that is to come is none yet.
wd:Q13917 wdt:P190 wd:Q112 ; p:P190 s:d . s:d ps:P190 wd:Q112 ; wikibase:rank wikibase:NormalRank ;
    pq:P582 "2999-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q112 wdt:P190 wd:Q13917 .
wd:Q13917 p:P190 s:e . s:e ps:P190 wd:Q102 ; wikibase:rank wikibase:DeprecatedRank .

# Wikidata's alone: by a truthy statement, by one that another outranks.
wd:Q207253 wdt:P190 wd:Q900 ; p:P190 s:f . s:f ps:P190 wd:Q901 ; wikibase:rank wikibase:NormalRank .
wd:Q900 rdfs:label "Neuf\\tcents\\n\\u202Eelliv\\u001B[2J"@fr , "Nine hundred"@en ; wdt:P17 wd:Q945 .
wd:Q901 rdfs:label "=Nine hundred one"@en .
# Not reported: ended, French, no item at all.
wd:Q207253 p:P190 s:g . s:g ps:P190 wd:Q902 ; wikibase:rank wikibase:NormalRank ;
    pq:P582 "1999-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q207253 wdt:P190 wd:Q903 , [] . wd:Q903 rdfs:label "Voisine"@fr ; wdt:P17 wd:Q142 .
"""


def linked_release(folder: Path, url: str, pages: Mapping[str, str] = PAGES_OF_TWINNINGS) -> Path:
    """A release of the pages, linked: page 101 was captured on a known day."""
    write_pages(folder / "pages", **pages)
    (folder / "pages" / "101.toml").write_text("captured = 2026-11-20T23:30:00+02:00\n", "utf-8")
    out, cache = folder / "build", {"XDG_CACHE_HOME": str(folder / "cache")}
    built = coopdec("build", folder / "pages", "--out", out, **cache)
    assert built.returncode == 0, built.stdout + built.stderr
    linked = coopdec("link", "--data", out, "--wikidata", url, "--strict", **cache)
    assert linked.returncode == 0, linked.stdout + linked.stderr
    return out
