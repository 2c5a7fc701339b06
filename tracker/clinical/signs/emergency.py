"""The emergency screen: what no clinic can lower, mute or delay."""

from __future__ import annotations

from ..course import Moment, Reading
from ..findings import Absent, Finding, Present, Tier, because
from ..protocol import Protocol
from .looking import kept, says_yes, told, within

BREATH = ("dyspnea",)
ANAPHYLAXIS = ("face_swelling", "hives", "vomiting", "dizzy", "faint", "dyspnea")
WITH_HIVES = ("vomiting", "dizzy", "faint", "dyspnea")
CHEST = ("chest_pain",)
CAUDA = ("bladder_loss", "bowel_loss", "saddle_numbness", "urinary_retention_h")
NEURO = ("seizure", "confusion", "one_sided")
LAST = ("metallic_taste", "ringing_ears", "numb_mouth", "twitching")
FAINTED = ("faint", "faint_injury", "faint_repeat")
HURT = ("faint_injury", "faint_repeat", "chest_pain", "dyspnea")
FAINT = (*FAINTED, "faint_recovered", "chest_pain", "dyspnea")
BLEED = ("bleeding",)
ILL = ("confusion", "dyspnea", "clammy", "extreme_pain")
SEPSIS = ("temperature", "chills", *ILL)
MENINGISM = ("headache", "temperature", "stiff_neck")


def breath(moment: Moment, protocol: Protocol) -> Finding:
    return _any_of(moment, BREATH)


def chest(moment: Moment, protocol: Protocol) -> Finding:
    return _any_of(moment, CHEST)


def neuro(moment: Moment, protocol: Protocol) -> Finding:
    return _any_of(moment, NEURO)


def _any_of(moment: Moment, symptoms: tuple[str, ...]) -> Finding:
    reported = moment.reported(symptoms)
    if not reported:
        return Absent()
    return Present(Tier.EMERGENCY, because("reported", symptoms=reported))


def anaphylaxis(moment: Moment, protocol: Protocol) -> Finding:
    if moment.reported(("face_swelling",)):
        return Present(Tier.EMERGENCY, because("reported", symptoms=["face_swelling"]))
    with_hives = moment.reported(WITH_HIVES)
    if not with_hives or not moment.reported(("hives",)):
        return Absent()
    return Present(Tier.EMERGENCY, because("together", symptoms=["hives", *with_hives]))


def cauda(moment: Moment, protocol: Protocol) -> Finding:
    reported = moment.reported(("bladder_loss", "bowel_loss", "saddle_numbness"))
    if reported:
        return Present(Tier.EMERGENCY, because("reported", symptoms=reported))
    dry_h = moment.says("urinary_retention_h")
    if not isinstance(dry_h, int) or dry_h < protocol.retention_h:
        return Absent()
    reason = because("no_urine", hours=dry_h, limit=protocol.retention_h)
    return Present(Tier.EMERGENCY, reason, limit=f"{protocol.retention_h} h")


def weak_leg(moment: Moment, protocol: Protocol) -> Finding:
    weakness = moment.says("leg_weakness")
    if weakness == "severe":
        return Present(Tier.EMERGENCY, because("leg_severe"))
    if weakness != "mild" or moment.hours < protocol.weak_h:
        return Absent()
    reason = because("leg_weak_late", hours=moment.hours, limit=protocol.weak_h)
    return Present(Tier.EMERGENCY, reason, limit=f"{protocol.weak_h} h")


def local_anesthetic(moment: Moment, protocol: Protocol) -> Finding:
    reported = moment.reported(LAST)
    if not reported or moment.hours > protocol.last_h:
        return Absent()
    tier = Tier.EMERGENCY if len(reported) >= 2 else Tier.CALL_TODAY
    reason = because("soon_after", symptoms=reported, limit=protocol.last_h)
    return Present(tier, reason, limit=f"{protocol.last_h} h")


def bad_faint(moment: Moment, protocol: Protocol) -> Finding:
    hurt = moment.reported(HURT) if moment.reported(FAINTED) else []
    if hurt:
        return Present(Tier.EMERGENCY, because("together", symptoms=["faint", *hurt]))
    # Whether one feels back to normal may be asked again later.
    pair = within(moment, protocol.lookback_h, says_yes(FAINTED), _not_recovered)
    if pair is None:
        return Absent()
    reason = because("within", symptoms=["faint", "not_recovered"], limit=protocol.lookback_h)
    return Present(Tier.EMERGENCY, reason, limit=f"{protocol.lookback_h} h", also=kept(pair))


def _not_recovered(reading: Reading) -> str | None:
    return "faint_recovered" if reading.symptoms.get("faint_recovered") is False else None


def bleeding(moment: Moment, protocol: Protocol) -> Finding:
    if moment.says("bleeding") != "not_stopping":
        return Absent()
    return Present(Tier.EMERGENCY, because("bleeding_on"))


def sepsis(moment: Moment, protocol: Protocol) -> Finding:
    def heat(reading: Reading) -> str | None:
        temperature = reading.temperature
        if temperature is not None and (
            protocol.sepsis_fever.reached_by(temperature)
            or not protocol.cold.reached_by(temperature)
        ):
            return "temperature"
        return "chills" if reading.symptoms.get("chills") is True else None

    pair = within(moment, protocol.lookback_h, heat, says_yes(ILL))
    if pair is None:
        return Absent()
    reason = because("within", symptoms=told(pair), limit=protocol.lookback_h)
    return Present(Tier.EMERGENCY, reason, limit=f"{protocol.lookback_h} h", also=kept(pair))


def meningism(moment: Moment, protocol: Protocol) -> Finding:
    def severe_headache(reading: Reading) -> str | None:
        return "headache" if reading.symptoms.get("headache") == "severe" else None

    def fever_or_neck(reading: Reading) -> str | None:
        if reading.temperature and protocol.sepsis_fever.reached_by(reading.temperature):
            return "temperature"
        return "stiff_neck" if reading.symptoms.get("stiff_neck") is True else None

    pair = within(moment, protocol.lookback_h, severe_headache, fever_or_neck)
    if pair is None:
        return Absent()
    reason = because("within", symptoms=told(pair), limit=protocol.lookback_h)
    return Present(Tier.EMERGENCY, reason, limit=f"{protocol.lookback_h} h", also=kept(pair))
