"""Writes ontology/lists/: the lists of others as SKOS, from data/reference/iati/ and by-hand files.

    python -m scripts.make_lists [--target FOLDER]

The same files give the same bytes. Codes, names and statuses are those of the sources; a French name
that they lack is absent. ontology/README.md tells what each list is.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tomllib import loads

from coopdec_graph.iati import codelists
from coopdec_graph.iati.versions import LATEST
from scripts.iati.lists import read_by_hand

TARGET = Path(__file__).parents[1] / "ontology" / "lists"
SCHEMES = Path(__file__).with_name("iati") / "schemes.toml"
SCHEME = "https://w3id.org/coopdec/scheme/"
GOALS = "http://metadata.un.org/"
# The day the mirrors were last made of newer sources.
MODIFIED = "2026-11-25"
# Days of the packages that hold the editions, and of the resolution that set the goals.
EDITIONS = {"iati": "2018-08-16", "dac": "2026-01-27", "sdg": "2015-09-25"}
MIT = "https://opensource.org/licenses/MIT"
DAC_LISTS = "http://www.oecd.org/dac/stats/dacandcrscodelists.htm"
IATI_LISTS = "https://github.com/IATI/IATI-Codelists"

PREFIXES = """\
@prefix dct:    <http://purl.org/dc/terms/> .
@prefix owl:    <http://www.w3.org/2002/07/owl#> .
@prefix skos:   <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:    <http://www.w3.org/2001/XMLSchema#> .
"""
WRITTEN = "Written by scripts/make_lists.py: change its sources, not this file."


@dataclass(frozen=True, slots=True)
class Concept:
    """A code of a list, under another of the same list or at its top."""

    code: str
    name_en: str
    name_fr: str | None
    broader: str | None = None
    withdrawn: bool = False
    definition: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A list: `path` is its IRI after the base of the file; texts are French, English."""

    path: str
    title: tuple[str, str]
    description: tuple[str, str]
    source: str
    issued: str
    concepts: tuple[Concept, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--target", type=Path, default=TARGET)
    target: Path = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (target / name).write_text(text, "utf-8", newline="")
        print(f"{name}: {len(text.encode()):,} bytes")


def files() -> Mapping[str, str]:
    """The text of each file, by its name."""
    return {
        "dac.ttl": turtle(
            "Sectors of the OECD's Development Assistance Committee (DAC), as IATI's copies name them.",
            SCHEME,
            [sectors()],
        ),
        "channels.ttl": turtle(
            "Channels of delivery of the DAC, as IATI's copies name them.", SCHEME, [channels()]
        ),
        "iati.ttl": turtle(
            "Lists of the International Aid Transparency Initiative (IATI), version 2.03.",
            SCHEME,
            iati_lists(),
        ),
        "sdg.ttl": turtle(
            "The Sustainable Development Goals (SDG) and their targets, under the United Nations' IRIs.",
            GOALS,
            [goals()],
        ),
    }


def sectors() -> Scheme:
    """Purposes of five digits, within sectors of three, some of which are within another."""
    categories = codelists.codes(LATEST, "SectorCategory").values()
    purposes = codelists.codes(LATEST, "Sector").values()
    return Scheme(
        "dac",
        ("Secteurs du CAD de l’OCDE", "Sectors of the OECD DAC"),
        (
            "Codes-objet à cinq chiffres et secteurs à trois chiffres du Comité d’aide au développement, avec ceux qui ont été retirés ; les codes et les libellés sont ceux du CAD.",
            "Purpose codes of five digits and sectors of three digits of the Development Assistance Committee, with those that were withdrawn; codes and labels are the DAC’s.",
        ),
        DAC_LISTS,
        EDITIONS["dac"],
        tuple(concept(code) for code in (*categories, *purposes)),
    )


def channels() -> Scheme:
    held = codelists.codes(LATEST, "CRSChannelCode")
    return Scheme(
        "iati-crs-channel-code",
        ("Canaux d’acheminement de l’aide du CAD", "Channels of delivery of the DAC"),
        (
            "Codes des canaux d’acheminement de l’aide du Comité d’aide au développement, avec ceux qui ont été retirés (liste CRSChannelCode de l’IATI).",
            "Codes of the channels of delivery of the Development Assistance Committee, with those that were withdrawn (IATI’s list CRSChannelCode).",
        ),
        DAC_LISTS,
        EDITIONS["dac"],
        tuple(concept(code) for code in held.values()),
    )


def iati_lists() -> Iterator[Scheme]:
    """Lists of one level: a category that IATI keeps apart is no code of the list."""
    for known in loads(SCHEMES.read_text("utf-8"))["scheme"]:
        name = known["list"]
        yield Scheme(
            known["name"],
            (known["fr"], known["en"]),
            (
                f"Codes de la liste {name} de l’Initiative internationale pour la transparence de l’aide, version {LATEST}.",
                f"Codes of the list {name} of the International Aid Transparency Initiative, version {LATEST}.",
            ),
            IATI_LISTS,
            EDITIONS["iati"],
            tuple(concept(code, flat=True) for code in codelists.codes(LATEST, name).values()),
        )


def goals() -> Scheme:
    """A goal has a short name and its wording; a target has its wording alone."""
    named = [
        Concept(
            goal["code"],
            goal["name_en"],
            goal["name_fr"],
            definition=(goal["wording_fr"], goal["wording_en"]),
        )
        for goal in read_by_hand("sdg_goals.csv")
    ]
    targets = [
        Concept(row["code"], row["name_en"], row["name_fr"], row["code"].partition(".")[0])
        for row in read_by_hand("sdg_targets.csv")
    ]
    return Scheme(
        "sdg",
        ("Objectifs de développement durable", "Sustainable Development Goals"),
        (
            "Les dix-sept objectifs que l’Assemblée générale des Nations unies a adoptés en 2015 (résolution A/RES/70/1), et leurs 169 cibles.",
            "The seventeen goals that the General Assembly of the United Nations adopted in 2015 (resolution A/RES/70/1), and their 169 targets.",
        ),
        "https://undocs.org/A/RES/70/1",
        EDITIONS["sdg"],
        (*named, *targets),
    )


def concept(code: codelists.Code, flat: bool = False) -> Concept:
    """A code that is its own category is at the top."""
    above = None if flat or code.category == code.code else code.category
    return Concept(
        code.code, code.name_en or code.code, code.name_fr, above, code.status == "withdrawn"
    )


# ---- Turtle --------------------------------------------------------------------------------------


def turtle(about: str, base: str, schemes: Iterable[Scheme]) -> str:
    heading = f"# {about}\n# {WRITTEN}\n\n{PREFIXES}\n@base <{base}> .\n"
    blocks = [block for scheme in schemes for block in scheme_blocks(scheme)]
    return "\n".join([heading, *blocks])


def scheme_blocks(scheme: Scheme) -> Iterator[str]:
    codes = {one.code for one in scheme.concepts}
    below: dict[str, list[str]] = defaultdict(list)
    for one in scheme.concepts:
        if one.broader in codes and one.broader is not None:
            below[one.broader].append(one.code)
    nested = {code for children in below.values() for code in children}
    top = [one.code for one in scheme.concepts if one.code not in nested]
    yield block(
        scheme.path,
        [
            "a skos:ConceptScheme",
            f"dct:title {both(scheme.title)}",
            f"dct:description {both(scheme.description)}",
            f"dct:source <{scheme.source}>",
            f"dct:license <{MIT}>",
            f"dct:issued {day(scheme.issued)}",
            f"dct:modified {day(MODIFIED)}",
            f"skos:hasTopConcept {iris(scheme.path, top)}",
        ],
    )
    for one in scheme.concepts:
        yield block(f"{scheme.path}/{one.code}", list(facts(scheme.path, one, below, nested)))


def facts(
    path: str, one: Concept, below: Mapping[str, list[str]], nested: set[str]
) -> Iterator[str]:
    names = [f"{text(one.name_fr)}@fr"] if one.name_fr else []
    yield "a skos:Concept"
    yield "skos:prefLabel " + " , ".join([*names, f"{text(one.name_en)}@en"])
    if one.definition:
        yield f"skos:definition {both(one.definition)}"
    yield f"skos:notation {text(one.code)}"
    if one.withdrawn:
        yield "owl:deprecated true"
    yield f"skos:inScheme <{path}>"
    if one.code in nested:
        yield f"skos:broader <{path}/{one.broader}>"
    else:
        yield f"skos:topConceptOf <{path}>"
    if one.code in below:
        yield f"skos:narrower {iris(path, below[one.code])}"


def block(subject: str, statements: list[str]) -> str:
    return f"<{subject}> " + " ;\n    ".join(statements) + " .\n"


def both(texts: tuple[str, str]) -> str:
    french, english = texts
    return f"{text(french)}@fr , {text(english)}@en"


def text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def day(value: str) -> str:
    return f'"{value}"^^xsd:date'


def iris(path: str, codes: Iterable[str]) -> str:
    return " , ".join(f"<{path}/{code}>" for code in codes)


if __name__ == "__main__":
    main()
