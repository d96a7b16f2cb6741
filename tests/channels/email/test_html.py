"""Foreign HTML loads nothing, runs nothing and keeps what a reader needs."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.channels.email.html import FRAME_POLICY, PLACEHOLDER, clean, frame_document

LIVE_TAGS = {
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "svg",
    "math",
    "link",
    "meta",
    "base",
    "video",
}


class Inspector(HTMLParser):
    """Collects what a browser would act upon."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LIVE_TAGS:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in (
                "srcset",
                "background",
                "poster",
                "action",
                "formaction",
                "ping",
                "id",
                "class",
            ):
                self.found.append(name)
            if (
                name in ("src", "style")
                and value != PLACEHOLDER
                and re.search(r"https?:|//|url|data:|import", value or "")
            ):
                self.found.append(f"{name}={value}")
            if name == "href" and not re.match(r"https?://|mailto:|tel:", value or ""):
                self.found.append(f"href={value}")


def live(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    return inspector.found


PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//e.example/x></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='\u2028javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='/b/aurora/close'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='#' onclick=x ping=https://e.example>x</a>",
    "<iframe src=https://e.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=https://e.example><input name=p><button formaction=x>go</button></form>",
    "<style>@import 'https://e.example/x.css';</style>",
    "<link rel=stylesheet href=https://e.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://e.example'>",
    "<base href=https://e.example>",
    "<img src=https://e.example/pixel.gif>",
    "<img src=//e.example/pixel.gif>",
    "<img src=/relative.png>",
    "<img srcset='https://e.example/a 2x' src=cid:none>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<table background=https://e.example/x><td background=https://e.example/y>t</table>",
    "<p style='background:url(https://e.example/x)'>t</p>",
    "<p style='background-color:url(https://e.example/x)'>t</p>",
    "<p style='color:red;background-image:\\75rl(https://e.example)'>t</p>",
    "<p style='position:fixed;top:0;left:0;width:100%;height:100%'>t</p>",
    "<p style='width:expression(alert(1))'>t</p>",
    "<video poster=https://e.example src=x></video>",
    "<object data=https://e.example></object>",
    "<a title='<img src=x onerror=alert(1)>'>x</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea></textarea><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<div id=app class=modal>t</div>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_live_is_left(payload: str) -> None:
    cleaned = clean(payload, cid_urls={})
    assert live(cleaned) == []
    assert clean(cleaned.replace(PLACEHOLDER, ""), cid_urls={}).count("<script") == 0


@given(st.lists(st.sampled_from([*PAYLOADS, "<", ">", '"', "'", "x"]), max_size=6))
def test_nothing_live_is_left_of_any_mixture(pieces: list[str]) -> None:
    assert live(clean("".join(pieces), cid_urls={})) == []


def test_an_inline_image_points_to_the_given_url_and_others_to_a_placeholder() -> None:
    cleaned = clean(
        '<img src="cid:a@x" alt="A"><img src="cid:b@x" alt="B"><img src="http://e.example/x" alt="C">',
        cid_urls={"a@x": "/files/1"},
    )
    assert '<img src="/files/1" alt="A">' in cleaned
    assert cleaned.count(PLACEHOLDER) == 2
    assert 'alt="C"' in cleaned


def test_a_link_opens_elsewhere_and_tells_nothing() -> None:
    cleaned = clean('<a href="https://ok.example/" target="_self" rel="opener">ok</a>', cid_urls={})
    assert 'target="_blank"' in cleaned
    assert 'rel="noopener noreferrer nofollow"' in cleaned
    assert 'href="https://ok.example/"' in cleaned


def test_harmless_style_and_tables_stay() -> None:
    cleaned = clean(
        '<table width="100%"><tr><td style="color: red; font-weight:bold">x</td></tr></table>', cid_urls={}
    )
    assert 'style="color:red;font-weight:bold"' in cleaned
    assert 'width="100%"' in cleaned


@pytest.mark.parametrize("bomb", ["<div>" * 100_000, "<dd><li><td><p>" * 60_000, "<table><tr><td>" * 20_000])
def test_html_nested_beyond_reason_becomes_its_words(bomb: str) -> None:
    assert clean(f"{bomb}words", cid_urls={}).startswith("<pre>")


def test_the_frame_forbids_everything_by_policy() -> None:
    document = frame_document("<p>x</p>", lang='it"><script>')
    assert f'content="{FRAME_POLICY}"' in document
    assert "default-src 'none'" in FRAME_POLICY
    assert "script" not in document.replace("&lt;script&gt;", "")
