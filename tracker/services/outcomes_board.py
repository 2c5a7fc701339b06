"""How the clinic's blocks work: relief against each patient's own baseline. Never an alert."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from tracker import access
from tracker.access import Staff
from tracker.clinical.outcomes import (
    DAY_14_H,
    DAY_14_SPREAD_H,
    RFA_DAY,
    RFA_SPREAD_DAYS,
    SUCCESS_PERCENT,
    Relief,
    Score,
    pain_returned,
    relief_at,
)
from tracker.models import CheckIn, Procedure
from tracker.models.procedure import Kind, Nerve, ProcedureState

USUAL = "answers__pain__usual"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of those with a score near that day had relief of at least half."""

    relieved: int
    of: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.relieved / self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """Procedures of one sort."""

    name: str
    procedures: int
    day_14: Share
    month_3: Share
    days_of_relief: float | None
    """The middle of those whose pain came back."""


def board(*, staff: Staff, since: datetime, until: datetime) -> list[OutcomeLine]:
    """Outcomes of procedures that ended between two moments, by kind and by nerve."""
    done = access.of_clinic(staff, Procedure.objects.all()).filter(
        state__in=[ProcedureState.DONE, ProcedureState.CLOSED],
        ended_at__gte=since,
        ended_at__lt=until,
    )
    scores = _scores(done)
    baselines = {each.pk: _baseline(each, scores[each.pk]) for each in done}
    procedures = [each for each in done if baselines[each.pk]]
    reliefs = _reliefs(baselines, scores)
    lines = [
        _line(label, [each for each in procedures if each.kind == kind], reliefs)
        for kind, label in Kind.choices
    ]
    lines += [
        _line(f"{label} nerve", [each for each in procedures if nerve in each.nerves], reliefs)
        for nerve, label in Nerve.choices
    ]
    return [line for line in lines if line.procedures]


def _scores(procedures: Iterable[Procedure]) -> dict[UUID, list[Score]]:
    """What the rules read from whole courses, read in one go: the usual pain alone."""
    known = {each.pk: each for each in procedures}
    scores: dict[UUID, list[Score]] = defaultdict(list)
    rows = CheckIn.objects.filter(
        procedure__in=known, corrected_by__isnull=True, **{f"{USUAL}__isnull": False}
    )
    told = rows.order_by("observed_at", "pk").values_list(
        "pk", "procedure_id", "observed_at", USUAL
    )
    for pk, procedure_id, observed_at, usual in told:
        hours = (observed_at - (known[procedure_id].ended_at or observed_at)).total_seconds() / 3600
        if isinstance(usual, int):
            scores[procedure_id].append(Score(str(pk), hours, usual))
    return scores


def _baseline(procedure: Procedure, scores: Iterable[Score]) -> int | None:
    """Usual pain before the block, as `Course.baseline_pain` takes it."""
    if procedure.baseline_pain is not None:
        return procedure.baseline_pain
    before = [each.value for each in scores if each.hours < 0]
    return before[-1] if before else None


def _reliefs(
    baselines: dict[UUID, int | None], scores: dict[UUID, list[Score]]
) -> dict[UUID, Relief]:
    after = {pk: [each for each in scores[pk] if each.hours >= 0] for pk in baselines}
    return {
        pk: Relief(baseline, after[pk])
        for pk, baseline in baselines.items()
        if baseline and after[pk]
    }


def _line(name: str, procedures: list[Procedure], reliefs: dict[UUID, Relief]) -> OutcomeLine:
    known = [reliefs[each.pk] for each in procedures if each.pk in reliefs]
    lasted = [came_back.days for each in known if (came_back := pain_returned(each))]
    return OutcomeLine(
        name=name,
        procedures=len(procedures),
        day_14=_share(known, DAY_14_H, DAY_14_SPREAD_H),
        month_3=_share(known, RFA_DAY * 24, RFA_SPREAD_DAYS * 24),
        days_of_relief=round(median(lasted), 1) if lasted else None,
    )


def _share(reliefs: Iterable[Relief], hours: float, spread_h: float) -> Share:
    percents = [relief_at(each, hours, spread_h) for each in reliefs]
    known = [percent for percent in percents if percent is not None]
    return Share(sum(percent >= SUCCESS_PERCENT for percent in known), len(known))
