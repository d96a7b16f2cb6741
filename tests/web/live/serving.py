"""Web processes of the desk under granian, started and killed by tests."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[3]
PATIENCE = 180.0


class WebProcess:
    """One `granian` with one worker on a port of its own, which it keeps when it is started again."""

    def __init__(
        self,
        home: Path,
        redis_url: str,
        urls: Mapping[str, str],
        *,
        target: str = "tests.web.live.served:application",
        **environment: str,
    ) -> None:
        self.port = _free_port()
        self._target = target
        self._log = (home / f"web-{self.port}.log").open("ab")
        self._environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DESK_HOME": str(home),
            "DESK_PORT": str(self.port),
            "DESK_REDIS": redis_url,
            "DESK_URLS": json.dumps(dict(urls)),
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--factory",
            "--port",
            str(self.port),
        ]
        command += ["--backlog", "8192", "--backpressure", "8192", self._target]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _await_answer(f"{self.url}/health/live", self._process)

    def kill(self) -> None:
        """Without a warning, worker and all."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> float:
        """As an operator would; gives the seconds it took."""
        assert self._process is not None
        began = time.monotonic()
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._process = None
        return time.monotonic() - began

    def close(self) -> None:
        self.kill()
        self._log.close()


def _await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "the web process ended: see its log"
        try:
            with urlopen(url, timeout=2):
                return
        except URLError as error:
            if getattr(error, "code", None) == 401:
                return
            time.sleep(0.1)
    raise AssertionError(f"no answer at {url}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
