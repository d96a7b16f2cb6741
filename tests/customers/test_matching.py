"""What makes two customers look like one person."""

from __future__ import annotations

import pytest

from portavoce.customers.matching import Known, match_key, name_key, reasons

GINA = Known("email", "gina.verdi@studio.example")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Gina Verdi", "gina verdi"),
        ("VERDI, Gìna", "gina verdi"),
        ("  gina   verdi ", "gina verdi"),
        ("Gina", ""),
        ("gina@posta.example", "example gina posta"),
        ("D'Angelo Nicolò", "angelo d nicolo"),
        ("", ""),
        ("...", ""),
    ],
)
def test_a_name_has_one_key(name: str, key: str) -> None:
    assert name_key(name) == key


def test_a_mailbox_is_known_without_its_tag_and_a_number_by_its_end() -> None:
    assert match_key("email", "gina+shop@x.example") == match_key("email", "gina@x.example")
    assert match_key("phone", "+393385550142") == match_key("whatsapp", "+393385550142") == "385550142"


@pytest.mark.parametrize(
    ("mine", "theirs", "same_name", "why"),
    [
        ([Known("phone", "+393385550142")], [Known("whatsapp", "+393385550142")], False, ["number"]),
        ([GINA], [Known("email", "gina.verdi+news@studio.example")], False, ["mailbox"]),
        ([GINA], [Known("email", "info@studio.example")], True, ["name_and_domain"]),
        ([GINA], [Known("email", "info@studio.example")], False, []),
        ([Known("email", "gina@gmail.com")], [Known("email", "gv@gmail.com")], True, []),
        ([Known("phone", "+390212345678")], [Known("phone", "+393332345678")], True, ["name_and_number"]),
        ([Known("phone", "+390212345678")], [Known("phone", "+393332345678")], False, []),
        ([GINA], [], True, []),
    ],
)
def test_a_name_alone_is_no_reason(
    mine: list[Known], theirs: list[Known], same_name: bool, why: list[str]
) -> None:
    assert reasons(mine, theirs, same_name=same_name) == why
    assert reasons(theirs, mine, same_name=same_name) == why
