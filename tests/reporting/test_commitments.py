from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from portavoce.contracts.models import Clause, ContractVersion
from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.kit.clock import SteppedClock
from portavoce.reporting.commitments import Commitment, Verdict, commitments
from portavoce.reporting.month import FIGURES
from tests.database import NOON
from tests.minting import Minted
from tests.reporting.reading import report
from tests.reporting.telling import Contact, tell
from tests.reporting.test_contacts import PROMISE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STANDING = Commitment(promise=PROMISE, lob="Assistenza", within=9, decided=10, running=0, is_final=True)


@pytest.mark.parametrize(
    ("within", "decided", "is_final", "verdict"),
    [
        (9, 10, True, Verdict.MET),
        (8, 10, True, Verdict.MISSED),
        (10, 10, False, Verdict.PROVISIONAL),
        (0, 10, False, Verdict.PROVISIONAL),
        (0, 0, True, Verdict.NO_DATA),
        (0, 0, False, Verdict.NO_DATA),
        (0, 1, True, Verdict.MISSED),
        (899_999, 1_000_000, True, Verdict.MISSED),
    ],
)
def test_the_verdict_compares_the_exact_share_and_waits_for_the_last_contact(
    within: int, decided: int, is_final: bool, verdict: Verdict
) -> None:
    standing = msgspec.structs.replace(STANDING, within=within, decided=decided, is_final=is_final)
    assert standing.verdict is verdict


def test_a_share_that_rounds_up_to_the_target_has_not_met_it() -> None:
    standing = msgspec.structs.replace(STANDING, within=899_999, decided=1_000_000)
    assert (standing.share_bp, standing.on_target) == (9000, False)


async def test_each_clause_of_the_month_stands_for_itself(
    ledger: Database, aurora: Minted, clock: SteppedClock
) -> None:
    async with ledger.begin(aurora.writing) as db:
        second = ContractVersion(
            id=new_id(db), contract_id=aurora.contract_id, number=2, valid_from=NOON + 2 * DAY, state="signed"
        )
        db.add(second)
        await db.flush()
        db.add(
            Clause(
                id=new_id(db), contract_version_id=second.id, lob_id=aurora.lob_id, channel="email",
                metric="first_response", target_s=3600, share_bp=5000, calendar_id=aurora.calendar_id,
                reopen_window_s=86400,
            )
        )  # fmt: skip
    clock.move_to(NOON + 40 * DAY)
    await tell(
        ledger,
        aurora,
        Contact(NOON + DAY, NOON + DAY + 3 * HOUR),
        Contact(NOON + 2 * DAY, NOON + 2 * DAY + 3 * HOUR),
        Contact(NOON + 3 * DAY, NOON + 3 * DAY + HOUR),
        Contact(NOON + 3 * DAY, NOON + 3 * DAY + HOUR),
    )
    found = await report(ledger, aurora)
    first, second_standing = commitments(found)
    assert (first.promise.version, first.within, first.decided, first.verdict) == (1, 1, 1, Verdict.MET)
    assert (second_standing.promise.target, second_standing.within, second_standing.decided) == (HOUR, 2, 3)
    assert second_standing.verdict is Verdict.MET
    for standing in (first, second_standing):
        assert len(found.cell("within", standing.cut)) == standing.within
        assert len(found.cell("decided", standing.cut)) == standing.decided


async def test_a_month_without_contacts_has_no_commitment_to_speak_of(
    ledger: Database, aurora: Minted
) -> None:
    found = await report(ledger, aurora)
    assert commitments(found) == []
    assert all(not found.cell(figure) for figure in FIGURES)
