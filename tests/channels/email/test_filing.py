"""A readable mail finds its customer and its thread inside one brand."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

from sqlalchemy import select

from portavoce.channels.email.models import InboundEvent, Mail
from portavoce.channels.email.tokens import issue
from portavoce.conversations.models import Attachment, Conversation
from portavoce.conversations.threads.models import ThreadSplit
from portavoce.conversations.threads.rejoining import rejoin_contact
from portavoce.conversations.threads.splitting import split_contact
from portavoce.core.models import StoredFile
from portavoce.customers.models import Customer, CustomerIdentity
from portavoce.kit.clock import SteppedClock
from tests.world import DEPLOYMENT, KEYS, World, WorldBrand, letter


async def customers(world: World, brand: WorldBrand) -> list[tuple[str, str]]:
    async with world.database.begin(brand.reading) as db:
        query = select(CustomerIdentity.value, Customer.name).join(
            Customer,
            (Customer.brand_id == CustomerIdentity.brand_id) & (Customer.id == CustomerIdentity.customer_id),
        )
        return sorted((value, name) for value, name in await db.execute(query))


async def reason(world: World, brand: WorldBrand) -> str | None:
    async with world.database.begin(brand.reading) as db:
        return (
            await db.scalars(select(InboundEvent.reason).where(InboundEvent.state == "quarantined"))
        ).one()


async def closed(world: World, brand: WorldBrand) -> None:
    """One contact, answered and closed."""
    await world.answered(brand)
    await world.close_contact(brand, (await world.contacts(brand))[0].id)


async def test_a_reply_finds_its_thread_by_the_token_in_the_recipient(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address))
    [contact] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    await world.receive(world.aurora, letter(world.aurora.address, "Altro"), tag=token)
    assert len(await world.contacts(world.aurora)) == 1
    assert {one.conversation_id for one in await world.messages(world.aurora)} == {contact.conversation_id}


async def test_a_reply_finds_its_thread_by_our_own_message_id(world: World) -> None:
    answer = await world.answered(world.aurora)
    async with world.database.begin(world.aurora.reading) as db:
        sent = await db.get_one(Mail, (world.aurora.id, answer.id))
    reply = letter(world.aurora.address, "Grazie", In_Reply_To=sent.rfc_id)
    await world.receive(world.aurora, reply)
    assert len(await world.contacts(world.aurora)) == 1


async def test_a_mail_finds_its_thread_by_references_to_a_mail_of_the_customer(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, message_id="<first@customer.example>"))
    follow_up = letter(world.aurora.address, "Ancora", References="<x@y.example> <first@customer.example>")
    await world.receive(world.aurora, follow_up)
    assert len(await world.contacts(world.aurora)) == 1
    assert len(await world.messages(world.aurora)) == 2


async def test_references_to_another_brands_mail_open_a_conversation_of_this_brand(world: World) -> None:
    await world.receive(world.bosco, letter(world.bosco.address, message_id="<first@customer.example>"))
    await world.receive(world.aurora, letter(world.aurora.address, References="<first@customer.example>"))
    assert len(await world.contacts(world.aurora)) == 1
    assert len(await world.messages(world.bosco)) == 1


async def test_a_token_of_a_conversation_that_does_not_exist_opens_a_new_one(world: World) -> None:
    token = issue(KEYS, world.aurora.id, world.elena)
    await world.receive(world.aurora, letter(world.aurora.address), tag=token)
    assert len(await world.contacts(world.aurora)) == 1


async def test_one_customer_of_two_brands_is_two_profiles(world: World) -> None:
    ugo = "Ugo Blu <ugo@customer.example>"
    await world.receive(world.aurora, letter(world.aurora.address, sender=ugo))
    await world.receive(world.bosco, letter(world.bosco.address, sender=ugo))
    assert await customers(world, world.aurora) == [("ugo@customer.example", "Ugo Blu")]
    assert await customers(world, world.bosco) == [("ugo@customer.example", "Ugo Blu")]


async def test_a_form_of_the_brands_own_site_is_from_the_customer_named_in_reply_to(world: World) -> None:
    form = f"Sito <web@{world.aurora.slug}.example>"
    raw = letter(world.aurora.address, sender=form, Reply_To="gina@customer.example")
    await world.receive(world.aurora, raw)
    assert [value for value, _ in await customers(world, world.aurora)] == ["gina@customer.example"]


async def test_reply_to_of_a_stranger_does_not_change_who_wrote(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, Reply_To="evil@elsewhere.example"))
    assert [value for value, _ in await customers(world, world.aurora)] == ["gina@customer.example"]


async def test_an_answer_within_the_window_resumes_the_contact(world: World) -> None:
    await closed(world, world.aurora)
    [contact] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    await world.receive(world.aurora, letter(world.aurora.address, "Di nuovo"), tag=token)
    [again] = await world.contacts(world.aurora)
    assert (again.id, again.state, again.brand_agent_id) == (contact.id, "waiting", None)


async def test_an_answer_after_the_window_opens_a_contact_that_follows(
    world: World, clock: SteppedClock
) -> None:
    await closed(world, world.aurora)
    clock.advance(timedelta(days=60))
    [contact] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    await world.receive(world.aurora, letter(world.aurora.address, "Di nuovo"), tag=token)
    first, second = await world.contacts(world.aurora)
    assert (first.state, second.state, second.follows_id) == ("closed", "waiting", first.id)
    assert second.conversation_id == first.conversation_id
    assert second.due_at is not None


async def test_an_automatic_answer_is_shown_but_reopens_nothing(world: World) -> None:
    await closed(world, world.aurora)
    [contact] = await world.contacts(world.aurora)
    token = issue(KEYS, world.aurora.id, contact.conversation_id)
    away = letter(world.aurora.address, "Sono via", Auto_Submitted="auto-replied")
    await world.receive(world.aurora, away, tag=token)
    [still] = await world.contacts(world.aurora)
    assert still.state == "closed"
    assert [(one.direction, one.automatic) for one in await world.messages(world.aurora)] == [
        ("in", False),
        ("out", False),
        ("in", True),
    ]


async def test_our_own_mail_that_comes_back_is_put_aside(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, X_Portavoce_Deployment=DEPLOYMENT))
    assert await reason(world, world.aurora) == "our own mail came back"


async def test_a_mail_of_another_installation_is_a_contact_like_any(world: World) -> None:
    await world.receive(world.aurora, letter(world.aurora.address, X_Portavoce_Deployment="elsewhere"))
    assert len(await world.contacts(world.aurora)) == 1


async def test_a_mail_without_a_usable_sender_is_put_aside(world: World) -> None:
    raw = letter(world.aurora.address).replace(b"<gina@customer.example>", b"<>").replace(b"Gina Verdi", b"x")
    await world.receive(world.aurora, raw)
    assert await reason(world, world.aurora) == "no usable sender address"


async def test_attachments_are_rows_and_files_and_equal_ones_share_a_file(world: World) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = (
        "gina@customer.example",
        world.aurora.address,
        "<a@b.example>",
    )
    mail.set_content("due copie")
    for name in ("uno.pdf", "due.pdf"):
        mail.add_attachment(b"same bytes", maintype="application", subtype="pdf", filename=name)
    await world.receive(world.aurora, mail.as_bytes())
    async with world.database.begin(world.aurora.reading) as db:
        rows = (await db.scalars(select(Attachment).order_by(Attachment.name))).all()
        files = [await db.get_one(StoredFile, (world.aurora.id, row.file_id)) for row in rows]
    assert [(row.name, row.media_type, row.size) for row in rows] == [
        ("due.pdf", "application/pdf", 10),
        ("uno.pdf", "application/pdf", 10),
    ]
    assert files[0].key == files[1].key
    assert world.storage.read(files[0]) == b"same bytes"


async def test_the_quoted_past_is_folded_away_and_kept(world: World) -> None:
    text = "Grazie mille.\n\nIl giorno lun 2 mar 2026 alle 12:00 Aurora <a@b.example> ha scritto:\n> Ecco.\n"
    await world.receive(world.aurora, letter(world.aurora.address, text))
    [message] = await world.messages(world.aurora)
    assert message.body.strip() == "Grazie mille."
    assert "Ecco." in message.quoted


async def test_the_subject_of_a_thread_is_that_of_its_first_mail(world: World) -> None:
    await world.receive(
        world.aurora, letter(world.aurora.address, subject="Perdita", message_id="<1@x.example>")
    )
    await world.receive(
        world.aurora, letter(world.aurora.address, subject="Re: altro", References="<1@x.example>")
    )
    async with world.database.begin(world.aurora.reading) as db:
        assert (await db.scalars(select(Conversation.subject))).all() == ["Perdita"]


async def _split_off(world: World, brand: WorldBrand) -> tuple[ThreadSplit, str, str]:
    """An answered thread, two mails in it, of which the second became a contact of its own; what these two answer and
    the first one's id.
    """
    answer = await world.answered(brand)
    async with world.database.begin(brand.reading) as db:
        ours = (await db.get_one(Mail, (brand.id, answer.id))).rfc_id
    for each in ("one", "two"):
        mail = letter(brand.address, each, message_id=f"<{each}@customer.example>", In_Reply_To=ours)
        await world.receive(brand, mail)
    [contact] = await world.contacts(brand)
    second = next(each.id for each in await world.messages(brand) if each.body.startswith("two"))
    by = world.anna.at(brand)
    split = await world.database.run(
        brand.writing, lambda db: split_contact(db, contact.id, [second], "Altro", by=by)
    )
    return split, ours, "<one@customer.example>"


async def test_after_a_split_each_mail_goes_where_what_it_answers_went(world: World) -> None:
    aurora = world.aurora
    split, ours, stayed = await _split_off(world, aurora)
    new = await world.answer(aurora, split.opened_id, "Per il contatore.")
    async with world.database.begin(aurora.reading) as db:
        sent = await db.get_one(Mail, (aurora.id, new.id))
    both = f"{ours} <two@customer.example>"
    for text, to, fields in (
        ("alpha", split.into_id, {"In_Reply_To": sent.rfc_id, "References": f"{both} {sent.rfc_id}"}),
        ("beta", split.into_id, {"In_Reply_To": "<two@customer.example>", "References": both}),
        ("gamma", split.into_id, {"References": both}),
        ("delta", split.into_id, {"References": "<two@customer.example>"}),
        ("epsilon", split.conversation_id, {"In_Reply_To": ours, "References": ours}),
        ("zeta", split.conversation_id, {"In_Reply_To": stayed, "References": f"{ours} {stayed}"}),
    ):
        await world.receive(aurora, letter(aurora.address, text, **fields))
        [arrived] = [each for each in await world.messages(aurora) if each.body.startswith(text)]
        assert (text, arrived.conversation_id) == (text, to)
    tokens = [issue(KEYS, aurora.id, each) for each in (split.conversation_id, split.into_id)]
    for text, token, to in zip(("eta", "theta"), tokens, (split.conversation_id, split.into_id), strict=True):
        await world.receive(aurora, letter(aurora.address, text), tag=token)
        [arrived] = [each for each in await world.messages(aurora) if each.body.startswith(text)]
        assert (text, arrived.conversation_id) == (text, to)


async def test_a_stranger_with_a_copy_stays_in_the_thread_of_the_token(world: World) -> None:
    split, ours, _ = await _split_off(world, world.aurora)
    fields = {"In_Reply_To": "<two@customer.example>", "References": f"{ours} <two@customer.example>"}
    mail = letter(world.aurora.address, "kappa", sender="Ugo <ugo@customer.example>", **fields)
    await world.receive(world.aurora, mail)
    [arrived] = [each for each in await world.messages(world.aurora) if each.body.startswith("kappa")]
    assert (arrived.conversation_id, arrived.other_sender) == (split.conversation_id, True)


async def test_once_a_split_was_undone_mail_goes_to_the_first_again(world: World) -> None:
    split, ours, _ = await _split_off(world, world.aurora)
    by = world.anna.at(world.aurora)
    await world.database.run(world.aurora.writing, lambda db: rejoin_contact(db, split.opened_id, by=by))
    fields = {"In_Reply_To": "<two@customer.example>", "References": f"{ours} <two@customer.example>"}
    await world.receive(world.aurora, letter(world.aurora.address, "kappa", **fields))
    [arrived] = [each for each in await world.messages(world.aurora) if each.body.startswith("kappa")]
    assert arrived.conversation_id == split.conversation_id
