"""The quarantine of one brand: what is listed, how the original leaves, and how a mail becomes a contact."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest_asyncio
from sqlalchemy import func, select

from portavoce.brands.models import LineOfBusiness
from portavoce.channels.email.mailboxes import add_mailbox
from portavoce.channels.email.models import InboundEvent
from portavoce.conversations.models import Interaction
from portavoce.core.scope import Scope
from portavoce.core.storage import file_row
from portavoce.core.unit import new_id, now
from tests.web.admin.conftest import Added
from tests.web.browsing import Browser, Site

RAW = b"From: <script>@x\r\nSubject: \xff\xfe<b>ciao</b>\r\n\r\nMi aiutate?\r\n"


@pytest_asyncio.fixture
async def held(the_site: Site, aurora: Added) -> UUID:
    """A mail of Aurora in quarantine."""
    key = the_site.app.state.storage.save(aurora.id, RAW)
    async with the_site.database.begin(Scope.writing(aurora.id)) as db:
        lob = (await db.scalars(select(LineOfBusiness.id))).one()
        box = await add_mailbox(db, f"{uuid4().hex}@aurora.example", lob, "Aurora", "")
        file = file_row(db, key, RAW, "message/rfc822")
        await db.flush()
        mail = InboundEvent(
            id=new_id(db),
            endpoint_id=box.endpoint_id,
            dedupe_key=uuid4().hex,
            file_id=file.id,
            sender="<script>@x",
            subject="<b>ciao</b>",
            received_at=now(db),
            state="quarantined",
            reason="too many parts",
        )
        db.add(mail)
    return mail.id


async def contacts(the_site: Site, brand: Added) -> int:
    async with the_site.database.begin(Scope.reading({brand.id})) as db:
        return (await db.execute(select(func.count(Interaction.id)))).scalar_one()


async def test_the_list_says_why_from_whom_and_when(admin: Browser, aurora: Added, held: UUID) -> None:
    page = await admin.get(f"/admin/b/{aurora.slug}/quarantine")
    assert "too many parts" in page.text
    assert "&lt;b&gt;ciao&lt;/b&gt;" in page.text
    assert "<script>@x" not in page.text
    home = await admin.get("/admin")
    assert "1 to look at" in home.text


async def test_the_original_is_saved_and_never_shown(admin: Browser, aurora: Added, held: UUID) -> None:
    answer = await admin.get(f"/admin/b/{aurora.slug}/quarantine/{held}/original")
    assert answer.content == RAW
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{held}.eml"'
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_released_mail_is_a_contact_once(
    the_site: Site, admin: Browser, aurora: Added, held: UUID
) -> None:
    here = f"/admin/b/{aurora.slug}/quarantine"
    first = await admin.fill(here, {}, to=f"{here}/{held}/conversation")
    second = await admin.post(f"{here}/{held}/conversation")
    assert (first.status_code, second.status_code) == (303, 404)
    assert await contacts(the_site, aurora) == 1
    assert "Nothing in quarantine" in (await admin.get(here)).text


async def test_a_mail_of_another_brand_is_not_found_under_this_one(
    the_site: Site, admin: Browser, aurora: Added, bosco: Added, held: UUID
) -> None:
    here = f"/admin/b/{bosco.slug}/quarantine"
    await admin.get(here)
    assert (await admin.get(f"{here}/{held}/original")).status_code == 404
    assert (await admin.post(f"{here}/{held}/conversation")).status_code == 404
    assert await contacts(the_site, aurora) == await contacts(the_site, bosco) == 0
