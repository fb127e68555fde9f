"""Things that a person must look at, because the machine cannot or may not."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Person


class Task(models.Model):
    """Open until a named person says it is done."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=120)
    sentence = models.TextField()
    raised_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_because = models.TextField(blank=True)

    class Meta:
        """Oldest first; the same thing is open once."""

        ordering: ClassVar[list[str]] = ["raised_at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(done_at=None),
                name="a_task_is_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
