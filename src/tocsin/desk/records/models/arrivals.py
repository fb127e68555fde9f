"""What arrived, what was sealed of it, and the keys with which machines send it."""

from typing import ClassVar

from django.db import models

from tocsin.desk.people.models import Agency


class Exhibit(models.Model):
    """Sealed bytes. Only the row lies here; the bytes are in the store under the SHA-256."""

    class Kind(models.TextChoices):
        """What the bytes are."""

        ORIGINAL = "original", "original recording"
        CALL_DATA = "call_data", "call data as received"
        FRAGMENT = "fragment", "part of a recording"
        DERIVATIVE = "derivative", "derivative"
        CAP = "cap", "CAP message"
        TABLE = "table", "table of calls or cars"

    sha256 = models.CharField(max_length=64)
    sha512 = models.CharField(max_length=128)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120, help_text="as it arrived, for showing only")
    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="derivatives"
    )
    made_by = models.CharField(max_length=200, blank=True, help_text="of a derivative: the tool")
    sealed_at = models.DateTimeField()

    class Meta:
        """The same bytes are one exhibit of a center, and another center's own."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["center", "sha256"], name="bytes_are_sealed_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:12]}"


class Arrival(models.Model):
    """Something was sent to us, and what became of it. Kept for refused ones too."""

    class Outcome(models.TextChoices):
        """What became of it."""

        ACCEPTED = "accepted", "became a call"
        LINKED = "linked", "was here already"
        REFUSED = "refused", "refused"

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=20, help_text="page, api, folder, command or demo")
    actor = models.CharField(max_length=100)
    arrived_at = models.DateTimeField()
    name = models.CharField(max_length=120, blank=True)
    recording = models.ForeignKey(
        Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    call_data = models.ForeignKey(
        Exhibit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(blank=True, help_text="of a refusal: what happened and what to do")
    call = models.ForeignKey(
        "records.Call", null=True, blank=True, on_delete=models.PROTECT, related_name="arrivals"
    )

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-arrived_at"]

    def __str__(self) -> str:
        return f"{self.name} {self.outcome}"


class Key(models.Model):
    """Lets one machine send calls for one center; only the digest of its secret is kept."""

    name = models.CharField(max_length=80, unique=True)
    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)
    exchanges_cap = models.BooleanField(
        default=False, help_text="may read the center's CAP messages and send it some"
    )

    def __str__(self) -> str:
        return self.name
