"""Threats and what people answered about them."""

from typing import ClassVar

from django.db import models

from tocsin.assess import Answer, Question
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models.calls import Call


class Threat(models.Model):
    """The case: one or more calls, one clock."""

    class State(models.TextChoices):
        """Whether somebody still has to act."""

        OPEN = "open", "open"
        CLOSED = "closed", "closed"

    number = models.CharField(max_length=20, unique=True)
    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="threats")
    calls = models.ManyToManyField(Call, related_name="threats")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    is_drill = models.BooleanField(
        default=False, help_text="of a drill: nothing leaves the machine"
    )
    since = models.DateTimeField(help_text="the start of the first call: the clock runs from here")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_because = models.TextField(blank=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-opened_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class Assessment(models.Model):
    """One person's answer to one question; never changed, only followed."""

    threat = models.ForeignKey(Threat, on_delete=models.PROTECT, related_name="assessments")
    question = models.CharField(max_length=10, choices=[(q.value, q.value) for q in Question])
    answer = models.CharField(max_length=15, choices=[(a.value, a.value) for a in Answer])
    reasons = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()

    class Meta:
        """In the order in which they were given."""

        ordering: ClassVar[list[str]] = ["assessed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.threat.number} {self.question}: {self.answer}"


class BlueAnswer(models.Model):
    """One person's answer to one criterion of a Blue Alert; never changed, only followed."""

    threat = models.ForeignKey(Threat, on_delete=models.PROTECT, related_name="blue_answers")
    criterion = models.CharField(max_length=60)
    answer = models.CharField(max_length=15, choices=[(a.value, a.value) for a in Answer])
    reasons = models.TextField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        """In the order in which they were given."""

        ordering: ClassVar[list[str]] = ["answered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.threat.number} {self.criterion}: {self.answer}"
