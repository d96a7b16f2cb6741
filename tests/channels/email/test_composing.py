"""A reply leaves as its brand, threads in every program, and carries nothing anyone could inject."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.channels.email.composing import Reply, compose, new_message_id, subject_of_reply
from portavoce.channels.email.parsing import parse
from portavoce.kit.addresses import BadAddress

REPLY = Reply(
    brand_name="NordCaffè",
    brand_address="care@nordcaffe.example",
    to_name="Gina Verdi",
    to_address="gina@customer.example",
    subject="Il mio caffè è freddo",
    text="Buongiorno,\n.\nsiamo spiacenti.",
    signature="NordCaffè\nServizio clienti",
    message_id="<t.1@nordcaffe.example>",
    date=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    in_reply_to="<b@customer.example>",
    references=("<a@customer.example>", "<b@customer.example>"),
)


def changed(**fields: object) -> bytes:
    return compose(msgspec.structs.replace(REPLY, **fields))


def test_a_reply_reads_back_as_it_was_meant() -> None:
    raw = compose(REPLY)
    back = parse(raw)
    assert (back.from_name, back.from_address) == ("NordCaffè", "care@nordcaffe.example")
    assert back.to == ("gina@customer.example",)
    assert back.subject == "Re: Il mio caffè è freddo"
    assert back.message_id == "<t.1@nordcaffe.example>"
    assert back.in_reply_to == "<b@customer.example>"
    assert back.references == ("<a@customer.example>", "<b@customer.example>")
    assert back.date == REPLY.date
    assert back.text == "Buongiorno,\n.\nsiamo spiacenti.\n\n-- \nNordCaffè\nServizio clienti"
    assert (back.automatic, back.defects) == (False, ())
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_only_automatic_mail_says_so() -> None:
    assert b"Auto-Submitted" not in compose(REPLY)
    assert parse(changed(automatic=True)).automatic_reason == "auto-submitted"


def test_the_installation_knows_its_own_mail() -> None:
    assert parse(changed(deployment="d1")).deployment == "d1"


def test_replies_go_to_the_tagged_address_when_there_is_one() -> None:
    assert parse(changed(reply_to="care+t@nordcaffe.example")).reply_to == "care+t@nordcaffe.example"


@pytest.mark.parametrize("prefixed", ["Re: x", "RE: x", "R: x", "AW: x", "Sv: x", "re[2]: x", "Rif: x"])
def test_a_subject_gets_one_prefix_only(prefixed: str) -> None:
    assert subject_of_reply(prefixed) == prefixed
    assert subject_of_reply("x") == "Re: x"
    assert subject_of_reply("") == "Re:"


def test_long_ids_are_written_as_they_are() -> None:
    long = f"<{'a' * 150}@{'b' * 60}.example>"
    raw = changed(in_reply_to=long, references=tuple(f"<{n}{'x' * 90}@y.example>" for n in range(40)))
    assert parse(raw).in_reply_to == long
    assert len(parse(raw).references) == 20
    assert parse(raw).references[-1] == long
    assert raw.count(long.encode()) == 2
    assert max(len(line) for line in raw.split(b"\r\n")) < 998


INJECTION = "x\r\nBcc: evil@x.example\r\n\r\nbody\x00\u2028\ud800"


@pytest.mark.parametrize(
    "field", ["brand_name", "to_name", "subject", "in_reply_to", "deployment", "signature"]
)
def test_newlines_in_a_field_inject_nothing(field: str) -> None:
    message = message_from_bytes(changed(**{field: INJECTION}), policy=default)
    assert message["Bcc"] is None
    assert message["From"] is not None
    assert message.get_content().startswith("Buongiorno,")


def test_newlines_in_references_inject_nothing() -> None:
    assert message_from_bytes(changed(references=(INJECTION, "<a@x\r\nBcc: y>"))).get("Bcc") is None


@pytest.mark.parametrize(
    "address",
    ["", "x", "a@b\r\nRCPT TO:<c@d>", "a@b, c@d", "<a@b>", "a b@c", "à@x.example", "a@b..c", '"a"@b'],
)
def test_an_address_that_cannot_be_written_to_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        changed(to_address=address)


@pytest.mark.parametrize("message_id", ["", "x", "<a@b>\r\nBcc: x", "<a b>", "<é@x>"])
def test_a_message_id_is_one_id(message_id: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        changed(message_id=message_id)


def test_a_naive_date_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        changed(date=datetime(2026, 1, 1))  # noqa: DTZ001 -- the naive one is the point


def test_ids_are_unique_and_carry_the_token() -> None:
    assert new_message_id("1.a.t", UUID(int=5), "Caffè.example") == f"<1.a.t.{5:032x}@xn--caff-8oa.example>"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=300))
def test_any_words_can_be_sent(name: str, subject: str, text: str) -> None:
    message = message_from_bytes(changed(to_name=name, subject=subject, text=text))
    assert sorted(message.keys()) == sorted(message_from_bytes(compose(REPLY)).keys())
