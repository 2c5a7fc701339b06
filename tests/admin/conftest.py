from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.admin.people import Desks, two_desks
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def at_now(db: None) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desks() -> Desks:
    return two_desks()
