"""Rows, constraints and indexes. They decide nothing."""

from tracker.models.alert import Alert, AlertEvent
from tracker.models.assessment import Assessment
from tracker.models.audit_event import AuditEvent
from tracker.models.check_in import CheckIn
from tracker.models.clinic import Clinic, Membership, User
from tracker.models.delivery import Delivery, PushSubscription
from tracker.models.ice_session import IceSession
from tracker.models.patient import DeviceSession, Invitation, Patient
from tracker.models.procedure import Procedure
from tracker.models.protocol import ProtocolOverride, ProtocolVersion
from tracker.models.reminder import Reminder
from tracker.models.staff import SharedValue, StaffLink, TryCount
from tracker.models.sweep import SweeperBeat
from tracker.models.task import Task
from tracker.models.upkeep import PeriodicJob, Reconciliation

__all__ = [
    "Alert",
    "AlertEvent",
    "Assessment",
    "AuditEvent",
    "CheckIn",
    "Clinic",
    "Delivery",
    "DeviceSession",
    "IceSession",
    "Invitation",
    "Membership",
    "Patient",
    "PeriodicJob",
    "Procedure",
    "ProtocolOverride",
    "ProtocolVersion",
    "PushSubscription",
    "Reconciliation",
    "Reminder",
    "SharedValue",
    "StaffLink",
    "SweeperBeat",
    "Task",
    "TryCount",
    "User",
]
