"""The provider on its first day."""

from __future__ import annotations

from portavoce.core.scope import HOUSE
from portavoce.demo import cast
from portavoce.identity.granting import grants_of
from portavoce.identity.passwords import Passwords
from tests.demo.conftest import Simulated


async def test_everybody_signs_in_with_the_one_password(demo: Simulated) -> None:
    stored = {hashed for (hashed,) in demo.rows("SELECT password_hash FROM pv.person")}
    passwords = Passwords()
    assert len(stored) == 1
    assert await passwords.verify(stored.pop(), cast.PASSWORD)
    passwords.close()


async def test_people_have_the_brands_of_the_cast_and_no_others(demo: Simulated) -> None:
    people = dict(demo.rows("SELECT email, id FROM pv.person"))
    async with demo.database.begin(HOUSE) as db:
        granted = await grants_of(db, people.values())
    brands = {email: {one.slug for one in granted if one.person_id == who} for email, who in people.items()}
    assert len(brands[cast.GIULIA]) == 4
    for operator in cast.OPERATORS:
        assert brands[operator.email] == set(operator.brands)
    for team in cast.TEAMS:
        assert [brands[party.email] for party in team.people] == [{team.slug}] * len(team.people)


def test_nobody_is_sent_an_invitation(demo: Simulated) -> None:
    assert demo.rows("SELECT id FROM pv.house_outbox") == []


def test_outcomes_and_opening_hours_are_the_brands_own(demo: Simulated) -> None:
    outcomes = demo.rows("SELECT brand_id, count(*) FROM pv.disposition GROUP BY 1")
    hours = demo.rows("SELECT DISTINCT weekly FROM pv.calendar_version")
    assert {count for _, count in outcomes} == {7, 8}
    assert len(hours) == 4


def test_one_brand_has_two_mailboxes(demo: Simulated) -> None:
    rows = demo.rows("SELECT count(*) FROM pv.mailbox GROUP BY brand_id ORDER BY 1")
    assert rows == [(1,), (1,), (1,), (2,)]
