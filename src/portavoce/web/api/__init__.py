"""What a client's own programs read with a token: the months and intervals of one brand, as JSON. Nothing can be changed
here, and no cookie counts.
"""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from portavoce.web.api.bearing import provide_bearer, provide_state, provide_token_db
from portavoce.web.api.feeds import FeedController
from portavoce.web.api.intervals import IntervalController
from portavoce.web.api.months import MonthController

api_router = Router(
    "/api/v1/brands/{brand:str}",
    route_handlers=[MonthController, IntervalController, FeedController],
    dependencies={
        "granted": Provide(provide_bearer),
        "db": Provide(provide_token_db),
        "state_of": Provide(provide_state),
    },
)
