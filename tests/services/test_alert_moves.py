"""Which step may follow which: one table, and nothing outside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models.alert import AlertState, AlertStep
from tracker.services.alert_steps import MOVES, NoSuchMove, diagram, state_after

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-it-works.md"


@pytest.mark.parametrize("step", AlertStep)
def test_every_step_is_in_the_table(step):
    assert MOVES[step]


@pytest.mark.parametrize("state", AlertState)
def test_every_state_is_reached_and_knows_what_may_follow(state):
    assert any(state in ways.values() for ways in MOVES.values())
    assert any(state in ways for ways in MOVES.values())


def test_nothing_but_staff_opens_what_staff_have_resolved():
    may_follow = {step: ways for step, ways in MOVES.items() if AlertState.RESOLVED in ways}
    assert may_follow.keys() == {"attach", "note", "reopen"}
    leads_out = {
        step for step, ways in may_follow.items() if ways[AlertState.RESOLVED] != "RESOLVED"
    }
    assert leads_out == {"reopen"}


@pytest.mark.parametrize("step", [AlertStep.LEVEL, AlertStep.EXHAUSTED])
def test_nobody_is_told_further_about_what_somebody_took(step):
    with pytest.raises(NoSuchMove):
        state_after([AlertStep.OPEN, AlertStep.ACKNOWLEDGE, step])


@given(st.lists(st.sampled_from(AlertStep)))
def test_a_history_ends_in_a_state_or_is_refused(steps):
    try:
        assert state_after(steps) in AlertState
    except NoSuchMove:
        assert steps


def test_the_drawing_on_the_page_is_the_table():
    assert diagram() in PAGE.read_text()
