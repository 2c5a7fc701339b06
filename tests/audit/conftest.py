"""As at the desk: one clinic with people, a stranger, and a still clock."""

from tests.admin.conftest import at_now, desks

__all__ = ["at_now", "desks"]
