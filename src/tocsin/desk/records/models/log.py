"""The append-only log, the heads of its chains, and the numbers that are given out."""

from typing import ClassVar

from django.db import models


class ChainHead(models.Model):
    """Last entry of one agency's chain; its row lock puts writers in line."""

    chain = models.SlugField(max_length=60, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"


class Entry(models.Model):
    """One thing that was done. A trigger refuses every change and removal."""

    chain = models.SlugField(max_length=60)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    facts = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        """One number once in each chain; found by subject."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chain", "seq"], name="an_entry_has_its_own_number")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject", "at"])]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}: {self.action} {self.subject}"


class Counter(models.Model):
    """The last number given out under a heading, such as `C-2026`; no number is left out."""

    heading = models.CharField(max_length=40, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.heading} {self.last}"
