"""Mailboxes and telephone numbers, in every guise, and texts that only look like them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.privacy import EMAIL_MARK, PHONE_MARK, find_mailboxes, scrub, scrub_mailboxes

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


@given(st.text())
def test_scrubbed_text_holds_no_plain_mailbox(text):
    for mailbox in ("jean.dupont@mairie.fr", "jean.dupont[at]mairie.fr"):
        kept = scrub_mailboxes(f"{text} {mailbox} {text}")
        assert mailbox not in kept


@pytest.mark.parametrize(
    "bit",
    ["+", "a.", "a@", "a[at", '["', '"a', "a   ", "0 ", "01 ", "(+1", "tel ", "a at ", "a at a."]
    + ["a (dot) ", "a@a (dot) ", " ", "00 1", "a @ ", "é", "%40", "a@[", "&#64;", "(at)", "a-"],
)
def test_time_grows_with_the_text_only(bit):
    """`+++…` and `---…` took half a minute for 3 MB."""
    text = bit * (400_000 // len(bit))
    start = time.process_time()
    scrub(text)
    assert time.process_time() - start < 1
