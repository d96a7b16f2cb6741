"""SEC-42, SEC-43, SEC-46, SEC-47: whoever writes, a thread stays its customer's, and one answer has one recipient."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import func, select

from portavoce.channels.email.delivery import Postman
from portavoce.channels.email.models import InboundEvent, Mail
from portavoce.channels.email.sending import Relay
from portavoce.channels.email.tokens import MAC_BYTES, issue
from portavoce.conversations.models import Conversation, Message
from portavoce.conversations.thread_queries import conversation_view
from portavoce.core.delivering import Job
from portavoce.core.models import HouseOutbox, Outbox
from portavoce.core.scope import HOUSE
from tests.channels.email.corpus import dsn
from tests.fakes.smtp_sink import SmtpSink, running
from tests.world import DEPLOYMENT, KEYS, World, letter

EVE = "Gina Verdi <eve@elsewhere.example>"
GINA = "gina@customer.example"


async def thread(world: World) -> Conversation:
    """Gina's, of her first mail."""
    await world.receive(world.aurora, letter(world.aurora.address, message_id="<first@customer.example>"))
    async with world.database.begin(world.aurora.reading) as db:
        return (await db.scalars(select(Conversation))).one()


async def threads(world: World) -> int:
    async with world.database.begin(world.aurora.reading) as db:
        return (await db.execute(select(func.count(Conversation.id)))).scalar_one()


async def envelope(world: World, answer: Message) -> Mail:
    async with world.database.begin(world.aurora.reading) as db:
        return await db.get_one(Mail, (world.aurora.id, answer.id))


async def waiting_to_leave(world: World) -> int:
    async with world.database.begin(world.aurora.reading) as db:
        return (await db.execute(select(func.count(Outbox.id)))).scalar_one()


async def posted(world: World, answer: Message) -> list[tuple[str, tuple[str, ...], bytes]]:
    """The answer as the relay took it."""
    async with running(SmtpSink()) as sink:
        relay = Relay(host="127.0.0.1", port=sink.port, security="none", timeout=5)
        postman = Postman(relay, KEYS, DEPLOYMENT, world.database.clock)
        await postman.deliver(world.database, Job(world.aurora.id, answer.id))
        return [(each.envelope_from, each.recipients, each.raw) for each in sink.mails]


async def test_a_strangers_guess_of_an_id_opens_a_thread_of_its_own(world: World) -> None:
    """Ids of the customer's mails stand in every copy; only the customer resumes by them."""
    gina = await thread(world)
    guess = letter(world.aurora.address, "E la mia?", sender=EVE, In_Reply_To="<first@customer.example>")
    await world.receive(world.aurora, guess)
    assert await threads(world) == 2
    own = letter(world.aurora.address, "Ancora io", References="<first@customer.example>")
    await world.receive(world.aurora, own)
    assert [one.conversation_id == gina.id for one in await world.messages(world.aurora)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "tag", ["id123", "1", "1.a.aaaaaaa." + "a" * 26 + "." + "a" * 13, "", "%", "' OR 1=1 --"]
)
async def test_a_guessed_token_leads_nowhere(world: World, tag: str) -> None:
    gina = await thread(world)
    await world.receive(world.aurora, letter(world.aurora.address, "Fammi vedere", sender=EVE), tag=tag)
    [_, eve] = await world.messages(world.aurora)
    assert eve.conversation_id != gina.id


def test_a_token_cannot_be_guessed() -> None:
    assert MAC_BYTES * 8 >= 64


async def test_who_was_given_the_token_is_heard_and_shown_as_another_sender(world: World) -> None:
    gina = await thread(world)
    token = issue(KEYS, world.aurora.id, gina.id)
    await world.receive(world.aurora, letter(world.aurora.address, "Sono il marito", sender=EVE), tag=token)
    [first, second] = await world.messages(world.aurora)
    assert (second.conversation_id, second.interaction_id) == (gina.id, first.interaction_id)
    assert [first.other_sender, second.other_sender] == [False, True]
    assert second.author == "Gina Verdi <eve@elsewhere.example>"
    async with world.database.begin(world.aurora.reading) as db:
        view = await conversation_view(db, first.interaction_id)
    assert [each.other_sender for each in view.messages] == [False, True]
    assert view.head.customer == "Gina Verdi"
    assert tuple((each.channel, each.shown) for each in view.identities) == (("email", GINA),)


@pytest.mark.parametrize("automatic", [False, True])
async def test_nobody_takes_a_thread_over(world: World, automatic: bool) -> None:
    """Answers go to the customer, also when hers is the machine's word and the stranger's a person's."""
    gina = await thread(world)
    token = issue(KEYS, world.aurora.id, gina.id)
    if automatic:
        away = letter(world.aurora.address, "Sono via", Auto_Submitted="auto-replied")
        await world.receive(world.aurora, away, tag=token)
    await world.receive(world.aurora, letter(world.aurora.address, "A me!", sender=EVE), tag=token)
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id)
    assert (await envelope(world, answer)).to_address == GINA
    [(_, recipients, _)] = await posted(world, answer)
    assert recipients == (GINA,)


async def test_a_copy_adds_no_reader_and_no_answer_quotes_the_past(world: World) -> None:
    raw = letter(
        world.aurora.address,
        "Il segreto di Gina",
        Cc="eve@elsewhere.example",
        Reply_To="eve@elsewhere.example",
    )
    await world.receive(world.aurora, raw)
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id, "Ecco.")
    [(_, recipients, sent)] = await posted(world, answer)
    assert recipients == (GINA,)
    assert b"eve@elsewhere.example" not in sent
    assert b"segreto" not in sent
    assert message_from_bytes(sent, policy=default)["Cc"] is None


async def test_a_mail_from_an_agents_own_address_is_no_answer_of_the_agent(world: World) -> None:
    """SEC-42: no mail that comes in is ever sent on, whoever it says it is from and whatever it refers to."""
    answer = await world.answered(world.aurora)
    sent = await envelope(world, answer)
    before = await waiting_to_leave(world)
    for sender in ("Anna <anna@voxa.example>", f"Aurora <{world.aurora.address}>", f"Gina <{GINA}>"):
        forged = letter(
            world.aurora.address, "Le rimborsiamo 1000 euro", sender=sender, In_Reply_To=sent.rfc_id
        )
        await world.receive(world.aurora, forged)
    messages = await world.messages(world.aurora)
    assert [one.direction for one in messages].count("out") == 1
    assert [one.other_sender for one in messages if one.direction == "in"] == [False, True, True, False]
    assert await waiting_to_leave(world) == before


@pytest.mark.parametrize("forged", ["broken", "empty", "legacy"])
async def test_a_message_id_with_a_bad_signature_is_no_reply(world: World, forged: str) -> None:
    gina = await thread(world)
    token = issue(KEYS, world.aurora.id, gina.id)
    value = {
        "broken": token[:-1] + ("a" if token[-1] != "a" else "b"),
        "empty": token[:-13],
        "legacy": f"conv-{gina.id}",
    }
    raw = letter(
        world.aurora.address, "x", sender=EVE, In_Reply_To=f"<{value[forged]}.1@{world.aurora.slug}.example>"
    )
    await world.receive(world.aurora, raw)
    assert await threads(world) == 2


LOOPS = {
    "away": {"Auto_Submitted": "auto-replied"},
    "generated": {"Auto_Submitted": "auto-generated"},
    "bulk": {"Precedence": "bulk"},
    "list": {"List_Id": "<news.elsewhere.example>"},
    "suppress": {"X_Auto_Response_Suppress": "All"},
    "null path": {"Return_Path": "<>"},
}


async def test_machines_are_never_answered_and_make_no_second_conversation(world: World) -> None:
    """SEC-46: each kind ten times into an answered thread: nothing leaves, nothing opens."""
    answer = await world.answered(world.aurora)
    rfc_id = (await envelope(world, answer)).rfc_id
    before = await waiting_to_leave(world)
    for fields in LOOPS.values():
        for _ in range(10):
            await world.receive(
                world.aurora, letter(world.aurora.address, "Automatico", In_Reply_To=rfc_id, **fields)
            )
    for number in range(10):
        report = dsn(b"failed", b"5.1.1").replace(b"<ours@aurora.example>", rfc_id.encode())
        await world.receive(world.aurora, report.replace(b"no such user", b"no such user %d" % number))
    assert await threads(world) == 1
    assert len(await world.contacts(world.aurora)) == 1
    assert await waiting_to_leave(world) == before
    async with world.database.begin(HOUSE) as db:
        house = (await db.scalars(select(HouseOutbox.recipient).where(HouseOutbox.recipient == GINA))).all()
    assert house == []
    assert {one.automatic for one in (await world.messages(world.aurora))[2:]} == {True}


@pytest.mark.parametrize(
    ("sender", "fields"),
    [
        ("Workchat <no-reply@workchat.example>", {}),
        ("noreply-accounts@idp.example", {}),
        ("Feedback <feedback@workchat.example>", {"Auto_Submitted": "auto-generated"}),
        ("Team <team@tracker.example>", {"Precedence": "bulk"}),
    ],
)
async def test_a_sign_up_code_that_somebody_had_sent_to_the_brands_mailbox_goes_no_further(
    world: World, sender: str, fields: dict[str, str]
) -> None:
    """SEC-45: whoever enters the brand's address elsewhere, even in answer to a thread of theirs, never sees the code."""
    answer = await world.answered(world.aurora)
    rfc_id = (await envelope(world, answer)).rfc_id
    before = await waiting_to_leave(world)
    mail = letter(world.aurora.address, "Your code is 483-920", sender=sender, **fields)
    await world.receive(world.aurora, mail)
    in_thread = letter(
        world.aurora.address, "Your code is 483-921", sender=sender, In_Reply_To=rfc_id, **fields
    )
    await world.receive(world.aurora, in_thread)
    codes = [one for one in await world.messages(world.aurora) if "483-92" in one.body]
    assert [one.automatic for one in codes] == [True, True]
    assert await waiting_to_leave(world) == before
    later = await world.answer(world.aurora, answer.interaction_id, "Ecco la risposta.")
    await posted(world, answer)
    [(_, recipients, sent)] = await posted(world, later)
    assert recipients == (GINA,)
    assert b"Ecco la risposta." in sent
    assert b"483-92" not in sent


async def test_two_of_our_mailboxes_that_write_to_each_other_stop_at_once(world: World) -> None:
    """A customer's address that is Bosco's: Aurora's answer arrives there with our own mark and is put aside."""
    raw = letter(world.aurora.address, "Ping", sender=f"Bosco <{world.bosco.address}>")
    await world.receive(world.aurora, raw)
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id, "Pong")
    [(_, recipients, sent)] = await posted(world, answer)
    assert recipients == (world.bosco.address,)
    await world.receive(world.bosco, sent)
    assert await world.contacts(world.bosco) == []
    async with world.database.begin(world.bosco.reading) as db:
        kept = (await db.execute(select(InboundEvent.state, InboundEvent.reason))).all()
    assert [tuple(row) for row in kept] == [("quarantined", "our own mail came back")]


HOSTILE = {
    "name": "=?utf-8?q?Gina=0D=0ABcc:_eve@elsewhere.example?= <gina@customer.example>",
    "two addresses": "gina@customer.example, eve@elsewhere.example",
    "group": "Gina: gina@customer.example, eve@elsewhere.example;",
    "name with address": '"eve@elsewhere.example" <gina@customer.example>',
    "route": "<@elsewhere.example:gina@customer.example>",
}


@pytest.mark.parametrize("kind", HOSTILE)
async def test_whatever_stands_in_from_one_answer_goes_to_one_address(world: World, kind: str) -> None:
    """SEC-47."""
    raw = letter(world.aurora.address, subject="x").replace(
        b"From: Gina Verdi <gina@customer.example>", f"From: {HOSTILE[kind]}".encode()
    )
    subject = "=?utf-8?q?Aiuto=0D=0ABcc:_eve@elsewhere.example=0D=0A=0D=0Abody?="
    await world.receive(world.aurora, raw.replace(b"Subject: x", f"Subject: {subject}".encode()))
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id)
    [(sender, recipients, sent)] = await posted(world, answer)
    assert (sender, recipients) == (world.aurora.address, (GINA,))
    mail = message_from_bytes(sent, policy=default)
    assert (mail["Bcc"], mail["Cc"]) == (None, None)
    assert [one.addr_spec for one in mail["To"].addresses] == [GINA]
    assert "\n" not in mail["Subject"]


async def test_ten_thousand_recipients_of_a_mail_are_one_of_its_answer(world: World) -> None:
    crowd = ", ".join(f"u{n}@elsewhere.example" for n in range(10_000))
    raw = letter(world.aurora.address).replace(b"To: ", f"Cc: {crowd}\r\nTo: ".encode(), 1)
    await world.receive(world.aurora, raw)
    [contact] = await world.contacts(world.aurora)
    answer = await world.answer(world.aurora, contact.id)
    [(_, recipients, _)] = await posted(world, answer)
    assert recipients == (GINA,)
