"""SEC-42: somebody of the brand answered its customer; who only says so is not believed, and nobody else is meant."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from portavoce.brands.signals import ADDED, add_by_hand
from portavoce.channels.email.mailboxes import add_mailbox
from portavoce.channels.email.mailroom import Mailroom
from portavoce.channels.email.models import InboundEvent, Mail
from portavoce.channels.email.receiving import Recipient
from portavoce.channels.email.tokens import issue
from portavoce.conversations.models import Attachment, Conversation, Message
from portavoce.customers.models import Customer
from tests.world import DEPLOYMENT, KEYS, World, WorldBrand, letter

SERVER = "mx.voxa.example"
GINA = "Gina Verdi <gina@customer.example>"
FIRST = "<first@customer.example>"
WORDS = "Gentile Gina, le mandiamo un tecnico domani."


@pytest.fixture
def behind(world: World) -> World:
    """Behind a mail server whose word on senders counts."""
    return replace(world, room=Mailroom(world.database, world.storage, KEYS, DEPLOYMENT, SERVER))


def native(
    brand: WorldBrand, *, name: str = "Laura Conti", domain: str = "", to: str = GINA, passed: str = "", **fields: str
) -> bytes:  # fmt: skip
    """Laura answers Gina out of her own mailbox, with the brand's address in Cc."""
    domain = domain or f"{brand.slug}.example"
    said = passed or f"{SERVER}; dmarc=pass header.from={domain}"
    raw = {"In_Reply_To": FIRST, "Cc": brand.address, "Authentication_Results": said, **fields}
    return letter(
        to, WORDS, sender=f"{name} <laura@{domain}>", **{key: value for key, value in raw.items() if value}
    )


async def written(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, sender=GINA, message_id=FIRST))


async def people(world: World) -> list[str]:
    async with world.database.begin(world.aurora.reading) as db:
        return list((await db.scalars(select(Customer.name).order_by(Customer.id))).all())


async def directions(world: World) -> list[str]:
    return [each.direction for each in await world.messages(world.aurora)]


async def test_the_brands_own_answer_stands_in_the_thread_as_what_it_is(behind: World) -> None:
    await written(behind)
    [before] = await behind.contacts(behind.aurora)
    await behind.receive(behind.aurora, native(behind.aurora))
    [contact] = await behind.contacts(behind.aurora)
    [_, said] = await behind.messages(behind.aurora)
    assert (said.direction, said.state, said.channel, said.author) == (
        "native",
        "received",
        "email",
        "Laura Conti",
    )
    assert (said.body, said.interaction_id, said.other_sender) == (WORDS, contact.id, False)
    assert (contact.state, contact.due_at, contact.first_response_at) == ("waiting", before.due_at, None)
    assert await people(behind) == ["Gina Verdi"]


@pytest.mark.parametrize(
    "passed",
    [
        "mx.evil.example; dmarc=pass header.from={domain}",
        f"{SERVER}; dmarc=fail header.from={{domain}}",
        f"{SERVER}; spf=pass smtp.mailfrom=laura@{{domain}}",
        f"{SERVER}; dkim=pass header.d=evil.example",
        "none",
    ],
)
async def test_who_only_says_to_be_of_the_brand_is_a_sender_as_any_other(behind: World, passed: str) -> None:
    await written(behind)
    domain = f"{behind.aurora.slug}.example"
    await behind.receive(behind.aurora, native(behind.aurora, passed=passed.format(domain=domain)))
    assert await directions(behind) == ["in", "in"]
    assert len(await behind.contacts(behind.aurora)) == 2, "an id of a mail opens no thread to a stranger"


async def test_nobody_is_believed_where_no_server_in_front_is_named(world: World) -> None:
    await written(world)
    await world.receive(world.aurora, native(world.aurora))
    assert await directions(world) == ["in", "in"]


async def test_another_brands_address_is_nobodys_native_answer(behind: World) -> None:
    await written(behind)
    theirs = native(behind.aurora, domain=f"{behind.bosco.slug}.example")
    await behind.receive(behind.aurora, theirs)
    assert await directions(behind) == ["in", "in"]


async def test_a_domain_that_the_brand_keeps_counts_and_a_signatures_does_not(behind: World) -> None:
    await written(behind)
    async with behind.database.begin(behind.aurora.writing) as db:
        await add_by_hand(db, ADDED, "domain", "negozi-aurora.example")
        await add_by_hand(db, "allowed", "domain", "corriere.example")
    for domain in ("negozi-aurora.example", "milano.negozi-aurora.example", "corriere.example"):
        await behind.receive(behind.aurora, native(behind.aurora, domain=domain))
    assert await directions(behind) == ["in", "native", "native", "in"]


NO_ANSWER = {
    "a machine's": {"Auto_Submitted": "auto-replied"},
    "out of office": {"Subject": "Fuori ufficio"},
    "a form's, which names the customer": {"Reply_To": "gina@customer.example"},
    "to us alone": {"to": "", "Cc": ""},
    "to somebody else": {"to": "Ugo <ugo@customer.example>"},
    "of no thread": {"In_Reply_To": "<other@customer.example>"},
}


@pytest.mark.parametrize("kind", NO_ANSWER)
async def test_what_is_no_answer_to_the_customer_is_a_mail_as_any_other(behind: World, kind: str) -> None:
    await written(behind)
    given = {**NO_ANSWER[kind]}
    given["to"] = given.get("to", GINA) or behind.aurora.address
    subject = given.pop("Subject", "")
    raw = native(behind.aurora, **given)
    await behind.receive(
        behind.aurora, raw.replace(b"Subject: Aiuto", f"Subject: {subject or 'Aiuto'}".encode())
    )
    assert await directions(behind) == ["in", "in"]


async def test_somebody_of_the_brand_who_is_its_customer_writes_as_such(behind: World) -> None:
    laura = f"laura@{behind.aurora.slug}.example"
    own = letter(behind.aurora.address, sender=f"Laura <{laura}>", message_id="<hers@customer.example>")
    await behind.receive(behind.aurora, own)
    raw = native(behind.aurora, to=behind.aurora.address, In_Reply_To="<hers@customer.example>", Cc=laura)
    await behind.receive(behind.aurora, raw)
    assert await directions(behind) == ["in", "in"]
    assert len(await behind.contacts(behind.aurora)) == 1


async def test_delivered_twice_it_is_one_and_both_arrivals_are_kept(behind: World) -> None:
    """At another address of the brand, and again at the first with the trace of another relay."""
    await written(behind)
    async with behind.database.begin(behind.aurora.writing) as db:
        second = await add_mailbox(
            db, f"post@{behind.aurora.slug}.example", behind.aurora.lob_id, "Aurora", ""
        )
    raw = native(behind.aurora)
    await behind.receive(behind.aurora, raw)
    other = Recipient(brand_id=behind.aurora.id, endpoint_id=second.endpoint_id, address=second.address)
    await behind.room.accept(behind.arrival(b"Received: from relay.example\r\n" + raw), [other])
    await behind.receive(behind.aurora, raw)
    assert await directions(behind) == ["in", "native"]
    async with behind.database.begin(behind.aurora.reading) as db:
        events = (await db.execute(select(InboundEvent.state, InboundEvent.message_id))).all()
    assert [row.state for row in events] == ["done"] * 3
    assert len({row.message_id for row in events}) == 2


async def test_the_customers_answer_to_it_comes_back_to_the_thread(behind: World) -> None:
    await written(behind)
    await behind.receive(behind.aurora, native(behind.aurora))
    async with behind.database.begin(behind.aurora.reading) as db:
        theirs = (await db.scalars(select(Mail.rfc_id).where(Mail.from_name == "Laura Conti"))).one()
    await behind.receive(
        behind.aurora, letter(behind.aurora.address, "Grazie", sender=GINA, In_Reply_To=theirs)
    )
    assert await directions(behind) == ["in", "native", "in"]
    assert len({each.conversation_id for each in await behind.messages(behind.aurora)}) == 1


async def test_an_answer_to_ours_is_found_by_our_id_and_ours_goes_to_the_customer_still(
    behind: World,
) -> None:
    answer = await behind.answered(behind.aurora)
    async with behind.database.begin(behind.aurora.reading) as db:
        ours = (await db.get_one(Mail, (behind.aurora.id, answer.id))).rfc_id
    await behind.receive(behind.aurora, native(behind.aurora, In_Reply_To=ours))
    assert (await directions(behind))[-1] == "native"
    again = await behind.answer(behind.aurora, answer.interaction_id, "Ancora noi.")
    async with behind.database.begin(behind.aurora.reading) as db:
        assert (await db.get_one(Mail, (behind.aurora.id, again.id))).to_address == "gina@customer.example"


async def test_the_thread_s_token_leads_to_it_too(behind: World) -> None:
    await written(behind)
    async with behind.database.begin(behind.aurora.reading) as db:
        thread: UUID = (await db.scalars(select(Conversation.id))).one()
    from_phone = native(behind.aurora, In_Reply_To="")
    await behind.receive(behind.aurora, from_phone, tag=issue(KEYS, behind.aurora.id, thread))
    assert await directions(behind) == ["in", "native"]


async def test_its_name_is_shown_and_its_address_nowhere(behind: World) -> None:
    await written(behind)
    await behind.receive(behind.aurora, native(behind.aurora, name='"laura@aurora.example"'))
    [_, said] = await behind.messages(behind.aurora)
    assert (said.direction, said.author) == ("native", "")


async def test_its_files_are_kept(behind: World) -> None:
    await written(behind)
    head, _, _ = native(behind.aurora).partition(b"Content-Type: text/plain")
    body = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nEcco.\r\n'
        b"--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=tempi.csv\r\n\r\na,b\r\n--b--\r\n"
    )
    await behind.receive(behind.aurora, head + body)
    async with behind.database.begin(behind.aurora.reading) as db:
        query = select(Message.direction, Attachment.name).join(
            Attachment, (Attachment.brand_id == Message.brand_id) & (Attachment.message_id == Message.id)
        )
        assert [tuple(row) for row in await db.execute(query)] == [("native", "tempi.csv")]
