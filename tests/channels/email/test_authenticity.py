"""Whom a mail is proved to be from: by the topmost word of our own server, and by nothing else."""

from __future__ import annotations

import pytest

from portavoce.channels.email import headers
from portavoce.channels.email.authenticity import proves, results

OURS = "mx.voxa.example"
LAURA = "laura@negozi.aurora.example"

PROVED = {
    "dmarc": "mx.voxa.example; dmarc=pass (p=none dis=none) header.from=negozi.aurora.example",
    "upper case": "MX.Voxa.Example; DMARC=Pass header.From=Negozi.Aurora.Example",
    "a version": "mx.voxa.example 1; dmarc=pass header.from=negozi.aurora.example",
    "its own signature": "mx.voxa.example; dkim=pass header.d=negozi.aurora.example header.s=s1; spf=fail",
    "a signature above it": "mx.voxa.example; dkim=pass header.i=@aurora.example",
    "one of two signatures": "mx.voxa.example; dkim=pass header.d=list.example; dkim=pass header.d=aurora.example",
    "folded": "mx.voxa.example;\r\n\tspf=pass smtp.mailfrom=x.example;\r\n\tdmarc=pass header.from=negozi.aurora.example",
}
NOT = {
    "nothing": "",
    "another server": "mx.evil.example; dmarc=pass header.from=negozi.aurora.example",
    "a server that begins like ours": "mx.voxa.example.evil; dmarc=pass header.from=negozi.aurora.example",
    "no results": "mx.voxa.example; none",
    "fail": "mx.voxa.example; dmarc=fail header.from=negozi.aurora.example; dkim=pass header.d=aurora.example",
    "another domain": "mx.voxa.example; dmarc=pass header.from=evil.example",
    "a signature of another": "mx.voxa.example; dkim=pass header.d=evil.example",
    "a domain that ends alike": "mx.voxa.example; dkim=pass header.d=rora.example",
    "a whole ending": "mx.voxa.example; dkim=pass header.d=example",
    "only spf": "mx.voxa.example; spf=pass smtp.mailfrom=laura@negozi.aurora.example",
    "in a comment": "mx.voxa.example; spf=fail (dmarc=pass header.from=negozi.aurora.example)",
    "behind a comment": "mx.voxa.example; x=(a; dmarc=pass header.from=negozi.aurora.example; (b) c) none",
    "in quotes": 'mx.voxa.example; spf=fail reason="; dmarc=pass header.from=negozi.aurora.example"',
    "none of it": "mx.voxa.example; dmarc=none header.from=negozi.aurora.example",
}


def mail(*fields: str) -> headers.Headers:
    said = "".join(f"Authentication-Results: {each}\r\n" for each in fields if each)
    return headers.split(f"{said}From: Laura <{LAURA}>\r\n\r\nx".encode())[0]


@pytest.mark.parametrize("kind", PROVED)
def test_our_servers_word_proves_the_senders_domain(kind: str) -> None:
    assert proves(results(mail(PROVED[kind])), OURS, LAURA)


@pytest.mark.parametrize("kind", NOT)
def test_anything_else_proves_nothing(kind: str) -> None:
    assert not proves(results(mail(NOT[kind])), OURS, LAURA)


def test_what_the_sender_wrote_below_the_topmost_word_does_not_count() -> None:
    assert not proves(results(mail("mx.voxa.example; none", PROVED["dmarc"])), OURS, LAURA)
    assert not proves(results(mail("mx.other.example; none", PROVED["dmarc"])), OURS, LAURA)


def test_nobody_is_proved_where_no_server_is_named() -> None:
    assert not proves(results(mail(PROVED["dmarc"])), "", LAURA)
    assert not proves(results(mail("; dmarc=pass header.from=negozi.aurora.example")), "", LAURA)


def test_a_mail_with_two_senders_proves_neither() -> None:
    twice = headers.split(
        f"Authentication-Results: {PROVED['dmarc']}\r\nFrom: <{LAURA}>\r\nFrom: <eve@evil.example>\r\n\r\n".encode()
    )
    assert not proves(results(twice[0]), OURS, LAURA)


def test_a_hostile_field_costs_little() -> None:
    assert results(mail("mx.voxa.example; " + "(" * 3_000 + ")" * 3_000)).server == OURS
