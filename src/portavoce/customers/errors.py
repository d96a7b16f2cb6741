"""What can go wrong with a customer's data."""


class UnusableIdentity(ValueError):
    """The value names nobody on that channel; the message that carried it is kept apart, not lost."""
