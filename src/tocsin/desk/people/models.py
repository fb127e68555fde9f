"""Tables of the people, the agencies they work for and the ground these answer for."""

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tocsin.assess import Act, Assessor, Role, may
from tocsin.warn.recipients import Hours, covers


class Agency(models.Model):
    """An organisation whose people are warned, or which takes the calls."""

    class Kind(models.TextChoices):
        """What an agency does."""

        DISPATCH = "dispatch", "dispatch center"
        POLICE = "police", "police department"
        SHERIFF = "sheriff", "sheriff's office"
        FIRE = "fire", "fire department"
        EMS = "ems", "ambulance service"
        ANIMAL_CONTROL = "animal_control", "animal control"
        CODE_ENFORCEMENT = "code_enforcement", "code enforcement"
        SECURITY = "security", "security service"
        TOW = "tow", "towing company"
        OTHER = "other", "other service"

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    names = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    zone = models.CharField(max_length=60, default="America/Denver")
    desk_number = models.CharField(max_length=40, blank=True)
    is_look_alike = models.BooleanField(
        default=False, help_text="its people may be taken for police"
    )
    center = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="served"
    )

    class Meta:
        """How agencies are listed."""

        ordering: ClassVar[list[str]] = ["name"]
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A piece of ground by the name people call it, and the agencies that answer for it."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    names = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    outline = models.JSONField(help_text="GeoJSON Polygon or MultiPolygon, WGS 84, lon lat")
    agencies = models.ManyToManyField(Agency, related_name="areas")

    class Meta:
        """How areas are listed."""

        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds a person by login, as Django's sign-in asks."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this login, whatever its case."""
        return self.get(login__iexact=username)


class Person(AbstractBaseUser):
    """A named person with roles in one agency; everything done is done under such a name."""

    login = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="people")
    roles = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    unit = models.CharField(max_length=20, blank=True, help_text="radio call sign")
    supervisor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)

    USERNAME_FIELD = "login"
    objects = PersonManager()

    class Meta:
        """How people are listed."""

        ordering: ClassVar[list[str]] = ["name"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """How the log names this person: `person:LOGIN`."""
        return f"person:{self.login}"

    def as_assessor(self) -> Assessor:
        """The person as the stages see one."""
        roles = frozenset(Role(role) for role in self.roles)
        return Assessor(key=self.key, name=self.name, roles=roles)

    def may(self, act: Act) -> bool:
        """Whether one of the person's roles carries the right."""
        return may(self.as_assessor().roles, act)


class Address(models.Model):
    """One way to reach a person: a channel and what that channel needs."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=20)
    value = models.CharField(max_length=2000)
    rank = models.PositiveSmallIntegerField(default=0, help_text="lower is tried as well, sooner")

    class Meta:
        """One address stands once; the person's order decides."""

        ordering: ClassVar[list[str]] = ["rank", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "channel", "value"], name="an_address_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel}:{self.value}"


class Phone(models.Model):
    """A number at which people call this person; no channel of ours uses it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="phones")
    label = models.CharField(max_length=20, default="mobile")
    number = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.number


class Shift(models.Model):
    """Hours that a person works on given weekdays, in the agency's own time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shifts")
    name = models.CharField(max_length=40)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), help_text="0 Monday to 6 Sunday")
    starts = models.TimeField()
    ends = models.TimeField(help_text="at or before the start: on the next day")

    def __str__(self) -> str:
        return f"{self.name} {self.starts:%H:%M}-{self.ends:%H:%M}"

    @property
    def hours(self) -> Hours:
        """The shift as the stages see one."""
        return Hours(
            weekdays=frozenset(self.weekdays),
            starts=self.starts,
            ends=self.ends,
            zone=self.person.agency.zone,
        )

    def covers(self, now: datetime) -> bool:
        """Whether the person is on duty by this shift at `now`."""
        return covers(self.hours, now)


class Duty(models.Model):
    """A person works, or does not, whatever his shifts say: called back, held over, sick."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="duties")
    is_on = models.BooleanField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    because = models.CharField(max_length=200)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        """Found by whom and when; the latest word counts."""

        ordering: ClassVar[list[str]] = ["-entered_at", "-pk"]
        verbose_name_plural = "duties"

    def __str__(self) -> str:
        return f"{self.person} {'on' if self.is_on else 'off'} duty: {self.because}"

    def covers(self, now: datetime) -> bool:
        """Whether it speaks of this moment."""
        return self.starts_at <= now < self.ends_at
