from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from portavoce.core.processes.ports import PortTaken, choose_port, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_free_port_is_taken_as_wanted() -> None:
    wanted = choose_port(0)
    assert choose_port(wanted) == wanted


def test_a_taken_port_gives_way_to_another(taken: int) -> None:
    chosen = choose_port(taken)
    assert chosen != taken
    assert is_free(chosen)


def test_a_taken_port_that_others_know_is_refused(taken: int) -> None:
    with pytest.raises(PortTaken, match=f"port {taken} on 127.0.0.1 is taken"):
        choose_port(taken, fixed=True)


def test_an_address_that_is_not_ours_is_an_error_not_a_taken_port() -> None:
    with pytest.raises(OSError, match="assign requested address"):
        is_free(8000, "192.0.2.1")
