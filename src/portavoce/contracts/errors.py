"""What is missing in a contract."""

from portavoce.core.errors import Conflict


class NothingInForce(Conflict):
    pass
