"""A program is replaced by a new run of itself: never by one that does not work, never with its socket closed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from portavoce.core.processes.program import Program
from portavoce.core.processes.replacing import NotRunning, Outcome, ask_replacement, note_outcome
from portavoce.core.processes.sockets import inherited, listening, ready
from portavoce.core.processes.supervisor import Supervisor
from tests.core.processes.test_supervisor import Heard, stopped_when, until

SOURCE = str(Path(__file__).parents[3] / "src")
WORKS = """
import os, signal, sys, time
sys.path.insert(0, {source!r})
from portavoce.core.processes.sockets import ready
signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit(0)))
{before}
print("works", os.getpid(), flush=True)
ready()
while True: time.sleep(0.02)
"""
ANSWERS = """
import os, sys
sys.path.insert(0, {source!r})
from portavoce.core.processes.sockets import inherited, ready
one, other = inherited("web"), inherited("smtp")
one.setblocking(True)
print("named", other.getsockname()[1], inherited("lmtp"), flush=True)
ready()
while True:
    client, _ = one.accept()
    client.sendall(str(os.getpid()).encode())
    client.close()
"""


def program(name: str, script: str, **options: object) -> Program:
    argv = (sys.executable, "-S", "-c", script)
    return Program(name, argv, announces=True, **options)  # type: ignore[arg-type]  # -- passed on as given


def works(name: str, before: str = "") -> Program:
    return program(name, WORKS.format(source=SOURCE, before=before))


class Rounds:
    """A supervisor under test, what it said, and how its rounds ended."""

    def __init__(self, *programs: Program, tag: Path) -> None:
        self.heard = Heard()
        self.ended: list[Outcome] = []
        self.supervisor = Supervisor(programs, tag=str(tag), say=self.heard, replaced=self.ended.append)

    async def run(self, rounds: int = 1) -> None:
        await self.supervisor.run(lambda: self._drive(rounds))

    async def _drive(self, rounds: int) -> None:
        names = {child.program.name for child in self.supervisor._children}
        await until(lambda: all(self.heard.of(name) for name in names))
        for number in range(rounds):
            self.supervisor.replace()
            await until(lambda expected=number + 1: len(self.ended) == expected)  # type: ignore[misc]  # -- bound now
        self.supervisor.stop()


async def test_the_old_run_is_told_to_go_once_the_new_one_works(tmp_path: Path) -> None:
    rounds = Rounds(works("engine"), works("web"), tag=tmp_path)
    await rounds.run()
    assert rounds.ended == [Outcome(True, "Replaced: engine, web.")]
    for name in ("engine", "web"):
        told = [line.split()[0] for line in rounds.heard.of(name)]
        assert told == ["works", "works", "bye", "bye"]
    order = [name for name, _ in rounds.heard.lines if name != "run"]
    assert order.index("engine") < len(order)
    spoken = [(name, line.split()[0]) for name, line in rounds.heard.lines]
    assert spoken.index(("run", "replaced")) > spoken.index(("engine", "bye"))


async def test_one_that_does_not_come_up_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The second run finds the mark of the first and ends."""
    before = f"m = {str(tmp_path / 'mark')!r}\nif os.path.exists(m): sys.exit(3)\nopen(m, 'w').close()"
    rounds = Rounds(works("engine", before), works("web"), tag=tmp_path)
    await rounds.run()
    assert [outcome.ok for outcome in rounds.ended] == [False]
    assert "engine did not come up" in rounds.ended[0].words
    assert [line.split()[0] for line in rounds.heard.of("engine")] == ["works", "bye"]
    assert [line.split()[0] for line in rounds.heard.of("web")] == ["works", "bye"]


async def test_one_that_never_says_that_it_works_is_given_up(tmp_path: Path) -> None:
    silent = program("web", "import time; print('up', flush=True); time.sleep(60)", start=0.5)
    rounds = Rounds(silent, tag=tmp_path)
    await rounds.run()
    assert [outcome.ok for outcome in rounds.ended] == [False]


async def test_a_socket_that_is_handed_down_refuses_nobody(tmp_path: Path) -> None:
    with listening("127.0.0.1", 0) as web, listening("127.0.0.1", 0) as smtp:
        answers = program("web", ANSWERS.format(source=SOURCE), sockets={"web": web, "smtp": smtp})
        rounds = Rounds(answers, tag=tmp_path)
        running = asyncio.create_task(rounds.run(rounds=2))
        pids = set()
        while not running.done():
            pids.add(await asyncio.to_thread(asked, web.getsockname()[1]))
        await running
        named = rounds.heard.of("web")[0]
        assert named == f"named {smtp.getsockname()[1]} None"
    assert len(pids - {""}) == 3, "each of the three runs has answered"


def asked(port: int) -> str:
    """Refused, this raises; at the very end a connection may wait for nobody."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.settimeout(2)
        try:
            return client.recv(100).decode()
        except TimeoutError:
            return ""


def test_what_was_handed_to_another_process_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_PID", str(os.getpid() + 1))
    monkeypatch.setenv("LISTEN_FDNAMES", "web")
    assert inherited("web") is None
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    ready()


SUPERVISE = """
import asyncio, sys
from pathlib import Path
from functools import partial
from portavoce.core.processes.instance import only_instance
from portavoce.core.processes.program import Program
from portavoce.core.processes.replacing import note_outcome
from portavoce.core.processes.supervisor import Supervisor
home = Path(sys.argv[1])
program = Program("web", (sys.executable, "-S", "-c", sys.argv[2]), announces=True)
def say(name, line): print(line, flush=True)
with only_instance(home):
    asyncio.run(Supervisor([program], tag=str(home), say=say, replaced=partial(note_outcome, home)).run())
"""


def test_whoever_asks_hears_how_it_went(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="does not run"):
        ask_replacement(tmp_path)
    script = WORKS.format(source=SOURCE, before="")
    argv = [sys.executable, "-c", SUPERVISE, str(tmp_path), script]
    env = {**os.environ, "PYTHONPATH": SOURCE}
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("works")
        note_outcome(tmp_path, Outcome(False, "of another time"))
        assert ask_replacement(tmp_path) == Outcome(True, "Replaced: web.")
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode == 0
    with pytest.raises(NotRunning):
        ask_replacement(tmp_path)


async def test_a_stop_in_the_middle_of_a_round_stops_everything(tmp_path: Path) -> None:
    silent = program("web", "import time; print('up', flush=True); time.sleep(60)")
    heard = Heard()
    supervisor = Supervisor([silent], tag=str(tmp_path), say=heard)

    async def drive() -> None:
        await until(lambda: heard.of("web") == ["up"])
        supervisor.replace()
        await stopped_when(supervisor, lambda: heard.of("web") == ["up", "up"])()

    await supervisor.run(drive)
