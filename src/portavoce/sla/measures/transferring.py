"""How many contacts went through more than one pair of hands.

Source: reference/metrics.md §3. A contact counts once however often it was passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

import msgspec

from portavoce.sla.measures.ratios import Ratio


class Manner(StrEnum):
    """Warm: both spoke before it changed hands."""

    WARM = "warm"
    COLD = "cold"


class Towards(StrEnum):
    """To another agent of the brand, or to the client's own back office."""

    IN_BRAND = "in_brand"
    CLIENT_BACK_OFFICE = "client_back_office"


class Transfer(msgspec.Struct, frozen=True):
    contact: UUID
    manner: Manner
    towards: Towards


def transfer_rate(
    handled: Iterable[UUID],
    transfers: Iterable[Transfer],
    *,
    towards: Towards = Towards.IN_BRAND,
    manner: Manner | None = None,
) -> Ratio:
    """Handled contacts with at least one such transfer, of the handled. Transfers of others are not counted."""
    contacts = frozenset(handled)
    passed = {each.contact for each in transfers if each.towards is towards and manner in (None, each.manner)}
    return Ratio(len(passed & contacts), len(contacts))
