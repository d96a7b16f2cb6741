"""Of each period one commentary, the newest; nothing of another brand's."""

from __future__ import annotations

from uuid import UUID

from portavoce.core.db import Database
from portavoce.reporting.mailing.commentary import commentary_of, newest_said, said_in, write_commentary
from portavoce.reporting.mailing.periods import Period, read_period
from portavoce.reporting.months import Month
from tests.minting import Minted, mint_brand
from tests.reporting.reading import reading

BY = UUID(int=5)


def period(text: str) -> Period:
    found = read_period(text)
    assert found is not None
    return found


async def say(database: Database, brand: Minted, when: str, text: str) -> None:
    await database.run(brand.writing, lambda db: write_commentary(db, period(when), text, person_id=BY))


async def test_a_month_has_its_own_first_and_then_those_of_its_parts(
    ledger: Database, aurora: Minted
) -> None:
    for when in ("2026-03-02", "2026-W10", "2026-03", "2026-03-05", "2026-04"):
        await say(ledger, aurora, when, f"Su {when}.")
    async with reading(ledger, aurora) as db:
        said = await said_in(db, Month(2026, 3))
        assert [str(each.period) for each in said] == ["2026-03", "2026-W10", "2026-03-05", "2026-03-02"]
        assert await commentary_of(db, period("2026-04")) == "Su 2026-04."
        assert await commentary_of(db, period("2026-05")) == ""


async def test_the_newest_text_replaces_and_an_empty_one_takes_away(ledger: Database, aurora: Minted) -> None:
    await say(ledger, aurora, "2026-03", "Prima.")
    await say(ledger, aurora, "2026-03", "  Dopo.\n")
    async with reading(ledger, aurora) as db:
        assert [each.text for each in await said_in(db, Month(2026, 3))] == ["Dopo."]
    await say(ledger, aurora, "2026-03", " ")
    async with reading(ledger, aurora) as db:
        assert await said_in(db, Month(2026, 3)) == await newest_said(db) == []


async def test_another_brands_is_not_read(ledger: Database, aurora: Minted) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    await say(ledger, bosco, "2026-03", "Bosco.")
    async with reading(ledger, aurora) as db:
        assert await said_in(db, Month(2026, 3)) == []
        assert await commentary_of(db, period("2026-03")) == ""
