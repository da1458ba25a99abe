"""Writes data/reference/countries.csv from Babel's copy of the Unicode CLDR.

Columns: ISO 3166-1 alpha-2 and alpha-3, the French and English names of CLDR, the other French
names we read (separated by "|"), and `overseas` = 1 for French territories, which are never a
foreign partner. Run: python scripts/make_countries.py
"""

from __future__ import annotations

import csv
from pathlib import Path

from babel import Locale
from babel.core import get_global

TARGET = Path(__file__).parents[1] / "data" / "reference" / "countries.csv"

OVERSEAS = {"GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"}
NOT_COUNTRIES = {"AC", "CP", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ", "CQ"}
# CLDR also keeps retired codes (DDR, BUR); these are the ones in force.
ALPHA_3 = {"DE": "DEU", "MM": "MMR", "XK": "XKX"}

# Names used in French administrative writing that differ from CLDR's.
ALIASES = {
    "BA": ["Bosnie Herzégovine"],
    "BY": ["Belarus"],
    "CD": ["République démocratique du Congo", "RDC", "Congo (RDC)", "Congo-Kinshasa"],
    "CF": ["Centrafrique"],
    "CG": ["Congo", "République du Congo", "Congo-Brazzaville"],
    "CI": ["Cote d'Ivoire"],
    "CN": ["République populaire de Chine"],
    "CV": ["Cap Vert"],
    "CZ": ["République tchèque"],
    "GB": ["Grande-Bretagne"],
    "GM": ["Gambie"],
    "KM": ["Union des Comores"],
    "KP": ["République populaire démocratique de Corée"],
    "KR": ["République de Corée", "Corée"],
    "LA": ["République démocratique populaire lao"],
    "LB": ["République libanaise"],
    "MD": ["République de Moldavie"],
    "MK": ["Macédoine", "Ancienne République yougoslave de Macédoine"],
    "MM": ["Birmanie", "Myanmar"],
    "NL": ["Hollande"],
    "PS": ["Palestine", "Territoire palestinien", "Territoires palestiniens"],
    "RU": ["Fédération de Russie"],
    "SY": ["République arabe syrienne"],
    "SZ": ["Swaziland"],
    "TL": ["Timor-Leste"],
    "TR": ["Türkiye"],
    "TW": ["Taiwan"],
    "TZ": ["République unie de Tanzanie"],
    "US": ["Etats-Unis d'Amérique", "USA"],
    "VA": ["Saint-Siège", "Vatican"],
    "VN": ["Viet Nam", "Vietnam"],
}


def alpha_3_codes() -> dict[str, str]:
    """ISO alpha-2 to alpha-3, from the territory aliases of CLDR."""
    aliases = get_global("territory_aliases")
    codes = {
        targets[0]: alias
        for alias, targets in sorted(aliases.items(), reverse=True)
        if len(alias) == 3 and alias.isalpha() and len(targets) == 1
    }
    return {**codes, **ALPHA_3}


def main() -> None:
    french, english = Locale("fr").territories, Locale("en").territories
    alpha_3 = alpha_3_codes()
    codes = sorted(c for c in french if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES)
    missing = [code for code in codes if code not in alpha_3]
    if missing:
        raise SystemExit(f"no alpha-3 code for {missing}")
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["alpha2", "alpha3", "fr", "en", "aliases", "overseas"])
        for code in codes:
            aliases = "|".join(ALIASES.get(code, []))
            row = [code, alpha_3[code], french[code], english[code], aliases]
            writer.writerow([*row, int(code in OVERSEAS)])


if __name__ == "__main__":
    main()
