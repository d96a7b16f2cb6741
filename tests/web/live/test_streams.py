"""Who watches what."""

from __future__ import annotations

from uuid import uuid4

from portavoce.core.unit import Poke
from portavoce.web.live.streams import Opened, Stream, Topic, topic_of

AURORA, BOSCO, ANNA, CONTACT = (uuid4() for _ in range(4))


def stream(**values: object) -> Stream:
    given = {
        "person_id": uuid4(),
        "session_id": "s",
        "agent_id": ANNA,
        "locale": "it",
        "brands": frozenset({AURORA}),
    }
    return Stream(**{**given, **values})  # type: ignore[arg-type]  # -- named fields of the test's own


def test_a_stream_watches_the_queues_of_its_brands_only() -> None:
    assert stream().watches(Topic("queue", AURORA, None))
    assert not stream().watches(Topic("queue", BOSCO, None))


def test_a_stream_watches_the_contact_it_shows_and_those_in_hand() -> None:
    topic = Topic("interaction", AURORA, CONTACT)
    assert not stream().watches(topic)
    assert stream(opened=Opened(AURORA, CONTACT)).watches(topic)
    assert stream(held=frozenset({CONTACT})).watches(topic)


def test_the_wall_comes_before_what_is_open() -> None:
    assert not stream(opened=Opened(BOSCO, CONTACT)).watches(Topic("interaction", BOSCO, CONTACT))


def test_a_stream_watches_its_own_agent_only() -> None:
    assert stream().watches(Topic("person", None, ANNA))
    assert not stream().watches(Topic("person", None, uuid4()))
    assert not stream().watches(Topic("weather", None, None))


def test_pokes_of_one_queue_are_one_topic() -> None:
    one, other = Poke("queue", AURORA, CONTACT), Poke("queue", AURORA, uuid4())
    assert topic_of(one) == topic_of(other) == Topic("queue", AURORA, None)
    assert topic_of(Poke("interaction", AURORA, CONTACT)) == Topic("interaction", AURORA, CONTACT)
