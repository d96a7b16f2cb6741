"""How many contacts the client's business makes: contacts per order, or per active customer.

Source: reference/metrics.md §3. It needs the client's own volumes, day by day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from portavoce.sla.measures.ratios import NOTHING, Ratio


def contacts_per_order(
    contacts: Mapping[date, int], orders: Mapping[date, int], *, first: date, past: date, lag_days: int = 0
) -> Ratio:
    """Contacts of the days [first, past) of the orders of as many days, begun `lag_days` earlier: people ask when parcels
    are late, not when they buy. A day without contacts is none; a day whose orders the client did not tell makes it no
    data, for a smaller whole would be a false figure.
    """
    days = [first + timedelta(days=n) for n in range((past - first).days)]
    bought = [orders.get(day - timedelta(days=lag_days)) for day in days]
    if None in bought:
        return NOTHING
    return Ratio(sum(contacts.get(day, 0) for day in days), sum(each or 0 for each in bought))
