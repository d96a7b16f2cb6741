"""A look-up shows enough to know oneself by, is written down, and is good for its clerk only."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.audit.auditing import audit
from portavoce.audit.models import AuditEntry
from portavoce.conversations.models import Conversation
from portavoce.conversations.visits.errors import BadVisit
from portavoce.conversations.visits.looking_up import LOOKED_UP, Match, look_up, looked_up
from portavoce.customers.defining import add_attribute
from portavoce.customers.editing import edit
from portavoce.customers.finding import find_or_create
from portavoce.customers.identifying import add_identity
from portavoce.customers.merging import merge
from portavoce.customers.queries import answers_of
from tests.conversations.visits.standing import Stand, clerk_of, stand
from tests.floor import Floor

MAIL, NUMBER = "mario.rossi@studio.example", "338 555 0142"
WHOLE = ("Mario", "Rossi", "mario", "rossi", "studio", "3385550142", "555")


async def mario(floor: Floor, name: str = "Mario Rossi", mail: str = MAIL) -> UUID:
    async def known(db: AsyncSession) -> UUID:
        customer = await find_or_create(db, "email", mail, name, "it")
        await add_identity(db, customer.id, "phone", NUMBER, by=floor.anna)
        return customer.id

    return await floor.do(known)


async def asked(at: Stand, text: str) -> Match | None:
    return await at.floor.do(look_up, text, by=at.clerk, at=at.brand)


async def entries(floor: Floor) -> list[AuditEntry]:
    return [each for each in await floor.rows(AuditEntry) if each.action == LOOKED_UP]


async def test_whoever_is_known_by_it_is_shown_masked_and_never_whole(floor: Floor) -> None:
    at, customer = await stand(floor), await mario(floor)
    for text in (MAIL, "Mario.Rossi@STUDIO.example ", NUMBER, "+393385550142", "0039 338-5550142"):
        match = await asked(at, text)
        assert match is not None, text
        assert (match.name, match.known_as, match.mail) == (
            "M••• R•••", ("m•••@s•••.example", "•••42"), True,
        )  # fmt: skip
        assert match.customer_id == customer
        shown = " ".join((match.name, *match.known_as))
        assert not [word for word in WHOLE if word in shown], text


async def test_one_whose_name_is_an_address_is_masked_too(floor: Floor) -> None:
    at = await stand(floor)
    await mario(floor, name="")
    match = await asked(at, NUMBER)
    assert match is not None
    assert match.name == "m•••@s•••.example"


async def test_a_part_of_what_is_known_finds_nobody(floor: Floor) -> None:
    at = await stand(floor)
    await mario(floor)
    parts = ("", " ", "338", "mario", "@", "rossi@studio.example", "+39338555014", "%", "_" * 500)
    assert [await asked(at, text) for text in parts] == [None] * len(parts)


async def test_every_look_up_is_in_the_audit_without_what_was_typed(floor: Floor) -> None:
    at, customer = await stand(floor), await mario(floor)
    match = await asked(at, NUMBER)
    await asked(at, "nobody@studio.example")
    found, missed = sorted(await entries(floor), key=lambda each: each.id)
    assert match is not None
    assert (found.id, found.actor, found.subject_id) == (match.lookup, str(at.clerk.id), customer)
    assert (missed.actor, missed.subject_id) == (str(at.clerk.id), None)
    assert (found.detail, missed.detail) == ('{"by":"phone"}', '{"by":"email"}')


async def test_a_customer_code_finds_whoever_alone_has_it(floor: Floor) -> None:
    at, first = await stand(floor), await mario(floor)
    other = await floor.do(find_or_create, "email", "ida@studio.example", "Ida", "it")

    async def coded(db: AsyncSession) -> None:
        code = await add_attribute(db, key="codice_cliente", label="Codice", kind="text", by="admin")
        hidden = await add_attribute(db, key="fiscal", label="Codice fiscale", kind="text", by="admin")
        values = {f"a_{code.hex}": "NC-77", f"a_{hidden.hex}": "RSSMRA"}
        await edit(db, first, values, version=1, by=floor.anna)

    await floor.do(coded)
    match = await asked(at, "NC-77")
    assert match is not None
    assert match.customer_id == first
    assert await asked(at, "nc-7") is None
    assert await asked(at, "RSSMRA") is None
    await floor.do(same_code, other.id, floor)
    assert await asked(at, "NC-77") is None


async def same_code(db: AsyncSession, customer: UUID, floor: Floor) -> None:
    [code, _] = await answers_of(db, customer)
    await edit(db, customer, {code.field: "NC-77"}, version=1, by=floor.anna)


async def test_whoever_was_merged_is_found_as_the_one_who_stands_for_them(floor: Floor) -> None:
    at, first = await stand(floor), await mario(floor)
    twin = await floor.do(find_or_create, "email", "twin@studio.example", "Mario R.", "it")
    before = await asked(at, "twin@studio.example")
    earlier = await at.visit(email="twin@studio.example", phone="")
    await floor.do(merge, first, twin.id, by=floor.anna)
    match = await asked(at, "twin@studio.example")
    assert match is not None
    assert match.customer_id == first
    assert before is not None
    moved = await floor.get(Conversation, (await at.contact(earlier)).conversation_id)
    assert moved.customer_id == first
    visit = await at.visit(visitor="known", lookup=before.lookup, name="", phone="")
    thread = await floor.get(Conversation, (await at.contact(visit)).conversation_id)
    assert thread.customer_id == first


async def test_a_look_up_is_good_for_its_clerk_in_its_brand_and_for_three_days(floor: Floor) -> None:
    at = await stand(floor)
    await mario(floor)
    other, _ = await clerk_of(floor, floor.aurora, "Rino Banco")
    elsewhere = await stand(floor, floor.world.bosco, name="Bino Banco", shop="Bosco Centro")
    match = await asked(at, NUMBER)
    assert match is not None
    async with floor.database.begin(floor.aurora.writing) as db:
        seen = audit(db, str(at.clerk.id), "customer.revealed", "customer", match.customer_id)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await looked_up(db, match.lookup, by=at.clerk) == match
        assert await looked_up(db, match.lookup, by=other) is None
        assert await looked_up(db, uuid4(), by=at.clerk) is None
        assert await looked_up(db, seen, by=at.clerk) is None
    async with floor.database.begin(floor.world.bosco.reading) as db:
        assert await looked_up(db, match.lookup, by=elsewhere.clerk) is None
    floor.later(days=3, hours=1, seconds=1)
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await looked_up(db, match.lookup, by=at.clerk) is None


async def test_a_visit_is_filed_for_whom_this_clerk_looked_up_and_nobody_else(floor: Floor) -> None:
    at, customer = await stand(floor), await mario(floor)
    match, missed = await asked(at, NUMBER), None
    await asked(at, "nobody@studio.example")
    missed = next(each.id for each in await entries(floor) if each.subject_id is None)
    assert match is not None
    for lookup in (None, uuid4(), missed, customer):
        with pytest.raises(BadVisit) as refused:
            await at.visit(visitor="known", lookup=lookup)
        assert set(refused.value.fields) == {"visitor"}
    visit = await at.visit(visitor="known", lookup=match.lookup)
    thread = await floor.get(Conversation, (await at.contact(visit)).conversation_id)
    assert thread.customer_id == customer
    floor.clock.advance(timedelta(seconds=1))
    async with floor.database.begin(floor.aurora.reading) as db:
        again = await looked_up(db, match.lookup, by=at.clerk)
    assert again is not None
