"""The catalogue as data, for a phone that must advise without network.

Each line says when a rule fires as a condition on the answers and on the hours since the procedure.
What the server knows of the past is folded into windows of hours, so the phone needs no history.
The numbers come from the protocol and the sentences from the catalogue of words: nothing is written
down here a second time. `static/phone/offline_advice.js` reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .. import phrases
from ..course import Course
from ..findings import Present, Reason, Tier
from ..protocol import RULE_SET_VERSION, Protocol
from ..quantities import SENSOR_HIGH, UNIT_SIGNS
from ..signs import TIMED_SIGNS, WARNING_SIGNS, WarningSign
from ..wording import Advice, Contact, Voice, advice, key_of
from . import body, emergency, measured, pain
from .asking import outcomes
from .conditions import hundredths
from .scene import Line, Scene

__all__ = ["LINES", "lines_of", "offline_data"]

LINES: Mapping[str, Callable[[Scene], list[Line]]] = {
    "EM-BREATH/airway": emergency.breath,
    "EM-ANAPH/airway": emergency.anaphylaxis,
    "EM-CHEST/chest": emergency.chest,
    "EM-CAUDA/cauda": emergency.cauda,
    "EM-WEAK/leg": emergency.weak_leg,
    "EM-NEURO/brain": emergency.neuro,
    "EM-LAST/brain": emergency.local_anesthetic,
    "EM-FAINT/faint": emergency.bad_faint,
    "EM-BLEED/bleed": emergency.bleeding,
    "EM-SEPSIS/sepsis": emergency.sepsis,
    "EM-MENING/head": emergency.meningism,
    "GL-VLOW/glucose_low": measured.very_low,
    "GL-DKA/glucose_high": measured.ketoacidosis,
    "GL-HI/glucose_high": measured.off_the_scale,
    "FV-FEVER/fever": measured.fever,
    "FV-CHILLS/fever": measured.chills,
    "ST-RED/redness": body.redness,
    "ST-SWELL/swelling": body.swelling,
    "ST-DRAIN/drainage": body.drainage,
    "ST-WARM/redness": body.warmth,
    "PN-SEVERE/pain_usual": pain.severe_usual,
    "PN-SEVERE/pain_site": pain.severe_site,
    "PN-PERSIST/pain_usual": pain.persisting_usual,
    "PN-PERSIST/pain_site": pain.persisting_site,
    "PN-RISE/pain_site": pain.rising,
    "GL-VHIGH/glucose_high": measured.very_high,
    "GL-HIGH/glucose_high": measured.high,
    "GL-LOW2/glucose_low": measured.low_again,
    "GL-PERSIST/glucose_high": measured.persisting,
    "AL-HIVES/airway": body.rash,
    "FA-FAINT/faint": body.fainted,
    "BL-SOAK/bleed": body.soaked_bandage,
    "NE-NUMB/leg": body.numb_leg,
    "NE-NUMB/numb": body.numb_skin,
    "HD-SEVERE/head": body.severe_headache,
    "OT-OTHER/other": body.unexpected,
    "FV-LOW/fever": measured.low_grade,
    "FV-NOTEMP/fever": measured.not_measured,
    "PN-FLARE/pain_usual": pain.flare_usual,
    "PN-FLARE/pain_site": pain.flare_site,
    "NE-EARLY/leg": body.early_leg,
    "GL-240/glucose_high": measured.ketone_line,
    "GL-DELTA/glucose_high": measured.above_usual,
    "GL-LOW1/glucose_low": measured.low_once,
    "GL-NODM/glucose_high": measured.without_diabetes,
    "IN-SORE/pain_site": pain.soreness,
    "IN-FLUSH/flush": body.flush,
    "IN-BRUISE/bleed": body.spot_of_blood,
    "IN-BRUISE/redness": body.bruise,
    "IN-BRUISE/drainage": body.clear_drop,
    "IN-NUMB/numb": body.early_skin,
}


def lines_of(course: Course, protocol: Protocol) -> list[tuple[WarningSign, Line]]:
    """Every way in which a rule can fire at a next check-in, in the catalogue's order."""
    scene = Scene(protocol.for_kind(course.procedure.kind), course)
    return [(rule, line) for rule in WARNING_SIGNS for line in LINES[rule.code](scene)]


def offline_data(
    course: Course, protocol: Protocol, *, language: str = "en", contact: Contact
) -> dict[str, Any]:
    """All that a phone needs to answer a check-in of this course by itself, as JSON can hold it."""
    voice = Voice(language, contact, ice=not course.patient.ice_contraindicated)
    return {
        "rule_set": RULE_SET_VERSION,
        "language": language,
        "tiers": [_tier(tier, voice) for tier in Tier],
        "rules": [_rule(rule, line, voice) for rule, line in lines_of(course, protocol)],
        "unanswered": _unanswered(voice),
        "very_ill": voice.line("very_ill"),
        "foot": voice.line("foot"),
        "numbers": outcomes(protocol, language, contact.emergency_number),
        "units": UNIT_SIGNS,
        "sensor_high": hundredths(SENSOR_HIGH),
        "items": voice.words.items,
        "values": voice.words.values,
        "and": voice.words.conjunction,
    }


def _unanswered(voice: Voice) -> dict[str, Any]:
    """An urgent question calls at once: without network nobody else waits for its answer."""
    sign = next(sign for sign in TIMED_SIGNS if sign.rule == "QU-UNANSWERED")
    tier = int(Tier.CALL_TODAY)
    text = voice.say(voice.words.advice[sign.rule])
    return {"rule": sign.rule, "sign": sign.sign, "tier": tier, "text": text}


def _tier(tier: Tier, voice: Voice) -> dict[str, Any]:
    """What an advice of this tier says, whatever was found."""
    told = _advice(tier, voice)
    shared = {"name": tier.wire, "headline": told.headline, "actions": told.actions}
    if tier == Tier.INFO:
        return {**shared, "close": voice.line("carry_on")}
    if tier == Tier.WATCH:
        return shared
    if tier == Tier.EMERGENCY and not voice.words.reviewed("lines.emergency"):
        english = _advice(tier, replace(voice, language="en"))
        return {**shared, "lead": _first(told), "echo": _first(english)}
    return {**shared, "lead": _first(told)}


def _advice(tier: Tier, voice: Voice, rule: str = "PN-FLARE") -> Advice:
    found = Present(tier, Reason("", {}), rule=rule)
    return advice([found], language=voice.language, contact=voice.contact, ice=voice.ice)


def _first(told: Advice) -> str:
    return told.text.partition("\n")[0]


def _rule(rule: WarningSign, line: Line, voice: Voice) -> dict[str, Any]:
    finding = Present(line.tier, Reason(line.phrase, {}), rule=rule.rule)
    message = f"advice.{key_of(finding)}"
    alone = _advice(line.tier, voice, rule.rule).headline
    found: dict[str, Any] = {
        "rule": rule.rule,
        "sign": rule.sign,
        "tier": int(line.tier),
        "when": line.when,
        "text": voice.message(message),
        "because": _because(line, voice.language),
        "symptoms": line.symptoms,
        "also": [phrases.item_name(item, voice.language) for item in line.also],
    }
    if line.limit is not None:
        found["limits"] = {unit: str(line.limit.within(unit)) for unit in line.limit.numbers}
    if line.tier == Tier.EMERGENCY and not voice.words.reviewed(message):
        # Nobody qualified has checked the translation yet, so English stands below it.
        found["echo"] = replace(voice, language="en").message(message)
    if alone != _advice(line.tier, voice).headline:
        found["headline"] = alone
    return found


def _because(line: Line, language: str) -> str:
    open_facts = {name: f"{{{name}}}" for name in ("value", "hours", "limit", "symptoms")}
    return phrases.say(line.phrase, {**open_facts, **line.facts}, language)
