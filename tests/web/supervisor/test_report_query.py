"""What an address asks for, and what it may not."""

from __future__ import annotations

from uuid import UUID

import pytest

from portavoce.core.errors import NotFound
from portavoce.identity.granting import Granted
from portavoce.reporting.months import Month
from portavoce.reporting.team.pieces import By
from portavoce.web.access import Actor, NotGranted
from portavoce.web.supervisor.brands import Face
from portavoce.web.supervisor.report_query import Asked, BadMonths, read_asked

MARCH = Month(2026, 3)
DINO = UUID(int=1)
FACES = [
    Face(UUID(int=number), slug, slug.title(), "circle", "X", "Europe/Rome")
    for number, slug in enumerate(("aurora", "bosco"), 10)
]
ACTOR = Actor(
    person_id=DINO, session_id="", name="Dino", email="", locale="en", client_id=None, house_admin=False,
    grants=(*(Granted(DINO, face.id, face.slug, "supervisor") for face in FACES), Granted(DINO, UUID(int=20), "cima", "agent")),
)  # fmt: skip


def asked(
    *, by: str = "", first: str = "", last: str = "", brand: tuple[str, ...] = (), sort: str = ""
) -> Asked:
    return read_asked(ACTOR, FACES, by=by, first=first, last=last, brand=brand, sort=sort, present=MARCH)


def test_nothing_said_is_this_month_of_all_brands_by_team() -> None:
    found = asked()
    assert (found.by, found.first, found.last, found.chosen) == (By.TEAM, MARCH, MARCH, ())
    assert [each.slug for each in found.brands] == ["aurora", "bosco"]
    assert found.query() == "by=team&first=2026-03&last=2026-03"


def test_an_address_says_what_it_was_read_from() -> None:
    found = asked(by="queue", first="2026-01", last="2026-02", brand=("bosco", "bosco"), sort="-share")
    assert found.query() == "by=queue&first=2026-01&last=2026-02&sort=-share&brand=bosco"
    assert [each.slug for each in found.brands] == ["bosco"]
    assert found.sort_url().endswith("&sort={}&brand=bosco")


@pytest.mark.parametrize("brand", ["cima", "nowhere", ""])
def test_a_brand_that_one_does_not_supervise_is_not_found(brand: str) -> None:
    with pytest.raises(NotGranted):
        asked(brand=("aurora", brand))


def test_a_grouping_that_was_never_offered_is_not_found_and_an_order_is_left_out() -> None:
    with pytest.raises(NotFound):
        asked(by="customer")
    assert asked(by="reason", sort="transferred").sort == "name"


@pytest.mark.parametrize(
    ("first", "last"), [("x", ""), ("", "2026-00"), ("2026-04", ""), ("2025-02", "2026-03")]
)
def test_months_are_in_order_and_thirteen_at_most(first: str, last: str) -> None:
    assert asked(first="2025-03").first == Month(2025, 3)
    with pytest.raises(BadMonths):
        asked(first=first, last=last)
