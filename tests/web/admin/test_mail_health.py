"""The addresses of one brand: how they fare, and a test mail that goes the whole way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest_asyncio
from sqlalchemy import select

from portavoce import engine
from portavoce.brands.models import LineOfBusiness
from portavoce.channels.email.mailboxes import add_mailbox
from portavoce.channels.email.models import MailboxCheck
from portavoce.conversations.models import Interaction
from portavoce.core.config import Settings
from portavoce.core.db import Database
from portavoce.core.scope import Scope
from portavoce.core.unit import now
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site


async def mailbox(the_site: Site, brand: Added) -> UUID:
    async with the_site.database.begin(Scope.writing(brand.id)) as db:
        lob = (await db.scalars(select(LineOfBusiness.id))).one()
        return (await add_mailbox(db, f"{uuid4().hex}@{brand.slug}.example", lob, brand.name, "")).id


async def checks(database: Database, brand: Added) -> list[str]:
    async with database.begin(Scope.reading({brand.id})) as db:
        return list((await db.scalars(select(MailboxCheck.state))).all())


@pytest_asyncio.fixture
async def listener(the_site: Site) -> AsyncIterator[None]:
    """The engine's, with the keys of the application and on the port the application knows."""
    settings = the_site.settings
    quiet = Settings(home=settings.home, smtp_port=0, lmtp_port=0, relay_url="smtp://mx.example")
    servers = await engine.listen(quiet, the_site.database, the_site.app.state.storage)
    the_site.app.state.settings = Settings(home=settings.home, smtp_port=servers[0].port)
    yield
    for server in servers:
        await server.close(grace=5)


async def test_a_test_mail_arrives_and_the_page_says_so(
    the_site: Site, sara: Browser, aurora: Added, listener: None
) -> None:
    box = await mailbox(the_site, aurora)
    here = f"/admin/b/{aurora.slug}/mail"
    assert "Quiet" in (await sara.get(here)).text
    answer = await sara.fill(here, {}, to=f"{here}/{box}/check")
    assert answer.status_code == 303
    assert await checks(the_site.database, aurora) == ["arrived"]
    page = (await sara.get(here)).text
    assert "Arrived" in page
    assert "hx-trigger" not in page
    async with the_site.database.begin(Scope.reading({aurora.id})) as db:
        assert (await db.scalars(select(Interaction.id))).all() == []


async def test_while_it_is_on_its_way_the_page_asks_again_and_without_a_listener_it_says_what_to_do(
    the_site: Site, sara: Browser, aurora: Added
) -> None:
    box = await mailbox(the_site, aurora)
    here = f"/admin/b/{aurora.slug}/mail"
    the_site.app.state.settings = Settings(home=the_site.settings.home, smtp_port=1)
    await sara.fill(here, {}, to=f"{here}/{box}/check")
    page = (await sara.get(here)).text
    assert "Our listener does not answer. Is the engine running?" in page
    assert "Look whether the engine runs" in page
    async with the_site.database.begin(Scope.writing(aurora.id)) as db:
        at = now(db)
        db.add(MailboxCheck(id=uuid4(), mailbox_id=box, asked_at=at, state="waiting"))
    fragment = await sara.get(f"{here}/state")
    assert "On its way" in fragment.text
    assert 'hx-trigger="load delay:1s"' in fragment.text
    assert "<html" not in fragment.text


async def test_an_address_of_another_brand_does_not_exist_here(
    the_site: Site, sara: Browser, admin: Browser, aurora: Added, bosco: Added
) -> None:
    box = await mailbox(the_site, bosco)
    for browser, brand in ((sara, bosco), (sara, aurora), (admin, aurora)):
        await browser.get("/admin/brands")
        here = f"/admin/b/{brand.slug}/mail"
        assert (await browser.post(f"{here}/{box}/check")).status_code == 404
    assert (await sara.get(f"/admin/b/{bosco.slug}/mail")).status_code == 404
    assert await checks(the_site.database, bosco) == []


async def test_the_page_asks_as_much_for_three_addresses_as_for_one(
    the_site: Site, admin: Browser, aurora: Added
) -> None:
    here = f"/admin/b/{aurora.slug}/mail"
    await mailbox(the_site, aurora)
    with the_site.counting() as one:
        await admin.get(here)
    for _ in range(2):
        await mailbox(the_site, aurora)
    with the_site.counting() as three:
        await admin.get(here)
    assert len(one) == len(three) == 8
