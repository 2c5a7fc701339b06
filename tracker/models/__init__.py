"""Rows, constraints and indexes. They decide nothing."""

from tracker.models.alert import Alert, AlertEvent
from tracker.models.answer_to_advice import AnswerToAdvice
from tracker.models.assessment import Assessment
from tracker.models.audit_event import AuditEvent, BreakGlass
from tracker.models.callback_request import CallbackRequest
from tracker.models.check_in import CheckIn
from tracker.models.clinic import Clinic, Membership, User
from tracker.models.consent import Consent
from tracker.models.delivery import Delivery, PushSubscription
from tracker.models.education import CardApproval
from tracker.models.ice_session import IceSession
from tracker.models.message import Message, Note
from tracker.models.moments import AlertMoment, DeliveryMoment, ProcedureMoment, ReminderMoment
from tracker.models.patient import Caregiver, DeviceSession, Invitation, Patient
from tracker.models.procedure import Procedure
from tracker.models.protocol import ProtocolOverride, ProtocolVersion
from tracker.models.reminder import Reminder
from tracker.models.staff import SharedValue, StaffLink, TryCount
from tracker.models.sweep import SweeperBeat
from tracker.models.task import Task
from tracker.models.therapy import Therapy
from tracker.models.upkeep import PeriodicJob, Reconciliation

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertMoment",
    "AnswerToAdvice",
    "Assessment",
    "AuditEvent",
    "BreakGlass",
    "CallbackRequest",
    "CardApproval",
    "Caregiver",
    "CheckIn",
    "Clinic",
    "Consent",
    "Delivery",
    "DeliveryMoment",
    "DeviceSession",
    "IceSession",
    "Invitation",
    "Membership",
    "Message",
    "Note",
    "Patient",
    "PeriodicJob",
    "Procedure",
    "ProcedureMoment",
    "ProtocolOverride",
    "ProtocolVersion",
    "PushSubscription",
    "Reconciliation",
    "Reminder",
    "ReminderMoment",
    "SharedValue",
    "StaffLink",
    "SweeperBeat",
    "Task",
    "Therapy",
    "TryCount",
    "User",
]
