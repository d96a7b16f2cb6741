"""A mail between the listener and the books."""

from __future__ import annotations

from dataclasses import dataclass

from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.receiving import Arrival, Recipient


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in our hands: the synced file's key, its dedupe key, and what was read in it (or why nothing was)."""

    arrival: Arrival
    recipient: Recipient
    file_key: str
    dedupe_key: str
    parsed: ParsedMail | None
    reason: str
