"""Bulletins, whom they concern, and every message that was or will be sent."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Area, Person
from tocsin.desk.records.models.arrivals import Exhibit
from tocsin.desk.records.models.threats import Threat
from tocsin.warn import BulletinKind, DeliveryState


class Bulletin(models.Model):
    """One version of a warning. A released version is never changed, only followed."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", "draft"
        RELEASED = "released", "in force"
        SUPERSEDED = "superseded", "superseded"
        CANCELLED = "cancelled", "cancelled"
        EXPIRED = "expired", "expired"
        DROPPED = "dropped", "draft dropped"

    number = models.CharField(max_length=20, db_index=True)
    version = models.PositiveSmallIntegerField()
    threat = models.ForeignKey(Threat, on_delete=models.PROTECT, related_name="bulletins")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in BulletinKind])
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    content = models.JSONField(help_text="a warn.Content")
    areas = models.ManyToManyField(Area, related_name="+")
    agencies = models.ManyToManyField(Agency, related_name="+")
    drafted_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    edited_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cap = models.ForeignKey(
        Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """One version once; found by the moment it expires."""

        ordering: ClassVar[list[str]] = ["-drafted_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["number", "version"], name="a_version_stands_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["expires_at"], condition=Q(state="released"), name="in_force")
        ]

    def __str__(self) -> str:
        return f"{self.number} version {self.version}"


class Recipient(models.Model):
    """A person whom a bulletin concerns: told or not, seen or not, acknowledged or not.

    The plan of the ladder is frozen here at release: when he is listed, who is told, and when.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="recipients")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    why = ArrayField(models.CharField(max_length=200), default=list)
    must_acknowledge = models.BooleanField(default=True)
    list_due_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    escalate_due_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_how = models.CharField(max_length=60, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_how = models.CharField(max_length=20, blank=True)
    acknowledged_because = models.TextField(blank=True)

    class Meta:
        """One person once per version; found by the moment the ladder moves."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bulletin", "person"], name="a_person_is_told_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["list_due_at"],
                condition=Q(acknowledged_at=None, listed_at=None),
                name="to_be_listed",
            ),
            models.Index(
                fields=["escalate_due_at"],
                condition=Q(acknowledged_at=None, escalated_at=None),
                name="to_be_escalated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} for {self.person}"


class Delivery(models.Model):
    """One message to one address, and every state it went through, each with its time."""

    class Purpose(models.TextChoices):
        """Why it is sent."""

        BULLETIN = "bulletin", "the bulletin itself"
        LADDER = "ladder", "somebody has not acknowledged"
        EXPIRY = "expiry", "the bulletin has expired"

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(
        Recipient, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    key = models.UUIDField(unique=True, help_text="the same at every attempt")
    state = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in DeliveryState],
        default=DeliveryState.QUEUED.value,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    is_perhaps_double = models.BooleanField(default=False)
    receipt = models.CharField(max_length=300, blank=True)
    trouble = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="not sent before")
    nudged_at = models.DateTimeField(help_text="when a job was last asked to send it")
    lease_until = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Found by what is due and by whose lease ran out."""

        verbose_name_plural = "deliveries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="to_be_sent"),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="leased"),
            models.Index(fields=["bulletin", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.person}: {self.state}"
