from __future__ import annotations

from datetime import date
from uuid import UUID

from portavoce.reporting.cuts import Cut
from portavoce.reporting.months import Month
from portavoce.web.portal.links import Links

LINKS = Links("aurora", "12.34")
MARCH = Month(2026, 3)


def test_a_list_is_addressed_with_its_cut_order_page_and_the_state_it_was_counted_in() -> None:
    whole = LINKS.figure(MARCH, "late")
    cut = Cut(week=date(2026, 3, 9), weekday=0, lob_id=UUID(int=1), clause_id=UUID(int=2))
    part = LINKS.figure(MARCH, "late", cut, sort="-wait", page=2, suffix=".csv")
    assert whole == "/portal/aurora/2026-03/late?seen=12.34"
    assert part == (
        f"/portal/aurora/2026-03/late.csv?week=2026-03-09&weekday=0&lob={UUID(int=1)}&clause={UUID(int=2)}"
        "&sort=-wait&page=2&seen=12.34"
    )


def test_a_month_is_addressed_as_it_is_now_and_a_contact_as_it_was_seen() -> None:
    assert LINKS.month(MARCH) == "/portal/aurora/2026-03"
    assert LINKS.contact(UUID(int=1)) == f"/portal/aurora/contacts/{UUID(int=1)}?seen=12.34"
