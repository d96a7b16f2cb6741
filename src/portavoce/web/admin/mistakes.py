"""A refusal of a domain as messages beside the fields of the form that caused it."""

from __future__ import annotations

from typing import Any

from litestar import Request

from portavoce.brands.errors import BadBrand
from portavoce.contracts.errors import BadClause, BadTerms
from portavoce.core.errors import Problem
from portavoce.customers.errors import BadAttribute
from portavoce.web.i18n import words_for


def errors_of(request: Request[Any, Any, Any], problem: Problem, *, known: set[str]) -> dict[str, str]:
    """The problem's sentence under each field of the form it names; under the form as a whole if it names none.

    A bad look, attribute or clause has a sentence of its own for each field.
    """
    words = words_for(request)
    if isinstance(problem, BadBrand | BadAttribute | BadClause | BadTerms) and problem.fields:
        return {field: words.gettext(advice) for field, advice in problem.fields.items() if field in known}
    message = words.gettext(problem.message)
    return dict.fromkeys(set(problem.fields) & known or {""}, message)
