"""What one would write first: rows as dicts, and every rule goes through all of them again.

The yardstick of `bench clinical`: a good half of the catalogue with the default numbers. It says
the same as the catalogue (tests/project/test_bench.py) and explains nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Rows = Sequence[Row]
Patient = Mapping[str, Any]
Found = Iterator[tuple[float, Any]]

EMERGENCY, CALL, WATCH, INFO = 3, 2, 1, 0
LIMITS = {
    "fever": {"Cel": "38.0", "[degF]": "100.4"},
    "warm": {"Cel": "37.8", "[degF]": "100.0"},
    "cold": {"Cel": "36.0", "[degF]": "96.8"},
    "very_low": {"mg/dL": "54", "mmol/L": "3.0"},
    "low": {"mg/dL": "70", "mmol/L": "3.9"},
    "ketone": {"mg/dL": "240", "mmol/L": "13.3"},
    "high": {"mg/dL": "300", "mmol/L": "16.7"},
    "very_high": {"mg/dL": "400", "mmol/L": "22.2"},
}
ILL = ("confusion", "dyspnea", "clammy", "extreme_pain")
KETO_ILL = ("vomiting", "belly_pain", "fruity_breath", "dyspnea", "confusion")


def reaches(quantity: Mapping[str, str] | None, limit: str) -> bool:
    if not quantity:
        return False
    return Decimal(quantity["value"]) >= Decimal(LIMITS[limit][quantity["unit"]])


def below(quantity: Mapping[str, str] | None, limit: str) -> bool:
    return bool(quantity) and not reaches(quantity, limit)


def hours(row: Row, patient: Patient) -> float:
    seconds: float = (row["observed_at"] - patient["ended_at"]).total_seconds()
    return seconds / 3600


def since(rows: Rows, now: datetime, patient: Patient, from_h: float, *path: str) -> Found:
    """What each row from that hour up to now says at a place in its answers."""
    for row in rows:
        at_h = hours(row, patient)
        if row["observed_at"] <= now and at_h >= max(0, from_h):
            value: Any = row["answers"]
            for name in path:
                value = (value or {}).get(name)
            if value is not None:
                yield at_h, value


def last(rows: Rows, now: datetime, patient: Patient, *path: str) -> tuple[float, Any]:
    """What the newest submission says, if it says anything."""
    for row in rows:
        if row["observed_at"] == now:
            return next(since([row], now, patient, 0, *path), (hours(row, patient), None))
    return 0, None


def yes(*names: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda answers: any(answers.get("symptoms", {}).get(name) is True for name in names)


def hot(answers: Mapping[str, Any]) -> bool:
    return reaches(answers.get("temperature"), "fever")


def together(one: Callable[..., bool], other: Callable[..., bool]) -> Callable[..., int | None]:
    """Two things within twelve hours, one of them now."""

    def rule(rows: Rows, now: datetime, patient: Patient) -> int | None:
        now_h, mine = last(rows, now, patient)
        for first, second in ((one, other), (other, one)):
            if first(mine) and any(
                second(theirs) for _, theirs in since(rows, now, patient, now_h - 12)
            ):
                return EMERGENCY
        return None

    return rule


def reported(tier: int, *names: str) -> Callable[..., int | None]:
    def rule(rows: Rows, now: datetime, patient: Patient) -> int | None:
        return tier if yes(*names)(last(rows, now, patient)[1]) else None

    return rule


def sugar(tier: int, crosses: Callable[..., bool], limit: str) -> Callable[..., int | None]:
    def rule(rows: Rows, now: datetime, patient: Patient) -> int | None:
        return tier if crosses(last(rows, now, patient, "glucose")[1], limit) else None

    return rule


def low_again(rows: Rows, now: datetime, patient: Patient) -> int | None:
    now_h, value = last(rows, now, patient, "glucose")
    lows = [h for h, v in since(rows, now, patient, now_h - 24, "glucose") if below(v, "low")]
    return CALL if below(value, "low") and any(h < now_h for h in lows) else None


def warm(rows: Rows, now: datetime, patient: Patient) -> int | None:
    value = last(rows, now, patient, "temperature")[1]
    return WATCH if reaches(value, "warm") and not reaches(value, "fever") else None


def fever(rows: Rows, now: datetime, patient: Patient) -> int | None:
    return CALL if reaches(last(rows, now, patient, "temperature")[1], "fever") else None


def severe(where: str) -> Callable[..., int | None]:
    def rule(rows: Rows, now: datetime, patient: Patient) -> int | None:
        pain = last(rows, now, patient, "pain")[1] or {}
        value, controlled = pain.get(where), pain.get("controlled")
        if value is None or value < 8 or controlled or (controlled is None and value < 10):
            return None
        new = where == "site" or value >= patient["baseline_pain"] + 2
        return CALL if new or pain.get("worse_than_before") else None

    return rule


def pain_limit(where: str, patient: Patient) -> int:
    return 4 if where == "site" else int(patient["baseline_pain"]) + 2


def persisting(where: str) -> Callable[..., int | None]:
    def rule(rows: Rows, now: datetime, patient: Patient) -> int | None:
        now_h, value = last(rows, now, patient, "pain", where)
        limit = pain_limit(where, patient)
        if value is None or value < limit or now_h <= 72:
            return None
        earlier = since(rows, now, patient, 72, "pain", where)
        again = any(v >= limit and 72 < h <= now_h - 12 for h, v in earlier)
        return CALL if again else WATCH

    return rule


def flare(where: str) -> Callable[..., int | None]:
    def rule(rows: Rows, now: datetime, patient: Patient) -> int | None:
        now_h, value = last(rows, now, patient, "pain", where)
        return WATCH if value is not None and value >= pain_limit(where, patient) and now_h <= 72 \
            else None  # fmt: skip

    return rule


def rising(rows: Rows, now: datetime, patient: Patient) -> int | None:
    now_h, value = last(rows, now, patient, "pain", "site")
    if value is None or now_h < 48 or value < 4:
        return None
    earlier = [v for h, v in since(rows, now, patient, 24, "pain", "site") if h < now_h]
    return CALL if value >= min(earlier, default=value) + 2 else None


def numb(name: str, from_h: float) -> Callable[..., int | None]:
    def rule(rows: Rows, now: datetime, patient: Patient) -> int | None:
        now_h, value = last(rows, now, patient, "symptoms", name)
        return CALL if value is True and now_h >= from_h else None

    return rule


def cold_or_hot(answers: Mapping[str, Any]) -> bool:
    return hot(answers) or below(answers.get("temperature"), "cold") or yes("chills")(answers)


def ketones(answers: Mapping[str, Any]) -> bool:
    many = answers.get("symptoms", {}).get("ketones") in ("moderate", "large")
    return many or yes(*KETO_ILL)(answers)


RULES: dict[str, Callable[[Rows, datetime, Patient], int | None]] = {
    "EM-BREATH/airway": reported(EMERGENCY, "dyspnea"),
    "EM-CHEST/chest": reported(EMERGENCY, "chest_pain"),
    "EM-NEURO/brain": reported(EMERGENCY, "seizure", "confusion", "one_sided"),
    "EM-SEPSIS/sepsis": together(cold_or_hot, yes(*ILL)),
    "EM-MENING/head": together(
        lambda answers: answers.get("symptoms", {}).get("headache") == "severe",
        lambda answers: hot(answers) or yes("stiff_neck")(answers),
    ),
    "GL-VLOW/glucose_low": sugar(EMERGENCY, below, "very_low"),
    "GL-DKA/glucose_high": together(
        lambda answers: reaches(answers.get("glucose"), "ketone"), ketones
    ),
    "FV-FEVER/fever": fever,
    "FV-CHILLS/fever": reported(CALL, "chills"),
    "FV-LOW/fever": warm,
    "PN-SEVERE/pain_usual": severe("usual"),
    "PN-SEVERE/pain_site": severe("site"),
    "PN-PERSIST/pain_usual": persisting("usual"),
    "PN-PERSIST/pain_site": persisting("site"),
    "PN-RISE/pain_site": rising,
    "PN-FLARE/pain_usual": flare("usual"),
    "PN-FLARE/pain_site": flare("site"),
    "GL-VHIGH/glucose_high": sugar(CALL, reaches, "very_high"),
    "GL-HIGH/glucose_high": sugar(CALL, reaches, "high"),
    "GL-LOW2/glucose_low": low_again,
    "GL-LOW1/glucose_low": sugar(WATCH, below, "low"),
    "GL-240/glucose_high": sugar(WATCH, reaches, "ketone"),
    "AL-HIVES/airway": reported(CALL, "hives", "itching"),
    "NE-NUMB/leg": numb("leg_numbness", 12),
    "NE-NUMB/numb": numb("area_numbness", 24),
}


def assess(rows: Rows, now: datetime, patient: Patient) -> dict[str, int]:
    """Every rule that fires for the submission of that time, and its tier."""
    fired = {code: rule(rows, now, patient) for code, rule in RULES.items()}
    return {code: tier for code, tier in fired.items() if tier is not None}
