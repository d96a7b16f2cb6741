"""Who it may be: found inside the brand, shown masked, in a fixed number of questions."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portavoce.conversations.recognising.candidates import Candidate, candidate, candidates
from portavoce.customers.identifying import add_identity
from portavoce.customers.merging import merge
from portavoce.ledger.models import Ticket
from tests.conversations.conftest import counted
from tests.conversations.recognising.strangers import GINA, Stranger, known, stranger
from tests.depth import scaled
from tests.floor import Floor

TEXTS = ["verdi gi", "338 555 0777", "Gina", GINA, "+393385550777", "5550777"]


async def found(floor: Floor, who: Stranger, text: str) -> list[Candidate]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return await candidates(db, floor.aurora.id, who.contact, text)


@pytest.mark.parametrize("text", TEXTS[: scaled(2, deep=6)])
async def test_by_name_mail_and_phone_with_nothing_to_write_to(floor: Floor, text: str) -> None:
    who = await stranger(floor)
    await floor.do(add_identity, who.gina, "phone", "+393385550777", by=floor.anna)
    await known(floor, GINA, at=floor.world.bosco)
    [one] = await found(floor, who, text)
    assert (one.id, one.name) == (who.gina, "Gina Verdi")
    assert one.known_as == ("g•••@s•••.example", "•••77")
    assert one.addresses == ((who.address, "g•••@s•••.example"),)


@pytest.mark.deep
async def test_by_the_number_of_a_contact(floor: Floor) -> None:
    who = await stranger(floor)
    async with floor.database.begin(floor.aurora.reading) as db:
        first = (await db.scalars(select(Ticket.number).order_by(Ticket.number))).first()
    [one] = await found(floor, who, f"#{first}")
    assert one.id == who.gina


async def test_neither_the_contacts_own_customer_nor_who_was_merged(floor: Floor) -> None:
    who = await stranger(floor)
    old, _ = await known(floor, "gina.vecchia@studio.example")
    assert {each.id for each in await found(floor, who, "Gina")} == {who.gina, old}
    await floor.do(merge, who.gina, old, by=floor.anna)
    assert [each.id for each in await found(floor, who, "Gina")] == [who.gina]
    assert await found(floor, who, "3385550142") == []
    async with floor.database.begin(floor.aurora.reading) as db:
        assert await candidate(db, who.contact, old) is None
        assert await candidate(db, who.contact, who.customer) is None
        assert (await candidate(db, who.contact, who.gina)) is not None


async def test_a_customer_of_another_brand_changes_nothing_at_all(floor: Floor) -> None:
    """SEC-04, SEC-13: not in the list, not in its length, not in the questions that are asked."""
    who = await stranger(floor)
    for text in ("Ida", "ida@studio.example", "Gina"):
        with counted(floor.database) as before:
            first = await found(floor, who, text)
        await known(floor, "ida@studio.example", at=floor.world.bosco)
        with counted(floor.database) as since:
            assert await found(floor, who, text) == first
        assert before == since


@pytest.mark.deep
async def test_as_many_questions_as_ever_however_many_there_are(floor: Floor) -> None:
    who = await stranger(floor)
    for n in range(12):
        await known(floor, f"gina{n}@studio.example")
    with counted(floor.database) as asked:
        assert len(await found(floor, who, "Gina")) == 8
    assert len(asked) == 5
    assert await found(floor, who, "") == []
