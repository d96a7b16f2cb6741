"""What recognising announces; `wiring` says who reacts, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """A one-time code is to leave for the address in its row, which keeps no trace of the code itself."""

    code_id: UUID
