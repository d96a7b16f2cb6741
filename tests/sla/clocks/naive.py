"""Clocks by stepping through every minute with a counter in hand: slow, and without a thought in common with the engine.

It knows the stories of `tests.sla.clocks.stories` only, at whole minutes, and the office hours of Rome.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.sla.clocks.stories import MINUTE, MOVES

ROME = ZoneInfo("Europe/Rome")


class Wish(NamedTuple):
    """What the clause says, in minutes."""

    timed: str
    target: int
    pauses: frozenset[str] = frozenset()
    returns: str = "resume"


class Seen(NamedTuple):
    since: datetime
    until: datetime | None
    used: int
    state: str


@dataclass
class Watch:
    """A stop watch. `total` never stops but for pauses; `over`: nobody touches it any more."""

    since: datetime
    until: datetime | None = None
    used: int = 0
    total: int = 0
    let_go: bool = False
    over: bool = False


@dataclass
class Watcher:
    wish: Wish
    state: str = ""
    answered: bool = False
    watches: list[Watch] = field(default_factory=list)

    def hear(self, word: str, now: datetime) -> None:
        if self.wish.timed == "resolution":
            self._hear_resolution(word, now)
        else:
            self._hear_response(word, now)
        self.answered = self.answered or word == "agent"
        self.state = MOVES.get(word, self.state)

    def tick(self) -> None:
        if self.state in self.wish.pauses:
            return
        for watch in self.watches:
            watch.total += 1
            if watch.until is None and not watch.let_go:
                watch.used += 1

    def _hear_response(self, word: str, now: datetime) -> None:
        current = next((each for each in self.watches if each.until is None and not each.over), None)
        if word == "opened" and self.wish.timed != "next_response":
            self.watches.append(Watch(now))
        elif word == "agent" and current is not None:
            current.until, current.let_go = now, False
        elif not self.answered or self.wish.timed == "first_response":
            return
        elif word == "closed" and current is not None:
            current.let_go = True
        elif word == "reopened" and current is not None:
            current.let_go, current.used = False, current.total
        elif word == "customer":
            if current is not None and current.let_go:
                current.over, current = True, None
            if current is None:
                self.watches.append(Watch(now))

    def _hear_resolution(self, word: str, now: datetime) -> None:
        if word == "opened":
            self.watches.append(Watch(now))
        elif word == "closed" and self.watches[-1].until is None:
            self.watches[-1].until = now
        elif word in ("reopened", "customer_reopened"):
            if self.wish.returns == "new_cycle":
                self.watches.append(Watch(now))
            elif self.wish.returns != "first":
                last = self.watches[-1]
                last.until = None
                last.used = last.total if self.wish.returns == "include_gap" else last.used


def is_office_open(when: datetime) -> bool:
    local = when.astimezone(ROME)
    return local.weekday() < 5 and 9 <= local.hour < 18


def watch(lines: list[tuple[str, datetime]], wish: Wish, as_of: datetime) -> list[Seen]:
    """What each stop watch shows at `as_of`, in order of beginning."""
    watcher, now, todo = Watcher(wish), lines[0][1], list(lines)
    while True:
        while todo and todo[0][1] == now:
            watcher.hear(todo.pop(0)[0], now)
        if now == as_of:
            break
        if is_office_open(now):
            watcher.tick()
        now += MINUTE
    return [Seen(each.since, each.until, each.used, _outcome(each, watcher)) for each in watcher.watches]


def _outcome(watch: Watch, watcher: Watcher) -> str:
    if watch.used > watcher.wish.target:
        return "late"
    if watch.until is not None:
        return "met"
    if watch.let_go:
        return "let_go"
    return "stopped" if watcher.state in watcher.wish.pauses else "running"
