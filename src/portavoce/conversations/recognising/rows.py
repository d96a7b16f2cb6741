"""By what a customer is known, and how sure that is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class Linked(msgspec.Struct, frozen=True):
    """How sure it is that an identity is this customer's, who said so, when and why."""

    confidence: str
    evidence: str
    words: str
    alias: str
    at: datetime


class IdentityRow(msgspec.Struct, frozen=True):
    id: UUID
    channel: str
    shown: str
    link: Linked | None = None
