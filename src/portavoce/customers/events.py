"""What happened to a customer's profile; `wiring` says who reacts, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Screens that show this customer are to read again."""

    customer_id: UUID
