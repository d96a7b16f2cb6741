"""The choices of a line of business: added, renamed, put in order, retired."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from portavoce.audit.models import AuditEntry
from portavoce.brands.errors import NoLine
from portavoce.conversations.choices import LEVELS, MOST, OUTCOME, REASON, Choice, Node, tree
from portavoce.conversations.closing import close
from portavoce.conversations.defining import add_choice, change_choice, restore_choice, retire_choice
from portavoce.conversations.errors import BadChoice, NoChoice, UnknownDisposition
from portavoce.conversations.line_rules import line_rules
from portavoce.conversations.models import Closure
from portavoce.conversations.thread_queries import conversation_view
from portavoce.core.errors import Problem
from tests.floor import Floor, at_once, data, failures


async def add(floor: Floor, label: str, parent: UUID | None = None, *, kind: str = OUTCOME) -> UUID:
    return await floor.do(
        add_choice, floor.aurora.lob_id, kind=kind, label=label, parent_id=parent, by="admin"
    )


async def nodes(floor: Floor) -> tuple[Node, ...]:
    async with floor.database.begin(floor.aurora.reading) as db:
        return (await line_rules(db, floor.aurora.lob_id)).nodes


async def offered(floor: Floor, kind: str = OUTCOME) -> tuple[Choice, ...]:
    return tree(await nodes(floor), kind)


async def labels(floor: Floor) -> list[str]:
    return [each.label for each in await offered(floor)]


async def named(floor: Floor, label: str) -> UUID:
    return next(each.id for each in await nodes(floor) if each.label == label)


async def test_a_new_one_stands_last_with_a_code_of_its_own(floor: Floor) -> None:
    await add(floor, "Reso avviato: già fatto!")
    below = await add(floor, "Solved", await named(floor, "Solved"))
    last = (await offered(floor))[-1]
    assert (last.label, last.code) == ("Reso avviato: già fatto!", "reso_avviato_gia_fatto")
    assert next(each.code for each in await nodes(floor) if each.id == below) == "solved_2"
    (entry,) = [each for each in await floor.rows(AuditEntry) if each.subject_id == below]
    assert (entry.action, entry.actor) == ("outcome.added", "admin")


async def test_only_the_end_of_the_tree_closes_a_contact_and_the_fact_has_its_code(floor: Floor) -> None:
    complaint = await named(floor, "Complaint opened")
    late = await add(floor, "In ritardo", complaint)
    contact = await floor.held()
    for code in ("complaint", "", "nothing"):
        with pytest.raises(UnknownDisposition):
            await floor.do(close, contact, code, by=floor.anna)
    await floor.do(close, contact, "in_ritardo", by=floor.anna)
    (closure,) = await floor.rows(Closure)
    assert closure.disposition_id == late
    assert data((await floor.facts())[-1]) == {"disposition": "in_ritardo"}
    async with floor.database.begin(floor.aurora.reading) as db:
        view = await conversation_view(db, contact)
    assert view.closure is not None
    assert view.closure.outcome == ("Complaint opened", "In ritardo")


async def test_three_levels_and_fifteen_a_list_and_no_more(floor: Floor) -> None:
    parent: UUID | None = None
    for level in range(LEVELS):
        parent = await add(floor, f"Livello {level}", parent)
    with pytest.raises(BadChoice) as refusal:
        await add(floor, "Troppo giù", parent)
    assert "parent_id" in refusal.value.fields
    for number in range(MOST - len(await offered(floor))):
        await add(floor, f"Esito {number}")
    with pytest.raises(BadChoice) as refusal:
        await add(floor, "Uno di troppo")
    assert "label" in refusal.value.fields
    await floor.do(retire_choice, await named(floor, "Esito 0"), by="admin")
    await add(floor, "Al suo posto")
    with pytest.raises(BadChoice):
        await floor.do(restore_choice, await named(floor, "Esito 0"), by="admin")


async def test_administrators_at_once_fill_a_list_to_its_end_and_no_further(floor: Floor) -> None:
    results = await at_once(*(add(floor, f"Esito {number}") for number in range(MOST)))
    assert not failures(results, BadChoice)
    assert len(await offered(floor)) == MOST


async def test_a_label_is_short_and_once_in_its_list(floor: Floor) -> None:
    solved = await named(floor, "Solved")
    for wrong in ("", "x" * 41, "SOLVED"):
        with pytest.raises(BadChoice):
            await add(floor, wrong)
    with pytest.raises(BadChoice):
        await floor.do(change_choice, await named(floor, "Not for us"), label="solved", place=1, by="admin")
    await add(floor, "Solved", solved)
    await add(floor, "Solved", kind=REASON)


async def test_a_renamed_one_keeps_its_code_and_takes_the_place_it_is_given(floor: Floor) -> None:
    spam = await named(floor, "Not for us")
    await floor.do(change_choice, spam, label="Altrove", place=2, by="admin")
    first, second, *_ = await offered(floor)
    assert (first.label, second.label, second.code) == ("Solved", "Altrove", "spam")
    await floor.do(change_choice, spam, label="Altrove", place=15, by="admin")
    assert (await labels(floor))[-1] == "Altrove"


async def test_a_retired_one_is_not_offered_any_more_and_stays_on_old_contacts(floor: Floor) -> None:
    contact = await floor.closed()
    solved = await named(floor, "Solved")
    await floor.do(retire_choice, solved, by="admin")
    assert "Solved" not in await labels(floor)
    with pytest.raises(UnknownDisposition):
        await floor.do(close, await floor.held(), "solved", by=floor.anna)
    async with floor.database.begin(floor.aurora.reading) as db:
        closure = (await conversation_view(db, contact)).closure
    assert closure is not None
    assert closure.outcome == ("Solved",)
    await floor.do(restore_choice, solved, by="admin")
    assert (await labels(floor))[-1] == "Solved"


async def test_the_last_outcome_stays(floor: Floor) -> None:
    *others, last = [each.id for each in await offered(floor)]
    for each in others:
        await floor.do(retire_choice, each, by="admin")
    with pytest.raises(BadChoice):
        await floor.do(retire_choice, last, by="admin")
    below = await add(floor, "Sotto", last)
    with pytest.raises(BadChoice):
        await floor.do(retire_choice, last, by="admin")
    await floor.do(retire_choice, below, by="admin")
    assert [each.id for each in await offered(floor)] == [last]


async def test_nothing_of_another_brand_or_line_is_there(floor: Floor) -> None:
    theirs = await floor.do(
        add_choice, floor.world.bosco.lob_id, kind=REASON, label="Loro", by="admin", at=floor.world.bosco
    )
    verbs = [
        (add_choice, floor.world.bosco.lob_id, {"kind": OUTCOME, "label": "x"}),
        (add_choice, floor.aurora.lob_id, {"kind": REASON, "label": "x", "parent_id": theirs}),
        (add_choice, floor.aurora.lob_id, {"kind": "mood", "label": "x"}),
        *((change_choice, each, {"label": "x", "place": 1}) for each in (theirs, uuid4())),
        *((verb, each, {}) for verb in (retire_choice, restore_choice) for each in (theirs, uuid4())),
    ]
    for verb, subject, given in verbs:
        with pytest.raises(Problem) as refusal:
            await floor.do(verb, subject, **given, by="admin")  # type: ignore[arg-type]  # -- any of the verbs
        assert isinstance(refusal.value, NoLine | NoChoice | BadChoice)
