"""Names and addresses of contacts never survive the reading of a page, however odd its blocks."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.language import LANGUAGES
from tests.sources.atlas.atlas_pages import (
    CHROME,
    HTML_PAGES,
    MANTES,
    MOUSSODOUGOU,
    TEXT_PAGES,
    changes,
    codes,
    read_bytes,
    read_file,
    read_text,
    replaced,
)

SURNAMES = [
    "EXEMPLE",
    "FICTIF",
    "SPECIMEN",
    "MODELE",
    "FACTICE",
    "INVENTE",
    "IMAGINAIRE",
    "INEXISTANT",
    "SUPPOSE",
]
BLOCK = "Camille EXEMPLE\nCourriel : camille.exemple[at]example.org\n"
ROW = (
    "Conseil de la Préfecture de Rabat SPECIMEN Sacha Directeur Général des Services "
    "sacha.specimen@example.org"
)
ROLE = "Correspondant coopération décentralisée"


def everything_of(reading):
    """All that a reading could show: its record, model, issues in both languages, lines."""
    messages = [issue.message(language) for issue in reading.issues for language in LANGUAGES]
    return repr(reading) + repr([issue.to_dict() for issue in reading.issues]) + repr(messages)


def people_in(reading):
    shown = everything_of(reading)
    leaks = [name for name in SURNAMES if re.search(rf"\b{name}\b", shown)]
    return leaks + re.findall(r"[\w.]+@\w+|[\w.]+\[at\]\w+|example\.(?:org|com)", shown)


@pytest.mark.parametrize("page", [*TEXT_PAGES, *HTML_PAGES], ids=lambda page: page.stem)
def test_pages(page):
    assert any(name in page.read_bytes().decode("utf-8", "replace") for name in SURNAMES)
    assert people_in(read_file(page)) == []


def test_all_pages_are_here():
    assert (len(TEXT_PAGES), len(HTML_PAGES)) == (8, 3)


ODD_BLOCKS = {
    "an extra contact": BLOCK + "Attaché\nLou FACTICE\nCourriel : lou@example.org\n",
    "an extra contact without role": BLOCK + "Lou FACTICE\nCourriel : lou@example.org\n",
    "two names": "Lou FACTICE\n" + BLOCK,
    "no name": "Courriel : camille.exemple[at]example.org\n",
    "no address": "Camille EXEMPLE\n",
    "name only in capitals": "CAMILLE EXEMPLE\nCourriel : camille.exemple[at]example.org\n",
    "name and role on one line": f"{ROLE} : Camille EXEMPLE\nCourriel : c@example.org\n",
    "address on its own line": "Camille EXEMPLE\nCourriel :\ncamille.exemple[at]example.org\n",
    "address without label": "Camille EXEMPLE\ncamille.exemple[at]example.org\n",
    "address and name on one line": "Camille EXEMPLE <camille@example.org>\n",
    "full-width sign": "Camille EXEMPLE\nCourriel : camille＠example.org\n",
    "telephone": BLOCK + "Tél. : 01 23 45 67 89\n",
    "pipes": "Camille EXEMPLE | camille@example.org |\n",
}


@pytest.mark.parametrize("block", ODD_BLOCKS)
def test_odd_block_of_contacts(block):
    reading = read_text(replaced(MANTES, BLOCK, ODD_BLOCKS[block]))
    assert people_in(reading) == []
    assert "01 23" not in everything_of(reading)
    assert changes(reading) == {}


def test_role_that_is_not_known():
    reading = read_text(replaced(MANTES, ROLE, "Attachée aux jardins"))
    assert people_in(reading) == []
    assert changes(reading) == {
        "contact_functions": ("Conseiller de coopération et d'action culturelle",)
    }
    assert "jardins" not in everything_of(reading)


def test_role_that_is_missing():
    reading = read_text(replaced(MANTES, ROLE + "\n", ""))
    assert people_in(reading) == []
    assert list(changes(reading)) == ["contact_functions"]


def test_lines_beyond_a_contact_are_flagged():
    reading = read_text(replaced(MANTES, BLOCK, BLOCK + "Autre chose\n"))
    assert codes(reading) == ["unexpected-line"]
    assert "Autre chose" not in everything_of(reading)


CONTACT_TABLES = {
    "another header": MANTES.replace("Nom Prénom Fonction Courriel", "Identité Mél"),
    "no header": MANTES.replace(
        "Nom de la collectivité étrangère Nom Prénom Fonction Courriel", ""
    ),
    "no caption": MANTES.replace("Contacts dans les partenaires étrangers du partenariat\n", ""),
    "no caption, no header": re.sub(
        r"Contacts dans les part.*\n|.*Prénom Fonction.*\n", "", MANTES
    ),
    "printed twice": MANTES.replace(
        "\nCollectivités territoriales partenaires",
        f"\nNom de la collectivité étrangère Nom Prénom Fonction Courriel\n{ROW}\n\nCollectivités "
        "territoriales partenaires",
        1,
    ),
    "pipes": MOUSSODOUGOU.replace(
        "Fonction | Courriel |\n---|",
        "Fonction | Courriel |\n---|\nMoussodougou | SPECIMEN | Sacha | Maire | s@example.org |",
    ),
    "pipes under another header": MOUSSODOUGOU.replace("Prénom | Fonction", "Rôle").replace(
        "Rôle | Courriel |\n---|",
        "Rôle | Courriel |\n---|\nX | SPECIMEN Sacha | M | s@example.org |",
    ),
    "HTML under another header": CHROME.replace("<th>Prénom</th>", "<th>Petit nom</th>"),
    "HTML with a cell more": CHROME.replace("<td>INEXISTANT</td>", "<td>INEXISTANT</td><td>Y</td>"),
    "HTML without caption": CHROME.replace(
        "Contacts dans les partenaires étrangers du partenariat", ""
    ),
}


@pytest.mark.parametrize("name", CONTACT_TABLES)
def test_odd_table_of_contacts(name):
    page = CONTACT_TABLES[name]
    assert page not in (MANTES, MOUSSODOUGOU, CHROME)
    reading = read_text(page, "page.html" if "HTML" in name else "page.txt")
    assert people_in(reading) == []
    assert reading.activity is not None


@pytest.mark.parametrize(
    "before",
    [
        "Mantes la Jolie commun",
        "Conseil de la Préfecture de Rabat Maroc commun",
        "Mantes la Jolie 5000 2019",
        "<< < pagination",
        "Signée en 2016",
        "Mantes la Jolie, Conseil",
        "Une communication a été engagée en France",
    ],
)
@pytest.mark.parametrize("stray", [ROW, f"{ROLE}\n{BLOCK.strip()}", BLOCK.strip()])
def test_contact_that_landed_elsewhere(before, stray):
    """A block of contacts inside prose or a table kept its names."""
    reading = read_text(replaced(MANTES, before, f"{stray}\n{before}"))
    assert people_in(reading) == []
    assert changes(reading) == {}


@pytest.mark.parametrize("page", TEXT_PAGES, ids=lambda page: page.stem)
def test_page_cut_short_and_followed_by_another(page):
    """Two pages in one file put the contacts of the second into the prose of the first."""
    lines = MANTES.split("\n")
    for end in range(0, len(lines), 4):
        text = "\n".join(lines[:end]) + "\n" + page.read_text("utf-8")
        assert people_in(read_text(text)) == [], end


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_page_with_lines_missing_or_doubled(data):
    """As long as a contact keeps its role or its address beside it, its name is not kept."""
    lines = MANTES.split("\n")
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(lines) - 1))
        contact = re.search("EXEMPLE|FICTIF|SPECIMEN|example|Titre|Contacts dans", lines[at])
        if contact or data.draw(st.booleans()):
            lines.insert(at, lines[at])
        else:
            del lines[at]
    assert people_in(read_text("\n".join(lines))) == []


@pytest.mark.parametrize(
    "name", ["Camille EXEMPLE", "EXEMPLE Camille", "camille exemple", "Sacha SPECIMEN"]
)
def test_name_of_a_contact_repeated_in_the_page(name):
    page = replaced(MANTES, "Signée en 2016", f"Menée par {name}, signée en 2016")
    page = replaced(page, "Titre\n", f"Titre\n{name} : ")
    reading = read_text(page)
    assert people_in(reading) == []
    assert "Menée par [nom retiré], signée en 2016" in reading.record["prose"]["history"]
    assert reading.record["title"].startswith("[nom retiré] : Formation")
    assert codes(reading) == ["name-removed", "name-removed"]


def test_name_in_capitals_of_a_partner_is_no_person():
    page = MANTES.replace("Conseil de la Préfecture de Rabat", "ONG Enda")
    reading = read_text(page)
    assert reading.record["foreign_partners"] == [{"name": "ONG Enda", "country": "Maroc"}]
    assert reading.record["project_owners"][1] == "ONG Enda"
    assert people_in(reading) == []


MAILBOXES = [
    "jean@mairie.example",
    "jean[at]mairie.example",
    "jean (at) mairie.example",
    "jean [arobase] mairie.example",
    "jean＠mairie.example",
    "jean @ mairie.example",
    "jean&#64;mairie.example",
    "mailto:jean@mairie.example",
    "jean@mairie-évry.example",
    "jean@\u200bmairie.example",
]
PLACES = {
    "title": ("Titre\nFormation", "Titre\n{} Formation"),
    "diplomatic_post": ('"Ambassade', '"{} Ambassade'),
    "prose": ("Signée en 2016", "Écrire à {} ! Signée en 2016"),
    "project_owners": ("Mantes la Jolie, Conseil", "Mantes la Jolie {}, Conseil"),
    "declared_status": ("En cours", "En cours {}"),
    "form": ("Projet de coopération décentralisée", "Projet {}"),
    "funding": ("Mantes la Jolie 5500 2021", "Mantes la Jolie {} 5500 2021"),
    "french_partners": ("Mantes la Jolie commun", "Mantes la Jolie {} commun"),
    "first_agreement_year": ("2016\nThém", "2016 {}\nThém"),
    "end_date": ("31/12/2021", "{}"),
}


@pytest.mark.parametrize("mailbox", MAILBOXES)
@pytest.mark.parametrize("place", PLACES)
def test_mailbox_in_any_field(place, mailbox):
    old, new = PLACES[place]
    reading = read_text(replaced(MANTES, old, new.format(mailbox)))
    shown = everything_of(reading)
    assert "jean" not in shown
    assert ".example'" not in shown
    assert reading.activity is not None
    assert reading.record["title"].endswith("en situation de rue")


@pytest.mark.parametrize("mailbox", ["jean&#64;mairie.example", "jean&commat;mairie.example"])
def test_mailbox_in_html(mailbox):
    page = replaced(CHROME, "Eau, déchets &amp;", f"Eau <a href='mailto:x@y.z'>{mailbox}</a> &amp;")
    reading = read_text(page, "page.html")
    title = "Eau [courriel retiré] & jardins partagés à Kounda-Fictive"
    assert reading.record["title"] == title
    assert "jean" not in everything_of(reading)


@pytest.mark.parametrize(
    "number", ["01 23 45 67 89", "+33 (0)1 23 45 67 89", "00226 25 30 61 71", "Tél : 25 30 61 71"]
)
def test_telephone_in_prose(number):
    reading = read_text(replaced(MANTES, "Signée en 2016", f"Appeler {number}. Signée en 2016"))
    assert "[téléphone retiré]. Signée en 2016" in reading.record["prose"]["history"]
    assert codes(reading) == ["personal-data-removed"]


def test_mailbox_in_a_file_name():
    for content in (MANTES.encode(), b""):
        reading = read_bytes(content, "envoi de jean@mairie.example.txt")
        assert reading.name == "envoi de [courriel retiré]"
        assert "jean" not in everything_of(reading)


def test_lines_that_may_name_a_person_are_not_repeated():
    page = replaced(MANTES, "Titre\n", "Titre\nQuelqu'un\nQuelqu'une\n")
    reading = read_text(page)
    assert "unexpected-line" in codes(reading)
    assert "Quelqu'une" not in everything_of(reading)


def test_known_functions_of_foreign_contacts_stay() -> None:
    """Flattened, the row does not tell its cells: only a listed function at its end is kept."""
    row = "Conseil de la Préfecture de Rabat EXEMPLE Sacha {} sacha@example.org"
    known = next(line for line in MANTES.splitlines() if line.endswith("@example.org"))
    for function, kept in (
        ("Directeur Général des Services", ("Directeur Général des Services",)),
        ("directeur general des services", ("Directeur Général des Services",)),
        ("Maire", ("Maire",)),
        ("Chargée de tout", ()),
        ("", ()),
    ):
        record = read_text(MANTES.replace(known, row.format(function))).record
        assert (record["foreign_contact_count"], record["foreign_contact_functions"]) == (1, kept)


def test_a_function_in_a_cell_stays_and_a_name_does_not() -> None:
    header = "Nom de la collectivité étrangère Nom Prénom Fonction Courriel"
    known = next(line for line in MANTES.splitlines() if line.endswith("@example.org"))
    cells = "Conseil de la Préfecture de Rabat | MAIRE | Maire | Président | x@example.org |"
    text = MANTES.replace(
        header,
        header.replace(" Nom P", " | Nom P")
        .replace(" Prénom ", " | Prénom | ")
        .replace("Fonction ", "Fonction | "),
    ).replace(known, cells)
    record = read_text(text).record
    assert (record["foreign_contact_count"], record["foreign_contact_functions"]) == (
        1,
        ("Président",),
    )
