"""What could not be delivered: who sees which of it, and the two ways out."""

from __future__ import annotations

from uuid import UUID

import pytest_asyncio
from sqlalchemy import select

from portavoce.brands.models import LineOfBusiness
from portavoce.conversations.models import Message
from portavoce.conversations.receiving import Inbound, receive
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.outbox import enqueue, enqueue_house_mail
from portavoce.core.scope import HOUSE, Scope
from portavoce.core.unit import new_id, now
from portavoce.customers.finding import find_or_create
from portavoce.identity.models import Person
from tests.web.admin.conftest import Added, add
from tests.web.browsing import Browser, Site

HERE = "/admin/undelivered"


async def dead(the_site: Site, brand: Added, state: str = "failed") -> Outbox:
    """An answer of the brand that was tried as often as we try."""
    async with the_site.database.begin(Scope.writing(brand.id)) as db:
        lob = (await db.scalars(select(LineOfBusiness.id))).one()
        customer = await find_or_create(db, "email", "gina@customer.example", "Gina", "it")
        asked = await receive(
            db,
            Inbound(
                channel="email", lob_id=lob, customer=customer, author="Gina", subject="Aiuto", body="Ciao"
            ),
        )
        answer = Message(
            id=new_id(db), interaction_id=asked.interaction_id, conversation_id=asked.conversation_id,
            direction="out", channel="email", state=state, author="Anna", subject="Re: Aiuto",
            body="a text nobody here may read", quoted="", at=now(db),
        )  # fmt: skip
        db.add(answer)
        row = enqueue(db, "email.deliver", answer.id)
        row.state, row.tries, row.last_error = "dead", 5, f"Retry: {brand.name}'s relay is out of order"
    return row


async def dead_house_mail(the_site: Site) -> UUID:
    async with the_site.database.begin(HOUSE) as db:
        row = enqueue_house_mail(db, "new@voxa.example", "Invitation to Portavoce", "a secret link")
        row.state, row.tries, row.last_error = "dead", 5, "Retry: 550 unknown here"
    return row.id


async def state_of(the_site: Site, row: Outbox) -> str:
    async with the_site.database.begin(Scope.reading({row.brand_id})) as db:
        return (await db.get_one(Outbox, (row.brand_id, row.id))).state


def url(brand: Added, row: Outbox, way: str) -> str:
    return f"/admin/b/{brand.slug}/undelivered/{row.id}/{way}"


@pytest_asyncio.fixture
async def row(the_site: Site, aurora: Added) -> Outbox:
    return await dead(the_site, aurora)


async def test_it_is_shown_with_brand_topic_reason_and_tries_and_never_its_text(
    admin: Browser, aurora: Added, row: Outbox
) -> None:
    page = (await admin.get(HERE)).text
    assert "Aurora&#39;s relay is out of order" in page
    assert "Reply by email" in page
    assert "nobody here may read" not in page
    home = (await admin.get("/admin")).text
    assert 'href="/admin/undelivered"' in home


async def test_a_brands_administrator_sees_her_brand_only_and_nothing_of_the_house(
    the_site: Site, sara: Browser, admin: Browser, bosco: Added, row: Outbox
) -> None:
    await dead(the_site, bosco)
    await dead_house_mail(the_site)
    assert "Bosco" in (await admin.get(HERE)).text
    assert "new@voxa.example" in (await admin.get(HERE)).text
    page = (await sara.get(HERE)).text
    assert "Aurora&#39;s relay" in page
    assert "Bosco" not in page
    assert "new@voxa.example" not in page


async def test_retry_sets_it_pending_once(the_site: Site, sara: Browser, aurora: Added, row: Outbox) -> None:
    first = await sara.fill(HERE, {}, to=url(aurora, row, "attempt"))
    assert (first.status_code, await state_of(the_site, row)) == (303, "pending")
    assert (await sara.post(url(aurora, row, "attempt"))).status_code == 409


async def test_an_uncertain_one_asks_before_it_goes_out_a_second_time(
    the_site: Site, admin: Browser, aurora: Added
) -> None:
    row = await dead(the_site, aurora, "uncertain")
    page = await admin.get(HERE)
    assert "It may have arrived: send it a second time" in page.text
    refused = await admin.post(url(aurora, row, "attempt"))
    assert (refused.status_code, await state_of(the_site, row)) == (409, "dead")
    taken = await admin.post(url(aurora, row, "attempt"), {"twice": "on"})
    assert (taken.status_code, await state_of(the_site, row)) == (303, "pending")


async def test_giving_up_wants_a_reason(the_site: Site, admin: Browser, aurora: Added, row: Outbox) -> None:
    await admin.get(HERE)
    refused = await admin.post(url(aurora, row, "abandonment"), {"reason": " "})
    assert refused.status_code == 422
    assert f'href="#f-reason-{row.id}"' in refused.text
    assert await state_of(the_site, row) == "dead"
    given_up = await admin.post(url(aurora, row, "abandonment"), {"reason": "She called instead"})
    assert (given_up.status_code, await state_of(the_site, row)) == (303, "given_up")


async def test_a_row_of_another_brand_is_not_found_under_this_one(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added, bosco: Added
) -> None:
    row = await dead(the_site, bosco)
    await sara.get(HERE)
    await admin.get(HERE)
    for browser, brand, status in ((sara, bosco, 404), (sara, aurora, 409), (admin, aurora, 409)):
        assert (await browser.post(url(brand, row, "attempt"))).status_code == status
    assert await state_of(the_site, row) == "dead"


async def test_the_houses_own_mail_is_its_administrators_to_decide(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added
) -> None:
    first, second = await dead_house_mail(the_site), await dead_house_mail(the_site)
    await sara.get(HERE)
    assert (await sara.post(f"{HERE}/{first}/attempt")).status_code == 404
    await admin.get(HERE)
    assert (await admin.post(f"{HERE}/{first}/attempt")).status_code == 303
    assert (await admin.post(f"{HERE}/{second}/abandonment", {"reason": "left us"})).status_code == 303
    async with the_site.database.begin(HOUSE) as db:
        states = [(await db.get_one(HouseOutbox, each)).state for each in (first, second)]
    assert states == ["pending", "given_up"]


async def test_the_page_asks_one_statement_a_brand_however_many_wait_there(
    the_site: Site, admin: Browser, elena: Person, aurora: Added
) -> None:
    await dead(the_site, aurora)
    with the_site.counting() as one:
        await admin.get(HERE)
    for _ in range(2):
        await dead(the_site, aurora)
    with the_site.counting() as three:
        await admin.get(HERE)
    assert len(one) == len(three) == 6
    await dead(the_site, await add(the_site, "Cima", elena.id))
    with the_site.counting() as two_brands:
        await admin.get(HERE)
    assert len(two_brands) == 7


async def test_with_nothing_there_it_says_so(sara: Browser) -> None:
    assert "Everything has left" in (await sara.get(HERE)).text
