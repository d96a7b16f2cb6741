"""The snippets of one brand, kept by its administrators."""

from __future__ import annotations

import re
from html import escape

import pytest

from tests.web.admin.conftest import Added
from tests.web.browsing import Browser

HELLO = {"name": "Saluto", "shortcut": "ciao", "text_it": "Buongiorno {{customer_name}}", "text_en": "Hello"}


def here(brand: Added, rest: str = "") -> str:
    return f"/admin/b/{brand.slug}/snippets{rest}"


async def add(admin: Browser, brand: Added, **changes: str) -> str:
    """Gives the address of the new one."""
    await admin.get(here(brand))
    answer = await admin.post(here(brand), {**HELLO, **changes})
    assert answer.status_code == 303, answer.text
    listed = (await admin.get(here(brand))).text
    found = re.findall(r'href="(/admin/b/[\w-]+/snippets/[\w-]+)"', listed)
    return str(found[-1])


async def test_a_snippet_is_added_changed_and_removed(admin: Browser, aurora: Added) -> None:
    assert "No snippet yet" in (await admin.get(here(aurora))).text
    one = await add(admin, aurora)
    page = (await admin.get(one)).text
    assert "Buongiorno {{customer_name}}" in page
    assert 'value="ciao"' in page
    changed = await admin.post(one, {**HELLO, "name": "Benvenuto", "shortcut": "/ciao", "text_en": ""})
    assert changed.status_code == 303
    listed = (await admin.get(here(aurora, "?saved=1"))).text
    assert "Benvenuto" in listed
    assert "Saved. Agents find it at once." in listed
    assert "/ciao" in listed
    assert (await admin.post(f"{one}/removal", {})).status_code == 303
    assert "Benvenuto" not in (await admin.get(here(aurora))).text
    assert (await admin.get(one)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text_it": "Ciao {{ c.__class__ }}"}, "A field in double braces is not known"),
        ({"text_it": "{{ 7*7 }}"}, "A field in double braces is not known"),
        ({"shortcut": "Due Parole"}, "Use small letters, digits and hyphens"),
        ({"text_it": "", "text_en": ""}, "Write the text in one language at least."),
        ({"channel": "piccione"}, "Choose one of the options shown."),
        ({"name": ""}, "Fill in this field."),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_kept_as_it_was_typed(
    admin: Browser, aurora: Added, changes: dict[str, str], said: str
) -> None:
    await admin.get(here(aurora))
    answer = await admin.post(here(aurora), {**HELLO, **changes})
    assert answer.status_code == 422
    assert said in answer.text
    assert "err-summary" in answer.text
    typed = {"text_it": HELLO["text_it"], **changes}["text_it"]
    assert escape(typed) in answer.text
    assert "No snippet yet" in answer.text


async def test_a_brand_of_others_has_no_snippets_to_see_or_change(
    admin: Browser, sara: Browser, aurora: Added, bosco: Added
) -> None:
    theirs = await add(admin, bosco)
    assert (await sara.get(here(bosco))).status_code == 404
    assert (await sara.get(theirs)).status_code == 404
    through_mine = theirs.replace(bosco.slug, aurora.slug)
    assert (await sara.get(through_mine)).status_code == 404
    await sara.get(here(aurora))
    assert (await sara.post(through_mine, HELLO)).status_code == 404
    assert (await sara.post(f"{through_mine}/removal", {})).status_code == 404
    assert "Saluto" in (await admin.get(here(bosco))).text
