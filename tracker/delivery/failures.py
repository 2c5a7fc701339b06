"""How a channel fails, named after what the caller should do."""


class TemporaryFailure(Exception):
    """Try again later, and not before `wait` seconds where the receiver asked for that."""

    def __init__(self, message: str, *, wait: float = 0) -> None:
        super().__init__(message)
        self.wait = wait


class PermanentFailure(Exception):
    """Never try this message again."""


class AddressGone(PermanentFailure):
    """Never use this address again: push 404 or 410, a text's receiver who wants no more."""
