"""What can be wrong with a snippet."""

from portavoce.core.errors import NotFound, Unprocessable


class NoSnippet(NotFound):
    pass


class BadSnippet(Unprocessable):
    """`fields` names the field of the form that has to change."""
