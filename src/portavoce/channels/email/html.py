"""Foreign HTML made harmless: an allow-list, no remote loads at all, links that tell nothing of us."""

import re
from collections.abc import Mapping
from html import escape

import nh3

SOURCE_LIMIT = 256 * 1024
# The HTML algorithm is quadratic in open elements (100,000 nested <div> cost 20 s) and in lone ampersands.
OPEN_ELEMENTS_LIMIT = 1_000
UNCLOSED_LIMIT = 5_000
PLACEHOLDER = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "br",
    "cite",
    "code",
    "del",
    "em",
    "font",
    "i",
    "img",
    "ins",
    "kbd",
}
_INLINE |= {"mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "wbr"}
_BLOCK = {
    "address",
    "article",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
}
_BLOCK |= {"h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "ul"}
_TABLE = {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
_DROPPED = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "textarea"}
_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align", "valign"},
    "a": {"href"},
    "font": {"color"},
    "img": {"src", "alt", "width", "height"},
    "table": {"width", "border", "cellpadding", "cellspacing"},
    "td": {"width", "colspan", "rowspan"},
    "th": {"width", "colspan", "rowspan"},
    "ol": {"start"},
}
_STYLES = {"color", "background-color", "font-weight", "font-style", "text-align", "text-decoration"}
_STYLE = re.compile(
    r"[a-z-]+:[ ]*(?:[a-z-]{1,30}|#[0-9a-f]{3,8}|\d{1,4}|rgb\([\d ,.%]{5,40}\))", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,4}%?")
_NUMERIC = {"width", "height", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "start"}
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\x00-\x20]", re.IGNORECASE)
_NESTING = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_CLOSED_BY_OTHERS = {"p", "li", "td", "tr", "th", "dt", "dd", "option", "tbody", "thead", "tfoot", "colgroup"}
_VOID = {
    "br",
    "img",
    "hr",
    "input",
    "meta",
    "link",
    "col",
    "wbr",
    "area",
    "base",
    "embed",
    "source",
    "track",
    "param",
}
_NEVER_OPEN = _VOID | {"html", "head", "body"}


def clean(html: str, *, cid_urls: Mapping[str, str]) -> str:
    """A fragment that loads nothing but the given URLs of its own inline images (content id to URL).

    Every other image becomes a one-pixel placeholder and keeps its alternative text. HTML nested beyond
    reason comes back as its words in a <pre>.
    """
    source = html[:SOURCE_LIMIT]
    if too_deep(source):
        return f"<pre>{escape(re.sub(r'<[^<>]*>', ' ', source))}</pre>"
    return nh3.clean(
        source,
        tags=_INLINE | _BLOCK | _TABLE,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=lambda tag, name, value: _attribute(tag, name, value, cid_urls),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        url_schemes={"http", "https", "mailto", "tel", "cid", "data", "file", "ftp"},
        filter_style_properties=_STYLES,
    )


def _attribute(tag: str, name: str, value: str, cid_urls: Mapping[str, str]) -> str | None:
    if tag == "img" and name == "src":
        scheme, _, content_id = value.strip().partition(":")
        return cid_urls.get(content_id.strip("<> "), PLACEHOLDER) if scheme.lower() == "cid" else PLACEHOLDER
    if name == "href":
        return value.strip() if _LINK.match(value.strip()) else None
    if name == "style":
        return "; ".join(part.strip() for part in value.split(";") if _STYLE.fullmatch(part.strip())) or None
    if name in _NUMERIC:
        return value if _NUMBER.fullmatch(value.strip()) else None
    return value


def too_deep(html: str) -> bool:
    """Whether too many elements would be open at once, judged by one linear pass.

    Elements that authors commonly leave open (p, li, td) have a wider limit of their own.
    """
    depth = unclosed = 0
    for match in _NESTING.finditer(html):
        name, step = match[2].lower(), -1 if match[1] else 1
        if name in _CLOSED_BY_OTHERS:
            unclosed = max(0, unclosed + step)
        elif name not in _NEVER_OPEN:
            depth = max(0, depth + step)
        if depth > OPEN_ELEMENTS_LIMIT or unclosed > UNCLOSED_LIMIT:
            return True
    return False


def frame_document(clean_html: str, *, lang: str = "") -> str:
    """The document for the sandboxed frame; its policy forbids everything but inline style and images.

    Serve it with the same policy as a header and `sandbox allow-popups`, never with allow-same-origin.
    """
    return (
        f'<!doctype html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{FRAME_POLICY}">'
        '<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light">'
        f"<style>{_FRAME_STYLE}</style></head><body>{clean_html}</body></html>"
    )


FRAME_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_FRAME_STYLE = (
    "body{margin:0;padding:12px;font:14px/1.5 system-ui,sans-serif;overflow-wrap:anywhere;color:#1a1a1a;"
    "background:#fff}img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
    "blockquote{margin:0 0 0 8px;padding-left:8px;border-left:2px solid #ccc}"
)
