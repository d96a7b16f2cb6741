from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from portavoce.core.embedded.running import alive, wait_until
from portavoce.core.processes import leash
from portavoce.core.processes.leftovers import MARK, end_leftovers, leftovers
from portavoce.core.processes.program import Program, Service
from portavoce.core.processes.supervisor import Supervisor

SUPERVISE = """
import asyncio, sys
from portavoce.core.processes.program import Program
from portavoce.core.processes.supervisor import Supervisor
def say(name, line): print(name, line, flush=True)
program = Program("sleeper", ("/bin/sh", "-c", "echo $$; exec sleep 60"))
asyncio.run(Supervisor([program], tag=sys.argv[1], say=say).run())
"""


class Heard:
    """Everything said, and a way to wait for some of it."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    def of(self, name: str) -> list[str]:
        return [line for speaker, line in self.lines if speaker == name]


def shell(name: str, script: str, *, pause: float = 0.05, patience: float = 5.0) -> Program:
    return Program(name, ("/bin/sh", "-c", script), pause=pause, patience=patience)


async def until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not done():
            await asyncio.sleep(0.02)


def stopped_when(supervisor: Supervisor, done: Callable[[], bool]) -> Callable[[], asyncio.Future[None]]:
    async def watch() -> None:
        await until(done)
        supervisor.stop()

    return lambda: asyncio.ensure_future(watch())


async def test_a_program_that_ends_is_started_again(tmp_path: Path) -> None:
    heard = Heard()
    supervisor = Supervisor([shell("web", "echo up; exit 3")], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: heard.of("web").count("up") >= 3))
    assert "ended with code 3; again in 0.05 s" in heard.of("web")
    assert "ended with code 3; again in 0.1 s" in heard.of("web")


async def test_programs_stop_last_started_first(tmp_path: Path) -> None:
    heard = Heard()
    script = 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.02; done'
    programs = [shell(name, script) for name in ("engine", "worker", "web")]
    supervisor = Supervisor(programs, tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: [line for _, line in heard.lines].count("up") == 3))
    assert [name for name, line in heard.lines if line == "bye"] == ["web", "worker", "engine"]


async def test_a_program_that_ignores_the_stop_is_killed_with_all_it_started(tmp_path: Path) -> None:
    heard = Heard()
    script = 'trap "" TERM; sleep 60 & echo $!; wait; sleep 60'
    supervisor = Supervisor([shell("web", script, patience=0.2)], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: bool(heard.of("web"))))
    assert "does not stop within 0.2 s; killed" in heard.of("web")
    assert wait_until(lambda: not alive(int(heard.of("web")[0])), 5)


async def test_a_second_stop_kills_without_patience(tmp_path: Path) -> None:
    heard = Heard()
    program = shell("web", 'trap "" TERM; echo up; while :; do sleep 0.02; done', patience=600)
    supervisor = Supervisor([program], tag=str(tmp_path), say=heard)

    async def stop_twice() -> None:
        await until(lambda: bool(heard.of("web")))
        supervisor.stop()
        asyncio.get_running_loop().call_later(0.1, supervisor.stop)

    await supervisor.run(stop_twice)
    assert heard.of("web") == ["up"]


async def test_a_program_that_dies_while_another_stops_is_not_started_again(tmp_path: Path) -> None:
    heard = Heard()
    slow = shell("web", 'trap "sleep 0.5; exit 0" TERM; echo up; while :; do sleep 0.02; done')
    short = shell("worker", "echo up; sleep 0.3")
    supervisor = Supervisor([short, slow], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: len(heard.lines) >= 2))
    assert heard.of("worker") == ["up"]


async def test_a_program_that_waits_for_its_restart_stops_at_once(tmp_path: Path) -> None:
    heard = Heard()
    supervisor = Supervisor([shell("worker", "exit 1", pause=600)], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: bool(heard.of("worker"))))
    assert heard.of("worker") == ["ended with code 1; again in 600 s"]


async def test_a_program_that_does_not_exist_is_told(tmp_path: Path) -> None:
    heard = Heard()
    supervisor = Supervisor([Program("web", ("/no/such/program",))], tag=str(tmp_path), say=heard)
    await supervisor.run(
        stopped_when(supervisor, lambda: any("ended with" in line for line in heard.of("web")))
    )
    assert any("No such file" in line for line in heard.of("web"))


def test_a_program_whose_parent_is_gone_is_not_started() -> None:
    argv = [sys.executable, "-I", "-S", leash.__file__, "1", "echo", "started"]
    assert subprocess.run(argv, capture_output=True, check=True).stdout == b""


async def test_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    heard = Heard()
    supervisor = Supervisor([shell("web", "sleep 60 & echo $!", pause=60)], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: len(heard.of("web")) >= 2))
    assert wait_until(lambda: not alive(int(heard.of("web")[0])), 5)


async def test_output_without_a_line_end_and_of_odd_bytes_is_passed_on(tmp_path: Path) -> None:
    heard = Heard()
    program = shell("web", r"printf 'perch\351\nlast'; sleep 60")
    supervisor = Supervisor([program], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: bool(heard.of("web"))))
    assert heard.of("web") == ["perch�", "last"]


async def test_a_program_gets_our_environment_and_its_own(tmp_path: Path) -> None:
    heard = Heard()
    program = Program("web", ("/bin/sh", "-c", "echo $PATH $COLOUR; sleep 60"), env={"COLOUR": "teal"})
    supervisor = Supervisor([program], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: bool(heard.of("web"))))
    assert heard.of("web") == [f"{os.environ['PATH']} teal"]


async def test_a_service_that_fell_is_revived_though_the_first_try_fails(tmp_path: Path) -> None:
    heard = Heard()
    tries: list[int] = []

    def revive() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("no room")

    service = Service("postgres", healthy=lambda: len(tries) >= 2, revive=revive, pause=0.05)
    supervisor = Supervisor([], services=[service], tag=str(tmp_path), say=heard)
    await supervisor.run(stopped_when(supervisor, lambda: "is back" in heard.of("postgres")))
    assert heard.of("postgres") == [
        "is down; starting it again",
        "no room; again in 0.05 s",
        "is down; starting it again",
        "is back",
    ]


async def test_a_task_alongside_that_raises_is_told_and_stops_nothing(tmp_path: Path) -> None:
    heard = Heard()

    async def fail() -> None:
        raise RuntimeError("no demo")

    supervisor = Supervisor([shell("web", "echo up; sleep 60")], tag=str(tmp_path), say=heard)
    await supervisor.run(fail, stopped_when(supervisor, lambda: bool(heard.of("web") and heard.of("run"))))
    assert heard.of("run") == ["RuntimeError: no demo"]


def supervised(tag: Path) -> tuple[subprocess.Popen[str], int]:
    """A supervisor in a process of its own, and the pid of its program."""
    env = {**os.environ, "PYTHONPATH": "src"}
    argv = [sys.executable, "-c", SUPERVISE, str(tag)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout is not None
    return process, int(process.stdout.readline().split()[1])


def test_a_signal_ends_the_supervisor_and_its_programs(tmp_path: Path) -> None:
    process, program = supervised(tmp_path)
    with process:
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 0
    assert not alive(program)


def test_kill_9_of_the_supervisor_ends_its_programs(tmp_path: Path) -> None:
    process, program = supervised(tmp_path)
    with process:
        process.kill()
    assert wait_until(lambda: not alive(program), 5)


def test_what_survived_a_killed_supervisor_is_ended_by_the_next(tmp_path: Path) -> None:
    env = {**os.environ, MARK: str(tmp_path)}
    with subprocess.Popen(["sleep", "60"], env=env) as stray:
        assert wait_until(lambda: leftovers(str(tmp_path)) == [stray.pid], 5)
        heard = Heard()
        supervisor = Supervisor([], tag=str(tmp_path), say=heard)
        supervisor.stop()
        asyncio.run(supervisor.run())
        assert heard.of("run") == ["ended 1 processes which a killed run had left behind"]
        assert not alive(stray.pid)
    assert end_leftovers(str(tmp_path)) == 0
