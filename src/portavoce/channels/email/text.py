"""Body text: HTML told in words, RFC 3676 lines joined."""

import re
from html.parser import HTMLParser

import nh3

from portavoce.channels.email.html import SOURCE_LIMIT, too_deep

_BLOCKS = {
    "p",
    "div",
    "li",
    "tr",
    "table",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
_KEPT = _BLOCKS | {"br", "hr", "td", "th", "a"}
_DROPPED = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "noscript",
    "iframe",
    "object",
    "textarea",
    "select",
}
_TAG = re.compile(r"<[^<>]*>")
_CLEANER = nh3.Cleaner(
    tags=_KEPT, clean_content_tags=_DROPPED, attributes={"a": {"href"}}, url_schemes={"http", "https"}
)


def from_html(html: str) -> str:
    """The words of an HTML mail with its line breaks; a link keeps its target when its words differ."""
    source = html[:SOURCE_LIMIT]
    if too_deep(source):
        return _tidy(_TAG.sub(" ", source))
    teller = _Teller()
    teller.feed(_CLEANER.clean(source))
    teller.close()
    return _tidy("".join(teller.out))


class _Teller(HTMLParser):
    """Reads only what the cleaner wrote, so it never meets malformed markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._target = ""
        self._label = ""
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._target, self._label = dict(attrs).get("href") or "", ""
        elif tag == "pre":
            self._pre += 1
        self.out.append({"td": " ", "th": " ", "li": "\n- "}.get(tag, "\n" if tag != "a" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._target and self._target.rstrip("/") != self._label.strip().rstrip("/"):
            self.out.append(f" <{self._target}>")
        elif tag == "pre":
            self._pre -= 1
        elif tag == "p" or tag.startswith("h"):
            self.out.append("\n")
        self._target = "" if tag == "a" else self._target
        self.out.append("\n" if tag in _BLOCKS and tag != "li" else "")

    def handle_data(self, data: str) -> None:
        words = data if self._pre else re.sub(r"[ \t\r\n\f]+", " ", data)
        self._label += words if self._target else ""
        self.out.append(words)


def _tidy(text: str) -> str:
    lines = [line.strip(" \t\xa0\u200b\u200c\u2007\ufeff") for line in text.replace("\xa0", " ").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def flow(text: str, *, delete_space: bool) -> str:
    """Joins the soft line breaks of format=flowed within one depth of quotation."""
    out: list[str] = []
    open_depth: int | None = None
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        piece = content[:-1] if soft and delete_space else content
        if open_depth != depth or content == "-- ":
            out.append("\n" + ">" * depth + (" " if depth and piece else ""))
        out.append(piece)
        open_depth = depth if soft else None
    return "".join(out).removeprefix("\n")
