"""A server that goes says so first: no request is lost on a connection that is about to close."""

from __future__ import annotations

import http.client
import signal
import subprocess
from urllib.parse import urlsplit

from tests.web.browsing import Browser, Site
from tests.web.test_server import server

__all__ = ["server"]


async def test_who_drains_is_not_ready_and_closes_each_connection_with_its_answer(
    the_site: Site, browser: Browser
) -> None:
    before = await browser.get("/health/live")
    assert "connection" not in before.headers
    the_site.app.state.draining = True
    try:
        answer = await browser.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (503, "draining")
        alive = await browser.get("/health/live")
        assert (alive.status_code, alive.headers["connection"]) == (200, "close")
    finally:
        the_site.app.state.draining = False


def test_on_sigterm_a_kept_connection_hears_that_it_closes(
    server: tuple[subprocess.Popen[bytes], str],
) -> None:
    child, base = server
    address = urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    told = None
    child.send_signal(signal.SIGTERM)
    while told != "close":
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.read() == b"ok"
        told = answer.getheader("Connection")
    connection.close()
    assert child.wait(timeout=20) == 0
