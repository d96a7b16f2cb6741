"""`portavoce run` on a home of its own: whatever is killed comes back by itself, and the next run needs no hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest

from portavoce.core.embedded import removal
from portavoce.core.embedded.place import place_of
from tests.ports import free_port

PATIENCE = 90.0


@dataclass
class Home:
    """A folder, fixed ports, and the supervisor that runs on it."""

    folder: Path
    web: int
    environment: dict[str, str]
    supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        argv = [sys.executable, "-m", "portavoce", "run", "--no-demo"]
        with (self.folder / "run.log").open("ab") as log:
            self.supervisor = subprocess.Popen(argv, env=self.environment, stdout=log, stderr=log)

    def ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.web}/health/ready", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def told(self) -> str:
        return (self.folder / "run.log").read_text(errors="replace")[-2_000:]

    def process(self, word: str) -> psutil.Process | None:
        """Our newest process whose last argument is `word`; for `postgres` the postmaster."""
        if word == "postgres":
            return self._postmaster()
        found = [each for each in psutil.process_iter() if self._is_ours(each, word)]
        return max(found, key=psutil.Process.create_time, default=None)

    def _postmaster(self) -> psutil.Process | None:
        try:
            noted = (place_of(self.folder / "home").postgres_data / "postmaster.pid").read_text()
            return psutil.Process(int(noted.split()[0]))
        except (OSError, IndexError, psutil.NoSuchProcess):
            return None

    def _is_ours(self, each: psutil.Process, word: str) -> bool:
        try:
            at_home = each.environ().get("PORTAVOCE_HOME") == self.environment["PORTAVOCE_HOME"]
            return at_home and bool(each.cmdline()[-1:] == [word])
        except psutil.Error:
            return False

    def is_back(self, word: str, before: psutil.Process | None) -> bool:
        """Another process does the work of `before`, and does it."""
        found = self.process(word)
        return found is not None and found != before and self.ready()

    def errand(self, *words: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "portavoce", *words]
        return subprocess.run(
            argv, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def stop(self) -> int:
        assert self.supervisor is not None
        self.supervisor.send_signal(signal.SIGTERM)
        return self.supervisor.wait(PATIENCE)


def until(done: Callable[[], bool], patience: float, told: Callable[[], str]) -> None:
    deadline = time.monotonic() + patience
    while not done():
        assert time.monotonic() < deadline, told()
        time.sleep(0.2)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    names = ("WEB", "SMTP", "LMTP", "SENT")
    ports = {name: free_port() for name in names}
    given = {f"PORTAVOCE_{name}_PORT": str(port) for name, port in ports.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PORTAVOCE_")}
    made = Home(tmp_path, ports["WEB"], {**kept, **given, "PORTAVOCE_HOME": str(tmp_path / "home")})
    yield made
    if made.supervisor is not None and made.supervisor.poll() is None:
        made.stop()
    removal.remove_data(tmp_path / "home")


@pytest.mark.deep
def test_whatever_is_killed_comes_back_and_the_next_run_needs_no_hand(home: Home) -> None:
    home.start()
    until(home.ready, PATIENCE, home.told)
    link = home.errand("admin", "elena@voxa.example", "Elena Neri").stdout.strip()
    assert httpx.get(link).status_code == 200
    again = home.errand("admin", "elena@voxa.example", "Elena Neri")
    assert again.returncode != 0
    assert "Traceback" not in again.stderr

    for word in ("serve", "engine", "postgres"):
        killed = home.process(word)
        assert killed is not None
        killed.kill()
        until(partial(home.is_back, word, killed), PATIENCE, home.told)

    assert home.supervisor is not None
    served = home.process("serve")
    home.supervisor.kill()
    home.supervisor.wait()
    home.start()
    until(partial(home.is_back, "serve", served), PATIENCE, home.told)
    assert httpx.get(link).status_code == 200, "what was committed before the kill is there"
    assert "0 faults" in home.errand("verify").stdout
    second = home.errand("run", "--no-demo")
    assert second.returncode != 0
    assert "already runs" in second.stdout + second.stderr
    assert "Migrations" in home.errand("doctor").stdout
    assert home.stop() == 0
