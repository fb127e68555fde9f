"""Orders of posture, the units as they are known, and who breaks what."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tocsin.desk.people.models import Agency, Area, Person
from tocsin.desk.records.models.arrivals import Key
from tocsin.desk.records.models.calls import Statement
from tocsin.desk.records.models.threats import Threat
from tocsin.desk.records.models.warnings import Bulletin
from tocsin.posture import BreakPlace, Measure


class Order(models.Model):
    """An order such as two officers to a car. Once made it is never changed, only ended."""

    class State(models.TextChoices):
        """Where it stands."""

        PROPOSED = "proposed", "proposed"
        IN_FORCE = "in_force", "in force"
        STOOD_DOWN = "stood_down", "stood down"
        DROPPED = "dropped", "proposal dropped"

    number = models.CharField(max_length=20, unique=True)
    threat = models.ForeignKey(Threat, on_delete=models.PROTECT, related_name="orders")
    bulletin = models.ForeignKey(
        Bulletin, null=True, blank=True, on_delete=models.PROTECT, related_name="orders",
        help_text="the version that was in force when it was ordered: its people are told",
    )  # fmt: skip
    statement = models.ForeignKey(
        Statement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quote = models.TextField(blank=True, help_text="the words that bear on it, as they were said")
    measures = ArrayField(
        models.CharField(max_length=30, choices=[(m.value, m.value) for m in Measure])
    )
    agencies = models.ManyToManyField(Agency, related_name="+")
    areas = models.ManyToManyField(Area, related_name="+")
    ground = models.JSONField(null=True, blank=True, help_text="a drawn outline, GeoJSON")
    call_types = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    shifts = models.JSONField(
        default=list, blank=True, help_text="name, weekdays, starts, ends, zone of each"
    )
    breaks_at = models.CharField(
        max_length=10, choices=[(b.value, b.value) for b in BreakPlace], default=BreakPlace.ANYWHERE
    )
    because = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    review_at = models.DateTimeField(help_text="a person must renew it or stand it down by then")
    review_asked_at = models.DateTimeField(null=True, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(null=True, blank=True)
    ordered_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_because = models.TextField(blank=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-proposed_at", "-pk"]

    def __str__(self) -> str:
        return self.number


class Renewal(models.Model):
    """A named person let an order go on, and said why and until when it is looked at again."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="renewals")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    because = models.TextField()
    review_at = models.DateTimeField()

    class Meta:
        """In order."""

        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.order} renewed"


class Joining(models.Model):
    """An agency made an order its own, and perhaps left it again."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="joinings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    because = models.TextField()
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    left_because = models.TextField(blank=True)

    class Meta:
        """In order; an agency is in an order once at a time."""

        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order", "agency"], condition=Q(left_at=None), name="an_agency_joins_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} joined {self.order}"


class Price(models.Model):
    """What an order was foretold to cost, or what it did cost: computed by the worker, kept."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked", "being computed"
        DONE = "done", "computed"
        FAILED = "failed", "not computed"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="prices")
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    assumed = models.JSONField(default=dict, help_text="the settings of the computation")
    history = models.CharField(max_length=300, blank=True, help_text="of which calls, in words")
    answer = models.JSONField(null=True, blank=True)
    trouble = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"price of {self.order}"


class UnitSource(models.Model):
    """Where reports of units come from: a feed that sends, is asked, or keeps a line open."""

    class Way(models.TextChoices):
        """Who begins."""

        PUSH = "push", "it sends to us"
        SOCKET = "socket", "we keep a WebSocket open to it"
        POLL = "poll", "we ask it"

    name = models.CharField(max_length=80)
    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.PUSH)
    kind = models.CharField(max_length=20, help_text="registered name of its parser")
    url = models.CharField(max_length=500, blank=True)
    every_seconds = models.PositiveIntegerField(default=5)
    key = models.ForeignKey(
        Key, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="the machine that sends it",
    )  # fmt: skip
    agency = models.ForeignKey(
        Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="whose units they are where a row does not say",
    )  # fmt: skip
    zone = models.CharField(max_length=60, blank=True)
    columns = models.JSONField(default=dict, blank=True)
    statuses = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    taken = models.PositiveBigIntegerField(default=0, help_text="reports, since it was set up")
    refused = models.PositiveBigIntegerField(default=0, help_text="rows, since it was set up")
    latest_refused = models.JSONField(default=list, help_text="the last of them, with reasons")
    refused_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, help_text="why the last message could not be used")
    silent_since = models.DateTimeField(
        null=True, blank=True, help_text="since when it was found silent; a task says so"
    )

    class Meta:
        """By name."""

        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["center", "name"], name="a_source_has_its_own_name")
        ]

    def __str__(self) -> str:
        return self.name


class Watch(models.Model):
    """A center's units as one number that grows, and how far they have been judged.

    Its row lock puts those who write units in line. `near` is since when units are together: what
    the next judging must know of the last one.
    """

    center = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="watch")
    version = models.PositiveBigIntegerField(default=0, help_text="of the units")
    changed_at = models.DateTimeField(null=True, blank=True)
    judged_version = models.PositiveBigIntegerField(default=0)
    judged_at = models.DateTimeField(null=True, blank=True)
    near = models.JSONField(default=dict)
    findings = models.JSONField(default=dict, help_text="counts by order, measure and state")

    class Meta:
        """Named in the plural."""

        verbose_name_plural = "watches"

    def __str__(self) -> str:
        return f"watch of {self.center}"


class UnitState(models.Model):
    """One unit as it is known now; what it was before is not kept."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120, help_text="agency and call sign")
    body = models.JSONField(help_text="a posture.Unit")
    version = models.PositiveBigIntegerField(help_text="the watch's, when it was written last")
    heard_at = models.DateTimeField()

    class Meta:
        """One key once; found by what changed."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["center", "key"], name="a_unit_stands_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["center", "version"])]

    def __str__(self) -> str:
        return self.key


class Breach(models.Model):
    """A measure of an order broken by a unit, from when to when, and who was told."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="breaches")
    unit = models.CharField(max_length=120, help_text="the unit's key")
    measure = models.CharField(max_length=30)
    persons = ArrayField(models.CharField(max_length=200), default=list)
    reason = models.TextField()
    since = models.DateTimeField()
    unseen_since = models.DateTimeField(null=True, blank=True)
    unseen = models.JSONField(default=list, help_text="stretches in which nobody knew")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField(help_text="when it was on record, and so on the pages")
    rung = models.PositiveSmallIntegerField(default=0)
    rung_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """The longest first; one is open once."""

        verbose_name_plural = "breaches"
        ordering: ClassVar[list[str]] = ["since", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["order", "unit", "measure"],
                condition=Q(ended_at=None),
                name="a_breach_is_open_once",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["rung_due_at"],
                condition=Q(ended_at=None, rung_due_at__isnull=False),
                name="breach_to_tell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} breaks {self.order}: {self.measure}"


class BreachMove(models.Model):
    """One move of a breach's ladder that was made: who was told of it, or why nobody was."""

    breach = models.ForeignKey(Breach, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveSmallIntegerField(help_text="0 for the first")
    due_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    to = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=200)

    class Meta:
        """In order; each once."""

        ordering: ClassVar[list[str]] = ["breach", "number", "pk"]

    def __str__(self) -> str:
        return f"{self.breach}: {self.outcome}"


class Excuse(models.Model):
    """Why a breach may stand until a moment, by a named person; he may take it back."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="excuses")
    unit = models.CharField(max_length=120)
    measure = models.CharField(max_length=30)
    because = models.TextField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """In order."""

        ordering: ClassVar[list[str]] = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"{self.unit} excused until {self.until}"


class Override(models.Model):
    """A unit was sent against an order, by a named person's word, with the gate's answer beside."""

    center = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=120)
    call = models.CharField(max_length=120)
    orders = models.ManyToManyField(Order, related_name="overrides")
    verdict = models.JSONField(help_text="what the gate answered")
    because = models.TextField()
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor = models.CharField(max_length=100, help_text="the person, or the machine that sent it")
    dispatcher = models.CharField(max_length=120, blank=True, help_text="whom the machine names")
    at = models.DateTimeField()

    class Meta:
        """Latest first."""

        ordering: ClassVar[list[str]] = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit} to {self.call} against an order"
