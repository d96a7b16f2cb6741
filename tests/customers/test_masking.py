"""Enough to know an address, too little to write to it."""

from __future__ import annotations

import pytest

from portavoce.customers.masking import masked, masked_name


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


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mario Rossi", "M••• R•••"),
        ("Mario", "M•••"),
        ("Anna Maria de Luca Bianchi", "A••• M••• d•••"),
        ("mario.rossi@studio.example", "m•••@s•••.example"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_first_letters(name: str, shown: str) -> None:
    assert masked_name(name) == shown
