from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.conftest import NOW


@pytest.fixture(autouse=True)
def second_factor_required(settings) -> None:
    """As everywhere but in a demo."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def clock(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
