"""What people type and choose on the pages, as the commands take it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet

from tocsin.assess import Act, Answer, Question, Role, may
from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.audience import grounds
from tocsin.desk.records.boards.ground import read_grounds
from tocsin.desk.records.commands.bulletins import Edit
from tocsin.errors import InputError
from tocsin.warn import Content
from tocsin.warn.ground import drawn_outline
from tocsin.warn.recipients import Audience, Shifts, audience_from
from tocsin.warn.recipients.audience import NEXT_WITHIN

HOURS = (1, 2, 4, 8, 12, 24, 72, 168)
"""Lives of a bulletin from which its author chooses."""


TELLABLE = tuple(role for role in Role if may(frozenset({role}), Act.RECEIVE_BULLETINS))
"""Roles that may be told in every agency."""

_AUDIENCE = {
    "areas", "agencies", "ring_km", "roles", "next_shift", "next_hours", "look_alikes",
    "neighbours", "ground",
}  # fmt: skip
"""Fields that say whom a draft concerns."""

_NEXT_HOURS = NEXT_WITHIN / timedelta(hours=1)
_NO_KM = "The distance to the neighbours is no number of km."
_NO_HOURS = "The hours until the next shift are no number."


def by_key(rows: QuerySet[Any]) -> "forms.ModelMultipleChoiceField[Any]":
    """Any number of rows, each chosen by its key."""
    return forms.ModelMultipleChoiceField(rows, required=False, to_field_name="key")


class NewCallForm(forms.Form):
    """A call as a person enters it: its recording, what is known of it, what was said."""

    audio = forms.FileField(required=False, allow_empty_file=True)
    call_data = forms.FileField(required=False, allow_empty_file=True)
    ani = forms.CharField(required=False, max_length=40)
    started_at = forms.CharField(required=False, max_length=40)
    note = forms.CharField(required=False, strip=False, max_length=20_000)

    def __init__(self, *given: Any, zone: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self._zone = ZoneInfo(zone)

    def clean_started_at(self) -> datetime | None:
        """The start of the call as the center's clock shows it."""
        text = self.cleaned_data["started_at"].strip()
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise forms.ValidationError(
                f"{text!r} is no date and time. Write it as in 2026-03-01 21:04:05."
            ) from error
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)

    def clean(self) -> dict[str, Any]:
        """Call data comes from a file or from the fields, not from both."""
        facts = self.cleaned_data
        if facts.get("call_data") and (facts.get("ani") or facts.get("started_at")):
            raise forms.ValidationError(
                "There is a call data file, and a number or time was typed too. "
                "Empty the fields, or leave the file out."
            )
        if facts.get("ani") and not facts.get("started_at") and "started_at" not in self.errors:
            raise forms.ValidationError(
                "A number was typed, and no start of the call. Type when the call began."
            )
        return facts


class AssessForm(forms.Form):
    """One person's answer to one question."""

    question = forms.ChoiceField(choices=[(one.value, one.value) for one in Question])
    answer = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Answer],
        error_messages={"required": "No answer was chosen. Choose one of the three."},
    )
    reasons = forms.CharField(required=False, max_length=4000)


class BlueForm(forms.Form):
    """One person's answer to one question of a Blue Alert rule."""

    question = forms.CharField(max_length=60)
    answer = forms.ChoiceField(
        choices=[(one.value, one.value) for one in Answer],
        error_messages={"required": "No answer was chosen. Choose one of the three."},
    )
    reason = forms.CharField(required=False, max_length=4000)


class DraftForm(forms.Form):
    """The words of a draft, and whom it concerns."""

    safety_line = forms.CharField(required=False, max_length=300)
    said = forms.CharField(required=False, strip=False, max_length=8000)
    not_known = forms.CharField(required=False, max_length=4000)
    advice = forms.CharField(required=False, max_length=4000)
    change = forms.CharField(required=False, max_length=2000)
    areas = by_key(Area.objects.all())
    agencies = by_key(Agency.objects.all())
    ring_km = forms.FloatField(
        required=False, min_value=0, max_value=200, error_messages={"invalid": _NO_KM}
    )
    roles = forms.MultipleChoiceField(
        required=False, choices=[(role.value, role.value) for role in TELLABLE]
    )
    next_shift = forms.BooleanField(required=False)
    next_hours = forms.FloatField(
        required=False, min_value=0.25, max_value=24, error_messages={"invalid": _NO_HOURS}
    )
    look_alikes = by_key(Agency.objects.all())
    neighbours = by_key(Agency.objects.all())
    ground = forms.CharField(required=False, strip=False, max_length=200_000)
    seen = forms.CharField(required=False, max_length=64)

    def clean_safety_line(self) -> str:
        """One line, whatever was pasted."""
        return " ".join(str(self.cleaned_data["safety_line"]).split())

    def clean(self) -> dict[str, Any]:
        """Whom it concerns is an audience, where all of it was chosen as it may be."""
        facts = self.cleaned_data
        if not self.errors.keys() & _AUDIENCE:
            try:
                facts["audience"] = _audience(facts)
            except InputError as error:
                self.add_error("ground", error.for_person())
        return facts

    @property
    def audience(self) -> Audience | None:
        """Whom it concerns; None where that cannot be read."""
        return None if self.audience_fault else self.cleaned_data.get("audience")

    @property
    def audience_fault(self) -> str:
        """The first thing in it that does not fit, as a sentence; empty where all does."""
        faults = (errors for name, errors in self.errors.items() if name in _AUDIENCE)
        return next((str(errors[0]) for errors in faults), "")

    @property
    def has_words(self) -> bool:
        """Whether the words can be read, whatever was chosen beside them."""
        return not self.errors.keys() - _AUDIENCE

    def ticked(self, name: str) -> frozenset[str]:
        """What is ticked in a field, as it was sent, whatever else is amiss."""
        return frozenset(self[name].value() or ())

    def content(self, assessed: str) -> Content:
        """The words, beside what people have answered."""
        facts = self.cleaned_data
        lines = (line.strip(" -\t") for line in facts["not_known"].splitlines())
        return Content(
            safety_line=facts["safety_line"],
            said=facts["said"].replace("\r\n", "\n"),
            not_known=tuple(line for line in lines if line),
            assessed=assessed,
            advice=facts["advice"].replace("\r\n", "\n"),
            change=facts["change"].replace("\r\n", "\n"),
        )

    def edit(self, assessed: str) -> Edit:
        """All that was typed and chosen, and what its author had before him."""
        facts = self.cleaned_data
        return Edit(content=self.content(assessed), audience=facts["audience"], seen=facts["seen"])


class ReleaseForm(forms.Form):
    """How long a bulletin lives, and the digest of what its author saw when he chose."""

    hours = forms.TypedChoiceField(
        choices=[(str(one), str(one)) for one in HOURS],
        coerce=lambda text: timedelta(hours=int(text)),
        error_messages={"required": "It was not chosen when the bulletin ends."},
    )
    seen = forms.CharField(max_length=64)


class CountyForm(forms.Form):
    """A county file, and the first password of people who are new."""

    county = forms.FileField(
        error_messages={"required": "No file was chosen. Choose the county file."}
    )
    password = forms.CharField(required=False, strip=False, max_length=200)


def _audience(facts: Mapping[str, Any]) -> Audience:
    """What was chosen, as the stages see it; each piece of ground is looked at by its number."""
    pieces = read_grounds(facts["ground"])
    near = [ground.outline for ground in grounds()] if pieces else []
    for number, rings in enumerate(pieces, start=1):
        try:
            drawn_outline(rings, near=near)
        except InputError as error:
            raise InputError(
                f"Piece {number} of the ground: {error.what}", way_out=error.way_out
            ) from error
    agencies = {row.key for name in ("agencies", "neighbours") for row in facts[name]}
    return audience_from(
        {
            "areas": [row.key for row in facts["areas"]],
            "agencies": sorted(agencies),
            "drawn": [{"rings": rings} for rings in pieces],
            "ring_km": facts["ring_km"] or 0,
            "roles": facts["roles"],
            "shifts": Shifts.NOW_AND_NEXT if facts["next_shift"] else Shifts.NOW,
            "next_within_min": round((facts["next_hours"] or _NEXT_HOURS) * 60),
            "look_alikes": [{"agency": row.key} for row in facts["look_alikes"]],
        }
    )


def first_fault(form: forms.Form) -> str:
    """The first thing that does not fit, as a sentence."""
    return next(str(errors[0]) for errors in form.errors.values())
