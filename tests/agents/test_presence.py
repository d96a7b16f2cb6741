import pytest

from portavoce.agents.presence import METRIC_STATES, MetricState, State, state_of


@pytest.mark.parametrize(
    ("used", "acw_open", "chosen_aux", "online", "state"),
    [
        (1, True, "break", True, State.WORKING),
        (3, False, None, False, State.WORKING),
        (0, True, "break", True, State.ACW),
        (0, True, None, False, State.ACW),
        (0, False, "break", True, State.AUX),
        (0, False, "break", False, State.OFFLINE),
        (0, False, None, True, State.READY),
        (0, False, None, False, State.OFFLINE),
    ],
)
def test_the_strongest_reason_gives_the_state(
    used: int, acw_open: bool, chosen_aux: str | None, online: bool, state: State
) -> None:
    assert state_of(used=used, acw_open=acw_open, chosen_aux=chosen_aux, online=online) is state


@pytest.mark.parametrize(
    ("used", "acw_open", "chosen_aux", "online", "state"),
    [
        (1, False, None, True, State.WORKING),
        (0, True, None, True, State.NOT_RESPONDING),
        (0, False, None, True, State.NOT_RESPONDING),
        (0, False, "meal", True, State.AUX),
        (0, False, None, False, State.OFFLINE),
    ],
)
def test_who_left_without_a_word_does_not_respond_unless_on_a_pause_or_off_duty(
    used: int, acw_open: bool, chosen_aux: str | None, online: bool, state: State
) -> None:
    found = state_of(used=used, acw_open=acw_open, chosen_aux=chosen_aux, online=online, gone=True)
    assert found is state


def test_every_state_has_its_word_in_the_metrics() -> None:
    assert set(METRIC_STATES) == set(State)
    assert METRIC_STATES[State.WORKING] is MetricState.BUSY
    assert METRIC_STATES[State.NOT_RESPONDING] is MetricState.AUX
