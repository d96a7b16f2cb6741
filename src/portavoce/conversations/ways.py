"""By what a customer can be reached, and what is done there: a text that leaves, or a call that somebody makes."""

from __future__ import annotations

from collections.abc import Collection

WRITTEN = frozenset({"email"})
SPOKEN = frozenset({"phone"})
VISIT = "visit"
"""Channel of what happened at a counter: over when it is written down, so that it is neither answered nor reopened."""
NO_CALLS = "no_calls"
"""The need of a customer who wants to be written to."""


def open_ways(channel: str, known: Collection[str], needs: Collection[str]) -> dict[str, str]:
    """Where a contact on `channel` can go, with why not: "" for what is open. Empty where nothing can be moved from.

    `known`: the channels on which the customer has an address or number.
    """
    if channel not in WRITTEN | SPOKEN:
        return {}
    return {each: _why_not(each, known, needs) for each in sorted(WRITTEN | SPOKEN) if each != channel}


def _why_not(channel: str, known: Collection[str], needs: Collection[str]) -> str:
    if channel in SPOKEN and NO_CALLS in needs:
        return "This customer wishes not to be called."
    if channel not in known:
        return (
            "No number of this customer is known."
            if channel in SPOKEN
            else "No mail address of this customer is known."
        )
    return ""
