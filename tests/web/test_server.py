"""The real server in a process of its own: it serves, and it ends when told to although a stream is open."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portavoce.core.config import Settings
from portavoce.web.server import CONNECTIONS, make_server

SERVE = """
import asyncio, sys
from litestar import Litestar, get
from litestar.response import Stream
from portavoce.web.draining import close_connections, draining
from portavoce.web.live.ending import on_stop_signal
from portavoce.web.server import make_server
from portavoce.core.config import load_settings

def app():
    ending = asyncio.Event()
    async def events():
        on_stop_signal(ending.set)
        yield b"data: hello\\n\\n"
        await ending.wait()
    @get("/stream")
    async def stream() -> Stream:
        return Stream(events(), media_type="text/event-stream")
    @get("/")
    async def index() -> str:
        return "ok"
    return Litestar(
        [stream, index], openapi_config=None, lifespan=[draining], before_send=[close_connections]
    )

if __name__ == "__main__":
    make_server(load_settings(), target="serve_test:app").serve()
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    (tmp_path / "serve_test.py").write_text(SERVE)
    port = free_port()
    source = Path(__file__).parents[2] / "src"
    env = {
        **os.environ,
        "PORTAVOCE_WEB_PORT": str(port),
        "PORTAVOCE_HOME": str(tmp_path),
        "PYTHONPATH": f"{source}{os.pathsep}{tmp_path}",
    }
    child = subprocess.Popen([sys.executable, str(tmp_path / "serve_test.py")], env=env, cwd=tmp_path)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(base, timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield child, base
    finally:
        child.kill()
        child.wait()


def test_it_ends_on_sigterm_although_a_stream_is_open(server: tuple[subprocess.Popen[bytes], str]) -> None:
    child, base = server
    with httpx.stream("GET", f"{base}/stream", timeout=20) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "data: hello"
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=20) == 0


def test_idle_streams_do_not_use_up_the_requests() -> None:
    settings = Settings(home=Path("unused"))
    made = make_server(settings)
    assert made.backpressure == CONNECTIONS > 1024
    assert made.backlog == CONNECTIONS
    assert made.workers == 1
