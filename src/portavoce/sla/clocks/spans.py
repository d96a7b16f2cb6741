"""From where to where a clock of a contact runs: one span a cycle."""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

import msgspec

from portavoce.sla.clocks.facts import CLOSED, Fact
from portavoce.sla.clocks.lives import SHUT, Life, Turn
from portavoce.sla.clocks.rules import Clock, Return, Timed


class Span(msgspec.Struct, frozen=True):
    """`until` is what stopped it, and `n` and `brand_agent_id` the fact and person of that.

    `let_go_at`: the contact was closed without the answer this waited for.
    """

    since: datetime
    until: datetime | None = None
    n: int | None = None
    brand_agent_id: UUID | None = None
    let_go_at: datetime | None = None


def spans_of(life: Life, clock: Clock) -> list[Span]:
    return list(_SPANS[clock.timed](life, clock))


def _first_response(life: Life, _: Clock) -> Iterator[Span]:
    """Neither an automatic answer nor a note stops it, nor does closing: a month could be closed away otherwise."""
    if not life.is_ours:
        reply = next((turn for turn in life.turns if turn.ours), None)
        yield _stopped(life.opening.at, reply)


def _next_response(life: Life, _: Clock) -> Iterator[Span]:
    """From the first of a burst of the customer's words after an answer to the next answer.

    Who closes without one lets it go: it counts no more unless it was late. An agent who opens the contact again
    goes on with it; the customer's return begins anew.
    """
    answered, waiting, shut = life.is_ours, None, None
    for event in _events(life):
        if isinstance(event, Fact):
            if event.kind == CLOSED:
                shut = event.at
            elif event.brand_agent_id is not None:
                shut = None
        elif event.ours:
            if waiting is not None:
                yield _stopped(waiting, event)
            answered, waiting, shut = True, None, None
        elif answered:
            if waiting is not None and shut is not None:
                yield Span(waiting, let_go_at=shut)
                waiting = None
            waiting, shut = waiting or event.at, None
    if waiting is not None:
        yield Span(waiting, let_go_at=shut)


def _every_response(life: Life, clock: Clock) -> Iterator[Span]:
    yield from _first_response(life, clock)
    yield from _next_response(life, clock)


def _resolution(life: Life, clock: Clock) -> Iterator[Span]:
    ends = [*life.ends]
    if clock.returns is Return.FIRST:
        yield _ended(life.since, ends[0] if ends else None)
    elif clock.returns is Return.NEW_CYCLE:
        begun = [life.since, *(fact.at for fact in life.returns)]
        for n, since in enumerate(begun):
            yield _ended(since, ends[n] if n < len(ends) else None)
    else:
        is_over = len(ends) > len(life.returns)
        yield _ended(life.since, ends[-1] if is_over else None)


_SPANS: dict[Timed, Callable[[Life, Clock], Iterator[Span]]] = {
    Timed.FIRST_RESPONSE: _first_response,
    Timed.NEXT_RESPONSE: _next_response,
    Timed.EVERY_RESPONSE: _every_response,
    Timed.RESOLUTION: _resolution,
}


def _events(life: Life) -> list[Turn | Fact]:
    return sorted([*life.turns, *life.ends, *life.returns], key=lambda each: (each.at, each.n))


def _stopped(since: datetime, reply: Turn | None) -> Span:
    if reply is None:
        return Span(since)
    return Span(since, max(since, reply.at), reply.n, reply.brand_agent_id)


def _ended(since: datetime, end: Fact | None) -> Span:
    return Span(since, max(since, end.at), end.n, end.brand_agent_id) if end else Span(since)


def stops_of(clock: Clock) -> frozenset[str]:
    """The states in which the clock stands still."""
    gap = clock.timed is Timed.RESOLUTION and clock.returns is Return.RESUME
    return clock.paused_by | {SHUT} if gap else clock.paused_by
