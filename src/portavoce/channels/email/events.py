"""What changes about a brand's mail addresses; `wiring` says who reacts, in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailboxWritten:
    signature: str
