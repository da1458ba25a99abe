"""The pages in a real browser: Chromium without a window, its view of the document printed."""

from __future__ import annotations

import html
import re
import shutil
import subprocess

import pytest

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this host: apt-get install chromium"
)


@pytest.fixture
def visible(address, tmp_path):
    """The text of a page after Chromium read it, no-break spaces as spaces."""

    def read(path: str, language: str) -> str:
        arguments = [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", f"--accept-lang={language}",
            "--virtual-time-budget=5000", "--dump-dom", address + path,
        ]  # fmt: skip
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True)
        body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", done.stdout)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))

    return read


def test_home(visible):
    text = visible("/", "fr")
    assert "Les partenariats des collectivités françaises avec l'étranger" in text
    assert "Mantes la Jolie Conseil de la Préfecture de Rabat 2019 48 999 €" in text
    assert "Exécuter" in text


def test_a_partnership(visible):
    text = visible("/doc/partnership/1econjwnk7", "en")
    assert "Who pays how much Financer Year Amount" in text
    assert "Mantes la Jolie 2020 €10,500" in text
    assert "Total (computed) €48,999" in text
    assert "end date 31 December 2021" in text


def test_a_question_is_a_form_and_a_table(visible):
    text = visible("/questions/partnerships?ask=1&country=Maroc", "fr")
    assert "Pays d'un partenaire étranger" in text
    assert "1 ligne. Télécharger : JSON CSV XLSX PARQUET" in text
    assert "Maroc MA Mantes la Jolie collectivity/fr/mantes-la-jolie" in text
    assert "Les partenariats" in visible("/questions", "fr")


def test_the_api_page_starts_under_its_policy(visible):
    """What its script draws is there: the policy of that page lets it run."""
    text = visible("/docs", "en")
    assert "SPARQL query in a form or as the body" in text
    assert "Is the service up, and on which release?" in text
