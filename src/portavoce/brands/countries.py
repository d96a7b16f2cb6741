"""The country a brand is at home in: whose national telephone numbers its customers write without a prefix."""

from __future__ import annotations

from babel.core import get_global

NOWHERE = ("ZZ", "001")


def country_of(zone: str) -> str:
    """`IT` of `Europe/Rome`; empty where a zone is no country's."""
    territory = get_global("zone_territories").get(zone, "")
    return "" if territory in NOWHERE else str(territory)
