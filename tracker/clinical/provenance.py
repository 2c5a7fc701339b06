"""The numbers that nobody may set: what each is, and where it comes from.

An origin is a key of `sources`, "proposal" (no source gives it) or "MEMORY" (not looked up).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, frozen=True)
class Fixed:
    """A number of the rule set itself, in its unit."""

    title: str
    unit: str
    origin: str


FIXED = {
    "low_grade": Fixed("Slightly warm from", "", "HOMEDICS"),
    "sepsis_fever": Fixed("Fever in the signs of being very ill", "", "CDC-SEPSIS"),
    "cold": Fixed("Cold below", "", "MEMORY"),
    "worse_temperature": Fixed("A fever is worse by", "", "proposal"),
    "lookback_h": Fixed("Signs join within", "h", "proposal"),
    "infection_window_h": Fixed("Fever points elsewhere after", "h", "proposal"),
    "g_vlow": Fixed("Sugar very low below", "", "ADA-LOW"),
    "g_low": Fixed("Sugar low below", "", "ADA-LOW"),
    "g_low_again_h": Fixed("Low again within", "h", "proposal"),
    "g_ketone": Fixed("Sugar high from", "", "CDC-DKA"),
    "g_high_again_h": Fixed("A second high sugar counts within", "h", "proposal"),
    "g_vhigh": Fixed("Sugar extremely high from", "", "IMD400"),
    "g_hi_again_h": Fixed("A second HI within", "h", "proposal"),
    "g_nodm": Fixed("Sugar high without diabetes from", "", "proposal"),
    "g_delta": Fixed("Sugar above one's usual by", "", "EVEN2012"),
    "g_delta_floor": Fixed("and at least", "", "proposal"),
    "g_persist_h": Fixed("Sugar should be back after", "h", "EVEN2012"),
    "g_persist_floor": Fixed("Still high above", "", "proposal"),
    "g_persist_delta": Fixed("or above one's usual by", "", "proposal"),
    "mcid": Fixed("Pain has changed by", "of 10", "FARRAR"),
    "moderate": Fixed("Soreness that counts from", "of 10", "proposal"),
    "persist_gap_h": Fixed("Two answers are apart by", "h", "proposal"),
    "rise_h": Fixed("Soreness that comes back from", "h", "FLARE-INF"),
    "rise_from_h": Fixed("compared with the lowest since", "h", "proposal"),
    "site_worse_h": Fixed("Redness that grows calls from", "h", "proposal"),
    "clear_fluid_h": Fixed("A clear drop is expected until", "h", "UW5656"),
    "warmth_h": Fixed("Warmth alone calls after", "h", "proposal"),
    "last_h": Fixed("Signs of the numbing medicine within", "h", "proposal"),
    "retention_h": Fixed("No urine for", "h", "GPC"),
    "quiet_h": Fixed("Quiet after staff resolve a sign", "h", "proposal"),
    "silent_early_h": Fixed("Silence in the first days", "h", "proposal"),
    "silent_early_until_h": Fixed("The first days end at", "h", "proposal"),
    "silent_late_h": Fixed("Silence later on", "h", "proposal"),
    "question_min": Fixed("An urgent question waits", "min", "proposal"),
}
