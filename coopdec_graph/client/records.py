"""What the client gives: rows as plain dicts, with what one must know to quote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from coopdec_graph.client.frames import Field, frame_of
from coopdec_graph.language import Language

if TYPE_CHECKING:
    import pandas

__all__ = ["Records", "Row"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
class Records(Sequence[Row]):
    """Rows, in order.

    `total` is how many there are, `truncated` whether these are not all of them. `release` is the
    publication they are of; `sparql` finds them again at `/sparql`. `reading` is how the rows of a
    question must be read, in the client's language.
    """

    rows: list[Row]
    total: int | None
    truncated: bool
    release: str
    fields: tuple[Field, ...]
    language: Language
    sparql: str | None = None
    reading: str | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        return self.rows[place]

    def __repr__(self) -> str:
        total = "?" if self.total is None else self.total
        return f"<Records: {len(self)} of {total}, release {self.release}>"

    def frame(self) -> pandas.DataFrame:
        """The rows as a DataFrame, with the columns that the CSV of a list has.

        Names are in the client's language. Raises Problem if pandas is not installed.
        """
        return frame_of(self.rows, self.fields, self.language)
