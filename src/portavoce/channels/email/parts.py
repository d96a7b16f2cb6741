"""The tree of MIME parts, walked linearly and within limits, into body segments and attachments.

Written by hand because the standard parser recurses without limit and is quadratic in depth times lines.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from portavoce.channels.email import charsets, headers, names
from portavoce.channels.email.errors import Unparsable
from portavoce.channels.email.headers import Headers
from portavoce.channels.email.mail import Attachment
from portavoce.channels.email.text import flow

DEPTH_LIMIT = 10
PART_LIMIT = 200

# A little more than parsing keeps, so that it sees the excess and says so.
SEGMENT_LIMIT = 1024 * 1024 + 4
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))


@dataclass
class Segment:
    """One piece of body as written: text, HTML, or both forms of the same."""

    text: str | None = None
    html: str | None = None


@dataclass
class Gathered:
    """What the walk found so far."""

    segments: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    originals: list[bytes] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    parts: int = 0


def gather(fields: Headers, body: bytes) -> Gathered:
    """Raises Unparsable beyond 10 levels or 200 parts."""
    found = Gathered()
    _visit(fields, body, found, depth=0, default="text/plain")
    return found


def _visit(fields: Headers, body: bytes, found: Gathered, *, depth: int, default: str) -> None:
    found.parts += 1
    if found.parts > PART_LIMIT:
        raise Unparsable("too many parts")
    kind, parameters = headers.parameters(fields, "content-type")
    kind = names.media_type(kind or default)
    boundary = parameters.get("boundary", "")
    if kind.startswith("multipart/") and boundary:
        if depth >= DEPTH_LIMIT:
            raise Unparsable("parts nested too deeply")
        if children := list(_children(body, boundary)):
            _visit_children(kind, children, found, depth + 1)
            return
    if kind.startswith("multipart/"):
        found.defects.append("multipart-without-parts")
        kind = "text/plain"
    _keep_leaf(kind, parameters, fields, body, found)


def _children(body: bytes, boundary: str) -> Iterator[bytes]:
    """The slices between delimiter lines; a missing last delimiter ends at the end."""
    delimiter = re.compile(
        rb"^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE
    )
    start: int | None = None
    for match in delimiter.finditer(body):
        if start is not None:
            yield _without_last_newline(body[start : match.start()])
        start = None if match[1] else match.end()
        if match[1]:
            return
    if start is not None:
        yield body[start:]


def _without_last_newline(data: bytes) -> bytes:
    return data.removesuffix(b"\n").removesuffix(b"\r")


def _visit_children(kind: str, children: list[bytes], found: Gathered, depth: int) -> None:
    default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    before = len(found.segments)
    children.reverse()
    while children:  # let go of each: a mail of the largest size must not be in memory once for every step
        fields, body = headers.split(children.pop())
        _visit(fields, body, found, depth=depth, default=default)
    if kind == "multipart/alternative":
        found.segments[before:] = _one_of(found.segments[before:])


def _one_of(segments: list[Segment]) -> list[Segment]:
    """Alternatives say the same: the first plain text and the last HTML."""
    texts = [item.text for item in segments if item.text is not None and item.text.strip()]
    htmls = [item.html for item in segments if item.html is not None]
    if not texts and not htmls:
        return segments[:1]
    return [Segment(text=texts[0] if texts else None, html=htmls[-1] if htmls else None)]


def _keep_leaf(kind: str, parameters: dict[str, str], fields: Headers, body: bytes, found: Gathered) -> None:
    data = _decoded(fields, body, found.defects)
    disposition, more = headers.parameters(fields, "content-disposition")
    name = more.get("filename") or parameters.get("name", "")
    content_id = headers.text(fields, "content-id").strip("<> ")[:250]
    if kind in ("message/delivery-status", "message/feedback-report", "message/disposition-notification"):
        found.reports.append(data)
    elif kind in ("text/plain", "text/html") and disposition != "attachment" and not name:
        found.segments.append(_segment(kind, parameters, data, found.defects))
    else:
        if kind in ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"):
            found.originals.append(data)
        found.attachments.append(
            Attachment(
                name=names.file_name(name, kind),
                media_type=kind,
                content_id=content_id,
                inline=disposition == "inline" or (bool(content_id) and disposition != "attachment"),
                data=data,
            )
        )


def _segment(kind: str, parameters: dict[str, str], data: bytes, defects: list[str]) -> Segment:
    text, as_declared = charsets.decode(_beginning(data), parameters.get("charset"))
    text = text[:SEGMENT_LIMIT]
    if not as_declared:
        defects.append("charset")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if kind == "text/html":
        return Segment(html=text)
    if parameters.get("format", "").lower() == "flowed":
        text = flow(text, delete_space=parameters.get("delsp", "").lower() == "yes")
    return Segment(text=text)


def _beginning(data: bytes) -> bytes:
    """Cut at a line, for a letter cut in two would make the whole charset look false."""
    if len(data) <= 4 * SEGMENT_LIMIT:
        return data
    lines, newline, rest = data[: 4 * SEGMENT_LIMIT].rpartition(b"\n")
    return lines + newline or rest


def _decoded(fields: Headers, body: bytes, defects: list[str]) -> bytes:
    """The transfer encoding undone; what cannot be undone stays as it came."""
    encoding = headers.word(fields, "content-transfer-encoding")
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding == "base64":
        return _from_base64(body, defects)
    if encoding not in ("", "7bit", "8bit", "binary"):
        defects.append("transfer-encoding")
    return body


def _from_base64(body: bytes, defects: list[str]) -> bytes:
    letters = body.translate(None, _NOT_BASE64)
    if len(letters) % 4 == 1:
        defects.append("base64")
        letters = letters[:-1]
    missing = -len(letters) % 4
    return binascii.a2b_base64(letters + b"=" * missing if missing else letters)
