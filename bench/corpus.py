"""A corpus of invented pages, as many as asked for, always the same: the bench's input."""

from __future__ import annotations

from pathlib import Path

TEMPLATE = Path(__file__).parents[1] / "data" / "atlas" / "mantes-la-jolie-rabat.txt"
COUNTRIES = ("Maroc", "Sénégal", "Bénin", "Togo", "Vietnam", "Liban", "Mexique", "Pologne")


def page(number: int) -> str:
    """One page: the shape of a full real one, with other bodies, sums and partners."""
    text = TEMPLATE.read_text("utf-8")
    changes = {
        "Mantes la Jolie": f"Ville-Exemple {number % 4000:04}",
        "Conseil de la Préfecture de Rabat Maroc": (
            f"Commune d'Ailleurs {number % 9000:04} {COUNTRIES[number % len(COUNTRIES)]}"
        ),
        "Conseil de la Préfecture de Rabat": f"Commune d'Ailleurs {number % 9000:04}",
        "7000": str(1000 + number % 9000),
    }
    for printed, invented in changes.items():
        text = text.replace(printed, invented)
    return text


def write(folder: Path, pages: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, pages + 1):
        (folder / f"{number}.txt").write_text(page(number), "utf-8")
