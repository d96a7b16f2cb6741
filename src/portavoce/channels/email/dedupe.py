"""One key for one mail, however often a relay repeats it: its trace fields differ, the rest does not."""

import hashlib

from portavoce.channels.email import headers

# With the body alone, two short mails of a sender without Message-ID would be taken for one.
STABLE = ("message-id", "from", "to", "subject", "date")


def key(raw: bytes) -> str:
    """64 hex digits over Message-ID, author fields and body; raises Unparsable only for an oversized header."""
    fields, body = headers.split(raw)
    digest = hashlib.sha256()
    for name in STABLE:
        value = headers.first(fields, name, headers.ADDRESS_LIMIT)
        digest.update(f"{name}:{len(value)}:".encode() + value)
    digest.update(b"\n" + body.replace(b"\r\n", b"\n").rstrip(b"\n"))
    return digest.hexdigest()
