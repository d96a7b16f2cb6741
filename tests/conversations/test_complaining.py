"""A complaint: a code in writing, the day of the law, whoever answers for the brand, once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from portavoce.brands.limits import set_limit
from portavoce.conversations.aftercare import Complaint
from portavoce.conversations.complaining import ACKNOWLEDGEMENT, DAYS, LENGTH, LETTERS, complain
from portavoce.conversations.errors import HeldByOther
from portavoce.conversations.models import Message
from portavoce.core.models import HouseOutbox
from portavoce.core.scope import HOUSE
from portavoce.identity.granting import grant
from portavoce.identity.people import add_person
from tests.floor import Floor, data
from tests.world import HOUSE_NAME

ROME = ZoneInfo("Europe/Rome")


async def mails(floor: Floor, to: str) -> list[HouseOutbox]:
    async with floor.database.begin(HOUSE) as db:
        return list((await db.scalars(select(HouseOutbox).where(HouseOutbox.recipient == to))).all())


async def supervisor(floor: Floor, email: str) -> None:
    async with floor.database.begin(HOUSE) as db:
        marta = await add_person(db, name="Marta", email=email, locale="it", client_id=None, by=None)
        await grant(db, marta.id, "supervisor", brand_id=floor.aurora.id)


async def test_the_customer_reads_the_code_and_the_day_and_no_clock_stops_for_it(floor: Floor) -> None:
    contact = await floor.held()
    made = await floor.do(complain, contact, by=floor.anna, house=HOUSE_NAME)
    assert (made.code[:2], len(made.code)) == ("R-", LENGTH + 2)
    assert set(made.code[2:]) <= set(LETTERS)
    [sent] = [each for each in await floor.rows(Message) if each.direction == "out"]
    day = f"{made.due_at.astimezone(ROME):%d/%m/%Y}"
    assert sent.body == ACKNOWLEDGEMENT["it"].format(code=made.code, due=day)
    assert (sent.automatic, sent.state, sent.id) == (True, "queued", made.message_id)
    assert (await floor.contact(contact)).first_response_at is None


@pytest.mark.parametrize("days", [None, 15])
async def test_it_is_due_when_the_last_of_its_days_ends_on_the_brands_clock(
    floor: Floor, days: int | None
) -> None:
    async with floor.database.begin(floor.aurora.writing) as db:
        await set_limit(db, DAYS, days, by="test")
    made = await floor.do(complain, await floor.held(), by=floor.anna, house=HOUSE_NAME)
    opened, due = made.opened_at.astimezone(ROME), made.due_at.astimezone(ROME)
    assert (due.date() - opened.date()).days == (days or 30)
    assert due.time() == datetime(2026, 1, 1, 23, 59, 59).time()  # noqa: DTZ001 -- a wall clock


async def test_asked_twice_it_is_one_and_the_customer_reads_it_once(floor: Floor) -> None:
    contact = await floor.held()
    first = await floor.do(complain, contact, by=floor.anna, house=HOUSE_NAME)
    again = await floor.do(complain, contact, by=floor.anna, house=HOUSE_NAME)
    assert first.id == again.id
    assert len(await floor.rows(Complaint)) == 1
    assert len([each for each in await floor.rows(Message) if each.direction == "out"]) == 1
    facts = [fact for fact in await floor.facts() if fact.kind == "complaint.opened"]
    assert [data(fact)["code"] for fact in facts] == [first.code]


async def test_supervisors_of_the_brand_are_told_without_a_name_of_brand_or_customer(floor: Floor) -> None:
    email = f"marta.{floor.aurora.slug}@voxa.example"
    await supervisor(floor, email)
    made = await floor.do(complain, await floor.held(), by=floor.anna, house=HOUSE_NAME)
    [mail] = await mails(floor, email)
    assert made.code in mail.subject
    assert f"/interactions/{made.interaction_id}" in mail.body
    for word in ("Gina", "Verdi", "Aurora"):
        assert word not in mail.subject + mail.body.replace(floor.aurora.slug, "")


async def test_who_does_not_hold_the_contact_opens_none_and_nobody_is_written_to(floor: Floor) -> None:
    contact = await floor.held()
    with pytest.raises(HeldByOther):
        await floor.do(complain, contact, by=floor.bruno, house=HOUSE_NAME)
    assert await floor.rows(Complaint) == []
