"""What the patient reads: what to do first, then why, in short words.

The texts are in `words`. They name no disease and no dose, but for the sugar to take
when the blood sugar is low.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from . import sources
from .findings import Present, Tier
from .voice import Contact, Voice

__all__ = [
    "Advice",
    "Contact",
    "Voice",
    "advice",
    "foot",
    "key_of",
    "question_first",
    "saved_before",
]


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


def advice(
    findings: Sequence[Present], *, language: str = "en", contact: Contact, ice: bool = True
) -> Advice:
    """One message for all findings of a submission, the most urgent first.

    Without `ice` the message does not speak of it: not to a patient whom it may harm.
    """
    voice = Voice(language, contact, ice)
    findings = sorted(findings, key=lambda finding: -finding.tier)
    tier = findings[0].tier if findings else Tier.INFO
    return Advice(
        tier=tier.wire,
        headline=voice.say(voice.words.headlines[_headline(findings, tier)]),
        text=_text(findings, tier, voice),
        reasons=[_reason(finding, language) for finding in findings],
        actions=_actions(tier, voice),
    )


def saved_before(*, language: str = "en", contact: Contact) -> Advice:
    """The answer to a check-in from before the procedure, at which no rule looks."""
    voice = Voice(language, contact)
    lines = [voice.line("before"), voice.line("very_ill"), voice.line("foot")]
    headline = voice.say(voice.words.headlines["before"])
    return Advice(tier=Tier.INFO.wire, headline=headline, text="\n".join(lines))


def question_first(*, language: str = "en", contact: Contact) -> Advice:
    """The answer while a number is in doubt that would call if it were right."""
    voice = Voice(language, contact)
    lines = [voice.line("doubt"), voice.line("very_ill"), voice.line("foot")]
    headline = voice.say(voice.words.headlines["doubt"])
    actions = _actions(Tier.WATCH, voice)
    return Advice(Tier.WATCH.wire, headline, "\n".join(lines), actions=actions)


def foot(language: str, contact: Contact) -> str:
    """The sentence that ends every screen."""
    return Voice(language, contact).line("foot")


def _text(findings: Sequence[Present], tier: Tier, voice: Voice) -> str:
    """One line for each thing to do, so that a screen can set them apart."""
    messages = _messages(findings, tier, voice.contact)
    lines = [voice.message(name) for name in messages]
    if tier == Tier.EMERGENCY:
        # What nobody qualified has checked yet carries the original below it.
        english = replace(voice, language="en")
        lines += [english.message(name) for name in messages if not voice.words.reviewed(name)]
    return "\n".join([*lines, voice.line("foot")])


def _messages(findings: Sequence[Present], tier: Tier, contact: Contact) -> list[str]:
    """The messages of the catalogue that make the text, the most urgent first."""
    texts = dict.fromkeys(f"advice.{key_of(finding)}" for finding in _acted_on(findings, tier))
    if tier == Tier.INFO:
        return [*texts, "lines.carry_on"]
    first = _first(findings, tier, contact)
    return [f"lines.{first}", *texts] if first else [*texts]


def _acted_on(findings: Sequence[Present], tier: Tier) -> list[Present]:
    """The findings whose text is shown; of the others a card gives the reason alone.

    In an emergency nothing else is asked of the patient, and nobody is calmed.
    """
    if tier == Tier.EMERGENCY:
        return [finding for finding in findings if finding.tier == Tier.EMERGENCY]
    return [finding for finding in findings if finding.tier > Tier.INFO or tier == Tier.INFO]


def _first(findings: Sequence[Present], tier: Tier, contact: Contact) -> str | None:
    if tier == Tier.WATCH or _only_low_sugar(findings, tier):
        return None
    if tier == Tier.EMERGENCY:
        return "emergency"
    return "call" if contact.after_hours_phone else "call_only"


def _headline(findings: Sequence[Present], tier: Tier) -> str:
    return "emergency_low_sugar" if _only_low_sugar(findings, tier) else tier.wire


def _only_low_sugar(findings: Sequence[Present], tier: Tier) -> bool:
    if tier != Tier.EMERGENCY:
        return False
    return all(f.rule == "GL-VLOW" for f in findings if f.tier == Tier.EMERGENCY)


def key_of(finding: Present) -> str:
    """Which text of the catalogue says what to do about a finding."""
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


def _actions(tier: Tier, voice: Voice) -> list[dict[str, str]]:
    contact, offered = voice.contact, []
    if tier == Tier.EMERGENCY:
        offered.append(("emergency", contact.emergency_number))
    if tier >= Tier.WATCH:
        offered.append(("call", contact.phone))
    if tier >= Tier.CALL_TODAY:
        offered.append(("after_hours", contact.after_hours_phone))
    return [
        {"kind": kind, "label": voice.say(voice.words.actions[kind]), "phone": phone}
        for kind, phone in offered
        if phone
    ]
