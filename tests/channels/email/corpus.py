"""Mails written by us, one trap each, with what reading must give. Run it with a folder to get them as .eml files."""

import base64
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portavoce.channels.email.mail import ParsedMail

Check = Callable[[ParsedMail], bool]


@dataclass(frozen=True)
class Case:
    """`expect` compares fields by equality, `check` tells the rest; `unparsable` is the reason instead of a mail."""

    name: str
    raw: bytes
    expect: dict[str, Any] = field(default_factory=dict)
    check: Check | None = None
    unparsable: str = ""


HEAD = (
    b"From: Gina Verdi <gina@customer.example>\r\nTo: care@aurora.example\r\nSubject: Help\r\n"
    b"Message-ID: <a1@customer.example>\r\nDate: Tue, 17 Nov 2026 10:12:00 +0100\r\n"
)


def mail(body: bytes = b"Hello\r\n", *extra: bytes, head: bytes = HEAD) -> bytes:
    return head + b"".join(line + b"\r\n" for line in extra) + b"\r\n" + body


def but(name: bytes, value: bytes) -> bytes:
    """The usual header with one field replaced, or dropped when the value is empty."""
    lines = [
        line for line in HEAD.split(b"\r\n") if line and not line.lower().startswith(name.lower() + b":")
    ]
    return b"\r\n".join([*lines, *([name + b": " + value] if value else [])]) + b"\r\n"


def multipart(
    kind: bytes, *children: bytes, head: bytes = HEAD, boundary: bytes = b"edge", more: bytes = b""
) -> bytes:
    inside = b"".join(b"--" + boundary + b"\r\n" + child + b"\r\n" for child in children)
    typed = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"' + more
    return mail(inside + b"--" + boundary + b"--\r\n", typed, head=head)


def part(kind: bytes, body: bytes, *extra: bytes) -> bytes:
    return b"Content-Type: " + kind + b"\r\n" + b"".join(line + b"\r\n" for line in extra) + b"\r\n" + body


def nested(depth: int) -> bytes:
    inner = part(b"text/plain", b"deep")
    for level in range(depth):
        edge = b"e%d" % level
        inner = part(
            b'multipart/mixed; boundary="' + edge + b'"',
            b"--" + edge + b"\r\n" + inner + b"\r\n--" + edge + b"--",
        )
    return HEAD + inner


def forwarded(depth: int) -> bytes:
    return (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * depth + mail()


def dsn(
    action: bytes, status: bytes, *, recipient: bytes = b"ugo@gone.example", third: bytes = b"message/rfc822"
) -> bytes:
    return multipart(
        b"report",
        part(b"text/plain", b"Your mail could not be delivered."),
        part(
            b"message/delivery-status",
            b"Reporting-MTA: dns; mx.example\r\nArrival-Date: Tue, 17 Nov 2026 10:12:00 +0100\r\n\r\n"
            b"Final-Recipient: rfc822; "
            + recipient
            + b"\r\nAction: "
            + action
            + b"\r\nStatus: "
            + status
            + b"\r\n"
            b"Diagnostic-Code: smtp; 550 no such user\r\n",
        ),
        part(
            third,
            b"From: care@aurora.example\r\nMessage-ID: <ours@aurora.example>\r\nSubject: Re: Help\r\n\r\nx",
        ),
        head=but(b"From", b"MAILER-DAEMON@mx.example"),
        more=b"; report-type=delivery-status",
    )


def has(code: str) -> Check:
    return lambda mail: code in mail.defects


def names(*expected: str) -> Check:
    return lambda mail: [item.name for item in mail.attachments] == list(expected)


def bounced(kind: str, address: str = "ugo@gone.example") -> Check:
    return lambda mail: (
        mail.automatic
        and mail.bounce is not None
        and mail.bounce.kind == kind
        and [item.address for item in mail.bounce.recipients] == [address]
        and mail.bounce.original_message_id == "<ours@aurora.example>"
    )


def because(reason: str) -> dict[str, Any]:
    return {"automatic": bool(reason), "automatic_reason": reason}


def named(name: bytes, kind: bytes = b"application/pdf") -> bytes:
    return multipart(
        b"mixed",
        part(b"text/plain", b"see file"),
        part(kind, b"data", b"Content-Disposition: attachment; " + name),
    )


ENCODED = base64.b64encode
PLAIN_AND_HTML = (
    part(b"text/plain; charset=utf-8", "però".encode()),
    part(b"text/html; charset=utf-8", "<p>però</p>".encode()),
)

ORDINARY = [
    Case(
        "plain",
        mail(),
        {
            "from_name": "Gina Verdi",
            "from_address": "gina@customer.example",
            "to": ("care@aurora.example",),
            "subject": "Help",
            "message_id": "<a1@customer.example>",
            "text": "Hello",
            "html": None,
            "attachments": (),
            "automatic": False,
            "bounce": None,
            "defects": (),
        },
        lambda mail: mail.date is not None and mail.date.isoformat() == "2026-11-17T09:12:00+00:00",
    ),
    Case("alternative", multipart(b"alternative", *PLAIN_AND_HTML), {"text": "però", "html": "<p>però</p>"}),
    Case(
        "html_only",
        mail("<style>p{}</style><p>Perché<br>no</p>".encode(), b"Content-Type: text/html; charset=utf-8"),
        {"text": "Perché\nno"},
    ),
    Case(
        "inline_image_counted_once",
        multipart(
            b"related",
            part(b"text/html", b'<p>Hi<img src="cid:logo@x"></p>'),
            part(
                b"image/png", ENCODED(b"png"), b"Content-ID: <logo@x>", b"Content-Transfer-Encoding: base64"
            ),
        ),
        {"text": "Hi"},
        lambda mail: (
            [(item.content_id, item.inline, item.data) for item in mail.attachments]
            == [("logo@x", True, b"png")]
        ),
    ),
    Case(
        "attachment_only",
        multipart(
            b"mixed", part(b"application/pdf", b"x", b"Content-Disposition: attachment; filename=a.pdf")
        ),
        {"text": ""},
        names("a.pdf"),
    ),
    Case(
        "alternative_of_blanks",
        multipart(b"alternative", part(b"text/plain", b" "), part(b"text/plain", b"")),
        {"text": " "},
    ),
    Case("empty_body", mail(b""), {"text": "", "attachments": ()}),
    Case("latin1", mail(b"perch\xe9", b"Content-Type: text/plain; charset=iso-8859-1"), {"text": "perché"}),
    Case(
        "quoted_printable",
        mail(
            b"perch=C3=A9 s=\r\ni",
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: quoted-printable",
        ),
        {"text": "perché si"},
    ),
    Case(
        "base64",
        mail(
            ENCODED("così".encode()),
            b"Content-Type: text/plain; charset=utf-8",
            b"Content-Transfer-Encoding: base64",
        ),
        {"text": "così"},
    ),
    Case(
        "flowed",
        mail(b"one \r\ntwo\r\n> a \r\n> b\r\nend", b"Content-Type: text/plain; format=flowed"),
        {"text": "one two\n> a b\nend"},
    ),
    Case(
        "flowed_delsp",
        mail(b"one \r\ntwo", b"Content-Type: text/plain; format=flowed; delsp=yes"),
        {"text": "onetwo"},
    ),
    Case(
        "two_texts_and_footer",
        multipart(b"mixed", part(b"text/plain", b"body"), part(b"text/plain", b"list footer")),
        {"text": "body\n\nlist footer"},
    ),
    Case(
        "footer_under_html_is_kept",
        multipart(b"mixed", part(b"text/html", b"<b>body</b>"), part(b"text/plain", b"a<b")),
        {"html": "<b>body</b>\n<pre>a&lt;b</pre>"},
    ),
    Case(
        "calendar_invite",
        multipart(
            b"alternative",
            part(b"text/plain", b"meet"),
            part(b"text/calendar; method=REQUEST", b"BEGIN:VCALENDAR"),
        ),
        {"text": "meet"},
        names("attachment.ics"),
    ),
    Case(
        "signed",
        multipart(
            b"signed",
            part(b"text/plain", b"I sign"),
            part(b"application/pkcs7-signature; name=smime.p7s", b"x"),
        ),
        {"text": "I sign"},
        names("smime.p7s"),
    ),
    Case(
        "encrypted",
        mail(b"x", b"Content-Type: application/pkcs7-mime; name=smime.p7m"),
        {"text": ""},
        names("smime.p7m"),
    ),
    Case(
        "tnef",
        multipart(b"mixed", part(b"text/plain", b"hi"), part(b"application/ms-tnef; name=winmail.dat", b"x")),
        {},
        names("winmail.dat"),
    ),
    Case(
        "forwarded_as_attachment",
        multipart(b"mixed", part(b"text/plain", b"see"), part(b"message/rfc822", mail(b"inner"))),
        {"text": "see"},
        names("attachment.eml"),
    ),
    Case(
        "reply_to_of_a_web_form",
        mail(b"x", b"Reply-To: Ugo <Ugo@Customer.Example>"),
        {"reply_to": "ugo@customer.example"},
    ),
    Case(
        "threaded",
        mail(b"x", b"In-Reply-To: <b@x>", b"References: <a@x>", b"\t<b@x>"),
        {"in_reply_to": "<b@x>", "references": ("<a@x>", "<b@x>")},
    ),
    Case("reply_to_two_mails", mail(b"x", b"In-Reply-To: <b@x> <c@x>"), {"in_reply_to": "<b@x>"}),
    Case("own_mail_back", mail(b"x", b"X-Portavoce-Deployment: d1"), {"deployment": "d1"}),
    Case(
        "mbox_line",
        b"From gina Tue Nov 17 10:12:00 2026\r\n" + mail(),
        {"from_address": "gina@customer.example"},
    ),
    Case("newlines_only", mail().replace(b"\r\n", b"\n"), {"text": "Hello", "subject": "Help"}),
    Case("returns_only", mail().replace(b"\r\n", b"\r"), {"text": "Hello", "subject": "Help"}),
]

FIELDS = [
    Case("message_id_bracket", mail(head=but(b"Message-ID", b"<[>")), {"message_id": "<[>"}),
    Case(
        "message_id_missing",
        mail(head=but(b"Message-ID", b"")),
        {},
        lambda m: has("no-message-id")(m) and m.message_id.endswith("@missing.invalid>"),
    ),
    Case("to_group", mail(head=but(b"To", b":;;;;")), {"to": ()}),
    Case("to_undisclosed", mail(head=but(b"To", b"undisclosed-recipients:;")), {"to": ()}),
    Case(
        "to_group_with_members",
        mail(head=but(b"To", b"Team: a@x.example, B <b@x.example>;")),
        {"to": ("a@x.example", "b@x.example")},
    ),
    Case(
        "to_five_thousand",
        mail(head=but(b"To", b", ".join(b"u%d@x.example" % n for n in range(5000)))),
        {},
        lambda m: len(m.to) == 200,
    ),
    Case(
        "subject_of_encoded_words",
        mail(head=but(b"Subject", b" ".join([b"=?utf-8?q?a?="] * 20_000))),
        {},
        lambda m: 0 < len(m.subject) <= 8192,
    ),
    Case(
        "subject_word_split_inside_a_letter",
        mail(head=but(b"Subject", b"=?utf-8?q?perch=C3?=\r\n =?utf-8?q?=A9?=")),
        {"subject": "perché"},
    ),
    Case(
        "subject_base64",
        mail(head=but(b"Subject", b"=?UTF-8?B?" + ENCODED("Così".encode()) + b"?=")),
        {"subject": "Così"},
    ),
    Case(
        "subject_bad_base64",
        mail(head=but(b"Subject", b"=?utf-8?b?a?= x")),
        {},
        lambda m: m.subject.endswith("x"),
    ),
    Case(
        "subject_unknown_charset", mail(head=but(b"Subject", b"=?x-foo?q?caff=C3=A8?=")), {"subject": "caffè"}
    ),
    Case("subject_raw_utf8", mail(head=but(b"Subject", "Città".encode())), {"subject": "Città"}),
    Case("subject_raw_latin1", mail(head=but(b"Subject", b"Citt\xe0")), {"subject": "Città"}),
    Case("subject_with_nul", mail(head=but(b"Subject", b"a\x00b")), {"subject": "ab"}),
    Case(
        "subject_with_encoded_newline",
        mail(head=but(b"Subject", b"=?utf-8?q?a=0D=0ABcc:_x?=")),
        {"subject": "a Bcc: x"},
    ),
    Case("subject_twice", mail(b"x", b"Subject: other"), {"subject": "Help"}, has("repeated-subject")),
    Case(
        "from_twice",
        mail(b"x", b"From: evil@x.example"),
        {"from_address": "gina@customer.example"},
        has("repeated-from"),
    ),
    Case("from_missing", mail(head=but(b"From", b"")), {"from_address": ""}, has("no-sender")),
    Case("from_empty", mail(head=but(b"From", b'"" <>')), {"from_address": ""}, has("no-sender")),
    Case(
        "from_missing_but_sender",
        mail(b"x", b"Sender: ugo@x.example", head=but(b"From", b"")),
        {"from_address": "ugo@x.example"},
    ),
    Case(
        "from_without_brackets",
        mail(head=but(b"From", b"Mario Rossi mario@x.example")),
        {"from_name": "Mario Rossi", "from_address": "mario@x.example"},
    ),
    Case(
        "from_with_comment",
        mail(head=but(b"From", b"mario@x.example (Mario Rossi)")),
        {"from_name": "Mario Rossi", "from_address": "mario@x.example"},
    ),
    Case(
        "from_quoted_comma",
        mail(head=but(b"From", b'"Rossi, Mario" <mario@x.example>')),
        {"from_name": "Rossi, Mario"},
    ),
    Case(
        "from_encoded_name_with_address",
        mail(head=but(b"From", b"=?utf-8?q?boss=40bank.example=3E=2C?= <evil@x.example>")),
        {"from_address": "evil@x.example"},
        has("name-shows-other-address"),
    ),
    Case(
        "from_spoofed_name",
        mail(head=but(b"From", b'"support@bank.example" <evil@x.example>')),
        {"from_address": "evil@x.example"},
        has("name-shows-other-address"),
    ),
    Case(
        "from_idn",
        mail(head=but(b"From", "U <ugo@CAFFÈ.example>".encode())),
        {"from_address": "ugo@xn--caff-8oa.example"},
    ),
    Case("from_parentheses", mail(head=but(b"From", b"(" * 60_000)), {"from_address": ""}),
    Case(
        "from_with_newline_in_name", mail(head=but(b"From", b'"a\r\n b" <a@x.example>')), {"from_name": "a b"}
    ),
    Case("from_with_injection", mail(head=but(b"From", b"<a@x.example\r\n\tb>")), {"from_address": ""}),
    Case("date_invalid", mail(head=but(b"Date", b"yesterday")), {"date": None}, has("no-date")),
    Case(
        "date_minus_zero",
        mail(head=but(b"Date", b"Tue, 17 Nov 2026 10:12:00 -0000")),
        {},
        lambda m: m.date is not None and m.date.tzinfo is not None,
    ),
    Case("date_beyond_time", mail(head=but(b"Date", b"Fri, 31 Dec 9999 23:59:59 -2359")), {"date": None}),
    Case("date_month_99", mail(head=but(b"Date", b"17 99 2026 99:99:99 +9999")), {"date": None}),
    Case(
        "references_of_a_thousand",
        mail(b"x", b"References: " + b" ".join(b"<%d@x>" % n for n in range(1000))),
        {},
        lambda m: len(m.references) == 20 and m.references[-1] == "<999@x>",
    ),
    Case("no_header_at_all", b"Hello, no header", {"text": "Hello, no header"}, has("no-sender")),
    Case(
        "body_without_blank_line",
        HEAD + b"this is no field\r\nand more",
        {"text": "this is no field\nand more"},
    ),
    Case(
        "header_of_ten_megabytes",
        mail(head=but(b"X-Long", b"a" * 10_000_000)),
        unparsable="header block too large",
    ),
    Case("header_of_many_fields", mail(head=HEAD + b"X: y\r\n" * 5000), unparsable="header block too large"),
    Case("empty", b"", unparsable="empty"),
    Case("blank", b"\r\n\r\n  ", unparsable="empty"),
]

BODIES = [
    Case(
        "charset_unknown",
        mail("però".encode(), b"Content-Type: text/plain; charset=x-foo"),
        {"text": "però"},
        has("charset"),
    ),
    Case(
        "charset_lie_utf8",
        mail(b"perch\xe9 \x93no\x94", b"Content-Type: text/plain; charset=utf-8"),
        {"text": "perché “no”"},
        has("charset"),
    ),
    Case(
        "charset_lie_ascii",
        mail(b"perch\xe9", b"Content-Type: text/plain; charset=us-ascii"),
        {"text": "perché"},
    ),
    Case("charset_ansi", mail(b"\x80 5", b"Content-Type: text/plain; charset=ansi"), {"text": "€ 5"}),
    Case(
        "charset_gb2312",
        mail("中文".encode("gb18030"), b"Content-Type: text/plain; charset=gb2312"),
        {"text": "中文"},
    ),
    Case(
        "charset_korean",
        mail("한국".encode("cp949"), b"Content-Type: text/plain; charset=ks_c_5601-1987"),
        {"text": "한국"},
    ),
    Case(
        "charset_hebrew",
        mail("שלום".encode("iso-8859-8"), b"Content-Type: text/plain; charset=iso-8859-8-i"),
        {"text": "שלום"},
    ),
    Case(
        "charset_codec_of_python",
        mail(b"\\x41", b"Content-Type: text/plain; charset=unicode_escape"),
        {"text": "\\x41"},
    ),
    Case("charset_zip", mail(b"abc", b"Content-Type: text/plain; charset=zip"), {"text": "abc"}),
    Case(
        "charset_punycode_bomb",
        mail(b"a" * 200_000, b"Content-Type: text/plain; charset=punycode"),
        {},
        lambda m: len(m.text) == 200_000,
    ),
    Case("nul_in_body", mail(b"a\x00b"), {"text": "ab"}),
    Case(
        "half_surrogate",
        mail(b"\xed\xa0\x80", b"Content-Type: text/plain; charset=utf-8"),
        {},
        lambda m: m.text.encode() != b"",
    ),
    Case(
        "bad_base64",
        mail(b"SGVsbG8*!\r\nZZZ", b"Content-Transfer-Encoding: base64"),
        {},
        lambda m: m.text.startswith("Hello"),
    ),
    Case(
        "bad_base64_length",
        mail(b"SGVsbG8hA", b"Content-Transfer-Encoding: base64"),
        {"text": "Hello!"},
        has("base64"),
    ),
    Case(
        "unknown_transfer_encoding",
        mail(b"x", b"Content-Transfer-Encoding: x-uuencode"),
        {"text": "x"},
        has("transfer-encoding"),
    ),
    Case(
        "multipart_without_boundary",
        mail(b"x", b"Content-Type: multipart/mixed"),
        {"text": "x"},
        has("multipart-without-parts"),
    ),
    Case(
        "multipart_boundary_never_met",
        mail(b"x", b"Content-Type: multipart/mixed; boundary=q"),
        {"text": "x"},
        has("multipart-without-parts"),
    ),
    Case(
        "multipart_without_end",
        mail(b"--q\r\n\r\nfirst", b"Content-Type: multipart/mixed; boundary=q"),
        {"text": "first"},
    ),
    Case(
        "multipart_nested_same_boundary",
        mail(
            b"--q\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\nx\r\n--q--\r\n",
            b"Content-Type: multipart/mixed; boundary=q",
        ),
        {"text": "x"},
    ),
    Case(
        "boundary_with_regex",
        mail(b"--(a+)+$\r\n\r\nok\r\n--(a+)+$--", b'Content-Type: multipart/mixed; boundary="(a+)+$"'),
        {"text": "ok"},
    ),
    Case("nested_ten", nested(10), {"text": "deep"}),
    Case("nested_eleven", nested(11), unparsable="parts nested too deeply"),
    Case("nested_two_hundred", nested(200), unparsable="parts nested too deeply"),
    Case("forwarded_fifteen_hundred_times", forwarded(1500), {"text": ""}, lambda m: len(m.attachments) == 1),
    Case(
        "parts_five_thousand",
        multipart(b"mixed", *[part(b"text/plain", b"x")] * 5000),
        unparsable="too many parts",
    ),
    Case(
        "content_type_of_quotes", mail(b"x", b"Content-Type: text/plain; a=" + b'";' * 30_000), {"text": "x"}
    ),
    Case("content_type_garbage", mail(b"x", b"Content-Type: ///;;;=;;"), {}, names("attachment.bin")),
    Case("rfc2231_garbage", named(b"filename*99999999999999999999*=x''y"), {"text": "see file"}),
    Case(
        "html_nested_divs",
        mail(b"<div>" * 100_000 + b"in", b"Content-Type: text/html"),
        {},
        lambda m: len(m.text) < 1_000_000,
    ),
    Case(
        "html_ampersands",
        mail(b"&" * 1_000_000, b"Content-Type: text/html"),
        {},
        lambda m: m.text.startswith("&&"),
    ),
    Case(
        "angle_brackets",
        mail(b"<" * 1_000_000, b"Content-Type: text/html"),
        {},
        lambda m: len(m.text) <= 1_048_576,
    ),
    Case(
        "flowed_of_many_lines",
        mail(b"a \n" * 500_000, b"Content-Type: text/plain; format=flowed"),
        {},
        lambda m: m.text.startswith("a a a"),
    ),
    Case(
        "base64_of_junk",
        mail(b"A*" * 3_000_000, b"Content-Transfer-Encoding: base64"),
        {},
        lambda m: len(m.text) <= 1_048_576,
    ),
    Case(
        "utf8_of_nine_megabytes",
        mail("è è\n".encode() * 1_500_000, b"Content-Type: text/plain; charset=utf-8"),
        {},
        lambda m: m.text.startswith("è è\n") and "charset" not in m.defects,
    ),
    Case(
        "body_of_three_megabytes",
        mail(b"x" * 3_000_000),
        {},
        lambda m: len(m.text) == 1_048_576 and "body-truncated" in m.defects,
    ),
]

NAMES = [
    Case("name_with_path", named(b'filename="../../etc/passwd"'), {}, names("passwd")),
    Case("name_with_windows_path", named(b'filename="C:\\\\temp\\\\a.pdf"'), {}, names("a.pdf")),
    Case("name_rfc2231", named(b"filename*=utf-8''caff%C3%A8.pdf"), {}, names("caffè.pdf")),
    Case("name_rfc2231_parts", named(b"filename*0=long-; filename*1=name.pdf"), {}, names("long-name.pdf")),
    Case("name_encoded_word", named(b'filename="=?utf-8?q?caff=C3=A8.pdf?="'), {}, names("caffè.pdf")),
    Case("name_right_to_left", named('filename="gpj\u202efdp.exe"'.encode()), {}, names("gpjfdp.exe")),
    Case("name_zero_width", named('filename="a.p\u200bht"'.encode()), {}, names("a.pht")),
    Case("name_encoded_path", named(b"filename*=utf-8''..%2F..%2Fx%00.sh"), {}, names("x.sh")),
    Case("name_reserved", named(b'filename="con"'), {}, names("_con")),
    Case("name_dots", named(b'filename=".."'), {}, names("attachment.pdf")),
    Case("name_trailing_dot", named(b'filename="a.pdf. "'), {}, names("a.pdf")),
    Case(
        "name_of_three_hundred",
        named(b'filename="' + b"a" * 300 + b'.pdf"'),
        {},
        lambda m: len(m.attachments[0].name) == 120 and m.attachments[0].name.endswith(".pdf"),
    ),
    Case(
        "name_without_suffix_of_three_hundred", named(b'filename="' + b"a" * 300 + b'"'), {}, names("a" * 120)
    ),
    Case("name_missing", named(b"x=y", b"image/png"), {}, names("attachment.png")),
    Case(
        "name_with_header", named(b"filename*=utf-8''a.png%0D%0AX-Evil%3A%20y"), {}, names("a.pngX-Evil_ y")
    ),
    Case(
        "media_type_evil",
        named(b"filename=a", b'text/"><script>'),
        {},
        lambda m: m.attachments[0].media_type == "application/octet-stream",
    ),
]

MACHINES = [
    Case("auto_replied", mail(b"x", b"Auto-Submitted: auto-replied"), because("auto-submitted")),
    Case(
        "auto_generated_with_parameter",
        mail(b"x", b"Auto-Submitted: auto-generated; type=x"),
        because("auto-submitted"),
    ),
    Case("auto_submitted_no", mail(b"x", b"Auto-Submitted: no"), because("")),
    Case("precedence_bulk", mail(b"x", b"Precedence: bulk"), because("precedence")),
    Case(
        "exchange_suppress", mail(b"x", b"X-Auto-Response-Suppress: All"), because("x-auto-response-suppress")
    ),
    Case("x_autoreply", mail(b"x", b"X-Autoreply: yes"), because("x-autoreply")),
    Case("mailing_list", mail(b"x", b"List-Id: <l.example>"), because("list-id")),
    Case("newsletter", mail(b"x", b"List-Unsubscribe: <https://x.example>"), because("list-unsubscribe")),
    Case("null_return_path", b"Return-Path: <>\r\n" + mail(), because("null-return-path")),
    Case("no_reply_sender", mail(head=but(b"From", b"no-reply@shop.example")), because("robot-sender")),
    Case("daemon_sender", mail(head=but(b"From", b"MAILER-DAEMON@x.example")), because("robot-sender")),
    Case("noble_person", mail(head=but(b"From", b"noreen@x.example")), because("")),
    Case("away_it", mail(head=but(b"Subject", b"Risposta automatica: Help")), because("subject")),
    Case("away_de", mail(head=but(b"Subject", b"Abwesenheitsnotiz: Help")), because("subject")),
    Case("away_fr", mail(head=but(b"Subject", "Réponse automatique : Help".encode())), because("subject")),
    Case("away_es", mail(head=but(b"Subject", "Respuesta automática: Help".encode())), because("subject")),
    Case("away_en", mail(head=but(b"Subject", b"Out of Office: Help")), because("subject")),
    Case("dsn_hard", dsn(b"failed", b"5.1.1"), because("report"), bounced("hard")),
    Case("dsn_full", dsn(b"failed", b"5.2.2 (full)"), {}, bounced("soft")),
    Case("dsn_policy", dsn(b"failed", b"5.7.1"), {}, bounced("policy")),
    Case("dsn_delayed", dsn(b"delayed", b"4.4.1"), {}, bounced("delayed")),
    Case("dsn_delivered", dsn(b"delivered", b"2.0.0"), {}, bounced("delivered")),
    Case("dsn_headers_only", dsn(b"failed", b"5.1.1", third=b"text/rfc822-headers"), {}, bounced("hard")),
    Case("dsn_hostile_recipient", dsn(b"failed", b"9.9.9", recipient=b"<<<>>>"), {}, bounced("unknown", "")),
    Case(
        "dsn_home_made",
        mail(
            b"Hi. I'm the mail program at mx.example.\r\n<ugo@gone.example>:\r\n550 5.1.1 no mailbox\r\n",
            head=but(b"From", b"MAILER-DAEMON@mx.example").replace(
                b"Subject: Help", b"Subject: failure notice"
            ),
        ),
        because("robot-sender"),
        lambda m: (
            m.bounce is not None
            and m.bounce.kind == "hard"
            and m.bounce.recipients[0].address == "ugo@gone.example"
        ),
    ),
    Case(
        "complaint",
        multipart(
            b"report",
            part(b"text/plain", b"spam"),
            part(b"message/feedback-report", b"Feedback-Type: abuse"),
            more=b"; report-type=feedback-report",
        ),
        because("report"),
        lambda m: m.bounce is not None and m.bounce.kind == "complaint",
    ),
    Case(
        "read_receipt",
        multipart(
            b"report",
            part(b"text/plain", b"read"),
            part(b"message/disposition-notification", b"Disposition: manual-action"),
            more=b"; report-type=disposition-notification",
        ),
        because("report") | {"bounce": None},
    ),
]

CASES = ORDINARY + FIELDS + BODIES + NAMES + MACHINES


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        (folder / f"{case.name}.eml").write_bytes(case.raw)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
