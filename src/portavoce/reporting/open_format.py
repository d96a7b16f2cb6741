"""The month of a brand as lines of JSON, for whoever wants to compute it again: docs/recompute.md explains each line.

Every line is an object whose `line` says which it is: one `month`, the `version`s of the contract, the `fact`s of contacts
and those of `relief`s, the `cell`s, `figure`s and `adjusted` figures that the report shows, and an `end` that tells how many
lines there were.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from portavoce.reporting.counts import Cell
from portavoce.sla.rules import Clause

FORMAT = 1


class MonthLine(msgspec.Struct, frozen=True, tag_field="line", tag="month"):
    """Which month of which brand, as the ledger told up to fact `n`, whose hash is `hash`, at the instant `at`."""

    format: int
    brand_id: UUID
    zone: str
    month: str
    n: int
    hash: str
    at: datetime


class VersionLine(msgspec.Struct, frozen=True, tag_field="line", tag="version"):
    """One version of the contract with its clauses; each has its rule and every version of its opening hours."""

    number: int
    valid_from: datetime
    clauses: tuple[Clause, ...]


class FactLine(msgspec.Struct, frozen=True, tag_field="line", tag="fact"):
    """One fact: `hash` is SHA-256 over `prev`, the number as eight bytes, and the text of the body."""

    n: int
    prev: str
    hash: str
    body: str


class ReliefLine(msgspec.Struct, frozen=True, tag_field="line", tag="relief"):
    """One fact about a relief event, as a `fact` line."""

    n: int
    prev: str
    hash: str
    body: str


class CellLine(msgspec.Struct, frozen=True, tag_field="line", tag="cell"):
    """Counts of one measure on one day, for one clause, line of business and channel."""

    cell: Cell


class FigureLine(msgspec.Struct, frozen=True, tag_field="line", tag="figure"):
    """The figure of a clause over the month as an exact fraction `part/whole`; null is no data."""

    clause_id: UUID
    value: str | None


class AdjustedLine(msgspec.Struct, frozen=True, tag_field="line", tag="adjusted"):
    """As a figure, without the `relieved` units of it that accepted reliefs excuse; only where there are any."""

    clause_id: UUID
    value: str | None
    relieved: int


class EndLine(msgspec.Struct, frozen=True, tag_field="line", tag="end"):
    """`lines` before this one: a file that was cut has none."""

    lines: int


Line = MonthLine | VersionLine | FactLine | ReliefLine | CellLine | FigureLine | AdjustedLine | EndLine
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def write_line(line: Line) -> bytes:
    return _encoder.encode(line) + b"\n"


def read_line(text: bytes) -> Line:
    """msgspec.ValidationError for what is no line of this format."""
    return _decoder.decode(text)
