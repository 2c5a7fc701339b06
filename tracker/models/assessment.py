"""What the rules said, with what they looked at. Append-only: the newest of a check-in counts."""

from __future__ import annotations

from django.db import models

from tracker.models.check_in import CheckIn
from tracker.models.clinic import Clinic
from tracker.models.procedure import Procedure
from tracker.models.protocol import ProtocolOverride, ProtocolVersion


class Assessment(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="assessments")
    check_in = models.ForeignKey(
        CheckIn, models.PROTECT, null=True, related_name="assessments", help_text="Null: time did"
    )
    protocol_version = models.ForeignKey(ProtocolVersion, models.PROTECT)
    protocol_override = models.ForeignKey(
        ProtocolOverride, models.PROTECT, null=True, help_text="The patient's own numbers on top"
    )
    rule_set = models.CharField(max_length=20)
    observed_at = models.DateTimeField(help_text="Which submission was judged, or when time was")
    findings = models.JSONField()
    assessed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["procedure", "observed_at", "-id"], name="assessment_newest")
        ]
