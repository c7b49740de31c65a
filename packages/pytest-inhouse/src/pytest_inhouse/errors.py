"""Everything that can go wrong with the fixture, as one tree.

FixtureError                 a message, and in `hint` what to do next
├── ServerDidNotStartError   the repository's process ended, or did not get ready in time
├── ServerStoppedError       the repository does not answer any more
├── RefusedError             the repository refused what a helper asked of it
└── UsageError               a helper, a marker or an option was used in a way that cannot work
"""


class FixtureError(Exception):
    """The root: a message, and in `hint` what to do next."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return both, since pytest shows a test's author nothing else."""
        return f"{self.message}\n\nhint: {self.hint}"


class ServerDidNotStartError(FixtureError):
    """The repository's process ended, or did not get ready in time; carries what it printed."""

    def __init__(self, reason: str, printed: str) -> None:
        self.printed = printed.strip()
        super().__init__(
            f"The repository for tests {reason}. It printed:\n\n{self.printed or '(nothing)'}",
            hint="If that does not tell what to do, see whether `python -m inhouse_server start --port 0` works.",
        )


class ServerStoppedError(FixtureError):
    """The repository does not answer any more."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"The repository for tests at {url} does not answer: {reason}.",
            hint="Something has ended its process; run the tests again, and look for what kills other programs.",
        )


class RefusedError(FixtureError):
    """The repository refused what a helper asked of it.

    Attributes:
        status: Of the answer, for example 403.
        code: AWS's name of the error, for example `AccessDeniedException`; empty on the data plane.
    """

    def __init__(self, what: str, *, status: int, code: str, reason: str, hint: str) -> None:
        self.status = status
        self.code = code
        super().__init__(f"{what} was refused with {status}{f' {code}' if code else ''}: {reason}", hint=hint)


class UsageError(FixtureError):
    """A helper, a marker or an option was used in a way that cannot work."""
