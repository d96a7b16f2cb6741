"""What the customer wrote now, and what their program quoted below; nothing is lost, the rest is folded."""

import re

import msgspec
from mailparser_reply.parser import EmailMessage

LANGUAGES = ("it", "de", "fr", "es", "en")
# The library's patterns are quadratic or worse in long lines (seen: 11 s for 20 KB of "On ").
LINE_LIMIT = 200
LINES_LIMIT = 400

_QUOTE = r"(?:>\s?)*\s*"
_ATTRIBUTION = re.compile(
    _QUOTE
    + r"(?:Il (?:giorno )?.{4,}ha scritto|Am .{4,}schrieb.*|Le .{4,}a écrit|El .{4,}escribió|On .{4,}wrote)\s?:"
    r"|" + _QUOTE + r"\d{4}[-/]\d\d[-/]\d\d .{0,80}<[^<>\s]+@[^<>\s]+>:",
    re.IGNORECASE,
)
_OPENING = re.compile(_QUOTE + r"(?:Il|Am|Le|El|On|\d{4}[-/])\b", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"\s*-{2,}\s*(?:messaggio originale|original message|ursprüngliche nachricht|original-nachricht"
    r"|message d[’']origine|message original|mensaje original)\s*-{2,}\s*|_{10,}\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"[>*\s]*(?:da|von|de|from|inviato|gesendet|envoyé|enviado(?: el)?|sent|data|datum|date|fecha|a|an|à|para|to"
    r"|oggetto|betreff|objet|asunto|subject|cc)\*?\s?:",
    re.IGNORECASE,
)
_SENDER_LABEL = re.compile(r"[>*\s]*(?:da|von|de|from)\*?\s?:", re.IGNORECASE)
_DEVICE = re.compile(
    r"\s*(?:Inviato da(?:l mio)? \w.{0,60}|Von meinem .{1,40}gesendet|Gesendet von .{1,60}|Envoyé de(?:puis)? mon .{1,40}"
    r"|Enviado desde mi .{1,40}|Sent from (?:my|Outlook|Mail) ?.{0,40}|Get Outlook for .{1,60}|Scarica Outlook .{1,60})\s*",
    re.IGNORECASE,
)


class Folded(msgspec.Struct, frozen=True):
    """`visible` + `quoted` is the text again, to the letter; `quoted` may be empty."""

    visible: str
    quoted: str


def fold(text: str) -> Folded:
    """Never hides everything, and hides nothing of a mail answered between the quoted lines."""
    lines = text.split("\n")
    cut = _above_device_line(lines, _first_cut(lines))
    if cut >= len(lines) or not "".join(lines[:cut]).strip() or _answers_inside(lines[cut:]):
        return Folded(visible=text, quoted="")
    visible = "".join(f"{line}\n" for line in lines[:cut])
    return Folded(visible=visible, quoted=text[len(visible) :])


def _first_cut(lines: list[str]) -> int:
    ours = next((at for at in range(len(lines)) if _starts_quotation(lines, at)), len(lines))
    return min(ours, _library_cut(lines), _trailing_quote(lines))


def _starts_quotation(lines: list[str], at: int) -> bool:
    if _SEPARATOR.fullmatch(lines[at][:LINE_LIMIT]):
        return True
    if _SENDER_LABEL.match(lines[at][:LINE_LIMIT]):
        following = [line for line in lines[at + 1 : at + 8] if line.strip()][:4]
        return sum(bool(_LABEL.match(line[:LINE_LIMIT])) for line in following) >= 2
    return _is_attribution(lines, at)


def _is_attribution(lines: list[str], at: int) -> bool:
    """Programs wrap the sentence over up to three lines."""
    if not _OPENING.match(lines[at][:20]):
        return False
    joined = ""
    for line in lines[at : at + 3]:
        joined = f"{joined} {line.strip()[:LINE_LIMIT]}".strip()
        if _ATTRIBUTION.fullmatch(joined):
            return True
    return False


def _library_cut(lines: list[str]) -> int:
    source = "\n".join(line.strip()[:LINE_LIMIT] for line in lines[:LINES_LIMIT])
    match = EmailMessage(text="", languages=list(LANGUAGES)).HEADER_REGEX.search(source)
    if not match:
        return len(lines)
    start = match.end() - len(match[0].lstrip("\n"))
    return source.count("\n", 0, start)


def _trailing_quote(lines: list[str]) -> int:
    """The start of the last run of '>' lines when nothing but blanks follows it."""
    at = len(lines)
    while at and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith(">")):
        at -= 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _above_device_line(lines: list[str], cut: int) -> int:
    """A phone's own line before the quotation goes with it."""
    at = cut
    while at and (not lines[at - 1].strip() or _DEVICE.fullmatch(lines[at - 1][:LINE_LIMIT])):
        at -= 1
    return at if any(line.strip() for line in lines[at:cut]) else cut


def _answers_inside(below: list[str]) -> bool:
    quoted = [at for at, line in enumerate(below) if line.lstrip().startswith(">")]
    if not quoted:
        return False
    rest = below[quoted[0] :]
    return any(
        line.strip() and not line.lstrip().startswith(">") and not _DEVICE.fullmatch(line[:LINE_LIMIT])
        for line in rest
    )
