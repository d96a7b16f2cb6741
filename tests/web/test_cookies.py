"""The cookies that prove something."""

from __future__ import annotations

from portavoce.web.cookies import cookies_for, new_visitor


def test_over_https_no_neighbour_can_set_them() -> None:
    plain, safe = cookies_for(https=False), cookies_for(https=True)
    assert (plain.session, plain.secure) == ("portavoce", False)
    assert (safe.session, safe.visitor, safe.secure) == (
        "__Host-portavoce",
        "__Host-portavoce-visitor",
        True,
    )


def test_a_cookie_is_hidden_from_scripts_and_bound_to_the_whole_site() -> None:
    made = cookies_for(https=True).make("__Host-portavoce", "value")
    assert (made.httponly, made.secure, made.samesite, made.path, made.domain) == (
        True,
        True,
        "lax",
        "/",
        None,
    )
    assert made.max_age == 12 * 3600


def test_an_empty_value_takes_the_cookie_away() -> None:
    assert cookies_for(https=True).make("__Host-portavoce", "").max_age == 0


def test_visitors_are_told_apart_and_their_cookie_is_not_their_id() -> None:
    (one, one_id), (_, other_id) = new_visitor(), new_visitor()
    assert len({one, one_id, other_id}) == 3
