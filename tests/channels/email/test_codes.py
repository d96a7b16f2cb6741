"""A one-time code by real SMTP: as the brand, in the customer's language, outside every thread, once, and in time."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from sqlalchemy import select, update

from portavoce.brands.models import LineOfBusiness
from portavoce.channels.email.codes import LATE, TOPIC, CodePostman
from portavoce.channels.email.delivery import RELAY_AWAY
from portavoce.channels.email.letters import open_letter
from portavoce.channels.email.mailboxes import add_mailbox
from portavoce.channels.email.models import Mailbox
from portavoce.channels.email.sending import Relay
from portavoce.channels.email.tokens import find
from portavoce.conversations.claiming import claim
from portavoce.conversations.models import Conversation
from portavoce.conversations.recognising.coding import LIFETIME, send_code
from portavoce.conversations.recognising.keys import CodeKeys
from portavoce.conversations.recognising.models import CustomerCode
from portavoce.core.delivering import Job, Retry
from portavoce.core.models import Outbox
from portavoce.core.unit import new_id
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.kit.clock import SteppedClock
from tests.fakes.smtp_sink import SmtpSink, running
from tests.world import DEPLOYMENT, KEYS, World, letter

CODES = CodeKeys(b"c" * 32)
GINA = "gina@studio.example"
NOBODY = Relay(host="127.0.0.1", port=1, security="none", timeout=5)


def postman(world: World, relay: Relay) -> CodePostman:
    return CodePostman(relay, CODES, DEPLOYMENT, world.database.clock)


def to(sink: SmtpSink) -> Relay:
    return Relay(host="127.0.0.1", port=sink.port, security="none", timeout=5)


async def asked(world: World, clock: SteppedClock) -> CustomerCode:
    """Anna has sent a code to Gina, from a contact of somebody who is not known to be her."""
    aurora, anna = world.aurora, world.anna.at(world.aurora)
    await world.receive(aurora, letter(aurora.address, sender=f"Gina Verdi <{GINA}>"))
    clock.advance(LIFETIME)
    await world.receive(aurora, letter(aurora.address, sender="Chi <chi@altrove.example>", subject="Pacco"))
    contact = (await world.contacts(aurora))[-1].id
    async with world.database.begin(aurora.reading) as db:
        gina = (await db.scalars(select(CustomerIdentity).where(CustomerIdentity.value == GINA))).one()
    await world.database.run(aurora.writing, lambda db: claim(db, contact, by=anna))
    return await world.database.run(
        aurora.writing, lambda db: send_code(db, contact, gina.customer_id, gina.id, by=anna)
    )


async def row(world: World, code: CustomerCode) -> CustomerCode:
    async with world.database.begin(world.aurora.reading) as db:
        return await db.get_one(CustomerCode, (world.aurora.id, code.id))


def mail_in(sink: SmtpSink) -> EmailMessage:
    [mail] = sink.mails
    assert mail.recipients == (GINA,)
    parsed = message_from_bytes(mail.raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


async def deliver(world: World, relay: Relay, code: CustomerCode) -> None:
    await postman(world, relay).deliver(world.database, Job(world.aurora.id, code.id))


async def test_it_arrives_as_the_brand_with_the_code_that_fits_and_no_thread(
    world: World, clock: SteppedClock
) -> None:
    code = await asked(world, clock)
    async with world.database.begin(world.aurora.reading) as db:
        [left] = (await db.scalars(select(Outbox).where(Outbox.topic == TOPIC))).all()
    assert left.ref_id == code.id
    before = len(await world.messages(world.aurora))
    async with running(SmtpSink()) as sink:
        await deliver(world, to(sink), code)
        mail = mail_in(sink)
    digits = CODES.code_of(world.aurora.id, code.id)
    assert digits in mail.get_content()
    assert digits not in str(mail["Subject"])
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("Aurora: il tuo codice", "auto-generated")
    assert mail["From"].addresses[0].addr_spec == world.aurora.address
    assert (mail["Reply-To"], mail["In-Reply-To"], mail["References"]) == (None, None, None)
    assert (await row(world, code)).left_at == clock.now()
    assert len(await world.messages(world.aurora)) == before


async def test_an_answer_to_it_is_a_contact_of_its_own(world: World, clock: SteppedClock) -> None:
    """It leads into no thread: neither of the stranger nor of whom the customer spoke to before."""
    code = await asked(world, clock)
    async with running(SmtpSink()) as sink:
        await deliver(world, to(sink), code)
        sent = mail_in(sink)
    answer = letter(
        world.aurora.address, "Non ho chiesto niente.", sender=f"Gina <{GINA}>",
        subject=f"Re: {sent['Subject']}", In_Reply_To=str(sent["Message-ID"]), References=str(sent["Message-ID"]),
    )  # fmt: skip
    read = open_letter(world.arrival(answer), world.aurora.recipient, world.storage)
    assert read.parsed is not None
    assert find(read.parsed, "", KEYS, world.aurora.id).conversation_id is None
    async with world.database.begin(world.aurora.reading) as db:
        threads = set((await db.scalars(select(Conversation.id))).all())
    await world.receive(world.aurora, answer)
    newest = (await world.contacts(world.aurora))[-1]
    assert newest.conversation_id not in threads


@pytest.mark.deep
async def test_in_english_for_who_reads_english_and_nothing_of_the_agent(
    world: World, clock: SteppedClock
) -> None:
    code = await asked(world, clock)
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(update(Customer).where(Customer.id == code.customer_id).values(language="fr"))
    async with running(SmtpSink()) as sink:
        await deliver(world, to(sink), code)
        text = mail_in(sink).get_content()
    assert "Your code is" in text
    for word in ("Anna", "Pacco", "chi@altrove", "Bosco"):
        assert word not in text


async def test_delivered_twice_it_leaves_once(world: World, clock: SteppedClock) -> None:
    code = await asked(world, clock)
    async with running(SmtpSink()) as sink:
        await deliver(world, to(sink), code)
        await deliver(world, to(sink), code)
        assert len(sink.mails) == 1


@pytest.mark.deep
@pytest.mark.parametrize("state", ["used", "worn", "replaced"])
async def test_what_nobody_waits_for_does_not_leave(world: World, clock: SteppedClock, state: str) -> None:
    code = await asked(world, clock)
    async with world.database.begin(world.aurora.writing) as db:
        await db.execute(update(CustomerCode).where(CustomerCode.id == code.id).values(state=state))
    async with running(SmtpSink()) as sink:
        await deliver(world, to(sink), code)
        assert sink.mails == []


async def test_when_the_relay_is_away_it_is_tried_again_and_never_after_its_time(
    world: World, clock: SteppedClock
) -> None:
    code = await asked(world, clock)
    with pytest.raises(Retry):
        await deliver(world, NOBODY, code)
    assert (await row(world, code)).failure == RELAY_AWAY
    clock.advance(LIFETIME)
    async with running(SmtpSink()) as sink:
        await deliver(world, to(sink), code)
        assert sink.mails == []
    assert (await row(world, code)).failure == LATE


async def test_a_refusal_is_told_to_who_waits_and_ends_it(world: World, clock: SteppedClock) -> None:
    code = await asked(world, clock)
    async with running(SmtpSink(replies={"RCPT": "550 5.1.1 no such user"})) as sink:
        await deliver(world, to(sink), code)
    found = await row(world, code)
    assert (found.left_at, found.failure) == (None, "5.1.1 no such user")


@pytest.mark.deep
async def test_it_leaves_from_the_address_of_the_contacts_line_and_the_end_of_the_only_one_is_told(
    world: World, clock: SteppedClock
) -> None:
    code = await asked(world, clock)
    async with world.database.begin(world.aurora.writing) as db:
        first = (await db.scalars(select(Mailbox))).one()
        own = first.lob_id
        line = LineOfBusiness(id=new_id(db), name="Altro", language="it")
        db.add(line)
        await db.flush()
        await add_mailbox(db, f"altro@{world.aurora.slug}.example", line.id, "Altro", "")
        await db.execute(update(Mailbox).where(Mailbox.id == first.id).values(lob_id=line.id))
        await db.execute(update(Mailbox).where(Mailbox.id != first.id).values(lob_id=own, display_name="Sua"))
    async with running(SmtpSink()) as sink:
        await deliver(world, to(sink), code)
        assert mail_in(sink)["From"].addresses[0].display_name == "Sua"
