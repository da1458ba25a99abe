"""What the versions of the standard write differently, in the words of version 2.

Version 1 has letters and words where version 2 has numbers, and texts where version 2 has
narratives. The correspondences are those of IATI's own upgrade from 1.05 to 2.01.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coopdec_graph.model import ActivityDate, FundingKind

__all__ = ["Dialect", "dialect_of"]

_DATES = tuple(ActivityDate)
_TRANSACTIONS = tuple(FundingKind)[tuple(FundingKind).index(FundingKind.INCOMING_FUNDS) :]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one major version writes. `codes` has, by list, the codes of version 2; a list that is
    not there is the same in both."""

    dates: Mapping[str, ActivityDate]
    transactions: Mapping[str, FundingKind]
    codes: Mapping[str, Mapping[str, str]]

    def translated(self, codelist: str, code: str) -> str | None:
        """The code of version 2 for one of this version; None when there is none."""
        return self.codes[codelist].get(code) if codelist in self.codes else code


_VERSION_1 = Dialect(
    dates={
        "start-planned": ActivityDate.PLANNED_START,
        "start-actual": ActivityDate.ACTUAL_START,
        "end-planned": ActivityDate.PLANNED_END,
        "end-actual": ActivityDate.ACTUAL_END,
    },
    transactions={
        "IF": FundingKind.INCOMING_FUNDS,
        "C": FundingKind.COMMITMENT,
        "D": FundingKind.DISBURSEMENT,
        "E": FundingKind.EXPENDITURE,
        "IR": FundingKind.INTEREST_PAYMENT,
        "LR": FundingKind.LOAN_REPAYMENT,
        "R": FundingKind.REIMBURSEMENT,
        "QP": FundingKind.PURCHASE_OF_EQUITY,
        "QS": FundingKind.SALE_OF_EQUITY,
        "CG": FundingKind.CREDIT_GUARANTEE,
    },
    codes={
        "OrganisationRole": {
            "Funding": "1",
            "Accountable": "2",
            "Extending": "3",
            "Implementing": "4",
        },
        "SectorVocabulary": {
            "DAC": "1",
            "DAC-3": "2",
            "COFOG": "3",
            "NACE": "4",
            "NTEE": "5",
            "ADT": "6",
            "RO2": "98",
            "RO": "99",
        },
        "PolicyMarkerVocabulary": {"DAC": "1", "RO": "99"},
        "GeographicVocabulary": {"GEO": "G1", "OSM": "G2"},
    },
)
_VERSION_2 = Dialect(
    dates={str(number): kind for number, kind in enumerate(_DATES, start=1)},
    transactions={str(number): kind for number, kind in enumerate(_TRANSACTIONS, start=1)},
    codes={},
)


def dialect_of(version: str) -> Dialect:
    return _VERSION_1 if version.startswith("1.") else _VERSION_2
