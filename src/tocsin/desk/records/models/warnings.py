"""Bulletins, whom they concern, and every message that was or will be sent."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Area, Person
from tocsin.desk.records.models.arrivals import Exhibit
from tocsin.desk.records.models.threats import Threat
from tocsin.warn import BulletinKind, DeliveryState, Step


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
    audience = models.JSONField(default=dict, help_text="who else, beside the ground and agencies")
    plan = models.JSONField(default=dict, help_text="the ladder, frozen at release")
    supersedes = models.ManyToManyField("self", symmetrical=False, related_name="superseded_by")
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
    renewal_asked_at = models.DateTimeField(null=True, blank=True)
    audited_at = models.DateTimeField(null=True, blank=True)
    audit_trouble = models.CharField(max_length=300, blank=True)
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

    @property
    def is_told(self) -> bool:
        """Whether this version is what people are to hear now: in force, or the word of its end."""
        return self.state == self.State.RELEASED or self.kind == BulletinKind.CANCEL.value


class Recipient(models.Model):
    """A person whom a bulletin concerns: told or not, seen or not, acknowledged or not.

    The ladder's plan is the bulletin's; who would be told of him is frozen here. `rung` counts
    the moves that are done, `rung_due_at` is when the next one is due; None where none is.
    """

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="recipients")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    commander = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    why = ArrayField(models.CharField(max_length=200), default=list)
    must_acknowledge = models.BooleanField(default=True)
    is_queued = models.BooleanField(default=False, help_text="his messages are written")
    since = models.DateTimeField(
        help_text="release, or when it came to concern him: his ladder starts"
    )
    rung = models.PositiveSmallIntegerField(default=0)
    rung_due_at = models.DateTimeField(null=True, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_because = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_how = models.CharField(max_length=60, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_how = models.CharField(max_length=20, blank=True)
    acknowledged_because = models.TextField(blank=True)
    carried_from = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="the version that he acknowledged, where it still counts"
    )

    class Meta:
        """One person once per version; found by the moment the ladder moves."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bulletin", "person"], name="a_person_is_told_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["rung_due_at"],
                condition=Q(acknowledged_at=None, rung_due_at__isnull=False),
                name="ladder_to_move",
            ),
            models.Index(fields=["id"], condition=Q(is_queued=False), name="to_be_queued"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} for {self.person}"


class Move(models.Model):
    """One move of a person's ladder that was made: what was due, when, and who was told."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveSmallIntegerField(help_text="0 for the first")
    step = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Step])
    due_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    to = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=200)

    class Meta:
        """In order; each once."""

        ordering: ClassVar[list[str]] = ["recipient", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recipient", "number"], name="a_move_is_made_once")
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.step}, {self.outcome}"


class DeskNotice(models.Model):
    """A desk that a person must tell: by telephone with a read-back, or on the air."""

    class Way(models.TextChoices):
        """How it is told."""

        CALL = "call", "telephone"
        RADIO = "radio", "radio"

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="desk_notices")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    why = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True, help_text="when a task was raised")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    spoke_with = models.CharField(max_length=120, blank=True)
    was_read_back = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What waits longest first."""

        ordering: ClassVar[list[str]] = ["due_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at=None, withdrawn_at=None),
                name="desk_to_be_told",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} to {self.agency} by {self.way}"


class Delivery(models.Model):
    """One message to one address, and every state it went through, each with its time."""

    class Purpose(models.TextChoices):
        """Why it is sent."""

        BULLETIN = "bulletin", "the bulletin itself"
        LADDER = "ladder", "somebody has not acknowledged"
        EXPIRY = "expiry", "the bulletin has expired"
        SUPERSEDED = "superseded", "another bulletin holds instead"
        ORDER = "order", "an order of posture"
        STAND_DOWN = "stand_down", "the order is over"
        BREACH = "breach", "somebody is alone against an order"

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(
        Recipient, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    order = models.ForeignKey(
        "records.Order", null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=2000)
    rank = models.PositiveSmallIntegerField(default=0, help_text="the person's own order")
    is_exercise = models.BooleanField(default=False, help_text="never leaves the machine")
    subject = models.CharField(max_length=400)
    text = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=4, blank=True, help_text="digits that acknowledge it")
    key = models.UUIDField(unique=True, help_text="the same at every attempt")
    state = models.CharField(
        max_length=12,
        choices=[(s.value, s.value) for s in DeliveryState],
        default=DeliveryState.QUEUED.value,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    is_perhaps_double = models.BooleanField(default=False)
    receipt = models.CharField(max_length=300, blank=True)
    gateway_id = models.CharField(max_length=200, blank=True)
    trouble = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="not sent before")
    lease_until = models.DateTimeField(null=True, blank=True)
    sending_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    is_logged = models.BooleanField(default=True, help_text="its state stands in the log")

    class Meta:
        """Found by what is due, by whose lease ran out, and by what its gateway calls it."""

        verbose_name_plural = "deliveries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["channel", "rank", "id"], condition=Q(state="queued"), name="to_be_sent"
            ),
            models.Index(fields=["id"], condition=Q(is_logged=False), name="to_be_logged"),
            models.Index(
                fields=["channel", "gateway_id"], condition=~Q(gateway_id=""), name="by_gateway_id"
            ),
            models.Index(
                fields=["channel", "address"], condition=~Q(code=""), name="to_be_answered"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="leased"),
            models.Index(fields=["bulletin", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.person}: {self.state}"
