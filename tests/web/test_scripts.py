"""The scripts in a real browser under our policy: no server, every answer is given by the test."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment
from playwright.async_api import Browser, Page, Route, async_playwright

from portavoce.core.paths import frontend_dir
from portavoce.web.look import Look
from portavoce.web.security import MAIL_POLICY, PAGE_POLICY
from tests.web.test_components import AURORA, item

HOST = "http://desk.example"
ENDED = "/sign-in?ended=1&next=/desk"
BOSCO = {"slug": "bosco", "name": "Bosco", "monogram": "B", "shape": "leaf", "count": 0}
PAGE = """
{% extends "_app.html" %}
{% from "components/queue.html" import brand_bar, waiting_list %}
{% from "components/live.html" import live %}
{% from "components/shortcuts.html" import shortcuts %}
{% block scripts %}<script src="{{ static_url("js/desk.js") }}" type="module"></script>
<script src="{{ static_url("vendor/htmx.min.js") }}" defer></script>
<script src="{{ static_url("vendor/hx-sse.min.js") }}" defer></script>{% endblock %}
{% block main %}<h1>Desk</h1>
<section class="q" id="queue" data-pane tabindex="-1">{{ brand_bar(brands) }}{{ waiting_list(items, now) }}</section>
<section id="conv" data-pane tabindex="-1" data-spoken="Aurora, Gina, Email"><h2>Gina</h2>
<span data-active-sla>{{ sla(now + step, step, now) }}</span><div id="swapped"></div>
<form data-ctrl-enter hx-post="/reply" hx-target="#swapped"><textarea id="draft" name="text" data-draft="c1 reply"></textarea></form>
<iframe title="Mail" id="mail" sandbox="" src="/mail"></iframe></section>{% endblock %}
{% block overlays %}{% if stream %}{{ live("/stream") }}{% endif %}{{ shortcuts() }}{% endblock %}
"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="en-GB", base_url=HOST)
    page = await context.new_page()
    yield page
    await context.close()


class Desk:
    """Answers the browser from memory and keeps what it asked."""

    def __init__(self, environment: Environment, **context: Any) -> None:
        self.environment = environment
        self.context = context
        self.asked: list[str] = []
        self.stream: list[tuple[int, str]] = []
        self.complaints: list[str] = []
        self.mail = "<p id=body>Hello</p>"
        self.form = ""
        self.whole = ""

    async def open(self, page: Page) -> None:
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if "Content Security" in said.text else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        await page.route("**/*", self.answer)
        await page.goto("/desk")

    async def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        self.asked.append(path)
        if path.startswith("/static/"):
            await route.fulfill(path=frontend_dir() / "static" / path.split("/", 3)[3].split("?")[0])
        elif path == "/stream":
            status, body = self.stream.pop(0) if self.stream else (503, "")
            await route.fulfill(status=status, body=body, content_type="text/event-stream")
        elif path == "/mail":
            policy = {"Content-Security-Policy": MAIL_POLICY}
            await route.fulfill(body=self.mail, headers=policy, content_type="text/html")
        elif path.endswith("/queue"):
            await route.fulfill(body=self.whole, content_type="text/html")
        elif path == "/reply":
            await route.fulfill(body="<p>sent</p>", content_type="text/html")
        else:
            await route.fulfill(
                body=self.page(), headers={"Content-Security-Policy": PAGE_POLICY}, content_type="text/html"
            )

    def page(self) -> str:
        return self.environment.from_string(PAGE).render(**self.context).replace("<h1>", f"{self.form}<h1>")


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


def desk(environment: Environment, **changed: Any) -> Desk:
    at = now()
    context = {
        "look": Look(), "csrf": "abc", "home": "/", "nav": [], "now": at, "step": timedelta(minutes=5),
        "brands": [AURORA, BOSCO], "items": [item(due_at=at + timedelta(minutes=3))], "stream": False,
    }  # fmt: skip
    return Desk(environment, **{**context, **changed})


async def emit(page: Page, name: str, data: str) -> None:
    await page.evaluate(
        "([name, data]) => document.body.dispatchEvent(new CustomEvent(name, {bubbles: true, detail: {data}}))",
        [name, data],
    )


def brand_queue(
    environment: Environment, brand: dict[str, Any], *items: SimpleNamespace, total: int | None = None
) -> str:
    source = (
        '{% from "components/queue.html" import brand_queue %}{{ brand_queue(brand, items, now, total) }}'
    )
    return environment.from_string(source).render(brand=brand, items=items, now=now(), total=total)


async def waiting(page: Page) -> list[str]:
    found: list[str] = await page.locator("#queue-waiting > li").evaluate_all(
        "items => items.map(item => item.id)"
    )
    return found


async def settled(page: Page, wanted: list[str]) -> None:
    await page.wait_for_function(
        "wanted => [...document.querySelectorAll('#queue-waiting > li')].map(i => i.id).join() === wanted",
        arg=",".join(wanted),
        timeout=15_000,
    )


async def test_brands_merge_into_one_list_by_deadline_and_the_draft_stays(
    page: Page, environment: Environment
) -> None:
    served = desk(environment)
    await served.open(page)
    await page.fill("#draft", "half a sent")
    urgent = item(id="i9", brand=BOSCO, due_at=now() + timedelta(minutes=1))
    await emit(page, "queue", brand_queue(environment, BOSCO, urgent))
    await settled(page, ["qi-i9", "qi-i1"])
    assert await page.locator("[data-count-brand=bosco]").inner_text() == "1"
    assert await page.locator("[data-count-total]").inner_text() == "2"
    assert await page.evaluate("[document.activeElement.id, document.activeElement.value]") == [
        "draft",
        "half a sent",
    ]
    await emit(page, "queue", brand_queue(environment, AURORA))
    await settled(page, ["qi-i9"])
    assert served.complaints == []


async def test_nothing_moves_under_the_focus_and_a_button_tells_what_is_new(
    page: Page, environment: Environment
) -> None:
    served = desk(environment)
    await served.open(page)
    await page.focus("#qi-i1 a")
    await emit(page, "queue", brand_queue(environment, BOSCO, item(id="i9", brand=BOSCO, due_at=now())))
    button = page.locator("#queue-new")
    await button.wait_for(state="visible")
    assert await button.inner_text() == "1 new"
    assert await waiting(page) == ["qi-i1"]
    await button.press("Enter")
    await settled(page, ["qi-i9", "qi-i1"])
    assert await page.evaluate("document.activeElement.closest('li').id") == "qi-i9"


async def test_a_changed_item_changes_in_place_and_a_taken_one_hands_its_focus_on(
    page: Page, environment: Environment
) -> None:
    await desk(environment, items=[item(), item(id="i2", name="Ugo")]).open(page)
    await page.focus("#qi-i1 a")
    await emit(
        page, "queue", brand_queue(environment, AURORA, item(name="Gina Rossi"), item(id="i2", name="Ugo"))
    )
    await page.get_by_text("Gina Rossi").wait_for()
    assert await page.evaluate("document.activeElement.closest('li').id") == "qi-i1"
    await emit(page, "queue", brand_queue(environment, AURORA, item(id="i2", name="Ugo")))
    await settled(page, ["qi-i2"])
    assert await page.evaluate("document.activeElement.closest('li').id") == "qi-i2"


async def test_a_taken_item_leaves_at_once_however_recent_the_last_sort(
    page: Page, environment: Environment
) -> None:
    await desk(environment, items=[item(), item(id="i2", name="Ugo")]).open(page)
    await emit(page, "queue", brand_queue(environment, BOSCO, item(id="i9", brand=BOSCO, due_at=now())))
    await page.focus("#qi-i2 a")
    await emit(page, "queue", brand_queue(environment, BOSCO))
    assert "qi-i9" not in await waiting(page)
    await page.evaluate("document.dispatchEvent(new CustomEvent('taken', {detail: {id: 'i2'}}))")
    assert await waiting(page) == ["qi-i1"]
    assert await page.locator("[data-count-total]").inner_text() == "1"
    assert await page.evaluate("document.activeElement.closest('li').id") == "qi-i1"


async def test_who_looks_at_one_brand_alone_sees_all_that_waits_there_and_goes_on_seeing_it(
    page: Page, environment: Environment
) -> None:
    """A list over many brands is told the first of each."""
    served = desk(environment, brands=[AURORA, {**BOSCO, "count": 3}])
    [first, *_] = three = [
        item(id=f"b{number}", brand=BOSCO, due_at=now() + timedelta(minutes=number)) for number in (1, 2, 3)
    ]
    served.whole = brand_queue(environment, BOSCO, *three, total=3)
    await served.open(page)
    await emit(page, "queue", brand_queue(environment, BOSCO, first, total=3))
    await settled(page, ["qi-b1", "qi-i1"])
    await page.click("[data-filter-brand=bosco]")
    await settled(page, ["qi-b1", "qi-b2", "qi-i1", "qi-b3"])
    assert await page.locator("#queue-waiting > li:visible").count() == 3
    served.whole = brand_queue(environment, BOSCO, *three[:2], total=2)
    await emit(page, "queue", brand_queue(environment, BOSCO, first, total=2))
    await settled(page, ["qi-b1", "qi-b2", "qi-i1"])
    await page.click("[data-filter-brand='']")
    await emit(page, "queue", brand_queue(environment, BOSCO, first, total=2))
    await settled(page, ["qi-b1", "qi-i1"])
    assert await page.locator("[data-count-brand=bosco]").inner_text() == "2"
    assert served.asked.count("/b/bosco/queue") == 2


async def test_among_many_brands_one_is_found_by_its_name_and_chosen_by_enter(
    page: Page, environment: Environment
) -> None:
    many = [AURORA, *[{**BOSCO, "slug": f"b{n}", "name": f"Caffè {n}"} for n in range(1, 10)]]
    served = desk(environment, brands=many)
    await served.open(page)
    links = page.locator("#brand-bar [data-filter-brand]:visible")
    assert await links.count() == 11
    await page.fill("#brand-find", "caffe 7")
    assert await links.count() == 2
    await page.press("#brand-find", "Enter")
    assert await page.locator("#brand-bar [aria-current]").get_attribute("data-filter-brand") == "b7"
    assert await page.locator("#queue-waiting > li:visible").count() == 0
    await page.fill("#brand-find", "")
    assert await links.count() == 11
    assert served.complaints == []


async def test_a_snapshot_forgets_brands_that_are_no_longer_granted(
    page: Page, environment: Environment
) -> None:
    await desk(environment).open(page)
    await emit(page, "queue", f"<i data-snapshot></i>{brand_queue(environment, BOSCO)}")
    await settled(page, [])
    assert await page.locator("#queue-empty").is_visible()


async def test_the_keyboard_moves_between_panes_and_speaks(page: Page, environment: Environment) -> None:
    await desk(environment).open(page)
    for wanted in ("queue", "conv", "queue"):
        await page.keyboard.press("F6")
        assert await page.evaluate("document.activeElement.id") == wanted
    await page.keyboard.press("Alt+KeyB")
    await page.wait_for_function(
        "() => document.getElementById('live-assertive').textContent === 'Aurora, Gina, Email'"
    )
    await page.keyboard.press("Alt+KeyR")
    await page.wait_for_function("() => document.activeElement.id === 'draft'")
    await page.keyboard.press("Control+Slash")
    assert await page.locator("#shortcuts").is_visible()


async def test_shortcuts_can_be_switched_off(page: Page, environment: Environment) -> None:
    await desk(environment).open(page)
    await page.evaluate("document.body.dataset.shortcuts = 'off'")
    await page.keyboard.press("F6")
    await page.keyboard.press("Control+Slash")
    assert await page.evaluate("document.activeElement.tagName") == "BODY"
    assert not await page.locator("#shortcuts").is_visible()


async def test_ctrl_enter_sends_with_the_token_and_no_policy_complains(
    page: Page, environment: Environment
) -> None:
    served = desk(environment)
    await served.open(page)
    await page.fill("#draft", "Hello")
    async with page.expect_request("**/reply") as sent:
        await page.keyboard.press("Control+Enter")
    request = await sent.value
    assert await request.header_value("x-csrf-token") == "abc"
    await page.get_by_text("sent").wait_for()
    assert served.complaints == []


async def test_the_clock_speaks_once_at_a_quarter_and_at_the_end(
    page: Page, environment: Environment
) -> None:
    await page.clock.install(time=now())
    await desk(environment, step=timedelta(minutes=5)).open(page)
    polite, assertive = page.locator("#live-polite"), page.locator("#live-assertive")
    await page.clock.run_for(200_000)
    assert await polite.inner_text() == ""
    await page.clock.run_for(28_000)
    assert (await polite.inner_text()).startswith("A quarter of the time is left")
    await page.clock.run_for(75_000)
    assert await assertive.inner_text() == "Time is up"
    assert await page.locator("#conv .sla").get_attribute("data-state") == "bad"


async def test_a_mail_in_its_frame_is_shown_but_runs_and_loads_nothing(
    page: Page, environment: Environment
) -> None:
    served = desk(environment)
    served.mail += '<script>document.body.remove()</script><img src="/tracker.png">'
    await served.open(page)
    assert await page.frame_locator("#mail").locator("#body").inner_text() == "Hello"
    assert "/tracker.png" not in served.asked


async def test_the_stream_comes_back_after_failures_and_announces_it(
    page: Page, environment: Environment
) -> None:
    served = desk(environment, stream=True)
    served.stream = [(503, "")] * 3 + [(200, "event: heartbeat\ndata: 1\n\n")] + [(401, "")]
    await served.open(page)
    await page.locator("#offline").wait_for(state="visible", timeout=15_000)
    assert await page.locator("#alerts").inner_text() == ""
    await page.wait_for_url(f"{HOST}{ENDED}", timeout=30_000)
    assert served.asked[: served.asked.index(ENDED)].count("/stream") == 5


async def test_a_session_that_ends_takes_nothing_that_was_written(
    page: Page, environment: Environment
) -> None:
    served = desk(environment, stream=True)
    served.stream = [(200, "event: heartbeat\ndata: 1\n\n")]
    await served.open(page)
    await page.fill("#draft", "Quasi pronta")
    served.stream = [(401, "")]
    await page.locator("#ended").wait_for(state="visible", timeout=30_000)
    assert await page.input_value("#draft") == "Quasi pronta"
    assert await page.locator("#ended a").get_attribute("href") == ENDED
    assert ENDED not in served.asked
    await page.fill("#draft", "")


async def test_only_what_a_person_does_keeps_the_session_alive_and_not_too_often(
    page: Page, environment: Environment
) -> None:
    await page.clock.install(time=now())
    served = desk(environment, stream=True)
    served.form = '<form action="/sign-out"></form>'
    await served.open(page)
    await page.wait_for_function("() => document.readyState === 'complete'")
    await page.clock.run_for(400_000)
    assert "/session/activity" not in served.asked
    for _ in range(3):
        await page.keyboard.press("Shift")
    assert served.asked.count("/session/activity") == 1
    await page.clock.run_for(200_000)
    await page.keyboard.press("Shift")
    assert served.asked.count("/session/activity") == 1


async def test_silence_makes_the_stream_connect_again(page: Page, environment: Environment) -> None:
    """A stream that stays open and says nothing: the watchdog ends it after 25 seconds of the page's clock."""
    await page.clock.install(time=now())
    await page.add_init_script(STALLED)
    await desk(environment, stream=True).open(page)
    await page.wait_for_function("() => window.streams === 1")
    await page.clock.run_for(23_000)
    assert await page.evaluate("window.streams") == 1
    await page.clock.run_for(6_000)
    await page.wait_for_function("() => window.streams === 2")


STALLED = """
window.streams = 0;
const really = window.fetch;
window.fetch = (address, options) => {
  if (!String(address).endsWith("/stream")) return really(address, options);
  window.streams += 1;
  return Promise.resolve(new Response(new ReadableStream({}), {headers: {"Content-Type": "text/event-stream"}}));
};
"""
