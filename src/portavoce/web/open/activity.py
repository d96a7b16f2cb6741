"""A sign that a person is at work on a page that asks for nothing else: reading and writing keep a session alive."""

from __future__ import annotations

from litestar import Controller, post

from portavoce.web.access import signed_in


class ActivityController(Controller):
    path = "/session/activity"
    guards = (signed_in,)

    @post("/", status_code=204)
    async def create(self) -> None:
        """The guard has looked the session up, and with that noted the time."""
