"""What visitors may reach: signing in and out, invitations, password resets, a brand's measured service, health."""

from litestar import Router

from portavoce.web.brand_css import show_brand_css
from portavoce.web.csrf import OPEN
from portavoce.web.health import show_live, show_ready
from portavoce.web.open.activity import ActivityController
from portavoce.web.open.invitations import InvitationController
from portavoce.web.open.password_resets import PasswordResetController
from portavoce.web.open.passwords import PasswordController
from portavoce.web.open.preferences import PreferenceController
from portavoce.web.open.service import ServiceController
from portavoce.web.open.sign_in import SignInController
from portavoce.web.open.sign_out import SignOutController
from portavoce.web.open.start import show_start

open_router = Router(
    path="/",
    route_handlers=[
        show_start,
        SignInController,
        InvitationController,
        PasswordResetController,
        ServiceController,
        show_live,
        show_ready,
    ],
    opt={OPEN: True},
)

own_router = Router(
    path="/",
    route_handlers=[
        SignOutController,
        PreferenceController,
        PasswordController,
        ActivityController,
        show_brand_css,
    ],
)
"""Of whoever is signed in, whatever their role."""
