"""The catalogue of warning signs, as one table in the order that decides ties."""

from __future__ import annotations

from . import emergency, fever, glucose, low_glucose, nerve, other, pain, site, timed
from .catalogue import ALWAYS_H, TimedSign, WarningSign

__all__ = ["ALWAYS_H", "TIMED_SIGNS", "WARNING_SIGNS", "TimedSign", "WarningSign", "sign_items"]

_T = ("temperature",)
_G = ("glucose",)
_USUAL = ("pain.usual",)
_SITE = ("pain.site",)
_RED = ("site.redness", "site.streaks")
_GROWN = ("site_grace_h", "site_resolve_h")

# fmt: off
WARNING_SIGNS: tuple[WarningSign, ...] = (
    # Call 911 now.
    WarningSign("EM-BREATH", "airway", "Trouble breathing", emergency.breath,
                emergency.BREATH, ("LAKEVIEW", "KP-ALLERGY")),
    WarningSign("EM-ANAPH", "airway", "Swelling of the face, or hives with another sign",
                emergency.anaphylaxis, emergency.ANAPHYLAXIS, ("KP-ALLERGY", "ANAPH-MAYO")),
    WarningSign("EM-CHEST", "chest", "Chest pain or pressure", emergency.chest,
                emergency.CHEST, ("KRAMES-HYPER",)),
    WarningSign("EM-CAUDA", "cauda", "Bladder, bowel or saddle numbness", emergency.cauda,
                emergency.CAUDA, ("CES", "UIC", "GPC")),
    WarningSign("EM-WEAK", "leg", "Weak leg", emergency.weak_leg,
                ("leg_weakness",), ("KRAMES-NRB", "LAKEVIEW", "UIC", "CLN-PMC"), ("weak_h",)),
    WarningSign("EM-NEURO", "brain", "Seizure, confusion or weakness of one side",
                emergency.neuro, emergency.NEURO, ("KRAMES-HYPER", "UOFL")),
    WarningSign("EM-LAST", "brain", "Metal taste, ringing, numb mouth, twitching",
                emergency.local_anesthetic, emergency.LAST, ("MEDSCAPE-LAST",)),
    WarningSign("EM-FAINT", "faint", "Fainted and hurt, again, or not recovered",
                emergency.bad_faint, emergency.FAINT, ("KP-ALLERGY", "MEMORY"),
                looks_back_h=12),
    WarningSign("EM-BLEED", "bleed", "Bleeding that pressure does not stop",
                emergency.bleeding, emergency.BLEED, ("PHILLY", "MEMORY")),
    WarningSign("EM-SEPSIS", "sepsis", "Fever, chills or cold, with a sign of being very ill",
                emergency.sepsis, emergency.SEPSIS, ("CDC-SEPSIS", "UOFL"), looks_back_h=12),
    WarningSign("EM-MENING", "head", "Severe headache with fever or a stiff neck",
                emergency.meningism, emergency.MENINGISM, ("UIC", "GPC"), looks_back_h=12),
    WarningSign("GL-VLOW", "glucose_low", "Sugar very low", low_glucose.very_low,
                _G, ("ADA-LOW", "CDC-LOW")),
    WarningSign("GL-DKA", "glucose_high", "High sugar and feeling ill", glucose.ketoacidosis,
                glucose.KETOACIDOSIS, ("CDC-DKA", "ALTRU"), looks_back_h=12),
    WarningSign("GL-HI", "glucose_high", "The meter says HI", glucose.off_the_scale,
                _G, ("DARIO", "LIFESCAN"), looks_back_h=2),
    # Call the clinic today.
    WarningSign("FV-FEVER", "fever", "Fever", fever.fever, _T,
                ("SEED1", "UW5656", "KRAMES-NRB"), ("fever", "fever_confirm_h"),
                looks_back_h=fever.CONFIRM_WITHIN_H),
    WarningSign("FV-CHILLS", "fever", "Shaking chills", fever.chills,
                ("chills",), ("XOPAIN", "GOEL")),
    WarningSign("ST-RED", "redness", "Redness at the injection site", site.redness, _RED,
                ("SEED1", "UW5656", "CELL"), _GROWN, looks_back_h=ALWAYS_H),
    WarningSign("ST-SWELL", "swelling", "Swelling at the injection site", site.swelling,
                ("site.swelling",), ("SEED1", "UW5656"), _GROWN, looks_back_h=ALWAYS_H),
    WarningSign("ST-DRAIN", "drainage", "Fluid from the injection site", site.drainage,
                ("site.drainage",), ("UW5656", "PHILLY", "KRAMES-NRB")),
    WarningSign("ST-WARM", "redness", "Warm injection site", site.warmth,
                ("site.warmth",), ("SAMC", "ADVORTHO")),
    WarningSign("PN-SEVERE", "pain_usual", "Severe pain", pain.severe_usual,
                _USUAL, ("PHILLY", "SEED1"), ("severe",)),
    WarningSign("PN-SEVERE", "pain_site", "Severe soreness", pain.severe_site,
                _SITE, ("PHILLY", "SEED1"), ("severe",)),
    WarningSign("PN-PERSIST", "pain_usual", "Pain beyond a few days", pain.persisting_usual,
                _USUAL, ("SEED1", "FLARE", "FARRAR"), ("persist_h",), looks_back_h=ALWAYS_H),
    WarningSign("PN-PERSIST", "pain_site", "Soreness beyond a few days", pain.persisting_site,
                _SITE, ("SEED1", "FLARE", "FARRAR"), ("persist_h",), looks_back_h=ALWAYS_H),
    WarningSign("PN-RISE", "pain_site", "Soreness that comes back", pain.rising,
                _SITE, ("FLARE-INF",), looks_back_h=ALWAYS_H),
    WarningSign("GL-VHIGH", "glucose_high", "Sugar extremely high", glucose.very_high,
                _G, ("IMD400",)),
    WarningSign("GL-HIGH", "glucose_high", "Sugar very high", glucose.high, _G,
                ("LONETREE", "KRAMES-HYPER"), ("g_high", "g_high_count"), looks_back_h=24),
    WarningSign("GL-LOW2", "glucose_low", "Sugar low again", low_glucose.low_again,
                _G, ("ADA-LOW", "HELPOF"), looks_back_h=24),
    WarningSign("GL-PERSIST", "glucose_high", "Sugar still high in the second week",
                glucose.persisting, _G, ("EVEN2012", "SAMC"), looks_back_h=ALWAYS_H),
    WarningSign("AL-HIVES", "airway", "Hives or an itchy rash", other.rash,
                ("hives", "itching"), ("ADVORTHO", "JHTAM")),
    WarningSign("FA-FAINT", "faint", "Fainted", other.fainted, ("faint",), ("SEED1", "VV-FF")),
    WarningSign("BL-SOAK", "bleed", "Soaked bandage", other.soaked_bandage,
                ("bleeding",), ("PHILLY", "SAMC")),
    WarningSign("NE-NUMB", "leg", "Leg still numb", nerve.numb_leg,
                ("leg_numbness",), ("KRAMES-NRB", "LAKEVIEW"), ("weak_h",)),
    WarningSign("NE-NUMB", "numb", "Skin still numb", nerve.numb_skin,
                ("area_numbness",), ("LAKEVIEW", "RANZ"), ("area_numb_h",)),
    WarningSign("HD-SEVERE", "head", "Severe headache", other.severe_headache,
                ("headache",), ("GPC", "LAKEVIEW", "UPSTATE")),
    WarningSign("OT-OTHER", "other", "Something else unexpected", other.unexpected,
                ("other", "palpitations"), ("SEED1", "PROTECT")),
    # Watch and look again.
    WarningSign("FV-LOW", "fever", "Slightly warm", fever.low_grade, _T,
                ("HOMEDICS", "UW5656"), ("fever",)),
    WarningSign("FV-NOTEMP", "fever", "Feels hot, not measured", fever.not_measured,
                ("feverish",), ("SEED1",)),
    WarningSign("PN-FLARE", "pain_usual", "More pain in the first days", pain.flare_usual,
                _USUAL, ("FLARE", "HL-FLARE"), ("persist_h",)),
    WarningSign("PN-FLARE", "pain_site", "Sore in the first days", pain.flare_site,
                _SITE, ("FLARE", "HL-FLARE"), ("persist_h",)),
    WarningSign("NE-EARLY", "leg", "Weak or numb leg in the first hours", nerve.early_leg,
                ("leg_weakness", "leg_numbness"), ("UW5656", "LAKEVIEW"), ("weak_h",)),
    WarningSign("GL-240", "glucose_high", "Sugar high", glucose.ketone_line,
                _G, ("CDC-DKA",), ("g_high",)),
    WarningSign("GL-DELTA", "glucose_high", "Sugar above the usual", glucose.above_usual,
                _G, ("SEED1", "EVEN2012")),
    WarningSign("GL-LOW1", "glucose_low", "Sugar low", low_glucose.low_once,
                _G, ("ADA-LOW", "CDC-LOW")),
    WarningSign("GL-NODM", "glucose_high", "Sugar high without diabetes",
                glucose.without_diabetes, _G, ("GLUCODR",)),
    # Expected.
    WarningSign("IN-SORE", "pain_site", "Some soreness", pain.soreness,
                _SITE, ("SEED1", "UW5656")),
    WarningSign("IN-FLUSH", "flush", "Flushed face", other.flush,
                ("facial_flush",), ("XOPAIN", "NHS-STEROID")),
    WarningSign("IN-BRUISE", "bleed", "A spot of blood", site.spot_of_blood,
                ("bleeding", "site.drainage"), ("AKCOE",)),
    WarningSign("IN-BRUISE", "redness", "A bruise", site.bruise, ("site.bruise",), ("AKCOE",)),
    WarningSign("IN-BRUISE", "drainage", "A drop of clear fluid", site.clear_drop,
                ("site.drainage",), ("UW5656",)),
    WarningSign("IN-NUMB", "numb", "Skin numb in the first hours", nerve.early_skin,
                ("area_numbness",), ("LAKEVIEW",), ("area_numb_h",)),
)

TIMED_SIGNS: tuple[TimedSign, ...] = (
    TimedSign("SI-SILENT", "silence", "No check-in", timed.silence,
              ("CRACCHIOLO",), ("active_h",)),
    TimedSign("QU-UNANSWERED", "question", "An urgent question without an answer",
              timed.unanswered_question, ("proposal",)),
)
# fmt: on

# The answers that make a recheck: all of those that were ever reported, at least one of them.
RECHECKED_BY = {
    "fever": _T,
    "redness": ("site.redness",),
    "leg": ("leg_weakness", "leg_numbness"),
    "glucose_high": _G,
    "glucose_low": _G,
}


def sign_items(sign: str) -> tuple[str, ...]:
    """The answers that tell whether a sign is still there."""
    if sign in RECHECKED_BY:
        return RECHECKED_BY[sign]
    items = (item for rule in WARNING_SIGNS if rule.sign == sign for item in rule.items)
    return tuple(dict.fromkeys(items))
