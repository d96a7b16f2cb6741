from __future__ import annotations

from datetime import timedelta

from portavoce.calendars.hours import ALWAYS, write
from portavoce.calendars.models import CalendarVersion
from portavoce.contracts.models import ContractVersion
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.reporting.terms import Promise, read_terms
from tests.database import NOON
from tests.minting import Minted, mint_brand
from tests.reporting.reading import counting, reading

DAY = timedelta(days=1)


async def test_terms_are_every_version_with_its_clauses_and_their_calendars(
    ledger: Database, aurora: Minted
) -> None:
    await mint_brand(ledger, "Bosco")
    async with ledger.begin(aurora.writing) as db:
        db.add_all(
            [
                ContractVersion(id=new_id(db), contract_id=aurora.contract_id, number=2, valid_from=NOON + DAY),
                CalendarVersion(
                    id=new_id(db), calendar_id=aurora.calendar_id, valid_from=NOON + DAY, zone="Europe/Rome",
                    weekly=write(ALWAYS),
                ),
            ]
        )  # fmt: skip
    with counting(ledger) as queries:
        async with reading(ledger, aurora) as db:
            first, second = await read_terms(db)
    assert len(queries) == 3
    assert (first.valid_from, second.valid_from, second.clauses) == (NOON, NOON + DAY, ())
    (promise,) = first.clauses
    assert isinstance(promise, Promise)
    assert (promise.lob_id, promise.channel, promise.target) == (aurora.lob_id, "email", timedelta(hours=4))
    assert (promise.version, promise.share_bp, promise.calendar_name) == (1, 9000, "Ufficio")
    assert [version.valid_from for version in promise.calendar] == [NOON, NOON + DAY]
    assert [version.weekly.always_open for version in promise.calendar] == [False, True]
