"""Keep programs and services running until SIGINT or SIGTERM, then stop them, last started first.

SIGUSR1 replaces them one after another: the new run works before the old one is told to go.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from portavoce.core.processes.child import Child
from portavoce.core.processes.leftovers import end_leftovers
from portavoce.core.processes.program import Program, Say, Service
from portavoce.core.processes.replacing import ASK, Outcome

Task = Callable[[], Awaitable[None]]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOK_EVERY = 1.0


class Supervisor:
    """`say` gets every line of every program, `replaced` how each replacement ended. `tag` marks what is ours, see
    `core.embedded.place.tag_of`.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        services: Sequence[Service] = (),
        tag: str,
        say: Say,
        replaced: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> None:
        self._children = [Child(program, tag=tag, say=say) for program in programs]
        self._services = services
        self._tag = tag
        self._say = say
        self._replaced = replaced
        self._replacing: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    async def run(self, *alongside: Task) -> None:
        """Returns when everything has ended. `alongside` are run meanwhile and cancelled at the end; one that
        raises is reported and stops nothing. Hold `only_instance` around this.
        """
        await asyncio.to_thread(self._tidy)
        with self._signals():
            keepers = [asyncio.create_task(child.keep()) for child in self._children]
            others = [asyncio.create_task(self._watch(service)) for service in self._services]
            others += [asyncio.create_task(self._attempt(task)) for task in alongside]
            await self._stopping.wait()
            for task in others:
                task.cancel()
            for child in self._children:
                child.start_no_more()
            for child in reversed(self._children):
                await child.stop()
            rest = [self._replacing] if self._replacing else []
            await asyncio.gather(*keepers, *others, *rest, return_exceptions=True)

    def stop(self) -> None:
        """As a signal would; the second time, kill."""
        if self._stopping.is_set():
            for child in self._children:
                child.kill()
        self._stopping.set()

    def replace(self) -> None:
        """Begin a round over all programs, unless one is under way."""
        if self._replacing is None or self._replacing.done():
            self._replacing = asyncio.get_running_loop().create_task(self._attempt(self._replace_all))

    async def _replace_all(self) -> None:
        """In the order of the list. The first that does not come up ends the round: what works is left alone."""
        done: list[str] = []
        for child in self._children:
            if not child.program.announces or self._stopping.is_set():
                continue
            name = child.program.name
            self._say("run", f"replacing {name}")
            if not await child.replace():
                left = "its old run stays, and so does what was to follow"
                self._replaced(Outcome(False, f"{name} did not come up: {left}. Done before: {done}"))
                self._say("run", f"{name} did not come up: {left}")
                return
            done.append(name)
        self._say("run", "replaced everything")
        self._replaced(Outcome(True, f"Replaced: {', '.join(done)}."))

    def _tidy(self) -> None:
        if ended := end_leftovers(self._tag):
            self._say("run", f"ended {ended} processes which a killed run had left behind")

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(ASK, self.replace)
        try:
            yield
        finally:
            for number in (*SIGNALS, ASK):
                loop.remove_signal_handler(number)

    async def _watch(self, service: Service) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if await asyncio.to_thread(service.healthy):
                continue
            self._say(service.name, "is down; starting it again")
            try:
                await asyncio.to_thread(service.revive)
                self._say(service.name, "is back")
            except Exception as problem:
                self._say(service.name, f"{problem}; again in {service.pause:g} s")
                await asyncio.sleep(service.pause)

    async def _attempt(self, task: Task) -> None:
        try:
            await task()
        except Exception as problem:
            self._say("run", f"{type(problem).__name__}: {problem}")
