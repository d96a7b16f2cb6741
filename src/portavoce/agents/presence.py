"""The state of an agent as a function of what is known, and its name in the words of the metrics."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """What an agent's timeline may say."""

    OFFLINE = "offline"
    READY = "ready"
    WORKING = "working"
    ACW = "acw"
    AUX = "aux"
    NOT_RESPONDING = "not_responding"


class MetricState(StrEnum):
    """The words of metrics and contracts; occupancy and utilisation are defined on these."""

    BUSY = "BUSY"
    ACW = "ACW"
    READY = "READY"
    AUX = "AUX"
    OFFLINE = "OFFLINE"


METRIC_STATES: Mapping[State, MetricState] = {
    State.WORKING: MetricState.BUSY,
    State.ACW: MetricState.ACW,
    State.READY: MetricState.READY,
    State.AUX: MetricState.AUX,
    # Signed on but taking nothing: neither available nor gone, so it may not count as ready time.
    State.NOT_RESPONDING: MetricState.AUX,
    State.OFFLINE: MetricState.OFFLINE,
}


def state_of(*, used: int, acw_open: bool, chosen_aux: str | None, online: bool, gone: bool = False) -> State:
    """The state from the units of work in hand, open wrap-up, the pause chosen and being signed on.

    Work in hand wins even over being offline: who left with work open is still working on it until it is released.
    `gone` is who left without a word while signed on; whatever they do next ends it.
    """
    if used > 0:
        return State.WORKING
    if gone and online and chosen_aux is None:
        return State.NOT_RESPONDING
    if acw_open:
        return State.ACW
    if not online:
        return State.OFFLINE
    return State.AUX if chosen_aux else State.READY
