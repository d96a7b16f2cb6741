"""An agent writes to the customer of a visit by opening one mail contact; the visit itself is neither answered nor reopened."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from portavoce.conversations import claiming, closing, replying
from portavoce.conversations.amending import amend
from portavoce.conversations.back_office.asking import ask_client
from portavoce.conversations.cases import move_to_case
from portavoce.conversations.complaining import complain
from portavoce.conversations.errors import AlreadyClosed, NoInteraction, NoReceiver, NotClosed, TooLate
from portavoce.conversations.models import Interaction
from portavoce.conversations.promising import promise
from portavoce.conversations.reopening import reopen
from portavoce.conversations.setting_aside import set_aside
from portavoce.conversations.threads.errors import CannotMerge
from portavoce.conversations.threads.merging import merge_contacts
from portavoce.conversations.threads.splitting import split_contact
from portavoce.conversations.visits.continuing import write_by_mail
from portavoce.conversations.visits.models import Visit
from portavoce.reporting.verifying import verify_books
from tests.conversations.visits.standing import stand
from tests.floor import Floor, at_once, failures
from tests.world import HOUSE_NAME

INSTEAD = "Write to the customer by mail instead"


async def test_an_agent_opens_one_mail_contact_out_of_a_visit(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit(email="gina@customer.example")
    floor.later(hours=2)
    by = floor.anna
    made = await at_once(*(floor.do(write_by_mail, visit.interaction_id, by=by) for _ in range(3)))
    assert failures(made) == []
    assert len(set(made)) == 1
    row = await floor.get(Visit, visit.id)
    assert row.continued_id in made
    mail = await floor.contact(row.continued_id)
    assert (mail.channel, mail.state, mail.opened_at) == ("email", "waiting", floor.clock.now())
    assert row.answer_to == "gina@customer.example"
    assert len(await floor.rows(Interaction)) == 2
    assert await verify_books(floor.database, [floor.aurora.id]) == []


async def test_nobody_is_written_to_of_whom_no_address_is_known_nor_out_of_a_mail(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit()
    with pytest.raises(NoReceiver):
        await floor.do(write_by_mail, visit.interaction_id, by=floor.anna)
    with pytest.raises(NoInteraction):
        await floor.do(write_by_mail, await floor.waiting(), by=floor.anna)


async def test_the_visit_itself_is_over_for_every_verb_of_the_desk(floor: Floor) -> None:
    at = await stand(floor)
    contact, by = (await at.visit(email="gina@customer.example")).interaction_id, floor.anna
    until, before = floor.clock.now() + timedelta(days=1), await floor.last_n()
    with pytest.raises(NotClosed, match=INSTEAD):
        await floor.do(reopen, contact, by=by)
    for verb in (
        partial(replying.reply, text="Salve"),
        partial(closing.close, disposition_code="solved"),
        partial(split_contact, messages=[], subject="Altro"),
        partial(promise, kind="promise", text="Un ricambio", due_at=until),
        partial(complain, house=HOUSE_NAME),
        partial(ask_client, house=HOUSE_NAME, question="Perché?", shared=""),
        partial(set_aside, kind="snoozed", until=until),
        partial(claiming.release),
        partial(move_to_case, case_id=None),
    ):
        with pytest.raises(AlreadyClosed, match=INSTEAD):
            await floor.do(verb, interaction_id=contact, by=by)
    with pytest.raises(AlreadyClosed):
        await floor.do(claiming.claim, contact, by=by)
    with pytest.raises(TooLate):
        await floor.do(amend, contact, "solved", by=by)
    held = await floor.held()
    with pytest.raises(CannotMerge):
        await floor.do(merge_contacts, held, contact, by=by)
    told = await floor.told(before)
    assert [
        kind
        for kind in told
        if kind not in ("interaction.opened", "message.received", "interaction.assigned")
    ] == []


async def test_a_note_may_be_left_on_it(floor: Floor) -> None:
    at = await stand(floor)
    visit = await at.visit()
    left = await floor.do(replying.note, visit.interaction_id, "Sentito il negozio.", by=floor.anna)
    assert (left.direction, left.interaction_id) == ("note", visit.interaction_id)
