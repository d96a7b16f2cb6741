"""What the customer prefers stands beside the send button, and one press leaves it until then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.conversations.models import Message
from portavoce.core.scope import Scope
from portavoce.customers.models import CustomerIdentity
from portavoce.kit.clock import SteppedClock
from tests.web.desk.conftest import Desk, url
from tests.web.desk.taking import take
from tests.web.desk.test_customers import form, of
from tests.web.desk.test_who import GINA, identity

TOMORROW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
"""Nine o'clock in Rome, on the day after these tests, which begin there at one."""


@pytest.fixture
async def contact(desk: Desk) -> UUID:
    return await take(desk, desk.aurora, desk.anna)


async def wish(desk: Desk, **values: str) -> None:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        query = select(CustomerIdentity.customer_id).where(CustomerIdentity.value == GINA)
        gina = (await db.scalars(query)).one()
    assert await identity(desk)
    assert (await desk.post(of(desk.aurora, gina), desk.anna, form(**values))).status_code == 200


async def sent(desk: Desk) -> list[datetime | None]:
    async with desk.database.begin(Scope.reading({desk.aurora.id})) as db:
        query = select(Message.leaves_at).where(Message.direction == "out").order_by(Message.id)
        return list((await db.scalars(query)).all())


async def test_another_channel_and_moment_are_said_and_its_hours_are_offered(
    desk: Desk, contact: UUID
) -> None:
    await wish(desk, preferred_channel="phone", preferred_moment="morning")
    page = (await desk.get(url(desk.aurora, contact), desk.anna)).text
    assert "Gina Rota preferisce:" in page
    assert 'id="send-preferred"' in page
    assert page.index('id="send"') < page.index('id="send-preferred"')
    text = {**desk.writing(desk.aurora, contact, "Ecco."), "send_at": "", "preferred": "1"}
    assert (await desk.post(url(desk.aurora, contact, "/messages"), desk.anna, text)).status_code == 200
    assert await sent(desk) == [TOMORROW]


@pytest.mark.deep
@pytest.mark.parametrize(
    "values",
    [{}, {"preferred_channel": "email"}, {"preferred_moment": "midday", "preferred_channel": "email"}],
)
async def test_nothing_is_said_of_what_is_as_the_customer_wishes(
    desk: Desk, contact: UUID, values: dict[str, str]
) -> None:
    await wish(desk, **values)
    assert "preferisce:" not in (await desk.get(url(desk.aurora, contact), desk.anna)).text


@pytest.mark.deep
async def test_another_channel_alone_offers_no_moment(desk: Desk, contact: UUID) -> None:
    await wish(desk, preferred_channel="whatsapp")
    page = (await desk.get(url(desk.aurora, contact), desk.anna)).text
    assert "preferisce:" in page
    assert 'id="send-preferred"' not in page


async def test_when_the_hours_have_come_meanwhile_it_leaves_as_any_answer(
    desk: Desk, contact: UUID, clock: SteppedClock
) -> None:
    await wish(desk, preferred_moment="afternoon")
    for _ in range(3):  # a session that nobody uses ends
        clock.advance(timedelta(minutes=20))
        await desk.get(url(desk.aurora, contact), desk.anna)
    text = {**desk.writing(desk.aurora, contact, "Ecco."), "preferred": "1", "send_at": "2026-03-30T10:00"}
    assert (await desk.post(url(desk.aurora, contact, "/messages"), desk.anna, text)).status_code == 200
    [leaves] = await sent(desk)
    assert leaves is not None
    assert leaves - clock.now() < timedelta(minutes=1)


async def test_a_refused_text_keeps_the_moment_that_was_chosen(desk: Desk, contact: UUID) -> None:
    """What is sent anyway after the guard's stop leaves when it was to leave, not at once."""
    await wish(desk, preferred_moment="morning")
    text = {**desk.writing(desk.aurora, contact, " "), "preferred": "1"}
    refused = await desk.post(url(desk.aurora, contact, "/messages"), desk.anna, text)
    assert refused.status_code == 422
    text = {
        **desk.writing(desk.aurora, contact, f"Scriva a care@{desk.bosco.slug}.example"),
        "preferred": "1",
    }
    stopped = await desk.post(url(desk.aurora, contact, "/messages"), desk.anna, text)
    assert stopped.status_code == 422
    assert 'value="2026-03-03T09:00"' in stopped.text
    assert 'id="send-preferred"' in stopped.text
    assert await sent(desk) == []
