"""Calls, what was heard in them, what was read, and what people corrected of it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models.arrivals import Exhibit


class Call(models.Model):
    """A call with its number, and what was known of it beside the recording."""

    class State(models.TextChoices):
        """How far the hearing is."""

        WAITING = "waiting", "waiting to be heard"
        HEARD = "heard", "heard"
        NOT_HEARD = "not_heard", "could not be heard"
        NOTE_ONLY = "note_only", "no recording"

    number = models.CharField(max_length=20, unique=True)
    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="calls")
    state = models.CharField(max_length=10, choices=State.choices)
    trouble = models.TextField(blank=True, help_text="why it could not be heard, what to do")
    recording = models.ForeignKey(
        Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="calls"
    )
    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ani = models.CharField(max_length=40, blank=True)
    is_911_only = models.BooleanField(default=False)
    handset = models.CharField(max_length=7, blank=True, db_index=True)
    class_of_service = models.CharField(max_length=20, blank=True)
    carrier = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    uncertainty = models.FloatField(null=True, blank=True, help_text="metres")
    confidence = models.PositiveSmallIntegerField(null=True, blank=True, help_text="percent")
    address = models.CharField(max_length=300, blank=True)
    position = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    clock_offset = models.FloatField(null=True, blank=True, help_text="seconds")
    is_demonstration = models.BooleanField(default=False)
    is_drill = models.BooleanField(
        default=False, help_text="replays a recorded case: nobody called"
    )

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["center", "-received_at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["recording"], condition=Q(is_drill=False), name="a_recording_is_one_call"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Hearing(models.Model):
    """What one engine heard; a new hearing is a new version beside the old."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="hearings")
    version = models.PositiveSmallIntegerField()
    playable = models.ForeignKey(
        Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    body = models.JSONField(help_text="a listen.Hearing")
    digest = models.CharField(max_length=64)
    heard_at = models.DateTimeField()

    class Meta:
        """Versions in order."""

        ordering: ClassVar[list[str]] = ["version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["call", "version"], name="a_hearing_has_its_version")
        ]

    def __str__(self) -> str:
        return f"{self.call.number} hearing {self.version}"


class Statement(models.Model):
    """What was read in a hearing, or in the call taker's note."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="statements")
    version = models.PositiveSmallIntegerField()
    hearing = models.ForeignKey(
        Hearing, null=True, blank=True, on_delete=models.PROTECT, related_name="statements"
    )
    kind = models.CharField(max_length=10)
    text = models.TextField()
    level = models.CharField(max_length=10)
    body = models.JSONField(help_text="a read.Statement")
    digest = models.CharField(max_length=64)
    read_at = models.DateTimeField()

    class Meta:
        """Versions in order."""

        ordering: ClassVar[list[str]] = ["version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["call", "version"], name="a_statement_has_its_version")
        ]

    def __str__(self) -> str:
        return f"{self.call.number} statement {self.version}"


class Correction(models.Model):
    """What a person says that a text says, beside the machine's reading; never changed."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="corrections")
    version = models.PositiveSmallIntegerField()
    body = models.JSONField(help_text="a correcting.Labels, and the reason")
    digest = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=20), help_text="that gave the right to it")
    corrected_at = models.DateTimeField()

    class Meta:
        """Versions in order."""

        ordering: ClassVar[list[str]] = ["version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["statement", "version"], name="a_correction_has_its_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement} correction {self.version}"

    @property
    def reason(self) -> str:
        """Why, in the person's own words."""
        return str(self.body["reason"])
