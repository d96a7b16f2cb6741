"""Mails of our own making that were made to hurt, and a seeded mutator that makes them worse."""

from __future__ import annotations

import base64
import io
import random
import zipfile
from collections.abc import Iterator

from tests.channels.email.corpus import CASES, HEAD, but, forwarded, mail, multipart, nested, part

MEGABYTE = 1024 * 1024
SPICES = (
    b"\x00", b"\xff\xfe", b"\r", b"\n\n", b"=?utf-8?b?\xff?=", b"=?utf-7?q?+?=", b"\xed\xa0\x80", b"%00", b"<", b"&",
    b"\r\n.\r\n", b"\r\n ", b"boundary=", b"--edge--", b"--edge", b";;;;", b":", b"(((((", b'"', b"\\", b"\x1b[2J",
    "\u202e\u2066\ufeff\U0001f469\u200d\U0001f467".encode(), b"=\r\n", b"Content-Type: multipart/mixed; boundary=x\r\n",
)  # fmt: skip


def zip_bomb(size: int = 64 * MEGABYTE) -> bytes:
    """Little that would become `size` octets if anybody unpacked it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(size))
    return packed.getvalue()


def html(markup: bytes) -> bytes:
    return mail(markup, b"Content-Type: text/html; charset=utf-8")


def attached(data: bytes, name: bytes, kind: bytes = b"application/zip") -> bytes:
    encoded = base64.encodebytes(data)
    return multipart(
        b"mixed",
        part(b"text/plain", b"see file"),
        part(kind, encoded, b"Content-Transfer-Encoding: base64", b"Content-Disposition: attachment; filename=" + name),
    )  # fmt: skip


BOMBS = {
    "a megabyte of <": lambda: html(b"<" * MEGABYTE),
    "a hundred thousand nested div": lambda: html(b"<div>" * 100_000),
    "unclosed attributes": lambda: html(b'<a href="' * 60_000),
    "ampersands": lambda: html(b"&" * 250_000),
    "addresses of the web": lambda: mail(b"http://a.example/" + b"%41.example/http://" * 50_000),
    "quoted at every depth": lambda: mail(b"\r\n".join(b">" * n + b" x" for n in range(1, 1_200))),
    "brackets in a subject": lambda: mail(head=but(b"Subject", b"=?utf-8?q?" * 20_000)),
    "commas in To": lambda: mail(head=but(b"To", b"," * 500_000)),
    "references": lambda: mail(b"x", b"References: " + b"<a@b.example> " * 60_000),
    "blanks": lambda: mail(b" " * MEGABYTE + b"x"),
    "comments in From": lambda: mail(head=but(b"From", b"(" * 60_000 + b")" * 60_000)),
    "two thousand parts": lambda: multipart(b"mixed", *[part(b"text/plain", b"x")] * 2_000),
    "fifty levels": lambda: nested(50),
    "fifty forwards": lambda: forwarded(50),
    "zip bomb": lambda: attached(zip_bomb(), b"fattura.zip"),
    "boundaries": lambda: multipart(b"mixed", b"--edge\r\n" * 60_000),
}
"""Each would cost minutes, or gigabytes, if read carelessly."""

ODDITIES = {
    "To: :;;;;": mail(head=but(b"To", b":;;;;")),
    "nothing": b"",
    "one line feed": b"\n",
    "only NUL": b"\x00" * 5_000,
    "NUL everywhere": HEAD.replace(b"Gina", b"Gi\x00na") + b"\r\nuno\x00due\r\n",
    "lone surrogates": mail(b"\xed\xa0\x80 \xed\xbf\xbf", b"Content-Type: text/plain; charset=utf-8"),
    "surrogates in a subject": mail(head=but(b"Subject", b"=?utf-8?b?7aCA?= =?utf-16?b?2AA=?=")),
    "right to left": mail(head=but(b"From", "\u202egro.live\u202c <gina@customer.example>".encode())),
    "a family and a flag": mail(head=but(b"Subject", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1ee\U0001f1f9".encode())),
    "a name of twenty thousand": mail(head=but(b"From", b"G" * 20_000 + b" <gina@customer.example>")),
    "an address of twenty thousand": mail(head=but(b"From", b"g" * 20_000 + b"@customer.example")),
    "a file name of twenty thousand": attached(b"x", b"a" * 20_000 + b".pdf"),
    "a file name that climbs": attached(b"x", b'"../../../etc/passwd\x00.pdf"'),
    "a date beyond time": mail(head=but(b"Date", b"Mon, 99 Foo 99999 99:99:99 +9999")),
    "a date before time": mail(head=but(b"Date", b"Thu, 1 Jan 0001 00:00:00 +1400")),
    "no header at all": b"\r\n\r\nciao\r\n",
    "header without body": HEAD,
    "a thousand Received": b"Received: from x by y; Mon, 2 Mar 2026 12:00:00 +0000\r\n" * 1_000 + mail(),
    "one octet lines": HEAD + b"\r\n" + b"a\r\n" * 100_000,
    "a line of a megabyte": mail(b"a" * MEGABYTE),
    "unknown everything": mail(b"x", b"Content-Type: foo/bar; charset=klingon", b"Content-Transfer-Encoding: rot13"),
    "boundary with everything": multipart(b"mixed", part(b"text/plain", b"x"), boundary=b"a" * 300),
    "base64 that is none": mail(b"\xff\xfe===!!!", b"Content-Transfer-Encoding: base64"),
    "a stranger's charset": mail(b"\x1b$B!!!", b"Content-Type: text/plain; charset=iso-2022-jp-2"),
    "a codec that is no charset": mail(b"x", b"Content-Type: text/plain; charset=zlib_codec"),
    "a codec that is punycode": mail(b"-" * 9_000, b"Content-Type: text/plain; charset=punycode"),
    "idna": mail(head=but(b"From", b"g@" + b"xn--" + b"a" * 5_000 + b".example")),
}  # fmt: skip


def mutated(raw: bytes, dice: random.Random) -> bytes:
    """The same with octets changed, lost, doubled, spiced, or crossed with another mail."""
    octets = bytearray(raw[: 64 * 1024])
    for _ in range(dice.randrange(1, 9)):
        at = dice.randrange(len(octets) + 1)
        match dice.randrange(6):
            case 0:
                octets[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                del octets[at : at + dice.randrange(1, 60)]
            case 2:
                octets[at:at] = octets[at : at + dice.randrange(1, 300)] * dice.randrange(1, 4)
            case 3:
                octets[at:at] = dice.choice(SPICES) * dice.choice((1, 1, 2, 40))
            case 4:
                other = dice.choice(CASES).raw[: 16 * 1024]
                cut = dice.randrange(len(other) + 1)
                octets[at:] = other[cut:]
            case _:
                other = bytes(octets[at : at + dice.randrange(1, 400)])
                place = dice.randrange(len(octets) + 1)
                octets[place:place] = other
    return bytes(octets)


def fuzzed(seed: int, number: int) -> Iterator[bytes]:
    """The same mails for the same seed."""
    dice = random.Random(seed)
    sources = [*(case.raw for case in CASES), *ODDITIES.values()]
    for _ in range(number):
        yield mutated(dice.choice(sources), dice)
