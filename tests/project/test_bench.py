"""The benches: each is found by its name, and the yardstick says what the product says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench import clinical
from bench.__main__ import names
from bench._floors import clinical as floor
from bench._measuring import Figure
from tracker.clinical.assessment import assess

ROOT = Path(__file__).resolve().parents[2]


def catalogue(course, at):
    codes = {f"{f.rule}/{f.sign}": int(f.tier) for f in assess(course, at, clinical.PROTOCOL).fired}
    return {code: tier for code, tier in codes.items() if code in floor.RULES}


def test_the_first_attempt_says_what_the_catalogue_says():
    rows = clinical.rows()
    course, seen = clinical.course(rows), set()
    for row in rows:
        naive = floor.assess(rows, row["observed_at"], clinical.facts())
        assert naive == catalogue(course, row["observed_at"]), row["id"]
        seen |= set(naive)
    assert set(floor.RULES) - seen == set(), "rules that this course never tries"


def test_the_course_is_sixty_readings_in_fourteen_days():
    course = clinical.course(clinical.rows())
    assert (len(course.readings), round(course.hours[-1])) == (60, 14 * 24)


def test_each_module_is_a_bench_that_can_be_named():
    listed = subprocess.run(
        [sys.executable, "-m", "bench", "--list"], cwd=ROOT, capture_output=True, text=True
    )
    assert listed.stdout.split() == ["Benches:", *names()]
    assert "clinical" in names()


def test_a_name_that_is_no_bench_is_refused():
    assert subprocess.run([sys.executable, "-m", "bench", "dragons"], cwd=ROOT).returncode == 2


def test_a_goal_is_kept_up_to_its_limit():
    kept = [Figure("", value, "µs", at_most=100).kept for value in (99, 100, 100.1)]
    assert kept == [True, True, False]
    assert [Figure("", value, "×", at_least=4).kept for value in (3.9, 4)] == [False, True]
    assert Figure("", 1e9, "µs").kept
