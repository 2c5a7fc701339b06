"""Who said it: the body behind each source key, as it is named to people.

People are asked to verify: the published sheets disagree with each other, and the clinic's own
sheet is what counts.
"""

from __future__ import annotations

SOURCES = {
    "ADA-LOW": "American Diabetes Association, low blood glucose",
    "ADVORTHO": "Advanced Orthopedics, post-injection care",
    "AKCOE": "AKCOE, discharge instructions",
    "ALEXBONE": "Alexander Bone and Spine, radiofrequency questions",
    "ALTRU": "Altru Health System, high blood sugar",
    "ANAPH-MAYO": "Mayo Clinic, severe allergic reaction",
    "CDC-DKA": "U.S. Centers for Disease Control and Prevention, ketones and diabetes",
    "CDC-LOW": "U.S. Centers for Disease Control and Prevention, low blood sugar",
    "CDC-SEPSIS": "U.S. Centers for Disease Control and Prevention, when an illness is severe",
    "CELL": "Medscape, advice for patients with red and swollen skin",
    "CES": "Backes spine surgery, warning signs of the lower spine",
    "CLN-PMC": "PMC5944640, cluneal nerves",
    "COHEN2020": "Cohen et al., Reg Anesth Pain Med 2020;45:424",
    "CRACCHIOLO": "Cracchiolo et al., JAMA Surgery 2024",
    "DARIO": "LabStyle, Dario meter manual",
    "EVEN2012": "Even et al., Spine 2012;37:E46-50",
    "FARRAR": "Farrar et al., Pain 2001;94:149-158",
    "FLARE": "Patient information on steroid flare",
    "FLARE-INF": "Drug information on soreness after a steroid injection",
    "GLUCODR": "Medicus, GlucoDr meter manual",
    "GOEL": "Dr. Goel pain practice, epidural injection instructions",
    "GPC": "Global Pain Care, procedure instructions",
    "HELPOF": "Patient information on high and low sugar",
    "HL-FLARE": "Patient information on steroid flare",
    "HOMEDICS": "HoMedics, thermometer manual",
    "IMD400": "Internal medicine practice, sugar above 400",
    "JHTAM": "Dr. Tam pain practice, instructions after an injection",
    "KP-ALLERGY": "Kaiser Permanente, severe allergic reactions",
    "KRAMES-HYPER": "Krames, diabetes with high blood sugar",
    "KRAMES-NRB": "Krames, after a nerve root block",
    "LAKEVIEW": "Lakeview Hospital, after your procedure",
    "LIFESCAN": "LifeScan, meter manual",
    "LONETREE": "Lone Tree Surgery Center, occipital nerve block",
    "MEDSCAPE-LAST": "Medscape, reactions to numbing medicine",
    "MEMORY": "Common first-aid practice, from memory; a clinician must confirm it",
    "NHS-STEROID": "NHS, steroid injections",
    "PHILLY": "Philly Smart Pain, post-procedure instructions",
    "PROTECT": "Mazza et al., PRO-TECT trial, Qual Life Res 2024",
    "RANZ": "Block Your Pain, aftercare",
    "SAMC": "Saint Agnes Medical Center, epidural discharge instructions",
    "SEED1": "Novus Spine & Pain Center, cluneal nerve block",
    "UIC": "UI Health, pain management, after your procedure",
    "UOFL": "UofL Health, when an illness is severe",
    "UPSTATE": "Upstate Pain Clinic, post-procedure instructions",
    "UW5656": "UW Health, patient instructions 5656",
    "VV-FF": "Vasovagal reactions, Interv Pain Med 2023, 100268",
    "XOPAIN": "XO Pain, post-surgical care",
    "proposal": "A proposal of this project; no source gives it",
}
VERIFY = {"en": "verify", "es": "verifique"}


def named(key: str, language: str = "en") -> str:
    """The source as people read it, with the reminder to verify it."""
    verify = VERIFY.get(language, VERIFY["en"])
    return f"{SOURCES[key]} ({verify})"
