"""What an agent may be told about a contact."""

from portavoce.core.errors import Conflict, NotFound, Unprocessable


class NoInteraction(NotFound):
    pass


class HeldByOther(Conflict):
    """Names the holder by the alias the brand knows."""


class NotHeld(Conflict):
    pass


class AlreadyClosed(Conflict):
    pass


class NotClosed(Conflict):
    pass


class EmptyText(Unprocessable):
    pass


class NamesAnother(Unprocessable):
    """The text carries what is not this brand's, and nobody said why."""


class BadReason(Unprocessable):
    pass


class SentBefore(Conflict):
    """The form was sent before, and what it became says something else."""


class AnsweredMeanwhile(Conflict):
    """The brand answered the customer itself, and whoever wrote had not read it."""


class NotWritten(Conflict):
    """The contact goes on by a channel on which no text leaves."""


class NotSpoken(Conflict):
    pass


class CannotMove(Unprocessable):
    """Why a contact cannot go on by another channel."""


class UnknownDisposition(Unprocessable):
    pass


class NotUncertain(Conflict):
    pass


class TooLate(Conflict):
    pass


class BadMoment(Unprocessable):
    pass


class NothingAsked(Conflict):
    pass


class NoPromise(NotFound):
    pass


class BadPromise(Unprocessable):
    pass


class NoReceiver(Unprocessable):
    """To whom or where a contact should be handed over is not there, or is where it is already."""


class WithClient(Conflict):
    pass


class Overtaken(Conflict):
    """Whatever waited went to others, each time it was reached for."""


class BadChoice(Unprocessable):
    """A choice that no tree of a line of business can have."""


class NoChoice(NotFound):
    pass


class ReasonMissing(Unprocessable):
    """The line of business asks why the customer wrote, and nobody said so yet."""


class UnknownReason(Unprocessable):
    pass


class NoCase(Unprocessable):
    """No such case of this customer."""


class NoMention(NotFound):
    pass
