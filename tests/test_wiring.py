"""One page says who reacts, who delivers and which keys sign."""

from __future__ import annotations

from pathlib import Path

import pytest

from portavoce import wiring
from portavoce.brands import events as brands
from portavoce.calendars import events as calendars
from portavoce.channels.email import events as email
from portavoce.channels.email.codes import TOPIC as CODES
from portavoce.channels.email.relays import BadRelay
from portavoce.channels.email.turns import TOPIC
from portavoce.conversations import events
from portavoce.conversations.approvals import events as approvals
from portavoce.conversations.back_office import events as back_office
from portavoce.conversations.bulk.starting import TOPIC as BULK
from portavoce.conversations.recognising import events as recognising
from portavoce.core.config import Settings
from portavoce.core.secrets import secret
from portavoce.customers import events as customers
from portavoce.customers.importing.beginning import TOPIC as CUSTOMERS
from portavoce.kit.clock import SystemClock
from portavoce.ledger.writing import write_facts
from portavoce.reporting.team.exporting import TOPIC as PARTS
from portavoce.sla.recomputing import TOPIC as CLOCKS
from tests.database import Installation
from tests.world import KEYS


def test_every_event_has_its_line() -> None:
    emitted = {
        value
        for module in (events, approvals, back_office, calendars, recognising, brands, email, customers)
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    }
    assert set(wiring.reactions(KEYS)) == emitted


def test_the_ledger_is_written_last() -> None:
    assert wiring.LAST_WRITERS[-1] is write_facts


def test_every_topic_has_someone_who_delivers_and_gives_up(tmp_path: Path) -> None:
    handlers = wiring.handlers(Settings(home=tmp_path), SystemClock())
    assert set(handlers) == {TOPIC, BULK, CLOCKS, CODES, CUSTOMERS, PARTS}
    for handler in handlers.values():
        assert callable(handler.deliver)
        assert callable(handler.give_up)


def test_a_relay_that_is_none_stops_the_worker_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadRelay):
        wiring.handlers(Settings(home=tmp_path, relay_url="mx.example"), SystemClock())


def test_the_second_thread_key_verifies_once_it_lies_in_the_folder(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first = wiring.thread_keys(settings)
    assert set(first.keys) == {"a"}
    secret(settings.secrets_dir, "thread-b")
    both = wiring.thread_keys(settings)
    assert set(both.keys) == {"a", "b"}
    assert (both.active_kid, both.keys["a"]) == ("a", first.keys["a"])


def test_the_mark_of_an_installation_lasts_and_differs_from_the_next_and_shows_no_key(tmp_path: Path) -> None:
    mine, theirs = Settings(home=tmp_path / "a"), Settings(home=tmp_path / "b")
    assert wiring.deployment(mine) == wiring.deployment(mine) != wiring.deployment(theirs)
    assert wiring.deployment(mine) not in secret(mine.secrets_dir, "thread-a").hex()


async def test_the_database_of_a_process_has_reactions_ledger_and_pokes(
    installation: Installation, tmp_path: Path
) -> None:
    async def publish(_pokes: object) -> None:
        return None

    database = wiring.open_database(Settings(home=tmp_path), urls=installation.urls, publish=publish)
    assert database.reactions[events.MessageQueued]
    assert database.last_writers == wiring.LAST_WRITERS
    assert database.publish is publish
    await database.close()
