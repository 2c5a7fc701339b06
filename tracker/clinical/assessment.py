"""All that one may ask of the catalogue: about a submission, an arrival, a recheck, a moment."""

from __future__ import annotations

from .arrivals import Judged, affected_by, judge
from .judgement import Assessment, assess, cannot_wait, in_order
from .rechecks import cleared_at, ground_of, is_clear
from .timing import assess_time, next_assessment_at

__all__ = [
    "Assessment",
    "Judged",
    "affected_by",
    "assess",
    "assess_time",
    "cannot_wait",
    "cleared_at",
    "ground_of",
    "in_order",
    "is_clear",
    "judge",
    "next_assessment_at",
]
