from datetime import date

from portavoce.sla.measures.contact_rate import contacts_per_order
from portavoce.sla.measures.ratios import Ratio

CONTACTS = {date(2026, 10, 2): 30, date(2026, 10, 3): 10, date(2026, 10, 4): 5}
ORDERS = {date(2026, 9, 30): 50, date(2026, 10, 1): 100, date(2026, 10, 2): 200, date(2026, 10, 3): 300}


def test_contacts_are_set_against_the_orders_of_the_days_agreed() -> None:
    first, past = date(2026, 10, 2), date(2026, 10, 4)
    assert contacts_per_order(CONTACTS, ORDERS, first=first, past=past) == Ratio(40, 500)
    assert contacts_per_order(CONTACTS, ORDERS, first=first, past=past, lag_days=2) == Ratio(40, 150)


def test_a_day_without_contacts_is_none_and_one_without_orders_told_is_no_data() -> None:
    first = date(2026, 10, 1)
    assert contacts_per_order(CONTACTS, ORDERS, first=first, past=date(2026, 10, 4)) == Ratio(40, 600)
    assert contacts_per_order(CONTACTS, ORDERS, first=first, past=date(2026, 10, 5)).value is None
    assert contacts_per_order(CONTACTS, ORDERS, first=first, past=first).value is None
