"""Mailboxes and telephone numbers, in every guise, and texts that only look like them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.privacy import (
    EMAIL_MARK,
    PHONE_MARK,
    find_mailboxes,
    holds_contact,
    is_contact,
    scrub,
    scrub_mailboxes,
)

MAILBOXES = [
    "x.y@a-b.gouv.fr",
    "x@a",
    "x[at]a",
    "x[at]a.fr",
    "x (at) a.fr",
    "x [ at ] a.fr",
    "x [arobase] a.fr",
    "x{at}a.fr",
    "x<at>a.fr",
    "x(a)a.fr",
    "x＠a.fr",
    "x﹫a.fr",
    "x&#64;a.fr",
    "x&#064;a.fr",
    "x&#x40;a.fr",
    "x&commat;a.fr",
    "x%40a.fr",
    "x @ a.fr",
    "x@ a.fr",
    "x @a.fr",
    "x\u00a0@\u00a0a.fr",
    "x@",
    "x arobase a.fr",
    "x at a.fr",
    "x (at) a (point) fr",
    "x[at]a[dot]fr",
    "x @ a . fr",
    "rené@mairie-évry.fr",
    "jean@例え.jp",
    "o'neil+tag@a.fr",
    '"jean dupont"@a.fr',
    "x@[192.0.2.1]",
    "X@A.FR",
]


@pytest.mark.parametrize("mailbox", MAILBOXES)
def test_mailbox_is_removed_whole(mailbox):
    assert scrub(mailbox) == EMAIL_MARK
    assert scrub(f"Écrire à {mailbox} !") == f"Écrire à {EMAIL_MARK} !"
    assert list(find_mailboxes(f"({mailbox})")) == [mailbox]


def test_mailboxes_in_a_row():
    assert scrub("x@a.fr,y@b.fr;z[at]c.fr|<u@d.fr>") == ",".join([EMAIL_MARK] * 2) + (
        f";{EMAIL_MARK}|<{EMAIL_MARK}>"
    )
    assert scrub("mailto:x@a.fr.") == f"mailto:{EMAIL_MARK}."


PHONES = [
    "01 23 45 67 89",
    "01.23.45.67.89",
    "01-23-45-67-89",
    "01/23/45/67/89",
    "01 - 23 - 45 - 67 - 89",
    "01\u00a023\u00a045\u00a067\u00a089",
    "0123456789",
    "(0)6 12 34 56 78",
    "+33 1 23 45 67 89",
    "+33 (0)1 23 45 67 89",
    "(+33) 1 23 45 67 89",
    "(+33)123456789",
    "0033 6 12 34 56 78",
    "00226 25 30 61 71",
    "+22625306171",
    "+212-537-000000",
    "+33\u202f6 12 34 56 78",
    "06\u201112\u201134\u201156\u201178",
    "06–12–34–56–78",
]


@pytest.mark.parametrize("phone", PHONES)
def test_telephone_number_is_removed_whole(phone):
    assert scrub(f"Appeler {phone}.") == f"Appeler {PHONE_MARK}."


@pytest.mark.parametrize(
    "word",
    [
        "Tél : ",
        "tel.",
        "Téléphone ",
        "Fax: ",
        "GSM ",
        "portable : ",
        "Phone: ",
        "Mob. ",
        "Cell: ",
        "Ph: ",
        "Telephone number ",
        "Contact number: ",
    ],
)
def test_number_after_a_word_that_announces_it(word):
    assert scrub(f"{word}25 30 61 71") == f"{word}{PHONE_MARK}"


@pytest.mark.parametrize(
    "text",
    [
        "les objectifs (a) eau. Puis",
        "located at Paris. The end",
        "Élu(e)s (a) ok",
        "Art. 12 (at) large",
        "50 % @ fin",
        "le 05/06/2018 15 élèves",
        "2 000 000 000 €",
        "10 000 000 000 F CFA",
        "12 000 000 habitants",
        "2018 2019 2020",
        "de 2018-2019 à 2020-2021",
        "1986/1987/1988",
        "01/02/2019",
        "+ 10 000 arbres",
        "SIRET 217 803 618 00012",
        "le mobile 2019 2020 2021",
        "7000 2019",
        "10500 2020",
        "loi n° 92-125 du 6 février 1992",
    ],
)
def test_other_text_is_untouched(text):
    assert scrub(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Phone: (202) 555-0143", f"Phone: {PHONE_MARK}"),
        ("Phone 2025550143", f"Phone {PHONE_MARK}"),
        ("Contact number: 0300 200 343", f"Contact number: {PHONE_MARK}"),
        ("jean.dupont\u200b@ex.fr", EMAIL_MARK),
        ("jean.dup\u00adont@ex.fr", EMAIL_MARK),
        ("jean.dupont at ex dot fr", EMAIL_MARK),
        # Invisible characters stay where they hide nothing; words alone announce no number.
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("contact 2019 2020 2021", "contact 2019 2020 2021"),
        ("cell 2019 2020 2021", "cell 2019 2020 2021"),
    ],
)
def test_what_hides_an_address_or_announces_a_number_in_english(text, kept):
    assert scrub(text) == kept


FACTS = [
    # Amounts, years, days.
    "une hausse de +15 000 000 FCFA",
    "+12 500 000 €",
    "+15 000 000 d'euros",
    "Projet +2010 2011 2012 2013",
    "Portable: 2015-2016 2017-2018",
    "gsm 2019-2020 10 000 000 XOF",
    "fax. 12 000 000 euros",
    "fax. 12 000 000,50 €",
    "mobile: 2021-03-01",
    "Mobile: 01/03/2021",
    "mobile: 14.716677",
    "Lot 03 2019 2020",
    "Budget (2019) 10 000 000",
    "(01) 12 500 000 FCFA",
    "0612 250 000 FCFA",
    # Identifiers, lists, registered numbers.
    "BE-BCE_KBO-0414638616",
    "GB-COH-0612345678",
    "NL-KVK-0234567890",
    "XM-DAC-7-PPR-0400001234",
    "BE-BCE_KBO-0012345678",
    "Dossier 012-2019-0034",
    "BE 0414.638.616",
    "TVA BE 0414 638 616",
    "Lots 01 02 03 04 05",
    "Codes 02 10 15 20 25",
    "Codes : 03.10.20.30.40",
    "départements 01 02 03 04 05 06 07 08 09 10 11",
    # Positions.
    "Coordonnées GPS : +14.716677",
    "-17.467686, +14.716677",
    "+14.716677 -17.467686",
    "+14.71667755, -17.46768612",
    "longitude 2.0612345678",
    # Identifiers, and sums that nobody dials.
    "EU call 101056789",
    "CALL-2021-00012345",
    "FR-SIREN-217500016-CALL-2021-00012345",
    "ISSN 0035-2950",
    "fax. +12 000 000 euros",
    "Contact : +14.716677",
    "+15\u00a0000\u00a0000\u00a0F\u00a0CFA",
    "+15\u2009000\u2009000\u2009€",
    "+1 500 000 000 FCFA",
    "TVA BE 0475.123.456",
    # Websites, hours, prices.
    "See map at www.undp.org",
    "The report is available at unicef.org",
    "meeting at example.org",
    "We work at X dot Y",
    "arrive at the dot of eight",
    "More info at unicef.org",
    "further information at unicef.org",
    "the Secretariat at unfccc.int",
    "by mail at example.org",
    "Contact us at example.org",
    "Contact UNICEF at unicef.org",
    "e-mail available at example.org",
    "COVID-19 at who.int",
    "COP26 at un.org",
    "at 3 p.m. at example.org",
    "women’s at example.org",
    "report.pdf at example.org",
    "20h@21h",
    "20h @ 21h",
    "Réunion@20h",
    "prix @ 3.50",
    "prix@3.50",
    "https://www.youtube.com/@chaine",
    "tiktok.com/@ville",
    "RDV @ 20h. Ensuite",
    "Atelier @ Dakar. Suite",
]


@pytest.mark.parametrize("fact", FACTS)
def test_facts_that_look_like_an_address_or_a_number_stay(fact):
    for text in (fact, f"Voir {fact}.", f"a, {fact} (b)", f"{fact} ; puis"):
        assert scrub(text) == text
        assert list(find_mailboxes(text)) == []


NUMBERS = [
    "020 7946 0958",
    "(020) 7946 0958",
    "(01) 42 34 56 78",
    "0800 123 456",
    "0475 12 34 56",
    "01632 960001",
    "(226) 70 12 34 56",
    "(202) 555-0143",
    "06 12 34 5678",
    "06 1234 5678",
    "０６ １２ ３４ ５６ ７８",
    "٠٦ ١٢ ٣٤ ٥٦ ٧٨",
    "＋２２６ ７０ １２ ３４ ５６",
    "+33.612345678",
    "+226.70123456",
    "+221 770 000 000",
    # In doubt, privacy comes first.
    "03.10.20.30.40",
    "01 02 03 04 05",
    "+15 000 000",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_in_further_forms_are_removed_whole(number):
    for before in ("", "Call ", "Lots suivants : ", "Camille-"):
        assert scrub(f"{before}{number}, merci") == f"{before}{PHONE_MARK}, merci"


@pytest.mark.parametrize(
    "word",
    [
        "tél. fixe : ",
        "Tel. no. ",
        "Tel n° ",
        "Tél. portable n° : ",
        "Tél. (fixe) ",
        "WhatsApp au ",
        "appeler le ",
        "joignable au ",
        "Portable n° ",
        "TEL-",
        "SMS : ",
    ],
)
@pytest.mark.parametrize("number", ["70 12 34 56", "70123456", "77 123 45 67", "0612345678"])
def test_a_number_behind_further_words_is_removed(word, number):
    assert scrub(f"{word}{number}.") == f"{word}{PHONE_MARK}."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Tél : 70 12 34 56 / 76 12 34 56.", f"Tél : {PHONE_MARK}."),
        ("Tél : 70 12 34 56 - 76 12 34 56.", f"Tél : {PHONE_MARK}."),
        ("Tel 70123456 ou 76123456 le soir", f"Tel {PHONE_MARK} le soir"),
        ("Tél : 70 12 34 56, 12 000 000 euros", f"Tél : {PHONE_MARK}, 12 000 000 euros"),
        ("Tél : 70 123 456 F. Exemple", f"Tél : {PHONE_MARK} F. Exemple"),
        ("camille-0612345678", f"camille-{PHONE_MARK}"),
        # A unit makes a sum of few digits only, on the same line, and only if it is of money.
        ("Tél. +212 537 123 456\nBénéficiaires", f"Tél. {PHONE_MARK}\nBénéficiaires"),
        ("Tél. +212 537 123 456 Personnes", f"Tél. {PHONE_MARK} Personnes"),
        ("+33 612 345 678 euros", f"{PHONE_MARK} euros"),
        ("+221 770 123 456\neuros", f"{PHONE_MARK}\neuros"),
        ("Tél : +225 272 021 000 F", f"Tél : {PHONE_MARK} F"),
        # One thing has one code; only several make a list of pairs.
        ("Réf 06 12 34 56 78, Zone 06 12 34 56 78", f"Réf {PHONE_MARK}, Zone {PHONE_MARK}"),
        ("code : 06 12 34 56 78 / 06 98 76 54 32", f"code : {PHONE_MARK} / {PHONE_MARK}"),
        ("Contact BE : 0475 12 34 56", f"Contact BE : {PHONE_MARK}"),
        ("Portable pro : 77 123 45 67", f"Portable pro : {PHONE_MARK}"),
        ("Call us 70 12 34 56", f"Call us {PHONE_MARK}"),
        ("please call 202-555-0143", f"please call {PHONE_MARK}"),
        ("call at 77 123 45 67", f"call at {PHONE_MARK}"),
        ("call 771234567", f"call {PHONE_MARK}"),
        ("Tél : 70 000 000 ou 71 123 456", f"Tél : {PHONE_MARK}"),
        ("Tél : 33 800 000 000", f"Tél : {PHONE_MARK}"),
        # Only a currency makes a sum behind such a word: 70 000 000 is somebody's number.
        ("appeler 10 000 000 personnes", f"appeler {PHONE_MARK} personnes"),
        ("SMS : 10 000 000 envoyés", f"SMS : {PHONE_MARK} envoyés"),
        ("Mobile personnel : 77 123 45 67", f"Mobile personnel : {PHONE_MARK}"),
        ("Lots 01 02 03, tél. 06 12 34 56 78", f"Lots 01 02 03, tél. {PHONE_MARK}"),
        ("٢٠١٩ : ٠٦ ١٢ ٣٤ ٥٦ ٧٨", f"٢٠١٩ : {PHONE_MARK}"),
    ],
)
def test_what_stands_around_a_number_stays(text, kept):
    assert scrub(text) == kept


WORDED = [
    ("", "jean.dupont at exemple.fr"),
    ("", "contact at exemple dot org"),
    ("", "jean_dupont at exemple.fr"),
    ("", "jdupont75 at exemple.fr"),
    ("", "info at exemple.fr"),
    ("", "secretariat at exemple.fr"),
    ("", "sacha at exemple dot org"),
    ("", "sacha arobase exemple.fr"),
    ("", "sacha arobase exemple point fr"),
    ("Courriel : ", "sacha at exemple.fr"),
    ("e-mail ", "sacha at exemple.fr"),
    ("écrire à ", "sacha at exemple.fr"),
    ("Write to ", "sacha at exemple.fr"),
    ("Contact ", "sacha at exemple.fr"),
    ("adresse électronique : ", "sacha at exemple dot example"),
    ("available at ", "jean.dupont at exemple.fr"),
    ("", "sacha @ exemple . fr"),
    ("", "sacha@1et1.example"),
    ("", "12@163.example"),
    ("", "sacha@192.0.2.1"),
]


@pytest.mark.parametrize(("before", "mailbox"), WORDED)
def test_a_mailbox_in_words_is_removed_and_what_announces_it_stays(before, mailbox):
    assert scrub(f"{before}{mailbox}, merci") == f"{before}{EMAIL_MARK}, merci"
    assert list(find_mailboxes(f"({before}{mailbox})")) == [mailbox]
    assert list(find_mailboxes(scrub(f"{before}{mailbox}, merci"))) == []


@pytest.mark.parametrize(
    ("identifier", "holds", "is_one"),
    [
        ("BE-BCE_KBO-0414638616", False, False),
        ("2021-0612345678", False, False),
        ("2019 2020 2021", False, False),
        ("06-12-34-56-78", False, True),
        ("0612345678", False, True),
        ("06 12 34 56 78", True, True),
        ("06.12.34.56.78", True, True),
        ("+33612345678", True, True),
        ("Dossier 06 12 34 56 78", True, True),
        ("Tél 70123456", True, True),
        ("sacha@exemple.example", True, True),
    ],
)
def test_an_identifier_holds_a_number_only_as_people_print_it(identifier, holds, is_one):
    """Digits alone identify, unless they are all there is of a name."""
    assert (holds_contact(identifier), is_contact(identifier)) == (holds, is_one)


@given(st.text())
def test_scrubbed_text_holds_no_plain_mailbox(text):
    for mailbox in ("jean.dupont@mairie.fr", "jean.dupont[at]mairie.fr"):
        kept = scrub_mailboxes(f"{text} {mailbox} {text}")
        assert mailbox not in kept


@pytest.mark.parametrize(
    "bit",
    ["+", "a.", "a@", "a[at", '["', '"a', "a   ", "0 ", "01 ", "(+1", "tel ", "a at ", "a at a."]
    + ["a (dot) ", "a@a (dot) ", " ", "00 1", "a @ ", "é", "%40", "a@[", "&#64;", "(at)", "a-"]
    + ["contact at ", "mail : ", "write to ", "a.b at a.", "a_", "ab1", "Aa.", "a at b dot "]
    + ["info at ", "x arobase y point ", "a @ 1.5 . ", "20h@", "a@1", "prix @ 3. "]
    + [
        "Lots 01 ",
        "tel. fixe no : ",
        "tel 70 12 34 56 / ",
        "tel 12 000 ",
        "tel 2019-",
        "appeler le ",
    ]
    + ["+2019 ", "+12 000 ", "+1.1234 ", "1.12345678, ", "(226) 70 ", "(020) 1234 ", "0800 123 "]
    + ["٠٦ ", "２", "tel 70123456 ou "],
)
def test_time_grows_with_the_text_only(bit):
    """`+++…` and `---…` took half a minute for 3 MB."""
    text = bit * (400_000 // len(bit))
    start = time.process_time()
    scrub(text)
    assert time.process_time() - start < 1
