"""What happened to a customer's profile; `wiring` says who reacts, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Screens that show this customer are to read again."""

    customer_id: UUID


@dataclass(frozen=True, slots=True)
class ProfilesChanged:
    """The same of many at once, none twice."""

    customer_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CustomersMerged:
    """Whatever hangs on the merged customer goes over to the survivor; `merging.hand_over` remembers what did."""

    merge_id: UUID
    survivor_id: UUID
    merged_id: UUID


@dataclass(frozen=True, slots=True)
class MergeUndone:
    """What went over comes back, and what has come since `merged_at` goes to whose address it came from.

    `by_id`: as whom the brand knows who undid it.
    """

    merge_id: UUID
    survivor_id: UUID
    merged_id: UUID
    merged_at: datetime
    by_id: UUID
