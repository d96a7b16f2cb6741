"""A token brings a reply to its own conversation, and to no other brand's."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.channels.email.addresses import normalise
from portavoce.channels.email.composing import new_message_id, tagged
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.parsing import parse
from portavoce.channels.email.tokens import ForeignToken, ThreadKeys, find, issue, read
from tests.channels.email.corpus import dsn, mail

AURORA = UUID("0198aaaa-0000-7000-8000-000000000001")
BOSCO = UUID("0198aaaa-0000-7000-8000-000000000002")
CONVERSATION = UUID("0198bbbb-1111-7222-8333-444455556666")
KEYS = ThreadKeys(active_kid="a", keys={"a": b"a" * 32})


@given(st.uuids(), st.uuids())
def test_a_token_survives_an_address_in_any_case(brand: UUID, conversation: UUID) -> None:
    token = issue(KEYS, brand, conversation)
    address = tagged("care@aurora.example", token)
    assert len(address.partition("@")[0]) <= 64
    assert read(KEYS, normalise(address.upper())[1], brand) == conversation


def test_a_token_of_another_brand_is_known_as_foreign() -> None:
    with pytest.raises(ForeignToken):
        read(KEYS, issue(KEYS, BOSCO, CONVERSATION), AURORA)


def test_every_changed_character_breaks_a_token() -> None:
    token = issue(KEYS, AURORA, CONVERSATION)
    for at, char in enumerate(token):
        for other in "a2.z":
            if other != char:
                assert read(KEYS, token[:at] + other + token[at + 1 :], AURORA) is None


@pytest.mark.parametrize(
    "token",
    ["", ".", "1.a", "1.a.b.c.d", "2" * 60, "\x00", "é" * 52, "1.a.aaaaaaa." + "a" * 26 + "." + "a" * 13],
)
def test_what_we_did_not_sign_is_no_token(token: str) -> None:
    assert read(KEYS, token, AURORA) is None


def test_the_old_key_still_verifies_while_the_new_one_signs() -> None:
    both = ThreadKeys(active_kid="b", keys={"a": b"a" * 32, "b": b"b" * 32})
    assert read(both, issue(KEYS, AURORA, CONVERSATION), AURORA) == CONVERSATION
    assert issue(both, AURORA, CONVERSATION).startswith("1.b.")
    only_new = ThreadKeys(active_kid="b", keys={"b": b"b" * 32})
    assert read(only_new, issue(KEYS, AURORA, CONVERSATION), AURORA) is None


@pytest.mark.parametrize("keys", [{"b": b"a" * 32}, {"a": b"short"}, {"a": b"a" * 32, "LONG": b"a" * 32}])
def test_unfit_keys_are_refused(keys: dict[str, bytes]) -> None:
    with pytest.raises(ValueError):
        ThreadKeys(active_kid="a", keys=keys)


def with_ids(**fields: str) -> ParsedMail:
    lines = [f"{name.replace('_', '-')}: {value}".encode() for name, value in fields.items()]
    return parse(mail(b"x", *lines))


OURS = new_message_id(issue(KEYS, AURORA, CONVERSATION), UUID(int=7), "aurora.example")
THEIRS = new_message_id(issue(KEYS, BOSCO, CONVERSATION), UUID(int=8), "bosco.example")


def test_the_tag_is_believed_first() -> None:
    other = UUID(int=99)
    found = find(with_ids(In_Reply_To=OURS), issue(KEYS, AURORA, other), KEYS, AURORA)
    assert (found.conversation_id, found.source, found.foreign) == (other, "tag", False)


def test_ids_are_searched_when_there_is_no_tag() -> None:
    assert find(with_ids(In_Reply_To=OURS), "", KEYS, AURORA).source == "in_reply_to"
    found = find(with_ids(In_Reply_To="<x@y>", References=f"{OURS} <x@y>"), "junk", KEYS, AURORA)
    assert (found.conversation_id, found.source) == (CONVERSATION, "references")


def test_a_foreign_token_is_ignored_and_told() -> None:
    found = find(with_ids(In_Reply_To=THEIRS), issue(KEYS, BOSCO, CONVERSATION), KEYS, AURORA)
    assert (found.conversation_id, found.source, found.foreign) == (None, "", True)
    both = find(with_ids(In_Reply_To=THEIRS, References=OURS), "", KEYS, AURORA)
    assert (both.conversation_id, both.foreign) == (CONVERSATION, True)


def test_a_bounce_finds_its_conversation_by_the_original() -> None:
    bounce = parse(dsn(b"failed", b"5.1.1").replace(b"<ours@aurora.example>", OURS.encode()))
    assert find(bounce, "", KEYS, AURORA).source == "bounce"
    assert find(msgspec.structs.replace(bounce, bounce=None), "", KEYS, AURORA).conversation_id is None


def test_a_mailbox_name_too_long_for_a_token_has_no_tagged_address() -> None:
    assert tagged("a-very-long-name@aurora.example", issue(KEYS, AURORA, CONVERSATION)) == ""
