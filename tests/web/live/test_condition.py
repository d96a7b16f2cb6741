"""Trouble of the house is said when it lasts, and taken back when it is over."""

from __future__ import annotations

from portavoce.web.live.condition import Condition, Trouble


def test_one_bad_look_is_nobodys_business_and_two_are() -> None:
    condition = Condition()
    for expected in (set(), {Trouble.LIVE}):
        condition.look(hears=False, reads=True)
        assert condition.troubles == expected
    condition.look(hears=True, reads=False)
    assert condition.troubles == set()
    condition.look(hears=True, reads=False)
    assert condition.troubles == {Trouble.SAVING}
    condition.look(hears=True, reads=True)
    assert condition.troubles == set()


def test_a_server_that_takes_no_changes_is_said_at_once() -> None:
    condition = Condition()
    condition.look(hears=True, reads=True, takes_no_changes=True)
    assert condition.troubles == {Trouble.SAVING}
