"""How a channel fails, named after what the caller should do."""


class TemporaryFailure(Exception):
    """Try again later."""


class PermanentFailure(Exception):
    """Never try this message again."""


class AddressGone(PermanentFailure):
    """Never use this address again: the push service answered 404 or 410."""
