"""The errors a person can cause. The web layer turns `status` into an answer; anything else is a bug."""


class Problem(Exception):
    """Base of everything the edge may answer; `message` says what to do, in English source text."""

    status = 400

    def __init__(self, message: str = "", **fields: str) -> None:
        super().__init__(message)
        self.message = message
        self.fields = fields


class NotFound(Problem):
    """What a person may not see does not exist."""

    status = 404


class Conflict(Problem):
    status = 409


class Unprocessable(Problem):
    status = 422


class TooMany(Problem):
    """`retry_after` among the fields: seconds, told in the answer's header."""

    status = 429


class WallError(Exception):
    """Code of ours tried to cross a brand's wall. Never shown, always logged as an error."""


class NoScope(WallError):
    """A tenant table was touched by a session that names no brand."""


class UnscopedStatement(WallError):
    """Text or raw Core reached a scoped session; only `trusted_sql` may."""
