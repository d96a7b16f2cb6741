"""Fields of snippets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portavoce.knowledge.fields import FIELDS, filled, unknown

HOSTILE = [
    "{{ c.__class__ }}", "{{ ''.__class__.__mro__ }}", "{{ c|attr('__class__') }}", "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum(n=300000) }}", "{{ 'a'*300000000 }}", "{{ 9**9**7 }}", "{{ 7*7 }}", "{{ config }}", "{{password}}",
    "{{customer_name", "customer_name}}", "{{}}", "{{ customer_name }} {{", "{{{{customer_name}}}}", "{{CUSTOMER_NAME}}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_no_field_is_told(text: str) -> None:
    assert unknown(f"Gentile {text}, grazie")


@pytest.mark.parametrize(
    "text",
    ["", "Ciao", "Gentile {{customer_name}}", "{{ brand_name }}: {{ticket_number}}", "{a} {% raw %} %s $x"],
)
def test_fields_of_the_list_and_plain_text_are_fine(text: str) -> None:
    assert unknown(text) == ""


def test_a_value_is_never_looked_through() -> None:
    values = {"customer_name": "{{agent_alias}}", "agent_alias": "{{ 7*7 }}"}
    assert filled("{{customer_name}} / {{ agent_alias }}", values) == "{{agent_alias}} / {{ 7*7 }}"


def test_what_is_no_template_of_ours_stays_as_it_is_written() -> None:
    text = "{% for x in range(9) %} %s {0} ${x} {{ nobody }}"
    assert filled(text, dict.fromkeys(FIELDS, "!")) == text


@given(st.text(), st.dictionaries(st.sampled_from(FIELDS), st.text(), min_size=len(FIELDS)))
def test_whatever_is_saved_can_be_filled(text: str, values: dict[str, str]) -> None:
    if not unknown(text):
        assert filled(text, dict.fromkeys(FIELDS, "")).count("{{") == 0
        assert len(filled(text, values)) <= len(text) + sum(len(each) for each in values.values()) * len(text)
