"""The small page of the client's approvers: replies that wait, one of them, the decision, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portavoce.channels.email.models import Mail
from portavoce.channels.email.turns import TOPIC
from portavoce.conversations import claiming
from portavoce.conversations.approvals.models import ReplyApproval
from portavoce.conversations.models import Message
from portavoce.conversations.replying import reply
from portavoce.conversations.withdrawing import withdraw
from portavoce.core.models import Outbox
from tests.conversations.conftest import counted
from tests.molds import Mold
from tests.web.browsing import Browser, Site
from tests.world import HOUSE_NAME, Cast, World, WorldBrand, letter

REPLY = "Arriva <b>domani</b>."


@dataclass(frozen=True, slots=True)
class Desk:
    """Rosa approves for Aurora; Anna writes at both brands."""

    site: Site
    world: World
    rosa: Browser

    @property
    def here(self) -> str:
        return f"/portal/{self.world.aurora.slug}/approvals"

    async def ask(self, brand: WorldBrand | None = None) -> UUID:
        """A reply in a new contact waits; gives the approval's id."""
        at = brand or self.world.aurora
        await self.world.receive(at, letter(at.address, sender=f"G <{uuid4().hex}@customer.example>"))
        contact, by = (await self.world.contacts(at))[-1].id, self.world.anna.at(at)
        await self.world.database.run(at.writing, lambda db: claiming.claim(db, contact, by=by))
        message = await self.world.database.run(
            at.writing, lambda db: reply(db, contact, REPLY, by=by, approval=True, house=HOUSE_NAME)
        )
        async with self.world.database.begin(at.reading) as db:
            query = select(ReplyApproval.id).where(ReplyApproval.message_id == message.id)
            return (await db.scalars(query)).one()

    async def approval(self, approval_id: UUID) -> ReplyApproval:
        async with self.world.database.begin(self.world.aurora.reading) as db:
            return await db.get_one(ReplyApproval, (self.world.aurora.id, approval_id))

    async def leaving(self, approval_id: UUID) -> tuple[str, int, int]:
        """The reply's state, and how many envelopes and ways out it has."""
        message_id = (await self.approval(approval_id)).message_id
        async with self.world.database.begin(self.world.aurora.reading) as db:
            message = await db.get_one(Message, (self.world.aurora.id, message_id))
            mails = select(func.count()).where(Mail.message_id == message_id)
            ways = select(func.count()).where(Outbox.ref_id == message_id, Outbox.topic == TOPIC)
            return message.state, await db.scalar(mails) or 0, await db.scalar(ways) or 0


@pytest.fixture
async def desk(the_site: Site, world_mold: Mold[Cast]) -> AsyncIterator[Desk]:
    world = World.of(world_mold.cast(), the_site.database, the_site.settings.files_dir)
    person = await the_site.person("client_approver", brand=world.aurora.id, name="Rosa Gallo")
    await the_site.person("client_approver", brand=world.bosco.id, name="Remo Gallo")
    async with the_site.browser() as one:
        await one.sign_in(person.email)
        yield Desk(the_site, world, one)


async def test_who_approves_finds_what_waits_with_who_asks_and_its_due_time(desk: Desk) -> None:
    assert "Nothing waits for you" in (await desk.rosa.get(desk.here)).text
    asked = await desk.ask()
    page = (await desk.rosa.get(desk.here)).text
    assert f'href="{desk.here}/{asked}"' in page
    assert "No due time" in page
    assert desk.world.anna.at(desk.world.aurora).alias in page
    report = (await desk.rosa.get(f"/portal/{desk.world.aurora.slug}/2026-03")).text
    assert f'href="{desk.here}"' in report


async def test_a_reply_is_shown_as_text_with_what_it_answers_and_no_address(desk: Desk) -> None:
    page = (await desk.rosa.get(f"{desk.here}/{await desk.ask()}")).text
    assert "Arriva &lt;b&gt;domani&lt;/b&gt;." in page
    assert "la macchina perde acqua" in page.lower()
    assert "customer.example" not in page


async def test_once_approved_it_leaves_by_the_way_of_any_reply_however_often_one_clicks(desk: Desk) -> None:
    asked = await desk.ask()
    assert await desk.leaving(asked) == ("awaiting", 0, 0)
    here = f"{desk.here}/{asked}"
    for _ in range(2):
        sent = await desk.rosa.fill(here, {}, to=f"{here}/approval")
        assert (sent.status_code, sent.headers["location"]) == (303, f"{desk.here}?sent=approved")
        assert await desk.leaving(asked) == ("queued", 1, 1)
    assert "Approved. The reply leaves now" in (await desk.rosa.get(sent.headers["location"])).text
    shown = (await desk.rosa.get(here)).text
    assert "Approved" in shown
    assert "<textarea" not in shown


async def test_it_goes_back_with_a_comment_and_does_not_leave(desk: Desk) -> None:
    asked = await desk.ask()
    here = f"{desk.here}/{asked}"
    empty = await desk.rosa.fill(here, {"text": " "}, to=f"{here}/return")
    assert (empty.status_code, 'id="f-text-err"' in empty.text) == (422, True)
    sent = await desk.rosa.fill(here, {"text": "Quando?\nDite il giorno."}, to=f"{here}/return")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{desk.here}?sent=returned")
    assert await desk.leaving(asked) == ("withdrawn", 0, 0)
    assert (await desk.approval(asked)).comment == "Quando?\nDite il giorno."
    assert "Sent back" in (await desk.rosa.get(here)).text


async def test_who_is_too_late_is_told_and_keeps_the_comment(desk: Desk) -> None:
    asked = await desk.ask()
    here, by = f"{desk.here}/{asked}", desk.world.anna.at(desk.world.aurora)
    await desk.rosa.get(here)
    message = (await desk.approval(asked)).message_id
    await desk.world.database.run(desk.world.aurora.writing, lambda db: withdraw(db, message, by=by))
    for act, form in (("approval", {"x": "1"}), ("return", {"text": "Quando?"})):
        late = await desk.rosa.post(f"{here}/{act}", form)
        assert (late.status_code, "taken back meanwhile" in late.text) == (409, True)
    assert "Quando?" in late.text
    assert await desk.leaving(asked) == ("withdrawn", 0, 0)


@pytest.mark.deep
async def test_what_the_customer_wrote_since_is_pointed_out(desk: Desk) -> None:
    asked = await desk.ask()
    message_id = (await desk.approval(asked)).message_id
    async with desk.world.database.begin(desk.world.aurora.writing) as db:
        written = await db.get_one(Message, (desk.world.aurora.id, message_id))
        db.add(
            Message(
                id=uuid4(), interaction_id=written.interaction_id, conversation_id=written.conversation_id,
                direction="in", channel="email", state="received", author="G", subject="", body="Ancora!",
                quoted="", at=written.at + timedelta(minutes=1),
            )
        )  # fmt: skip
    page = (await desk.rosa.get(f"{desk.here}/{asked}")).text
    assert "this reply answers an older message" in page
    assert "Ancora!" in page
    assert "Answers an older message" in (await desk.rosa.get(desk.here)).text


async def test_another_brands_replies_and_the_desk_are_not_there(desk: Desk) -> None:
    asked, foreign = await desk.ask(), await desk.ask(desk.world.bosco)
    slug, bosco = desk.world.aurora.slug, desk.world.bosco.slug
    contact = (await desk.approval(asked)).interaction_id
    for path in (
        f"{desk.here}/{foreign}", f"{desk.here}/{contact}", f"/portal/{bosco}/approvals",
        f"/portal/{bosco}/approvals/{foreign}", f"/b/{slug}/interactions/{contact}", "/desk", "/admin",
        f"/portal/{slug}/requests",
    ):  # fmt: skip
        assert (await desk.rosa.get(path)).status_code == 404, path
    await desk.rosa.get(f"{desk.here}/{asked}")
    for path in (f"{desk.here}/{foreign}", f"/portal/{bosco}/approvals/{foreign}"):
        for act in ("approval", "return"):
            assert (await desk.rosa.post(f"{path}/{act}", {"text": "No"})).status_code == 404


@pytest.mark.parametrize(
    "role", ["client_viewer", pytest.param("client_back_office", marks=pytest.mark.deep)]
)
async def test_who_only_reads_or_answers_approves_nothing(desk: Desk, role: str) -> None:
    asked = await desk.ask()
    carla = await desk.site.person(role, brand=desk.world.aurora.id, name="Carla Longo")
    async with desk.site.browser() as browser:
        await browser.sign_in(carla.email)
        for path in (desk.here, f"{desk.here}/{asked}"):
            assert (await browser.get(path)).status_code == 404
        await browser.get("/preferences")
        assert (await browser.post(f"{desk.here}/{asked}/approval", {"x": "1"})).status_code == 404
    assert await desk.leaving(asked) == ("awaiting", 0, 0)


@pytest.mark.deep
async def test_the_list_takes_as_many_statements_for_three_as_for_one(desk: Desk) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            await desk.ask()
        await desk.rosa.get(desk.here)
        with counted(desk.world.database) as statements:
            await desk.rosa.get(desk.here)
        counts.append(len(statements))
    assert counts == [6, 6]
