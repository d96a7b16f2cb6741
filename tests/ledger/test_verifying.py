from __future__ import annotations

from collections.abc import Callable
from typing import Any, LiteralString

import psycopg
import pytest
import pytest_asyncio
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncSession

from portavoce.core.db import Database
from portavoce.core.unit import new_id
from portavoce.ledger import verifying
from portavoce.ledger.chain import Fault
from portavoce.ledger.facts import record
from portavoce.ledger.models import LedgerEvent
from portavoce.ledger.verifying import BrandFault, verify_all
from portavoce.ledger.writing import write_facts
from tests.minting import Minted, mint_brand

Superuser = psycopg.Connection[Any]
STORED_AS: dict[str, LiteralString] = {
    "n": "n + 100",
    "id": "gen_random_uuid()",
    "kind": "kind || 'x'",
    "v": "v + 1",
    "lob_id": "gen_random_uuid()",
    "care_case_id": "gen_random_uuid()",
    "interaction_id": "gen_random_uuid()",
    "brand_agent_id": "gen_random_uuid()",
    "actor": "actor || 'x'",
    "from_state": "'x'",
    "to_state": "'x'",
    "at": "at + interval '1 microsecond'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "cause_id": "gen_random_uuid()",
    "contract_version_id": "gen_random_uuid()",
    "body": "replace(body, 'waiting', 'waitinG')",
    "prev": "set_byte(prev, 0, get_byte(prev, 0) # 1)",
    "hash": "set_byte(hash, 31, get_byte(hash, 31) # 128)",
}


@pytest.fixture
def ledger(make_database: Callable[..., Database]) -> Database:
    return make_database(last_writers=(write_facts,))


@pytest_asyncio.fixture
async def aurora(ledger: Database) -> Minted:
    """A brand with four facts; the second and third opened a contact each."""
    brand = await mint_brand(ledger)
    for ticket in (False, True, True, False):
        async with ledger.begin(brand.writing) as db:
            record(
                db, "interaction.opened" if ticket else "note.added", to_state="waiting", lob_id=brand.lob_id,
                interaction_id=new_id(db), draws_ticket=ticket, channel="email",
            )  # fmt: skip
    return brand


def change(superuser: Superuser, statement: LiteralString, brand: Minted, **names: LiteralString) -> None:
    filled = sql.SQL(statement).format(**{name: sql.SQL(value) for name, value in names.items()})
    assert superuser.execute(filled, {"brand": brand.id}).rowcount == 1


async def test_a_ledger_as_written_holds(ledger: Database, aurora: Minted) -> None:
    assert await verify_all(ledger, [aurora.id]) == []


async def test_every_column_of_a_fact_is_covered() -> None:
    assert STORED_AS.keys() == {column.key for column in LedgerEvent.__table__.columns} - {"brand_id"}


@pytest.mark.parametrize("column", STORED_AS)
async def test_one_value_changed_in_any_column_is_found_and_named(
    ledger: Database, aurora: Minted, superuser: Superuser, column: str
) -> None:
    change(
        superuser,
        "UPDATE pv.ledger_event SET {column} = {value} WHERE brand_id = %(brand)s AND n = 2",
        aurora,
        column=column,
        value=STORED_AS[column],
    )
    faults = await verify_all(ledger, [aurora.id])
    assert {fault.brand_id for fault in faults} == {aurora.id}
    assert (102 if column == "n" else 2) in {fault.n for fault in faults}


async def test_a_fact_moved_to_another_brand_is_missed_here_and_strange_there(
    ledger: Database, aurora: Minted, superuser: Superuser
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    superuser.execute(
        "UPDATE pv.ledger_event SET brand_id = %s WHERE brand_id = %s AND n = 4", [bosco.id, aurora.id]
    )
    faults = await verify_all(ledger, [aurora.id, bosco.id])
    assert {(fault.brand_id, fault.n) for fault in faults} == {(aurora.id, 3), (bosco.id, 4)}
    assert BrandFault(bosco.id, 4, "column brand_id is not what the body says") in faults


@pytest.mark.parametrize(("cut", "named"), [(4, 3), (2, 3), (1, 2)])
async def test_a_row_cut_out_shows_at_the_next_and_at_the_end_against_the_head(
    ledger: Database, aurora: Minted, superuser: Superuser, cut: int, named: int
) -> None:
    superuser.execute("DELETE FROM pv.ledger_event WHERE brand_id = %s AND n = %s", [aurora.id, cut])
    assert named in {fault.n for fault in await verify_all(ledger, [aurora.id])}


async def test_a_ledger_emptied_to_the_last_row_is_found(
    ledger: Database, aurora: Minted, superuser: Superuser
) -> None:
    superuser.execute("DELETE FROM pv.ledger_event WHERE brand_id = %s", [aurora.id])
    reasons = [fault.reason for fault in await verify_all(ledger, [aurora.id])]
    assert "the head says 4 and does not match the last row" in reasons


@pytest.mark.parametrize(
    "value", ["n = n + 1", "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)", "ticket = 3"]
)
async def test_a_head_that_does_not_fit_is_found(
    ledger: Database, aurora: Minted, superuser: Superuser, value: LiteralString
) -> None:
    change(superuser, "UPDATE pv.brand_head SET {value} WHERE brand_id = %(brand)s", aurora, value=value)
    assert len(await verify_all(ledger, [aurora.id])) == 1


async def test_a_brand_without_a_head_is_found(
    ledger: Database, aurora: Minted, superuser: Superuser
) -> None:
    superuser.execute("DELETE FROM pv.brand_head WHERE brand_id = %s", [aurora.id])
    assert await verify_all(ledger, [aurora.id]) == [BrandFault(aurora.id, 0, "the brand has no head")]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE pv.ticket SET number = 9 WHERE brand_id = %(brand)s AND number = 1", {2, 0}),
        (
            "UPDATE pv.ticket SET interaction_id = gen_random_uuid() WHERE brand_id = %(brand)s AND number = 2",
            {3},
        ),
        ("DELETE FROM pv.ticket WHERE brand_id = %(brand)s AND number = 1", {2}),
        ("INSERT INTO pv.ticket VALUES (%(brand)s, gen_random_uuid(), 3)", {0}),
    ],
)
async def test_a_ticket_that_is_not_the_one_a_fact_drew_is_found(
    ledger: Database, aurora: Minted, superuser: Superuser, statement: LiteralString, named: set[int]
) -> None:
    change(superuser, statement, aurora)
    assert {fault.n for fault in await verify_all(ledger, [aurora.id])} == named


@pytest.mark.parametrize("body", ["", "[]", '{"data":1,"ticket":"', '"ticket":', "null"])
async def test_a_body_that_is_no_fact_is_a_fault_and_never_an_exception(
    ledger: Database, aurora: Minted, superuser: Superuser, body: str
) -> None:
    superuser.execute("UPDATE pv.ledger_event SET body = %s WHERE brand_id = %s AND n = 2", [body, aurora.id])
    assert BrandFault(aurora.id, 2, "body is not canonical") in await verify_all(ledger, [aurora.id])


async def test_only_the_brand_that_does_not_hold_is_named(
    ledger: Database, aurora: Minted, superuser: Superuser
) -> None:
    bosco = await mint_brand(ledger, "Bosco")
    superuser.execute("UPDATE pv.ledger_event SET actor = 'x' WHERE brand_id = %s AND n = 3", [aurora.id])
    faults = await verify_all(ledger, [bosco.id, aurora.id])
    assert faults == [BrandFault(aurora.id, 3, "column actor is not what the body says")]


@pytest.mark.parametrize("size", [1, 2, 4])
async def test_reading_in_pages_changes_nothing(
    ledger: Database, aurora: Minted, superuser: Superuser, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(verifying, "PAGE", size)
    assert await verify_all(ledger, [aurora.id]) == []
    superuser.execute("UPDATE pv.ledger_event SET v = 2 WHERE brand_id = %s AND n = 4", [aurora.id])
    assert [fault.n for fault in await verify_all(ledger, [aurora.id])] == [4]


async def test_checks_of_other_modules_are_asked_in_the_same_scope(ledger: Database, aurora: Minted) -> None:
    async def check(db: AsyncSession) -> list[Fault]:
        assert db.sync_session.scope.read == {aurora.id}  # type: ignore[attr-defined]  # -- the scoped session
        return [Fault(1, "said so")]

    assert await verify_all(ledger, [aurora.id], (check,)) == [BrandFault(aurora.id, 1, "said so")]
