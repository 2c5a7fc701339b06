"""A fictional clinic with patients worth triaging, made by the same services that real ones use."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tracker.access import Staff, staff_for
from tracker.models import Clinic, Membership, Patient, User
from tracker.models.clinic import Role
from tracker.services import check_ins, invitations, procedures

CLINIC = "Lakeside Spine Clinic (fictional)"
STAFF = [
    ("nurse@demo.example", "Nora Park, RN", Role.NURSE, 1),
    ("doctor@demo.example", "Dr. Samuel Ortiz", Role.CLINICIAN, 2),
    ("manager@demo.example", "Ruth Lang", Role.MANAGER, None),
]


@dataclass(frozen=True, slots=True)
class Story:
    """One fictional patient; check-ins are (hours after the procedure, answers)."""

    name: str
    tells: str
    hours_ago: float
    patient: dict[str, Any] = field(default_factory=dict)
    procedure: dict[str, Any] = field(default_factory=dict)
    check_ins: list[tuple[float, dict[str, Any]]] = field(default_factory=list)


NOTHING_NOW = {
    "dyspnea": False,
    "chest_pain": False,
    "face_swelling": False,
    "saddle_numbness": False,
    "bladder_loss": False,
    "faint": False,
}
CALM_SITE = {
    "redness": 0,
    "swelling": 0,
    "warmth": False,
    "drainage": "none",
    "streaks": False,
    "trend": "better",
}

STORIES = [
    Story(
        name="Rosa Delgado",
        tells="Day 2, healing well, reads Spanish",
        hours_ago=50,
        patient={"language": "es", "phone": "+15555550111", "temperature_unit": "Cel"},
        procedure={"baseline_pain": 7},
        check_ins=[
            (6, {"pain": {"usual": 4, "site": 3}, "symptoms": NOTHING_NOW, "site": CALM_SITE}),
            (25, {"pain": {"usual": 3, "site": 2}, "symptoms": NOTHING_NOW, "site": CALM_SITE}),
            (47, {"pain": {"usual": 2, "site": 1}, "symptoms": NOTHING_NOW, "site": CALM_SITE}),
        ],
    ),
    Story(
        name="Harold Finch",
        tells="Day 3, fever and a red, swollen site since this morning",
        hours_ago=74,
        patient={
            "phone": "+15555550112",
            "email": "harold.finch@patients.example",
            "temperature_unit": "Cel",
        },
        procedure={"baseline_pain": 6, "side": "left"},
        check_ins=[
            (8, {"pain": {"usual": 4, "site": 3}, "symptoms": NOTHING_NOW, "site": CALM_SITE}),
            (30, {"pain": {"usual": 3, "site": 1}, "symptoms": NOTHING_NOW}),
            (
                73,
                {
                    "pain": {"usual": 4, "site": 5, "controlled": True},
                    "temperature": {"value": "38.4", "unit": "Cel"},
                    "site": {**CALM_SITE, "redness": 2, "swelling": 1, "trend": "worse"},
                    "symptoms": NOTHING_NOW,
                },
            ),
        ],
    ),
    Story(
        name="Mai Tran",
        tells="Day 1, diabetes, blood sugar of 318 mg/dL after the steroid",
        hours_ago=28,
        patient={
            "phone": "+15555550113",
            "email": "mai.tran@patients.example",
            "diabetes": True,
            "insulin": True,
        },
        procedure={"baseline_pain": 5, "baseline_glucose": "150"},
        check_ins=[
            (8, {"pain": {"usual": 3, "site": 2}, "glucose": {"value": "224", "unit": "mg/dL"}}),
            (27, {"pain": {"usual": 3, "site": 1}, "glucose": {"value": "318", "unit": "mg/dL"}}),
        ],
    ),
    Story(
        name="Walter Brooks",
        tells="Day 5, the needle site has hurt too long",
        hours_ago=122,
        patient={"phone": "+15555550114"},
        procedure={"baseline_pain": 6, "nerves": ["superior_cluneal", "middle_cluneal"]},
        check_ins=[
            (24, {"pain": {"usual": 4, "site": 4}, "symptoms": NOTHING_NOW}),
            (75, {"pain": {"usual": 4, "site": 4}, "symptoms": NOTHING_NOW}),
            (120, {"pain": {"usual": 5, "site": 5}, "symptoms": NOTHING_NOW}),
        ],
    ),
    Story(
        name="Denise Carter",
        tells="Day 0, trouble breathing an hour after the block",
        hours_ago=2,
        patient={
            "phone": "+15555550115",
            "email": "denise.carter@patients.example",
            "address": "14 Harbor Road, Lakeside",
            "emergency_contact": "Paul Carter, husband",
            "emergency_contact_phone": "+15555550125",
        },
        procedure={"baseline_pain": 8, "side": "both"},
        check_ins=[(1.8, {"symptoms": {**NOTHING_NOW, "dyspnea": True}})],
    ),
    Story(
        name="Gloria Bennett",
        tells="Diagnostic block this morning, fills in the first-hours diary",
        hours_ago=3,
        patient={"phone": "+15555550116"},
        procedure={"baseline_pain": 7, "kind": "diagnostic", "steroid": False},
        check_ins=[
            (0.5, {"pain": {"usual": 3}}),
            (1, {"pain": {"usual": 2}}),
            (2, {"pain": {"usual": 2}}),
        ],
    ),
    Story(
        name="Tom Novak",
        tells="New today: nothing entered yet; try the check-in and the ice timer with this phone",
        hours_ago=5,
        patient={"phone": "+15555550117"},
        procedure={"baseline_pain": 6},
    ),
]


@transaction.atomic
def ensure_demo_clinic(*, password: str, now: datetime) -> Clinic:
    """Make the fictional clinic unless it exists; staff get this password in any case."""
    clinic = Clinic.objects.filter(name=CLINIC).first()
    fresh = clinic is None
    if clinic is None:
        clinic = Clinic.objects.create(
            name=CLINIC,
            phone="+15555550100",
            after_hours_phone="+15555550101",
            hours="Monday to Friday, 8 am to 5 pm",
            after_hours_text="When we are closed, call the number below: a doctor calls you back.",
            after_hours_text_es="Si está cerrado, llame al número de abajo: un médico le llamará.",
            created_at=now,
        )
    for email, name, role, order in STAFF:
        _ensure_staff(clinic, email, name, role, order, password)
    if fresh:
        staff = _nurse()
        for story in STORIES:
            _tell(staff, story, now)
    return clinic


def exists() -> bool:
    """Whether the fictional clinic was made before."""
    return Clinic.objects.filter(name=CLINIC).exists()


def demo_links(*, now: datetime) -> list[dict[str, str]]:
    """Invite every fictional patient anew; links that were shown before work no more."""
    patients = {each.name: each for each in Patient.objects.filter(clinic__name=CLINIC)}
    links = []
    for story in STORIES:
        if story.name not in patients:
            continue
        invited = invitations.invite(patient=patients[story.name], invited_by=None, now=now)
        links.append(
            {
                "name": story.name,
                "story": story.tells,
                "join_url": invited.join_url,
                "code": invited.code,
            }
        )
    return links


def new_password() -> str:
    return secrets.token_urlsafe(15)


def _ensure_staff(
    clinic: Clinic, email: str, name: str, role: Role, order: int | None, password: str
) -> None:
    user = User.objects.filter(email=email).first() or User(email=email, name=name)
    user.set_password(password)
    user.save()
    Membership.objects.get_or_create(
        clinic=clinic, user=user, defaults={"role": role, "on_call_order": order}
    )


def staff() -> list[Staff]:
    """Those of the fictional clinic who answer alerts."""
    found = [staff_for(user) for user in User.objects.filter(email__in=[STAFF[0][0], STAFF[1][0]])]
    return [each for each in found if each is not None]


def _nurse() -> Staff:
    staff = staff_for(User.objects.get(email=STAFF[0][0]))
    if staff is None:
        raise RuntimeError("the demo nurse has no membership")
    return staff


def _tell(staff: Staff, story: Story, now: datetime) -> None:
    ended_at = now - timedelta(hours=story.hours_ago)
    enrolled = procedures.enrol(
        staff=staff,
        patient={"name": story.name, **story.patient},
        procedure={
            "nerves": ["superior_cluneal"],
            "side": "right",
            "kind": "therapeutic",
            "ended_at": ended_at,
            **story.procedure,
        },
        now=ended_at,
    )
    for hours, answers in story.check_ins:
        observed_at = ended_at + timedelta(hours=hours)
        check_ins.record_check_in(
            patient=enrolled.patient,
            client_id=uuid.uuid4(),
            answers={"observed_at": observed_at.isoformat(), **answers},
            now=observed_at,
        )
