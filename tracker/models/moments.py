"""What is due anywhere: ids, clinics, states and moments, of nobody in particular.

Views that only read, and show rows of every clinic. Who finds something due in them goes on in
the scope of its clinic. Nothing in here may tell of a person.
"""

from __future__ import annotations

from django.db import models


class ProcedureMoment(models.Model):
    id = models.UUIDField(primary_key=True)
    clinic_id = models.UUIDField()
    next_assessment_at = models.DateTimeField(null=True)
    plan_due_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "tracker_proceduremoment"


class AlertMoment(models.Model):
    id = models.UUIDField(primary_key=True)
    clinic_id = models.UUIDField()
    tier = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    exhausted_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "tracker_alertmoment"


class ReminderMoment(models.Model):
    id = models.BigIntegerField(primary_key=True)
    clinic_id = models.UUIDField()
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "tracker_remindermoment"


class DeliveryMoment(models.Model):
    id = models.BigIntegerField(primary_key=True)
    clinic_id = models.UUIDField()
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=10)
    priority = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    confirm_by = models.DateTimeField(null=True)
    reminder = models.ForeignKey(
        ReminderMoment, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )

    class Meta:
        managed = False
        db_table = "tracker_deliverymoment"
