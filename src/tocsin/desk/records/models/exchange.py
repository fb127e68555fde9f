"""What is exchanged with other systems: foreign CAP messages, public ones, words of gateways."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models.arrivals import Exhibit
from tocsin.desk.records.models.threats import Threat
from tocsin.desk.records.models.warnings import Bulletin, Delivery
from tocsin.warn import BulletinKind


class Certificate(models.Model):
    """A certificate that an administrator pinned: messages signed with it are trusted."""

    name = models.CharField(max_length=120)
    pem = models.TextField()
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the DER")
    expires_at = models.DateTimeField()
    pinned_at = models.DateTimeField()
    pinned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """By name."""

        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """A feed of another agency that is asked for new CAP messages."""

    name = models.CharField(max_length=120)
    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    url = models.URLField(max_length=500, unique=True)
    is_active = models.BooleanField(default=True)
    every_seconds = models.PositiveIntegerField(default=120)
    due_at = models.DateTimeField()
    polled_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    trouble = models.TextField(blank=True)

    class Meta:
        """By name."""

        ordering: ClassVar[list[str]] = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ForeignAlert(models.Model):
    """A CAP message of somebody else: its bytes, what was verified, and what we answered."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200, help_text="folder, api or the feed's name")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=200)
    identifier = models.CharField(max_length=200)
    sent = models.CharField(max_length=40, help_text="as the message has it")
    message = models.JSONField(help_text="what was read in the part that the signature covers")
    verdict = models.JSONField(help_text="signature, certificate, times: separate facts")
    findings = models.JSONField(default=list)
    received_at = models.DateTimeField()
    name = models.CharField(
        max_length=500, blank=True, help_text="of the file, or the address in the feed"
    )
    refused_because = models.TextField(
        blank=True, help_text="why the bytes could not be used; then nothing else was read in them"
    )
    threat = models.ForeignKey(
        Threat, null=True, blank=True, on_delete=models.PROTECT, related_name="foreign_alerts"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.ForeignKey(
        Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer_number = models.CharField(max_length=20, blank=True, db_index=True)
    answer_left_at = models.DateTimeField(
        null=True, blank=True, help_text="when it was written beside the file"
    )

    class Meta:
        """Latest first; one message is kept once by its three names and its bytes."""

        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["center", "sender", "identifier", "sent", "exhibit"],
                name="a_foreign_alert_stands_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


class Publication(models.Model):
    """A message for the public, of one bulletin: asked for by one person, approved by another."""

    number = models.CharField(max_length=20, help_text="the same for all versions of the message")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in BulletinKind])
    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="publications")
    words = models.JSONField(help_text="what the public would read, and the profile")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refused_because = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    stood_alone_at = models.DateTimeField(
        null=True, blank=True, help_text="when a task said that its bulletin is over"
    )
    cap = models.ForeignKey(
        Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )

    class Meta:
        """Latest first; nobody approves what he asked for."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("asked_by")),
                name="nobody_approves_his_own",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None, cap=None)
                | Q(
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    cap__isnull=False,
                    refused_at=None,
                ),
                name="an_approval_is_whole",
            ),
            models.UniqueConstraint(
                fields=["number", "version"], name="a_public_version_stands_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} version {self.version}"

    @property
    def identifier(self) -> str:
        """How its CAP message is named."""
        return f"{self.number}.{self.version}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has yet to decide."""
        return self.approved_at is None and self.refused_at is None


class GatewayWord(models.Model):
    """What a gateway said by itself, a receipt or a reply; kept also where it fits nothing."""

    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    gateway_id = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=400, blank=True)
    received_at = models.DateTimeField()
    delivery = models.ForeignKey(
        Delivery, null=True, blank=True, on_delete=models.PROTECT, related_name="words"
    )
    outcome = models.CharField(max_length=200)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind}: {self.outcome}"
