"""The proof that the phone never says less than the server: the same check-ins, both engines.

Half of the cases have no history. Every number that a rule or the intake compares with is tried at
the limit and one display step to both sides, in each unit. CASES=20000 tries harder.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.clinical.factories import T0
from tests.clinical.test_properties import LOOSER, STRICTER
from tracker.clinical import plausible, wording
from tracker.clinical.assessment import assess
from tracker.clinical.course import Course, PatientFacts, ProcedureFacts, Reading
from tracker.clinical.findings import Tier
from tracker.clinical.intake import Intake, read_answers
from tracker.clinical.offline import offline_data
from tracker.clinical.protocol import Protocol
from tracker.clinical.quantities import DISPLAY_STEPS, PairedLimit, mg_dl, mmol_l
from tracker.clinical.vocabulary import (
    DRAINAGE,
    GRADED_SYMPTOMS,
    TRENDS,
    URGENCIES,
    YES_NO_SYMPTOMS,
)
from tracker.clinical.wording import Advice, Contact

pytestmark = pytest.mark.browser

CASES = int(os.environ.get("CASES", "2000"))
PER_SCENE = 25
MODULE = Path(__file__).parents[2] / "static" / "phone" / "offline_advice.js"
CONTACTS = [
    Contact("Lake Clinic", "+15555550100", "+15555550101"),
    Contact("Lake Clinic", "+15555550100", emergency_number="112"),
]
SCREEN = ("dyspnea", "chest_pain", "face_swelling", "saddle_numbness", "bladder_loss", "seizure",
          "bowel_loss", "faint", "faint_injury", "confusion", "one_sided")  # fmt: skip
# On, just before and just after every window of the default protocol and of the tried ones.
WINDOWS_H = (0, 2, 4, 6, 12, 24, 48, 72, 84, 96, 168, 192, 216, 336, 348, 672, 720)

LIMITS = {
    "temperature": ("fever", "low_grade", "cold", "sepsis_fever"),
    "glucose": ("g_vlow", "g_low", "g_ketone", "g_high", "g_vhigh", "g_nodm", "g_delta_floor"),
}


@dataclass
class Case:
    """One check-in of one patient, and what each side says to it."""

    scene: int
    hours: float
    answers: dict[str, Any]
    intake: Intake
    server: Advice
    language: str
    emergency_number: str
    phone: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.hours} h {json.dumps(self.answers)}\nserver: {self.server}\n{self.phone}"

    @property
    def tiers(self) -> tuple[Tier, Tier]:
        return Tier.of(self.phone["tier"]), Tier.of(self.server.tier)

    @property
    def questions(self) -> list[tuple[str, str, str]]:
        said = [
            (q.pointer, q.code, q.say(self.language, self.emergency_number))
            for q in self.intake.questions
        ]
        refused = [
            (p.pointer.removesuffix("/value"), p.code, p.say(self.language))
            for p in self.intake.problems
        ]
        return sorted(said + refused)


class Chance:
    """Seeded choices, most of them close to where something changes."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def scene(self) -> tuple[Course, Protocol, str, Contact]:
        usual = self.dice.choice([None, mg_dl(140), mg_dl(250), mmol_l("7.8")])
        patient = PatientFacts(
            diabetes=self.dice.random() < 0.6,
            ice_contraindicated=self.dice.random() < 0.3,
            baseline_pain=self.dice.choice([None, 2, 6, 9]),
            baseline_glucose=usual,
        )
        kind = self.dice.choice(["therapeutic", "diagnostic", "rfa"])
        procedure = ProcedureFacts(kind, T0)
        protocol = Protocol.from_numbers(self.dice.choice([{}, {}, *STRICTER, *LOOSER]))
        course = Course(patient, procedure, [])
        if self.dice.random() < 0.5:
            course = self.told_before(course, protocol)
        return course, protocol, self.dice.choice(["en", "es"]), self.dice.choice(CONTACTS)

    def told_before(self, course: Course, protocol: Protocol) -> Course:
        hours = sorted(self.hour(0) for _ in range(self.dice.randint(1, 4)))
        bodies = [(h, self.answers(h, protocol)) for h in hours]
        intakes = [read(body, h, protocol) for h, body in bodies]
        readings = [intake.reading for intake in intakes if intake.reading]
        return Course(course.patient, course.procedure, readings)

    def hour(self, since: float) -> float:
        near = self.dice.choice(WINDOWS_H) + self.dice.choice([-0.1, 0, 0, 0.1])
        window = since + self.dice.choice([0.1, 1.9, 2, 2.1, 11.9, 12, 12.1, 24, 24.1])
        return max(near if near > since and self.dice.random() < 0.6 else window, 0)

    def answers(self, hours: float, protocol: Protocol) -> dict[str, Any]:
        makers = {
            "pain": self.pain,
            "temperature": lambda: self.temperature(protocol),
            "glucose": lambda: self.glucose(protocol),
            "site": self.site,
            "symptoms": self.symptoms,
            "other": self.other,
        }
        names = self.dice.sample(sorted(makers), self.dice.randint(1, 4))
        body = {name: made for name in names if (made := makers[name]())}
        if not any(value is not None for part in body.values() for value in part.values()):
            body["pain"] = {"usual": 3}
        return {"observed_at": (T0 + timedelta(hours=hours)).isoformat(), **body}

    def some(self, fields: dict[str, list[Any]]) -> dict[str, Any]:
        return {
            name: self.dice.choice(values)
            for name, values in fields.items()
            if self.dice.random() < 0.6
        }

    def pain(self) -> dict[str, Any]:
        scores = [*range(11), "8/10"]
        known = [True, False, None]
        return self.some(
            {"usual": scores, "site": scores, "controlled": known, "worse_than_before": known}
        )

    def site(self) -> dict[str, Any]:
        known = [True, False, None]
        return self.some({
            "redness": [0, 1, 2, 3], "swelling": [0, 1, 2, 3], "warmth": known, "streaks": known,
            "drainage": list(DRAINAGE), "bruise": known, "trend": [*TRENDS, None],
        })  # fmt: skip

    def symptoms(self) -> dict[str, Any]:
        names = [*YES_NO_SYMPTOMS, *SCREEN]
        told: dict[str, Any] = {
            name: self.dice.random() < 0.7
            for name in self.dice.sample(names, self.dice.randint(0, 5))
        }
        for name, values in GRADED_SYMPTOMS.items():
            if self.dice.random() < 0.2:
                told[name] = self.dice.choice([*values, False])
        if self.dice.random() < 0.1:
            told["urinary_retention_h"] = self.dice.choice([0, 7, 8, 9, 168])
        return told

    def other(self) -> dict[str, Any]:
        return {"text": "tingles", "urgency": self.dice.choice([*URGENCIES, None])}

    def temperature(self, protocol: Protocol) -> dict[str, Any]:
        limits = [getattr(protocol, name) for name in LIMITS["temperature"]]
        return self.measured(limits, plausible.TEMPERATURES, ("Cel", "[degF]"))

    def glucose(self, protocol: Protocol) -> dict[str, Any]:
        if self.dice.random() < 0.2:
            body = {"value": self.dice.choice(["HI", "LO"])}
            return body | self.some({"unit": ["mg/dL", "mmol/L"], "device": ["meter", "cgm", None]})
        limits = [getattr(protocol, name) for name in LIMITS["glucose"]]
        body = self.measured(limits, plausible.SUGARS, ("mg/dL", "mmol/L"))
        return body | self.some({"device": ["meter", "cgm", None]})

    def measured(
        self, limits: list[PairedLimit], ranges: Any, units: tuple[str, ...]
    ) -> dict[str, Any]:
        unit = self.dice.choice(units)
        edges = [limit.numbers[unit] for limit in limits] * 2
        edges += [edge for pair in ranges.values() for edge in pair]
        steps = self.dice.choice([-1, 0, 0, 1]) * DISPLAY_STEPS[unit]
        value = self.dice.choice(edges) + steps
        if self.dice.random() < 0.15:
            value += self.dice.choice([-1, 1]) * DISPLAY_STEPS["Cel"] / 10
        typed = f"{value:f}"
        return {"value": self.dice.choice([typed, typed.replace(".", ",")]), "unit": unit}


def read(body: dict[str, Any], hours: float, protocol: Protocol) -> Intake:
    at = T0 + timedelta(hours=hours)
    return read_answers(body, recorded_at=at, reading_id=f"at-{hours}", protocol=protocol)


def without_refused(answers: dict[str, Any], intake: Intake) -> dict[str, Any]:
    """The same check-in once the number that the server refuses has been taken out."""
    refused = {problem.pointer.split("/")[1] for problem in intake.problems}
    return {name: part for name, part in answers.items() if name not in refused}


def said_by_the_server(
    course: Course, protocol: Protocol, reading: Reading | None, language: str, contact: Contact
) -> Advice:
    findings = []
    if reading is not None:
        whole = Course(course.patient, course.procedure, [*course.readings, reading])
        findings = assess(whole, reading.observed_at, protocol).findings
    ice = not course.patient.ice_contraindicated
    return wording.advice(findings, language=language, contact=contact, ice=ice)


def a_phone(browser: Any) -> Page:
    """A page with nothing but the module, so that no server helps the phone."""
    page = browser.new_page()
    page.route("http://phone.test/**", lambda route: route.fulfill(body="<!doctype html>"))
    page.route(
        "http://phone.test/advice.js",
        lambda route: route.fulfill(content_type="text/javascript", body=MODULE.read_text()),
    )
    page.goto("http://phone.test/")
    return page


ASK = """async (asked) => {
  const { advise } = await import("/advice.js");
  return asked.flatMap(({ data, told }) => told.map(([answers, h]) => advise(data, answers, h)));
}"""


def on_the_phone(browser: Any, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    page = a_phone(browser)
    # As text, so that the numbers arrive as a page would read them.
    answers = page.evaluate(f"(text) => ({ASK})(JSON.parse(text))", json.dumps(asked))
    page.close()
    return answers


def alone(protocol: Protocol) -> list[dict[str, Any]]:
    """Each answer for itself: each symptom, score and grade, and both sides of each limit."""
    told: list[dict[str, Any]] = [{"symptoms": {name: True}} for name in YES_NO_SYMPTOMS]
    told += [
        {"symptoms": {name: value}} for name, each in GRADED_SYMPTOMS.items() for value in each
    ]
    told += [{"symptoms": {"urinary_retention_h": hours}} for hours in (7, 8)]
    told += [{"site": {item: size}} for item in ("redness", "swelling") for size in range(4)]
    told += [{"site": {item: True}} for item in ("warmth", "streaks", "bruise")]
    told += [{"site": {"drainage": value}} for value in DRAINAGE]
    told += [{"pain": {item: n}} for item in ("usual", "site") for n in range(11)]
    told += [{"pain": {"site": n, "controlled": False}} for n in range(6, 11)]
    told += [{"other": {"text": "tingles", "urgency": urgency}} for urgency in (*URGENCIES, None)]
    told += [{"glucose": {"value": word, "device": device}}
             for word in ("HI", "LO") for device in ("meter", "cgm")]  # fmt: skip
    return told + [
        {part: {"value": f"{number + step * DISPLAY_STEPS[unit]:f}", "unit": unit}}
        for part, limits in LIMITS.items()
        for limit in limits
        for unit, number in getattr(protocol, limit).numbers.items()
        for step in (-1, 0, 1)
    ]


SIDES_H = [h + side for h in (6, 12, 24, 48, 72, 96, 720) for side in (-0.1, 0, 0.1)]


def test_each_answer_alone_at_both_sides_of_each_window(browser):
    protocol, contact = Protocol.default(), CONTACTS[0]
    course = Course(PatientFacts(baseline_pain=6), ProcedureFacts("therapeutic", T0), [])
    bodies = [
        ({"observed_at": (T0 + timedelta(hours=h)).isoformat(), **told}, h)
        for told in alone(protocol)
        for h in SIDES_H
    ]
    told, server = [], []
    for body, h in bodies:
        reading = read(body, h, protocol).reading
        server.append(said_by_the_server(course, protocol, reading, "en", contact).tier)
        told.append([body, course.hours_at(datetime.fromisoformat(body["observed_at"]))])
    data = offline_data(course, protocol, contact=contact)
    phone = [said["tier"] for said in on_the_phone(browser, [{"data": data, "told": told}])]
    wrong = [each for each in zip(bodies, server, phone, strict=True) if each[1] != each[2]]
    assert wrong == []


@pytest.fixture(scope="module")
def cases(browser) -> list[Case]:
    chance, asked, known = Chance(20260908), [], []
    for number in range(CASES // PER_SCENE):
        course, protocol, language, contact = chance.scene()
        # Later than what is known: at the same moment it would be the same submission.
        since = course.hours[-1] + 0.01 if course.hours else 0.0
        data = offline_data(course, protocol, language=language, contact=contact)
        told = []
        for _ in range(PER_SCENE):
            hours = chance.hour(since)
            answers = chance.answers(hours, protocol)
            hours = course.hours_at(datetime.fromisoformat(answers["observed_at"]))
            intake = read(answers, hours, protocol)
            rest = read(without_refused(answers, intake), hours, protocol).reading
            server = said_by_the_server(course, protocol, rest, language, contact)
            told.append([answers, hours])
            known.append(
                (number, hours, answers, intake, server, language, contact.emergency_number)
            )
        asked.append({"data": data, "told": told})
    phone = on_the_phone(browser, asked)
    return [Case(*each, said) for each, said in zip(known, phone, strict=True)]


def assert_none(wrong: list[Case]) -> None:
    assert not wrong, f"{len(wrong)} check-ins, for example: {wrong[0]}"


def test_the_phone_never_says_less_than_the_server(cases):
    assert len(cases) >= 500
    assert_none([case for case in cases if case.tiers[0] < case.tiers[1]])


def test_an_emergency_is_one_on_both_sides_or_on_none(cases):
    assert_none([case for case in cases if Tier.EMERGENCY in case.tiers and len({*case.tiers}) > 1])


def test_the_phone_says_the_same_unless_a_number_is_open(cases):
    clear = [case for case in cases if not case.questions]
    assert len(clear) > len(cases) / 2
    for case in clear:
        phone, server = case.phone, case.server.as_json()
        assert phone["headline"] == server["headline"], case
        assert phone["actions"] == server["actions"], case
        assert phone["text"].split("\n") == list(dict.fromkeys(server["text"].split("\n"))), case
        names = ("rule", "sign", "tier")
        assert [[reason[name] for name in names] for reason in phone["reasons"]] == [
            [reason[name] for name in names] for reason in server["reasons"]
        ], case


# These name every item that was reported; the server names the pair that it found first.
PAIRS = {"EM-SEPSIS", "EM-MENING", "GL-DKA", "EM-FAINT"}


def test_the_phone_gives_the_same_reasons(cases):
    compared = 0
    for case in cases:
        if case.questions:
            continue
        for mine, theirs in zip(case.phone["reasons"], case.server.reasons, strict=True):
            assert "{" not in mine["because"] and "?" not in mine["because"], case
            if mine["rule"] not in PAIRS:
                assert mine["because"] == theirs["because"], case
                compared += 1
    assert compared > len(cases)


def test_an_open_number_is_asked_back_as_the_server_does(cases):
    asked = [case for case in cases if case.questions]
    assert {code for case in asked for _, code, _ in case.questions} >= {
        "ask_unit", "ask_unit_urgent", "reject_range", "reject_not_integer"}  # fmt: skip
    for case in asked:
        questions = [(q["pointer"], q["code"], q["detail"]) for q in case.phone["questions"]]
        assert sorted(questions) == case.questions, case
        assert case.emergency_number in case.phone["text"].split("\n")[-2], case
        if case.tiers[0] == Tier.INFO:
            assert case.phone["headline"] == questions[0][2], case
        if any(code == "ask_unit_urgent" for _, code, _ in questions):
            assert case.tiers[0] >= Tier.CALL_TODAY, case


def test_every_rule_was_tried(cases):
    fired = Counter(reason["rule"] for case in cases for reason in case.server.reasons)
    expected = {"EM-BREATH", "EM-ANAPH", "EM-CHEST", "EM-CAUDA", "EM-WEAK", "EM-NEURO", "EM-FAINT",
                "EM-BLEED", "EM-SEPSIS", "EM-MENING", "GL-VLOW", "GL-DKA", "GL-HI", "FV-FEVER",
                "ST-RED", "ST-SWELL", "ST-DRAIN", "ST-WARM", "PN-SEVERE", "GL-VHIGH", "GL-HIGH",
                "AL-HIVES", "FA-FAINT", "BL-SOAK", "HD-SEVERE", "OT-OTHER"}  # fmt: skip
    assert expected <= set(fired)


def test_what_the_phone_cannot_know_counts_against_waiting(browser):
    """No end of the procedure, or one still to come: windows stand open, emergencies count."""
    data = offline_data(Course(PatientFacts(), ProcedureFacts(), []), Protocol.default(),
                        contact=CONTACTS[0])  # fmt: skip
    mild = {"symptoms": {"leg_weakness": "mild"}}
    chest = {"symptoms": {"chest_pain": True}}
    sore = {"pain": {"usual": 10}}
    told = [[mild, None], [chest, None], [chest, -5], [sore, -5]]
    tiers = [said["tier"] for said in on_the_phone(browser, [{"data": data, "told": told}])]
    assert tiers == ["emergency", "emergency", "emergency", "info"]
