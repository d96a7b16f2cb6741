"""Who is calling: the peer, or what our own proxies say; a forged header changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from portavoce.core.config import Settings
from portavoce.web.address import allowed_hosts, find_client, trusted_networks

PROXIES = trusted_networks("10.0.0.0/8, 2001:db8:ffff::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "192.0.2.1", "203.0.113.7"),
        ("10.1.1.1", "192.0.2.1", "192.0.2.1"),
        ("10.1.1.1", "6.6.6.6, 192.0.2.1", "192.0.2.1"),
        ("10.1.1.1", "6.6.6.6, 192.0.2.1, 10.2.2.2", "192.0.2.1"),
        ("10.1.1.1", "10.3.3.3, 10.2.2.2", "10.3.3.3"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("10.1.1.1", "nonsense", "10.1.1.1"),
        ("10.1.1.1", "192.0.2.1, nonsense", "10.1.1.1"),
        ("10.1.1.1", "192.0.2.1:51234", "192.0.2.1"),
        ("10.1.1.1", "[2001:db8::9]:443", "2001:db8::9"),
        ("10.1.1.1", "2001:db8::9", "2001:db8::9"),
        ("2001:db8:ffff::1", "192.0.2.1", "192.0.2.1"),
        ("::ffff:10.1.1.1", "192.0.2.1", "192.0.2.1"),
        ("10.1.1.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("10.1.1.1", ",".join(["192.0.2.1"] * 5000), "192.0.2.1"),
        ("", "192.0.2.1", "None"),
        ("testclient", "192.0.2.1", "None"),
    ],
)
def test_the_rightmost_hop_that_is_not_ours_is_the_client(peer: str, forwarded: str, client: str) -> None:
    assert str(find_client(peer, forwarded, PROXIES)) == client


def test_without_trusted_proxies_no_header_is_believed() -> None:
    assert str(find_client("127.0.0.1", "192.0.2.1", trusted_networks(""))) == "127.0.0.1"


def test_a_typing_error_in_the_setting_stops_the_start() -> None:
    with pytest.raises(ValueError, match="proxy"):
        trusted_networks("10.0.0.0/8, proxy.example")


def test_the_hosts_we_answer_to_are_ours_and_this_machine() -> None:
    settings = Settings(home=Path("x"), public_url="https://care.voxa.example", web_port=8000)
    assert allowed_hosts(settings) == [
        "127.0.0.1",
        "127.0.0.1:8000",
        "care.voxa.example",
        "care.voxa.example:8000",
        "localhost",
        "localhost:8000",
    ]
