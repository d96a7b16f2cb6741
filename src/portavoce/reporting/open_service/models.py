"""Whether a brand shows its service to everybody, and under which address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped

from portavoce.core.tables import Base, Tenant, of_brand


class OpenService(Tenant, Base):
    """No row: never switched on. `token` is the value of the brand's endpoint, and stays when it is off."""

    __tablename__ = "open_service"
    in_reports = True
    token: Mapped[str]
    is_on: Mapped[bool]
    changed_at: Mapped[datetime]
    __table_args__ = (of_brand(),)
