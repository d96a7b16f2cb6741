"""What there is to count of one contact, computed from its facts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from portavoce.reporting.observing.gauging import GAUGED, Measured, measured, worked_s
from portavoce.sla.clocks.cycles import Cycle, cycles
from portavoce.sla.clocks.facts import NEEDED, Fact, in_order
from portavoce.sla.clocks.lives import Life, read_life
from portavoce.sla.clocks.rules import Terms, Timed

RULES = 2
"""Raise it with any change after which the same facts give other units: every brand is read anew then."""
NO_CLAUSE = UUID(int=0)
CONTACT, HANDLED, SOLVED, TRANSFERRED = "contact", "handled", "solved", "transferred"
"""Measures that no clause is needed for: contacts that came in and those handled, each solution, the first transfer."""
REASON, MOVED_ON = "reason.chosen", "interaction.transferred"
READ = NEEDED | GAUGED | {REASON}
"""The kinds of fact that units are made of."""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of one measure. `at` is the instant that it is counted in; an open one is late past its `due_at`.

    `counted` is the state of what no clause judges. `used_s` are open seconds of a clock, seconds of work of what was
    handled.
    """

    interaction_id: UUID
    measure: str
    clause_id: UUID = NO_CLAUSE
    ordinal: int = 1
    at: datetime
    lob_id: UUID
    channel: str
    code: str = ""
    brand_agent_id: UUID | None = None
    since: datetime
    until: datetime | None = None
    warn_at: datetime | None = None
    due_at: datetime | None = None
    state: str = "counted"
    used_s: int = 0
    with_client_s: int = 0
    n: int | None = None

    @property
    def key(self) -> tuple[str, UUID, int]:
        return self.measure, self.clause_id, self.ordinal


def units(facts: Iterable[Fact], terms: Sequence[Terms], as_of: datetime) -> list[Unit]:
    """Of the facts of one interaction, all told until `as_of`; none before its opening.

    Who wrote twice about the same is one contact: the one that went on in another before anything was decided is none.
    """
    told = in_order(facts)
    life = read_life(told, as_of)
    if life is None:
        return []
    measures = {clock.clause_id: clock.timed for version in terms for clock in version.clocks}
    timed = [_timed(life, cycle, measures[cycle.clause_id]) for cycle in cycles(life, terms, as_of)]
    contact = _contact(life, told)
    counts = contact.until is not None or life.merged_at is None or bool(timed)
    own = [contact] if counts else []
    gauged = [_gauged(life, each) for each in measured(life, told, terms)]
    return [*own, *timed, *gauged, *_solved(life), *_handled(life, told), *_transferred(life, told)]


def _about(life: Life, measure: str, at: datetime, **more: Any) -> Unit:
    opening = life.opening
    assert opening.lob_id is not None, "an opening names its line of business"
    given = {"since": opening.at, **more}
    return Unit(
        interaction_id=opening.interaction_id, measure=measure, at=at, lob_id=opening.lob_id,
        channel=str(opening.body.get("channel", "")), **given,
    )  # fmt: skip


def _contact(life: Life, told: list[Fact]) -> Unit:
    """Until its first answer by a person; the code is why the customer came, as far as it was said."""
    answer = next((turn for turn in life.turns if turn.ours), None)
    reasons = [str(fact.body.get("reason") or "") for fact in told if fact.kind == REASON]
    ended = {"until": answer.at, "n": answer.n, "brand_agent_id": answer.brand_agent_id} if answer else {}
    return _about(life, CONTACT, life.opening.at, code=reasons[-1] if reasons else "", **ended)


def _timed(life: Life, cycle: Cycle, timed: Timed) -> Unit:
    """How long an open one has run is a matter of when it is looked at, and not kept."""
    state = "open" if cycle.is_open else str(cycle.state)
    return _about(
        life, timed, max(cycle.since, life.opening.at), clause_id=cycle.clause_id, ordinal=cycle.ordinal,
        since=cycle.since, until=cycle.until, warn_at=cycle.warn_at, due_at=cycle.due_at, state=state, n=cycle.n,
        brand_agent_id=cycle.brand_agent_id, used_s=0 if cycle.is_open else _seconds(cycle.used),
        with_client_s=0 if cycle.is_open else _seconds(cycle.with_client),
    )  # fmt: skip


def _gauged(life: Life, found: Measured) -> Unit:
    """Counted when it ended; until its window has passed it may still change, with a fact that says so."""
    end = found.end
    return _about(
        life, found.gauge.of, end.at, clause_id=found.gauge.clause_id, ordinal=found.ordinal, until=end.at, n=end.n,
        brand_agent_id=end.brand_agent_id, code=str(end.body.get("disposition", "")),
        state="met" if found.met else "late", used_s=found.used_s,
    )  # fmt: skip


def _solved(life: Life) -> Iterator[Unit]:
    """Each end, until the customer or an agent came back to it."""
    for number, end in enumerate(life.ends, 1):
        back = next((fact for fact in life.returns if (fact.at, fact.n) > (end.at, end.n)), None)
        again = {"until": back.at, "n": back.n} if back else {}
        yield _about(
            life, SOLVED, end.at, ordinal=number, since=end.at, code=str(end.body.get("disposition", "")),
            brand_agent_id=end.brand_agent_id, **again,
        )  # fmt: skip


def _handled(life: Life, told: list[Fact]) -> Iterator[Unit]:
    """Once it was closed, with all the time that people were active on it and after it."""
    if not life.ends:
        return
    last = life.ends[-1]
    yield _about(
        life, HANDLED, last.at, until=last.at, n=last.n, brand_agent_id=last.brand_agent_id,
        code=str(last.body.get("disposition", "")), used_s=worked_s(told),
    )  # fmt: skip


def _transferred(life: Life, told: list[Fact]) -> Iterator[Unit]:
    """A contact counts once, however often it was passed on."""
    moves = [fact for fact in told if fact.kind == MOVED_ON]
    if moves:
        first = moves[0]
        yield _about(
            life, TRANSFERRED, first.at, since=first.at, until=first.at, n=first.n,
            brand_agent_id=first.brand_agent_id, code=str(first.body.get("target", "")),
        )  # fmt: skip


def _seconds(time: timedelta) -> int:
    return time // timedelta(seconds=1)
