"""Before and beside a warning: pre-flights, log-ons at the start of a shift, drills."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models.calls import Call
from tocsin.desk.records.models.threats import Threat


class Preflight(models.Model):
    """What a look at everything that a warning needs has found; or that somebody asked for one."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ran_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(default=list)

    class Meta:
        """Latest first; asked for once at a time."""

        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["center"], condition=Q(ran_at=None), name="a_preflight_is_asked_once"
            )
        ]

    def __str__(self) -> str:
        ran = f"{self.ran_at:%Y-%m-%d %H:%M}" if self.ran_at else "asked for"
        return f"{self.center} {ran}"


class LogOn(models.Model):
    """A person who begins to work: available only when no live bulletin waits for his answer."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="log_ons")
    unit = models.CharField(max_length=20, blank=True)
    how = models.CharField(max_length=20, help_text="console, or the system that asked")
    asked_at = models.DateTimeField()
    waiting_for = models.JSONField(default=list, help_text="numbers and versions to acknowledge")
    available_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} {self.asked_at:%Y-%m-%d %H:%M}"


class Drill(models.Model):
    """An exercise with a number of its own: a recorded case replayed, its times scored."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=120)
    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="drills")
    case = models.ForeignKey(
        Call, null=True, blank=True, on_delete=models.PROTECT, related_name="drills"
    )
    threat = models.ForeignKey(
        Threat, null=True, blank=True, on_delete=models.PROTECT, related_name="drills"
    )
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    score = models.JSONField(default=list, help_text="each interval against its goal")

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.number
