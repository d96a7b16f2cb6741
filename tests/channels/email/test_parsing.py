"""Any bytes become a mail or Unparsable, and each trap is read as a person would read it."""

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portavoce.channels.email import parsing
from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.mail import ParsedMail
from portavoce.channels.email.parsing import parse
from tests.channels.email.corpus import CASES, Case, mail, named
from tests.depth import scaled


def test_the_corpus_holds_at_least_sixty_different_mails() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 60
    assert len({case.raw for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_mail_is_read_as_expected(case: Case) -> None:
    if case.unparsable:
        with pytest.raises(Unparsable) as refused:
            parse(case.raw)
        assert refused.value.reason == case.unparsable
        return
    parsed = parse(case.raw)
    assert {name: getattr(parsed, name) for name in case.expect} == case.expect
    assert case.check is None or case.check(parsed), parsed
    assert_storable(parsed)


def assert_storable(parsed: ParsedMail) -> None:
    """All text fits a PostgreSQL column, and the output is bounded whatever came in."""
    words = [
        parsed.from_name,
        parsed.from_address,
        parsed.subject,
        parsed.text,
        parsed.html or "",
        parsed.message_id,
    ]
    words += [
        parsed.in_reply_to,
        parsed.reply_to,
        parsed.deployment,
        *parsed.references,
        *parsed.to,
        *parsed.cc,
    ]
    words += [word for item in parsed.attachments for word in (item.name, item.media_type, item.content_id)]
    joined = "".join(words)
    assert "\x00" not in joined
    assert joined.encode("utf-8").decode("utf-8") == joined
    assert max(len(parsed.text), len(parsed.html or "")) <= parsing.BODY_LIMIT
    assert len(parsed.references) <= 20
    assert len(parsed.attachments) <= 200
    assert all("/" not in item.name and "\\" not in item.name for item in parsed.attachments)


def attempt(raw: bytes) -> None:
    reason = ""
    try:
        assert_storable(parse(raw))
    except Unparsable as refused:
        reason = refused.reason
    assert not reason.startswith("unexpected"), reason


SMALL = [case.raw for case in CASES if len(case.raw) < 20_000]


def test_flipped_bits_never_escape_as_another_error() -> None:
    dice = random.Random(2026)
    for _ in range(1_500):
        damaged = bytearray(dice.choice(SMALL) or b"x")
        for _ in range(dice.randint(1, 12)):
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        attempt(bytes(damaged))


def test_spliced_mails_never_escape_as_another_error() -> None:
    dice = random.Random(1118)
    for _ in range(500):
        first, second = dice.choice(SMALL), dice.choice(SMALL)
        attempt(first[: dice.randrange(len(first) + 1)] + second[dice.randrange(len(second) + 1) :])


@given(st.binary(max_size=600))
@settings(max_examples=200, deadline=None)
def test_any_bytes_as_a_header_or_body_are_survived(noise: bytes) -> None:
    attempt(noise)
    attempt(mail(noise))
    attempt(b"From: " + noise + b"\r\nSubject: " + noise + b"\r\n\r\nx")
    attempt(b"Content-Type: " + noise + b"\r\n\r\nx")
    attempt(named(b"filename*=" + noise))


def test_reading_the_worst_mails_takes_bounded_memory() -> None:
    tracemalloc.start()
    try:
        for case in sorted(CASES, key=lambda each: len(each.raw))[-scaled(4, deep=len(CASES)) :]:
            attempt(case.raw)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200 * 1024 * 1024


def test_an_error_we_forgot_becomes_unparsable(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(raw: bytes) -> ParsedMail:
        raise RecursionError

    monkeypatch.setattr(parsing, "_read", broken)
    with pytest.raises(Unparsable, match="unexpected RecursionError"):
        parse(mail())
