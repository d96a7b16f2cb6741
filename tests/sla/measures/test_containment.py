from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from portavoce.sla.measures.containment import BotSession, Containment, containment
from portavoce.sla.measures.first_contact import Contact
from portavoce.sla.measures.ratios import Ratio

GINA, UGO = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
LATER = NOON + 100 * HOUR


def test_who_is_back_within_24_hours_was_not_helped() -> None:
    sessions = [BotSession(GINA, NOON, False), BotSession(UGO, NOON, False), BotSession(UGO, NOON, True)]
    back = [Contact(GINA, "delivery", NOON + 24 * HOUR - MOMENT), Contact(UGO, "", NOON + 24 * HOUR)]
    assert containment(sessions, back, LATER) == Containment(Ratio(2, 3), Ratio(1, 3), 1, 0)


def test_a_session_of_today_may_still_become_false() -> None:
    sessions = [BotSession(GINA, NOON, False), BotSession(UGO, NOON + HOUR, False)]
    back = [Contact(UGO, "", NOON + 2 * HOUR)]
    assert containment(sessions, back, NOON + HOUR) == Containment(Ratio(2, 2), Ratio(2, 2), 0, 2)
    assert containment(sessions, back, NOON + 24 * HOUR) == Containment(Ratio(2, 2), Ratio(1, 2), 1, 0)


def test_no_sessions_are_no_data() -> None:
    assert containment([BotSession(GINA, LATER, False)], [], NOON).contained.value is None


HOURS = st.integers(0, 72).map(lambda n: NOON + n * HOUR)
SESSIONS = st.lists(st.builds(BotSession, st.sampled_from((GINA, UGO)), HOURS, st.booleans()), max_size=6)
CONTACTS = st.lists(st.builds(Contact, st.sampled_from((GINA, UGO)), st.just(""), HOURS), max_size=6)


@given(SESSIONS, CONTACTS)
def test_it_agrees_with_asking_for_each_session(sessions: list[BotSession], contacts: list[Contact]) -> None:
    found = containment(reversed(sessions), contacts, LATER)
    alone = [each for each in sessions if not each.handed_over]
    false = [
        each
        for each in alone
        if any(
            back.customer == each.customer and timedelta(0) < back.at - each.ended_at < 24 * HOUR
            for back in contacts
        )
    ]
    assert found.contained == Ratio(len(alone), len(sessions))
    assert found.held == Ratio(len(alone) - len(false), len(sessions))
    assert (found.false, found.maturing) == (len(false), 0)
