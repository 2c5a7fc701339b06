"""Replay recorded courses through the warning signs, and compare with their labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.clinical.labels import Difference, compare, tally
from tracker.clinical.protocol import OutOfBounds, Protocol
from tracker.clinical.recorded import Unreadable, repeated
from tracker.clinical.replay import replay
from tracker.clinical.what_if import recorded_course, what_if

Labelled = tuple[dict[str, Any], list[Difference]]


class Command(BaseCommand):
    """Needs no database and no settings beyond those that Django starts with."""

    help = "Show what the warning signs say about recorded courses, and where labels differ."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a file in the format of tests/vignettes.json")
        parser.add_argument("--protocol", help="a JSON file with a clinic's own numbers")
        parser.add_argument("--json", action="store_true", help="print a list of objects")

    def handle(self, *args: Any, **options: Any) -> None:
        courses = _courses(_load(options["file"]))
        protocol = _protocol(options["protocol"])
        results = [_replayed(course, protocol) for course in courses]
        labelled = [
            (course["expect"], compare(result, course["expect"], repeated=repeated(course)))
            for course, result in zip(courses, results, strict=True)
            if "expect" in course
        ]
        if options["json"]:
            self.stdout.write(json.dumps(results, indent=2, ensure_ascii=False))
        else:
            self._table(results)
            self._comparison(results, courses, labelled)
            if options["protocol"]:
                self._what_if(courses, protocol)
        if any(differences for _, differences in labelled):
            raise SystemExit(1)

    def _table(self, results: list[dict[str, Any]]) -> None:
        for result in results:
            self.stdout.write(f"{result['id']}")
            for row in _rows(result):
                self.stdout.write(f"  {row}")

    def _comparison(
        self, results: list[dict[str, Any]], courses: list[dict[str, Any]], labelled: list[Labelled]
    ) -> None:
        if not labelled:
            return
        self.stdout.write(f"\n{'rule':<20}{'agree':>6}{'differ':>8}")
        for rule, (agree, differ) in tally(labelled).items():
            self.stdout.write(f"{rule:<20}{agree:>6}{differ:>8}")
        ids = [course.get("id") for course in courses if "expect" in course]
        for course_id, (_, differences) in zip(ids, labelled, strict=True):
            for one in differences:
                row = json.dumps(one.row, ensure_ascii=False)
                self.stdout.write(f"{course_id}: {one.problem} in {one.what}: {row}")
        agreeing = sum(not differences for _, differences in labelled)
        self.stdout.write(f"\n{agreeing} of {len(labelled)} labelled courses agree.")

    def _what_if(self, courses: list[dict[str, Any]], protocol: Protocol) -> None:
        """Show what the clinic's own numbers do to the alerts that the defaults would raise."""
        found = what_if([recorded_course(each) for each in courses], Protocol.default(), protocol)
        self.stdout.write(f"\nAgainst the defaults, in {found.courses} courses:")
        self.stdout.write(f"{'rule':<20}{'gained':>8}{'lost':>8}{'moved':>8}{'same':>8}")
        for each in found.changed:
            counts = (len(each.gained), len(each.lost), len(each.moved), each.same)
            self.stdout.write(f"{each.rule:<20}" + "".join(f"{count:>8}" for count in counts))
            for name, moved in each.moved:
                hours = moved.by.total_seconds() / 3600
                self.stdout.write(f"  {name}: {hours:+.1f} h")
        if not found.changed:
            self.stdout.write("No alert is gained, lost or moved.")


def _load(name: str) -> Any:
    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.", returncode=2) from error
    except ValueError as error:
        raise CommandError(f"{name} is not JSON: {error}.", returncode=2) from error


def _courses(content: Any) -> list[dict[str, Any]]:
    courses = content.get("vignettes", [content]) if isinstance(content, dict) else content
    if isinstance(courses, list) and all(isinstance(course, dict) for course in courses):
        return courses
    raise CommandError("The file holds no list of courses.", returncode=2)


def _protocol(name: str | None) -> Protocol:
    if name is None:
        return Protocol.default()
    numbers = _load(name)
    if not isinstance(numbers, dict):
        raise CommandError(f"{name} holds no settings.", returncode=2)
    try:
        return Protocol.from_numbers(numbers)
    except OutOfBounds as error:
        raise CommandError(str(error), returncode=2) from error


def _replayed(course: dict[str, Any], protocol: Protocol) -> dict[str, Any]:
    try:
        return replay(course, protocol)
    except Unreadable as error:
        raise CommandError(f"{course.get('id')}: {error}", returncode=2) from error
    except KeyError as error:
        raise CommandError(f"{course.get('id')}: {error} is missing.", returncode=2) from error


def _rows(result: dict[str, Any]) -> list[str]:
    alerts = [
        f"entry {row['entry']:<3} {row['rule']:<14} {row['sign']:<13} {row['tier']:<11}"
        f" {row['event']}{'' if row['notify'] else ' (quietly)'}"
        for row in result["alerts"]
    ]
    info = [f"entry {row['entry']:<3} {row['rule']:<14} {row['sign']}" for row in result["info"]]
    checks = [f"entry {row['entry']:<3} {row['result']}" for row in result["validation"]]
    computed = [json.dumps(row) for row in (*result["reminders"], *result["outcomes"])]
    return [*alerts, *info, *checks, *computed]
