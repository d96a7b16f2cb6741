"""Mail addresses: read out of hostile header fields, and brought to one comparable form."""

import re
from collections.abc import Iterator

import msgspec

from portavoce.channels.email import charsets, headers
from portavoce.kit.addresses import BadAddress, mail_address

LONGEST = 320
LOCAL_MAX = 64
LIST_LIMIT = 200

_LOCAL = re.compile(r'[^\s<>()\[\],;:\\"@\x00-\x20\x7f]+')
_BARE = re.compile(r"[^\s<>()\[\],;:\\\"@']{1,64}@[^\s<>()\[\],;:\\\"@']{1,255}")
_GROUP = re.compile(r"[^@<\"]{0,200}:")


class Mailbox(msgspec.Struct, frozen=True):
    """`address` is canonical, or empty when the field held none that could be used."""

    name: str
    address: str


def canonical(address: str) -> str:
    """Lower case, domain in IDNA; the +tag stays because it may be part of who the customer is. Else BadAddress."""
    if len(address) > LONGEST:
        raise BadAddress("longer than an address may be")
    value = mail_address(address)
    local = value.rpartition("@")[0]
    if not _LOCAL.fullmatch(local) or len(local.encode()) > LOCAL_MAX:
        raise BadAddress("the part before the @ holds what we do not write to")
    return value


def normalise(address: str) -> tuple[str, str]:
    """One of *our* addresses: its canonical value without the +tag, and the tag (lower case, maybe empty)."""
    local, _, domain = canonical(address).rpartition("@")
    name, _, tag = local.partition("+")
    return (f"{name}@{domain}", tag) if name else (f"{local}@{domain}", "")


def read(raw: bytes) -> list[Mailbox]:
    """At most 200 mailboxes of one field; structure first, encoded words after, so a name forges no address."""
    source = charsets.decode(raw[: headers.ADDRESS_LIMIT], "utf-8")[0]
    found: list[Mailbox] = []
    for item in _items(" ".join(source.split())):
        if item.strip() and len(found) < LIST_LIMIT:
            found.append(_mailbox(item.strip()))
    return found


def _items(source: str) -> Iterator[str]:
    """Split at commas and semicolons outside quotes, comments and angle brackets."""
    quoted, comment, angle, start = False, 0, False, 0
    skip = False
    for position, char in enumerate(source):
        if skip:
            skip = False
        elif char == "\\":
            skip = quoted or comment > 0
        elif char == '"' and not comment:
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            comment = max(0, comment + (1 if char == "(" else -1))
        elif char in "<>" and not comment:
            angle = char == "<"
        elif char in ",;" and not comment and not angle:
            yield source[start:position]
            start = position + 1
    yield source[start:]


def _mailbox(item: str) -> Mailbox:
    if group := _GROUP.match(item):
        item = item[group.end() :].strip()
    name, angle, rest = item.rpartition("<")
    if angle and ">" in rest:
        return Mailbox(_name(name), _usable(rest.partition(">")[0]))
    if not (bare := _BARE.search(item)):
        return Mailbox(_name(item), "")
    before, after = item[: bare.start()], item[bare.end() :]
    return Mailbox(_name(before + after.strip("<>")), _usable(bare[0]))


def _usable(address: str) -> str:
    try:
        return canonical(address.rpartition(":")[2].strip(" '\""))
    except BadAddress:
        return ""


def _name(written: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", written.strip().strip("()").strip().strip('"'))
    return headers.decode_words(plain.encode("utf-8", "replace")).strip(" \"'")[:200]
