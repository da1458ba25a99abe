"""Labels inside prose, tables in every dress, and labels no scheme knows."""

import pytest

from tests.sources.atlas.atlas_pages import (
    CHROME,
    LAST_FUNDING_ROW,
    MANTES,
    MOUSSODOUGOU,
    changes,
    codes,
    issues,
    read_text,
    replaced,
)

HISTORY = "Signée en 2016"


@pytest.mark.parametrize(
    "label",
    [
        "Titre",
        "Contexte",
        "Historique",
        "Bénéficiaire(s)",
        "Le partenariat est",
        "Le partenariat est annuel",
        "Financement du partenariat",
        "PIED DE PAGE",
        "Maître(s) d’œuvre",
    ],
)
def test_label_inside_prose_stays_in_the_text(label):
    reading = read_text(replaced(MANTES, HISTORY, f"{label}\n{HISTORY}"))
    assert list(changes(reading)) == ["prose"]
    prose = reading.record["prose"]
    before = read_text(MANTES).record["prose"]
    assert prose == {**before, "history": f"{label}\n{before['history']}"}
    assert issues(reading, "label-in-text") == [(41, "history", None)]


def test_context_directly_followed_by_history():
    """An empty field, or a heading of the prose: all text is kept and the doubt is flagged."""
    page = replaced(MANTES, "Contexte\n", "Contexte\nHistorique\n")
    reading, before = read_text(page), read_text(MANTES).record["prose"]
    text = reading.record["prose"]["history"]
    assert text == f"{before['context']}\nHistorique\n{before['history']}"
    assert "context" not in reading.record["prose"]
    assert codes(reading) == ["prose-empty", "label-in-text"]


def test_status_is_not_the_sentence():
    record = read_text(MANTES).record
    assert (record["declared_status"], record["duration_scheme"]) == ("En cours", "triennal")
    empty = read_text(replaced(MANTES, "Le partenariat est\nEn cours\n", "Le partenariat est\n"))
    assert changes(empty) == {"declared_status": None}
    without = read_text(replaced(MANTES, "Le partenariat est triennal\n", ""))
    assert changes(without) == {"duration_scheme": None}


def test_partner_with_a_comma_in_a_list():
    page = MANTES.replace("Mantes la Jolie commun", "Mantes, la Jolie commun")
    reading = read_text(page.replace("Mantes la Jolie, Conseil", "Mantes, la Jolie, Conseil"))
    assert changes(reading)["project_owners"] == (
        "Mantes, la Jolie",
        "Conseil de la Préfecture de Rabat",
        "ADEFRAMS",
    )


def test_further_pages_of_a_table():
    reading = read_text(replaced(MANTES, "precedent 1 pag", "precedent 1 2 3 pag"))
    assert changes(reading) == {}
    assert issues(reading, "further-pages") == [(28, "secondary_themes", None)]


@pytest.mark.parametrize(
    ("old", "new", "changed", "issue"),
    [
        (
            "En cours",
            "Suspendu",
            {"declared_status": "Suspendu"},
            (31, "declared_status", "Suspendu"),
        ),
        (
            "Projet de coopération décentralisée",
            "Accord",
            {"form": "Accord"},
            (51, "form", "Accord"),
        ),
        (
            "triennal",
            "décennal",
            {"duration_scheme": "décennal"},
            (80, "duration_scheme", "décennal"),
        ),
        (
            "Gouvernance locale et appui institutionnel",
            "Gouvernance du large",
            {
                "main_theme": (
                    "Politique, humanitaire et coopération transfrontalière",
                    "Gouvernance du large",
                )
            },
            (18, "main_theme", "Gouvernance du large"),
        ),
    ],
)
def test_unknown_label_is_kept_and_flagged(old, new, changed, issue):
    reading = read_text(replaced(MANTES, old, new))
    assert changes(reading) == changed
    assert issues(reading, "label-unknown") == [issue]
    assert len(reading.issues) == 1


@pytest.mark.parametrize(
    ("row", "name", "country"),
    [
        ("Goma Congo", "Goma", "Congo"),
        ("Goma République démocratique du Congo", "Goma", "République démocratique du Congo"),
        ("Ville de Luxembourg Luxembourg", "Ville de Luxembourg", "Luxembourg"),
        ("État du Niger Nigéria", "État du Niger", "Nigéria"),
        ("Bafatá Guinée-Bissau", "Bafatá", "Guinée-Bissau"),
        ("Al Bireh Territoires palestiniens", "Al Bireh", "Territoires palestiniens"),
        ("Rabat MAROC", "Rabat", "MAROC"),
    ],
)
def test_country_at_the_end_of_a_row(row, name, country):
    reading = read_text(replaced(MANTES, "Conseil de la Préfecture de Rabat Maroc", row))
    assert changes(reading) == {"foreign_partners": [{"name": name, "country": country}]}
    assert codes(reading) == []


def test_unknown_country():
    reading = read_text(replaced(MANTES, "Rabat Maroc", "Rabat Marroc"))
    name = "Conseil de la Préfecture de Rabat Marroc"
    assert changes(reading) == {"foreign_partners": [{"name": name, "country": None}]}
    assert issues(reading, "country-unknown") == [(64, "foreign_partners", name)]
    cells = read_text(replaced(MOUSSODOUGOU, "| Burkina Faso |", "| Haute-Volta |"))
    assert cells.record["foreign_partners"] == [{"name": "Moussodougou", "country": "Haute-Volta"}]
    assert len(issues(cells, "country-unknown")) == 1


def test_row_with_a_country_and_no_name():
    reading = read_text(replaced(MANTES, "Conseil de la Préfecture de Rabat Maroc", "Maroc"))
    assert changes(reading) == {"foreign_partners": []}
    assert issues(reading, "name-missing") == [(64, "foreign_partners", None)]


TABBED = {
    "Nom du financeur Montant en euros": "Nom du financeur\tMontant en euros",
    " Montant 1% Eau (Loi Oudin 2005)": "\tMontant 1% Eau (Loi Oudin 2005)",
    "2005) Année": "2005)\tAnnée",
    "étrangère Pays ": "étrangère\tPays\t",
    "Rabat Maroc commun": "Rabat\tMaroc\tcommun",
    "étrangère Nom Prénom Fonction Courriel": "étrangère\tNom\tPrénom\tFonction\tCourriel",
    "Rabat SPECIMEN Sacha Directeur Général des Services ": "Rabat\tSPECIMEN\tSacha\tMaire\t",
    "Mantes la Jolie commun": "Mantes la Jolie\tcommun",
    "étrangères 7000 ": "étrangères\t7000\t\t\t\t",
    "étrangers 2333 ": "étrangers\t2333\t\t\t\t",
    "Jolie 5000 ": "Jolie\t5000\t\t\t\t",
    "Jolie 10500 ": "Jolie\t10500\t\t\t\t",
    "Jolie 5500 ": "Jolie\t5500\t\t\t\t",
}


def test_tables_copied_from_a_browser_with_tabs():
    page = MANTES
    for flat, tabbed in TABBED.items():
        assert flat in page
        page = page.replace(flat, tabbed)
    reading = read_text(page)
    assert changes(reading) == {"foreign_contact_functions": ("Maire",)}
    assert codes(reading) == []
    levy = read_text(page.replace("Jolie\t5500\t\t\t\t", "Jolie\t5500\t\t70\t\t"))
    assert levy.record["funding"][5]["one_percent"] == [{"column": 2, "amount": 70}]


@pytest.mark.parametrize("caption", ["", "Financement du partenariat\n"])
def test_table_printed_twice_is_read_once(caption):
    start = MANTES.index("Nom du financeur")
    table = MANTES[start : MANTES.index("Évaluations")].rstrip()
    page = MANTES[:start] + table + "\n\n" + caption + MANTES[start:]
    reading = read_text(page)
    assert changes(reading) == {}
    assert codes(reading) == ["repeated-section"]


def test_row_with_a_mailbox_is_not_read():
    """It may be a contact that landed in another table."""
    reading = read_text(
        replaced(MANTES, "Mantes la Jolie 5000 2019", "Mantes la Jolie x@y.example 5000 2019")
    )
    assert len(reading.record["funding"]) == 8
    assert issues(reading, "mailbox-in-row") == [(89, "funding", None)]


def test_page_pasted_twice_is_read_once():
    reading = read_text(MANTES + "\n" + MANTES)
    assert changes(reading) == {}
    assert codes(reading) == ["after-footer"]


def test_columns_in_another_order():
    header = "<th>Nom de la collectivité étrangère</th><th>Pays</th><th>&nbsp;</th>"
    turned = "<th>Pays</th><th>Nom de la collectivité étrangère</th><th>&nbsp;</th>"
    page = replaced(CHROME, header, turned)
    page = replaced(
        page, "<td>Kounda-Fictive</td><td>Sénégal</td>", "<td>Sénégal</td><td>Kounda-Fictive</td>"
    )
    reading = read_text(page, "page.html")
    first = reading.record["foreign_partners"][0]
    assert first == {"name": "Kounda-Fictive", "country": "Sénégal"}


def test_unknown_column_is_not_guessed():
    page = replaced(CHROME, "<th>Montant en euros</th>", "<th>Montant en francs</th>")
    reading = read_text(page, "page.html")
    assert reading.record["funding"] == []
    assert codes(reading) == ["unknown-header"]


@pytest.mark.parametrize(
    "noise",
    [
        "<script>Titre</script>",
        "<style>Titre</style>",
        "<!-- Titre -->",
        "<!-- <p>Titre</p> -->",
        "<noscript>Titre</noscript>",
        "<template><p>Titre</p></template>",
        "<p></p><p>&nbsp;</p>",
        "<p><b>",
        "</div></div></table>",
    ],
)
def test_what_a_reader_does_not_see_in_html(noise):
    page = replaced(CHROME, '<div id="contenu">', f'{noise}<div id="contenu">')
    reading = read_text(page, "page.html")
    assert changes(reading, CHROME) == {}
    assert codes(reading) == []


def test_answer_printed_on_its_own_line():
    page = replaced(MANTES, "engagée en France\n", "engagée en France\nOui\n")
    page = replaced(page, "évaluation a été engagée\n", "évaluation a été engagée : non\n")
    assert changes(read_text(page)) == {
        "communication_in_france": True,
        "evaluation_undertaken": False,
    }


def test_last_row_is_where_the_tests_think():
    assert MANTES.split("\n")[93] == LAST_FUNDING_ROW


INLINE_PAGE = (
    "<html><body><p>Titre</p><p>Un titre</p>{start}<p>Le partenariat est</p><p>En cours</p>"
    "<p>Contexte</p><p><b>Historique</b> : notre ville</p><p>Historique</p><p>vrai</p>"
    "<p>PIED DE PAGE</p></body></html>"
)
INLINE_FORMS = (
    "<span>{label}</span><span>2011</span>",
    "<strong>{label}</strong> 2011",
    "<b>{label} :</b> 2011",
    "<label>{label}</label> : <span>2011</span>",
    "<div>{label}&nbsp;:</div><div>2011</div>",
    "<div>{label}<br>2011</div>",
    "<table><tr><td>{label} :</td><td>2011</td></tr></table>",
    "<dl><dt>{label}</dt><dd>2011</dd></dl>",
)


@pytest.mark.parametrize("form", INLINE_FORMS)
def test_a_label_beside_its_value_in_html(form: str) -> None:
    """A label in an inline element was read as part of the line before."""
    start = form.format(label="Année de début du partenariat")
    reading = read_text(INLINE_PAGE.format(start=start), "page.html")
    assert reading.record["start_year"] == 2011
    assert reading.record["declared_status"] == "En cours"
    # A heading of the prose is no label where the page prints that label on its own.
    assert reading.record["prose"] == {"context": "Historique\nnotre ville", "history": "vrai"}


@pytest.mark.parametrize("after", [" :\n", "\t", " :\t", "\u00a0:\n"])
def test_a_label_with_a_colon_or_a_tab(after: str) -> None:
    text = MANTES
    for label in ("Titre", "Année de début du partenariat", "Date de fin du partenariat"):
        assert f"\n{label}\n" in text
        text = text.replace(f"\n{label}\n", f"\n{label}{after}")
    assert read_text(text).record == read_text(MANTES).record


def test_labels_without_the_ligature_of_oeuvre() -> None:
    assert read_text(MANTES.replace("œ", "oe")).record["project_owners"] == (
        "Mantes la Jolie",
        "Conseil de la Préfecture de Rabat",
        "ADEFRAMS",
    )


def test_a_sentence_of_the_prose_is_no_duration() -> None:
    """`Le projet est ambitieux` became the duration scheme "ambitieux"."""
    text = MANTES.replace("Le partenariat est triennal\n", "").replace(
        "\nBénéficiaire(s)\n", "\nBénéficiaire(s)\nLe projet est ambitieux\n"
    )
    reading = read_text(text)
    assert reading.record["duration_scheme"] is None
    assert str(reading.record["prose"]["beneficiaries"]).startswith("Le projet est ambitieux\n")
