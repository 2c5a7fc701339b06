"""What the patient reads: what to do first, then why, in short words.

The texts are in `words`. They name no disease and no dose, but for the sugar to take
when the blood sugar is low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from . import sources
from .findings import Present, Tier
from .words import words

EMERGENCY_NUMBER = "911"


@dataclass(slots=True)
class Contact:
    """Whom the patient calls; phone numbers as they are dialled."""

    clinic_name: str = "the clinic"
    phone: str = ""
    after_hours_phone: str = ""
    emergency_number: str = EMERGENCY_NUMBER


@dataclass(slots=True)
class Advice:
    """The answer to a check-in, ready for a screen."""

    tier: str
    headline: str
    text: str
    reasons: list[dict[str, str]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "tier": self.tier,
            "headline": self.headline,
            "text": self.text,
            "reasons": self.reasons,
            "actions": self.actions,
        }


def advice(findings: Sequence[Present], *, language: str = "en", contact: Contact) -> Advice:
    """One message for all findings of a submission, the most urgent first."""
    findings = sorted(findings, key=lambda finding: -finding.tier)
    tier = findings[0].tier if findings else Tier.INFO
    return Advice(
        tier=tier.wire,
        headline=_headline(findings, tier, language, contact),
        text=_text(findings, tier, language, contact),
        reasons=[_reason(finding, language) for finding in findings],
        actions=_actions(tier, language, contact),
    )


def staff_reason(finding: Present, language: str = "en") -> str:
    """The evidence sentence with its rule, as a line of the queue."""
    return f"{finding.rule}: {finding.because(language)}"


def foot(language: str, contact: Contact) -> str:
    """The sentence that ends every screen."""
    return _fill(words(language).lines["foot"], contact)


def _text(findings: Sequence[Present], tier: Tier, language: str, contact: Contact) -> str:
    lines = _lines(findings, tier, language, contact)
    if tier == Tier.EMERGENCY and words(language).reviewed_by is None:
        # Nobody qualified has checked the translation yet, so the original stands below it.
        lines += ["\n" + " ".join(_lines(findings, tier, "en", contact))]
    return " ".join([*lines, foot(language, contact)])


def _lines(findings: Sequence[Present], tier: Tier, language: str, contact: Contact) -> list[str]:
    catalogue = words(language)
    if tier == Tier.INFO:
        expected = [catalogue.advice[key] for key in _keys(findings)]
        return [_fill(text, contact) for text in (*expected, catalogue.lines["carry_on"])]
    first = [_first(findings, tier, language, contact)]
    acted_on = [finding for finding in findings if finding.tier > Tier.INFO]
    texts = (_fill(catalogue.advice[key], contact) for key in _keys(acted_on))
    return [text for text in (*first, *texts) if text]


def _first(findings: Sequence[Present], tier: Tier, language: str, contact: Contact) -> str:
    catalogue = words(language)
    if tier == Tier.WATCH or _only_low_sugar(findings, tier):
        return ""
    if tier == Tier.EMERGENCY:
        return _fill(catalogue.lines["emergency"], contact)
    call = "call" if contact.after_hours_phone else "call_only"
    return _fill(catalogue.lines[call], contact)


def _headline(findings: Sequence[Present], tier: Tier, language: str, contact: Contact) -> str:
    low_sugar = _only_low_sugar(findings, tier)
    key = "emergency_low_sugar" if low_sugar else tier.wire
    return _fill(words(language).headlines[key], contact)


def _only_low_sugar(findings: Sequence[Present], tier: Tier) -> bool:
    if tier != Tier.EMERGENCY:
        return False
    return all(f.rule == "GL-VLOW" for f in findings if f.tier == Tier.EMERGENCY)


def _keys(findings: Sequence[Present]) -> list[str]:
    return list(dict.fromkeys(_key(finding) for finding in findings))


def _key(finding: Present) -> str:
    special = {
        ("GL-HI", Tier.EMERGENCY): "GL-HI-AGAIN",
        ("OT-OTHER", Tier.WATCH): "OT-OTHER-WAIT",
        ("FV-FEVER", Tier.WATCH): "FV-FEVER-WAIT",
        ("ST-RED", Tier.WATCH): "ST-RED-WATCH",
        ("ST-SWELL", Tier.WATCH): "ST-SWELL-WATCH",
        ("PN-PERSIST", Tier.WATCH): "PN-PERSIST-WATCH",
    }
    if finding.reason.phrase == "temperature_late" and finding.tier == Tier.CALL_TODAY:
        return "FV-FEVER-LATE"
    return special.get((finding.rule, finding.tier), finding.rule)


def _reason(finding: Present, language: str) -> dict[str, str]:
    return {
        "rule": finding.rule,
        "sign": finding.sign,
        "tier": finding.tier.wire,
        "because": finding.because(language),
        "source": sources.named(finding.source, language) if finding.source else "",
    }


def _actions(tier: Tier, language: str, contact: Contact) -> list[dict[str, str]]:
    labels = words(language).actions
    offered = []
    if tier == Tier.EMERGENCY:
        offered.append(("emergency", contact.emergency_number))
    if tier >= Tier.WATCH:
        offered.append(("call", contact.phone))
    if tier >= Tier.CALL_TODAY:
        offered.append(("after_hours", contact.after_hours_phone))
    return [
        {"kind": kind, "label": _fill(labels[kind], contact), "phone": phone}
        for kind, phone in offered
        if phone
    ]


def _fill(template: str, contact: Contact) -> str:
    return template.format(
        clinic=contact.clinic_name,
        phone=contact.phone,
        after_hours=contact.after_hours_phone,
        emergency=contact.emergency_number,
    )
