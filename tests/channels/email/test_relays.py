"""Where mail leaves, read from one setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from portavoce.channels.email.relays import BadRelay, relay_from, stays_here
from portavoce.channels.email.sending import Relay
from portavoce.core.config import Settings


def relay(url: str, relay_ca_file: str = "") -> Relay:
    return relay_from(Settings(home=Path("/nowhere"), relay_url=url, relay_ca_file=relay_ca_file))


def test_without_a_setting_mail_goes_to_the_local_mailbox() -> None:
    assert relay("") == Relay(host="127.0.0.1", port=2526, security="none")


@pytest.mark.parametrize(
    ("url", "port", "security"),
    [
        ("smtp://mx.example", 587, "starttls"),
        ("smtp://mx.example:25", 25, "starttls"),
        ("smtps://mx.example", 465, "tls"),
        ("smtps://mx.example:4650", 4650, "tls"),
        ("smtp://mx.example:25?security=none", 25, "none"),
    ],
)
def test_the_url_gives_port_and_encryption(url: str, port: int, security: str) -> None:
    found = relay(url)
    assert (found.host, found.port, found.security) == ("mx.example", port, security)


def test_name_and_password_are_unquoted_and_the_authorities_file_is_passed_on() -> None:
    found = relay("smtp://care%40voxa:p%2Fss@mx.example", relay_ca_file="/etc/ca.pem")
    assert (found.username, found.password, found.ca_file) == ("care@voxa", "p/ss", "/etc/ca.pem")


@pytest.mark.parametrize(
    "url", ["mx.example", "http://mx.example", "smtp://", "smtp://mx.example:port", "smtp://x:0"]
)
def test_what_is_no_relay_says_what_one_looks_like(url: str) -> None:
    with pytest.raises(BadRelay, match="smtp://user:password@host:587"):
        relay(url)


@pytest.mark.parametrize(
    ("url", "stays"),
    [
        ("", True),
        ("smtp://127.0.0.1:2526?security=none", True),
        ("smtp://127.0.0.1:2527?security=none", False),
        ("smtp://relay.example:2526", False),
    ],
)
def test_mail_stays_here_without_a_relay_or_with_our_own_mailbox_as_one(url: str, stays: bool) -> None:
    assert stays_here(Settings(relay_url=url)) is stays
