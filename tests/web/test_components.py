"""The shared macros: they render with what they document, and a customer's name never becomes markup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment
from jinja2.exceptions import UndefinedError

from portavoce.core.paths import frontend_dir
from portavoce.web.look import Look
from portavoce.web.templating import Templates

NOW = datetime(2026, 11, 20, 9, 42, tzinfo=UTC)
HOSTILE = "<img src=x onerror=alert(1)>"
AURORA = {"slug": "aurora", "name": "Aurora", "monogram": "A", "shape": "circle", "count": 2}


def item(**changed: Any) -> SimpleNamespace:
    base = {
        "id": "i1", "brand": AURORA, "name": "Gina", "channel": "email", "text": "Hello", "href": "/i1",
        "due_at": NOW + timedelta(minutes=2), "total": timedelta(minutes=5), "flag": "", "lang": "en",
        "wakes_at": None, "first": False, "with_client": False, "native": False,
    }  # fmt: skip
    return SimpleNamespace(**{**base, **changed})


def render(environment: Environment, snippet: str, **context: Any) -> str:
    return environment.from_string(snippet).render(now=NOW, brand=AURORA, **context)


def test_a_queue_item_says_brand_customer_time_channel_and_text_in_this_order(
    environment: Environment,
) -> None:
    html = render(
        environment,
        '{% from "components/queue.html" import queue_item %}{{ queue_item(item, now) }}',
        item=item(),
    )
    order = [
        html.index(word) for word in ("Aurora: ", "Gina", "due in 2 minutes", 'aria-label="Email"', "Hello")
    ]
    assert order == sorted(order)
    assert 'id="qi-i1" data-brand="aurora" data-due-at="1795167840000"' in html
    assert 'data-total="300"' in html
    assert 'lang="en"' in html


def test_an_item_without_a_promise_shows_no_clock(environment: Environment) -> None:
    html = render(
        environment,
        '{% from "components/queue.html" import queue_item %}{{ queue_item(item, now, prefix="my") }}',
        item=item(due_at=None),
    )
    assert 'id="my-i1"' in html
    assert 'class="sla' not in html


def test_the_message_of_one_brand_holds_all_its_items(environment: Environment) -> None:
    html = render(
        environment,
        '{% from "components/queue.html" import brand_queue %}{{ brand_queue(brand, items, now, total=120) }}',
        items=[item(), item(id="i2")],
    )
    assert '<ol data-brand-queue="aurora" data-total="120">' in html
    assert html.count("<li ") == 2


@pytest.mark.parametrize(
    "snippet",
    [
        '{% from "components/queue.html" import queue_item %}{{ queue_item(item, now) }}',
        '{% from "components/feedback.html" import alert, chip %}{{ alert(text) }}{{ chip(text) }}',
        '{% from "components/fields.html" import field %}{{ field("a", text, {"a": text}, {"a": text}) }}',
        '{% from "components/kpi.html" import kpi %}{{ kpi(text, text, note=text) }}',
        '{% from "components/brand.html" import bt %}{{ bt({"slug": "x", "name": text, "monogram": text, "shape": "hex"}) }}',
        "{{ icon('x', label=text) }}",
        '{{ _("Customer care by %(provider)s", provider=text) }}',
    ],
)
def test_hostile_text_stays_text_everywhere(environment: Environment, snippet: str) -> None:
    html = render(environment, snippet, item=item(name=HOSTILE, text=HOSTILE), text=HOSTILE + '" onclick="x')
    assert "<img" not in html
    assert '" onclick' not in html


def test_a_field_with_a_mistake_points_to_its_sentence(environment: Environment) -> None:
    html = render(
        environment,
        '{% from "components/fields.html" import field %}{{ field("seats", "Seats", {"seats": "0"}, errors, hint="At least one") }}',
        errors={"seats": "Write a number of at least 1."},
    )
    assert 'aria-invalid="true" aria-describedby="f-seats-hint f-seats-err"' in html
    assert 'id="f-seats-err"' in html
    assert 'value="0"' in html


def test_the_list_of_mistakes_counts_and_links(environment: Environment) -> None:
    snippet = (
        '{% from "components/choices.html" import error_summary %}{{ error_summary(errors, {"a": "Name"}) }}'
    )
    html = render(environment, snippet, errors={"a": "Fill in this field.", "": "Whole form."})
    assert "Correct 2 fields to continue" in html
    assert '<a href="#f-a">Name: Fill in this field.</a>' in html
    assert render(environment, snippet, errors={}) == ""


def test_a_measure_without_contacts_says_so_and_gives_no_verdict(environment: Environment) -> None:
    html = render(
        environment,
        '{% from "components/kpi.html" import kpi %}{{ kpi("Answered", none, state="ok", verdict="Met", share=1) }}',
    )
    assert "No contact" in html
    assert "Met" not in html
    assert "bullet" not in html


def test_a_name_a_template_forgot_is_an_error_not_a_blank(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        templates.render("_portal.html", locale="it", look=Look())


def test_the_same_page_speaks_two_languages(templates: Templates) -> None:
    context = {"look": Look(theme="dark", density="large"), "status": 404, "message": "", "reference": ""}
    italian = templates.render("errors/failure.html", locale="it", **context)
    english = templates.render("errors/failure.html", locale="en", **context)
    assert '<html lang="it" data-theme="dark" data-density="large">' in italian
    assert "Nothing to see here" in english
    assert "Nothing to see here" not in italian


def test_no_page_carries_an_inline_script_or_handler(templates: Templates) -> None:
    sources = [path.read_text() for path in (frontend_dir() / "templates").rglob("*.html")]
    assert [
        source for source in sources if "<script>" in source or " onclick=" in source or "hx-on" in source
    ] == []


def test_forms_and_requests_carry_the_token(templates: Templates, environment: Environment) -> None:
    page = templates.render(
        "errors/failure.html", locale="it", look=Look(), status=404, message="", reference="", csrf="abc"
    )
    field = render(
        environment, '{% from "components/fields.html" import csrf_field %}{{ csrf_field("abc") }}'
    )
    assert """hx-headers:inherited='{"X-CSRF-Token":"abc"}'""" in page
    assert field == '<input type="hidden" name="_csrf" value="abc">'


def test_modules_come_before_htmx_because_it_starts_at_once(templates: Templates) -> None:
    sources = [path.read_text() for path in (frontend_dir() / "templates").rglob("*.html")]
    late = [
        source
        for source in sources
        if "htmx.min.js" in source and 'type="module"' not in source.split("htmx.min.js")[0]
    ]
    assert late == []
