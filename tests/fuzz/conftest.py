"""Everything here is asked as in tests/security/, and its figures are told in the same way."""

from __future__ import annotations

from tests.security.conftest import at_now, figures, pytest_terminal_summary  # noqa: F401
