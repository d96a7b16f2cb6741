"""Fills an empty database with the demo provider: founded here, the two desks in a process each, in step by weeks."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from portavoce.core.config import Settings
from portavoce.demo.calendar import weeks
from portavoce.demo.counter import stand_in_shops
from portavoce.demo.evening import last_hours
from portavoce.demo.founding import Founded, found
from portavoce.demo.hours import announce_eves, keep_patrons
from portavoce.demo.office import last_wishes, owe_tasks
from portavoce.demo.reliefs import excuse
from portavoce.demo.simulation import DESKS, Ground, Plan, open_desk
from portavoce.demo.swift import SwiftStorage, hurry
from portavoce.demo.telling import tell_the_client
from portavoce.identity.mails import House
from portavoce.identity.passwords import Passwords
from portavoce.kit.ids import SeededClock
from portavoce.wiring import deployment, open_database, thread_keys

OVERTURE = timedelta(hours=1)
GARBAGE = 100_000
Tell = Callable[[int, int], None]


class DeskFailed(Exception):
    """A desk's process ended early; what it said stands above."""


async def seed(settings: Settings, plan: Plan, tell: Tell) -> None:
    """Everything from the first day to `plan.end`. `tell` hears (days done, contacts so far)."""
    founded = await _found(settings, plan)
    await asyncio.to_thread(_run_desks, settings, plan, founded, tell)
    ground = open_ground(settings, plan.seed + 200, plan.end)
    await last_hours(ground, founded, plan)
    await stand_in_shops(ground, founded, plan)
    await announce_eves(ground, founded)
    await excuse(ground, founded)
    await tell_the_client(ground, founded)
    await last_wishes(ground, founded)
    await ground.database.close()


def open_ground(settings: Settings, seed: int, at: datetime) -> Ground:
    clock = SeededClock(at, seed)
    database = hurry(open_database(settings, clock=clock))
    storage = SwiftStorage(settings.files_dir)
    return Ground(database, clock, storage, thread_keys(settings), deployment(settings))


async def _found(settings: Settings, plan: Plan) -> Founded:
    ground = open_ground(settings, plan.seed + 300, plan.start - OVERTURE)
    passwords = Passwords()
    founded = await found(ground.database, House(settings.provider_name, settings.base_url), passwords)
    await keep_patrons(ground.database, founded)
    await owe_tasks(ground.database, founded)
    passwords.close()
    await ground.database.close()
    return founded


def _run_desks(settings: Settings, plan: Plan, founded: Founded, tell: Tell) -> None:
    with _desks(settings, plan, founded) as desks:
        days, contacts = 0, dict.fromkeys(desks, 0)
        for week in weeks(plan.start, plan.end):
            for desk in desks:
                _order(desk, week)
            left = dict.fromkeys(desks, len(week))
            while any(left.values()):
                told = wait([desk for desk in desks if left[desk]])
                for desk in (each for each in desks if each in told):
                    contacts[desk] = _answer(desk)
                    left[desk] -= 1
                tell(days + len(week) - max(left.values()), sum(contacts.values()))
            days += len(week)


@contextmanager
def _desks(settings: Settings, plan: Plan, founded: Founded) -> Iterator[Sequence[Connection]]:
    """A pipe to each desk: send it instants, and it says how many contacts it has had by each."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for desk in DESKS:
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(settings, plan, founded, desk, theirs), daemon=True)
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield pipes
    except DeskFailed as error:
        raise DeskFailed(f"{error}; exit codes {_codes(processes)}") from error
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join(10)


def _codes(processes: Sequence[SpawnProcess]) -> list[int | None]:
    """Of those that ended; a negative one is a signal."""
    for process in processes:
        process.join(5)
    return [process.exitcode for process in processes]


def _order(desk: Connection, week: Sequence[datetime]) -> None:
    try:
        desk.send(week)
    except OSError as error:
        raise DeskFailed("a desk of the demo stopped") from error


def _answer(desk: Connection) -> int:
    try:
        return int(desk.recv())
    except (EOFError, OSError) as error:
        raise DeskFailed("a desk of the demo stopped") from error


def _work(settings: Settings, plan: Plan, founded: Founded, desk: int, orders: Connection) -> None:
    """A desk's process; it ends when nobody is left to give orders."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(GARBAGE)
    asyncio.run(_desk(settings, plan, founded, desk, orders))


async def _desk(settings: Settings, plan: Plan, founded: Founded, desk: int, orders: Connection) -> None:
    ground = open_ground(settings, plan.seed + desk, plan.start)
    floor = await open_desk(ground, founded, plan, desk)
    while True:
        try:
            week = orders.recv()
        except EOFError:
            break
        for until in week:
            await floor.run_until(until)
            orders.send(floor.contacts)
    await ground.database.close()
