"""What prices and pairs are computed from: a center's own calls and cars, people's words."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models.arrivals import Exhibit


class CallHistory(models.Model):
    """The calls of a center as it gave them, from which the price of an order is computed."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="the file's, for showing")
    read_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    columns = models.JSONField(help_text="which column holds what, as it was declared")
    calls = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    kinds = models.JSONField(default=dict, help_text="calls of each type, the most frequent first")
    priorities = models.JSONField(default=dict, help_text="calls of each priority")
    beats = models.JSONField(default=dict, help_text="calls of each beat, the fullest first")
    doubts = models.JSONField(default=list, help_text="what was not believed, in sentences")

    class Meta:
        """Latest first: it is the one that counts."""

        ordering: ClassVar[list[str]] = ["-read_at", "-pk"]
        verbose_name_plural = "call histories"

    def __str__(self) -> str:
        return self.name


class Roster(models.Model):
    """Cars and officers of a center by beat and hour of the week, as it gave them."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, help_text="the file's, for showing")
    read_at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    beats = models.PositiveIntegerField()
    most_cars = models.PositiveIntegerField(help_text="on the road in the fullest hour")

    class Meta:
        """Latest first: it is the one that counts."""

        ordering: ClassVar[list[str]] = ["-read_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class PairingWord(models.Model):
    """A person's word on a pair of units: always together, or never. It counts until it ends."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    one = models.CharField(max_length=120, help_text="a unit's key; before the other in order")
    other = models.CharField(max_length=120)
    is_pair = models.BooleanField(help_text="together; else never together")
    because = models.CharField(max_length=300)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """In order; one word on a pair counts at a time."""

        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["center", "one", "other"],
                condition=Q(ended_at=None),
                name="one_word_on_a_pair_counts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"
