"""Enough to know an address, too little to write to it."""

from __future__ import annotations

import pytest

from portavoce.customers.masking import masked


@pytest.mark.parametrize(
    ("channel", "value", "shown"),
    [
        ("email", "gina@studio.example", "g•••@s•••.example"),
        ("email", "g@x.it", "g•••@x•••.it"),
        ("email", "gina@mail.studio.example", "g•••@m•••.example"),
        ("phone", "+393385550142", "•••42"),
        ("whatsapp", "+393385550142", "•••42"),
    ],
)
def test_what_is_hidden_does_not_even_tell_its_length(channel: str, value: str, shown: str) -> None:
    assert masked(channel, value) == shown
