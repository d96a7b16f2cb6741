"""What in a text can tell whose it is: mail addresses, web domains, telephone numbers, signatures, names.

A *key* is kind and normalised value in one text, `domain lumi.example`; equal keys mean the same thing in any spelling.
A *trace* is a place of a text with the keys under which it may be known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import msgspec

from portavoce.brands.phones import e164, readings
from portavoce.brands.plain import Plain, plain, squeezed
from portavoce.kit.addresses import BadAddress, mail_address, mail_domain

ADDRESS, DOMAIN, PHONE, SIGNATURE, WORD = KINDS = ("address", "domain", "phone", "signature", "word")
STRONG = frozenset({ADDRESS, DOMAIN, PHONE, SIGNATURE})
SHORTEST_LINE, LONGEST_LINE, SHORTEST_WORD = 6, 160, 3
LONGEST_NAME, TOKENS, LINES = 3, 2_000, 400
CLOSING = 5
"""Lines from the end among which somebody signs."""
COMMON_ENDS = frozenset(
    [
        "it",
        "com",
        "org",
        "net",
        "eu",
        "de",
        "fr",
        "es",
        "ch",
        "uk",
        "info",
        "biz",
        "shop",
        "store",
        "online",
        "app",
        "tv",
        "ai",
        "cloud",
        "travel",
        "energy",
        "example",
        "test",
    ]
)
"""After these a word with a dot is a domain, and not the end of one sentence and the beginning of the next."""

_DOT = r"(?:\.|\s?[\[({]\s?(?:\.|dot|punto)\s?[\])}]\s?)"
_AT = r"(?:@|\s?[\[({]\s?(?:@|at|chiocciola)\s?[\])}]\s?)"
_LABEL = r"[^\W_](?:[\w-]{0,62})"
_HOST = rf"{_LABEL}(?:{_DOT}{_LABEL}){{1,8}}"
_MAIL = re.compile(rf"(?<![\w.+%-])([\w.+%-]{{1,64}}){_AT}({_HOST})")
_WEB = re.compile(rf"(?<![\w@.-])(https?://|www\.)?({_HOST})")
_ANY_DOT = re.compile(_DOT)
_TOKEN = re.compile(r"[^\W_]+")
_LINE = re.compile(r"[^\n]+")
_TEAM = r"(?:team|staff|squadra|servizio (?:clienti|assistenza)|assistenza clienti)"
_NAME = r"(?P<name>\w[\w &'.-]{2,40})"
_SIGNED = (
    re.compile(
        rf"(?:(?:il|la|lo|the|your|il tuo|il vostro) )?{_TEAM} (?:(?:di|del|della|of|for|at) )?{_NAME}", re.I
    ),
    re.compile(rf"(?:the )?{_NAME} (?:team|staff|customer (?:care|service|support)|support team)", re.I),
)
_OFFICES = frozenset(
    [
        "assistenza",
        "clienti",
        "spedizioni",
        "ordini",
        "resi",
        "vendite",
        "logistica",
        "amministrazione",
        "reclami",
        "fatturazione",
        "tecnico",
        "online",
        "customer",
        "support",
        "sales",
        "orders",
        "returns",
        "shipping",
        "care",
        "service",
        "best",
        "kind",
        "regards",
    ]
)
"""Parts of any house: they sign for nobody in particular."""


class Trace(msgspec.Struct, frozen=True):
    """`keys`, the most exact first. `outside`: whoever it belongs to, it is somebody's and can be told as such."""

    kind: str
    keys: tuple[str, ...]
    start: int
    end: int
    outside: bool = False


def key_of(kind: str, value: str, region: str) -> str | None:
    """The key under which a value is kept; None when it is none of that kind."""
    if kind == PHONE:
        text = e164(_value(value), region)
    elif kind in (ADDRESS, DOMAIN):
        text = (_address if kind == ADDRESS else _domain)(_value(value))
    else:
        text = squeezed(value)
    least = {SIGNATURE: SHORTEST_LINE, WORD: SHORTEST_WORD}.get(kind, 1)
    return f"{kind} {text}" if text and len(text) >= least else None


def address_keys(address: str) -> list[str]:
    """Under which a mail address may be known: itself, its domain and those above it; nothing for what is none."""
    value = _address(address)
    return [f"{ADDRESS} {value}", *_host_keys(value.rpartition("@")[2])] if value else []


def traces(text: str, region: str) -> list[Trace]:
    """Every trace, in no order; names within an address or a domain are part of it."""
    exact, bare = plain(text, accents=True), plain(text, accents=False)
    strong = [*_mails(exact), *_numbers(exact, region)]
    taken = [(each.start, each.end) for each in strong]
    strong += [each for each in _hosts(exact, text) if not _within(each, taken)]
    strong += _lines(bare, text)
    taken = [(each.start, each.end) for each in strong if each.kind in (ADDRESS, DOMAIN)]
    return strong + [each for each in _names(bare, text) if not _within(each, taken)]


def signature_keys(signature: str, name: str) -> dict[str, str]:
    """Lines that only this brand can have written, by key: those that carry more than its name, and all together."""
    lines, own = signature.splitlines(), squeezed(name)
    telling = [line for line in lines if own in squeezed(line) != own]
    whole = [signature] if own in squeezed(signature) != own else []
    keyed = [(key_of(SIGNATURE, each, ""), " ".join(each.split())) for each in (*telling, *whole)]
    return {key: line for key, line in keyed if key}


def _value(written: str) -> str:
    return plain(written, accents=True).text.strip()


def _address(value: str) -> str | None:
    try:
        local, _, domain = mail_address(value).rpartition("@")
    except BadAddress:
        return None
    return f"{local.partition('+')[0] or local}@{domain}"


def _domain(value: str) -> str | None:
    host = re.sub(r"^(?:https?://)?(?:www\.)?", "", value).partition("/")[0].partition(":")[0]
    try:
        domain = mail_domain(host)
    except BadAddress:
        return None
    return domain if "." in domain else None


def _host_keys(host: str) -> tuple[str, ...]:
    """The domain and those above it, down to two labels: `shop.lumi.example` is lumi.example's."""
    domain = _domain(_ANY_DOT.sub(".", host).strip(".-"))
    if domain is None:
        return ()
    labels = domain.split(".")
    return tuple(f"{DOMAIN} {'.'.join(labels[n:])}" for n in range(len(labels) - 1))


def _mails(read: Plain) -> Iterator[Trace]:
    for found in _MAIL.finditer(read.text):
        hosts = _host_keys(found[2])
        address = _address(f"{found[1].strip('.')}@{hosts[0].partition(' ')[2]}") if hosts else None
        if address:
            keys = (f"{ADDRESS} {address}", *hosts)
            yield Trace(ADDRESS, keys, *read.span(*found.span()), outside=True)


def _hosts(read: Plain, text: str) -> Iterator[Trace]:
    for found in _WEB.finditer(read.text):
        keys = _host_keys(found[2])
        if not keys:
            continue
        start, end = read.span(*found.span(2))
        end_label = _ANY_DOT.split(text[start:end])[-1]
        name, _, ending = keys[0].partition(" ")[2].rpartition(".")
        surely = bool(found[1]) or (len(name) > 1 and ending in COMMON_ENDS and end_label.islower())
        yield Trace(DOMAIN, keys, start, end, outside=surely)


def _numbers(read: Plain, region: str) -> Iterator[Trace]:
    for each in readings(read.text, region):
        yield Trace(PHONE, (f"{PHONE} {each.e164}",), *read.span(each.start, each.end), outside=each.service)


def _lines(read: Plain, text: str) -> Iterator[Trace]:
    """Each line by itself and with up to three that follow it, since signatures have several."""
    found = [line for line in _LINE.finditer(read.text) if line[0].strip()]
    for n, line in list(enumerate(found))[-LINES:]:
        whole = ""
        for past in found[n : n + 4]:
            whole += "".join(letter for letter in past[0] if letter.isalnum())
            if SHORTEST_LINE <= len(whole) <= LONGEST_LINE:
                start, end = read.span(line.start(), past.end())
                signed = past is line and n >= len(found) - CLOSING and _is_signed(text[start:end])
                yield Trace(SIGNATURE, (f"{SIGNATURE} {whole}",), start, end, outside=signed)


def _is_signed(line: str) -> bool:
    """Whether a closing line signs for a team that has a name of its own, whosever that is."""
    plainly = " ".join(line.split()).strip(" ,.!-")
    names = [found["name"] for shape in _SIGNED if (found := shape.fullmatch(plainly))]
    return any(
        all(word[0].isupper() for word in name.split()) and not _OFFICES & set(name.lower().split())
        for name in names
    )


def _names(read: Plain, text: str) -> Iterator[Trace]:
    """Up to three neighbouring words read as one, when the first is written as a name is."""
    tokens = list(islice(_TOKEN.finditer(read.text), TOKENS))
    for n, first in enumerate(tokens):
        name = ""
        for last in tokens[n : n + LONGEST_NAME]:
            name += last[0]
            if len(name) >= SHORTEST_WORD and text[read.starts[first.start()]].isupper():
                yield Trace(WORD, (f"{WORD} {name}",), *read.span(first.start(), last.end()))


def _within(trace: Trace, taken: list[tuple[int, int]]) -> bool:
    return any(start <= trace.start and trace.end <= end for start, end in taken)
