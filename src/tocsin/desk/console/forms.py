"""What people type and choose on the pages, as the commands take it."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tocsin.assess import Answer, Question
from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.commands.bulletins import Edit
from tocsin.warn import Content

HOURS = (1, 2, 4, 8, 12, 24, 72, 168)
"""Lives of a bulletin from which its author chooses."""


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
    """The words of a draft, and the ground and agencies it concerns."""

    safety_line = forms.CharField(required=False, max_length=300)
    said = forms.CharField(required=False, strip=False, max_length=8000)
    not_known = forms.CharField(required=False, max_length=4000)
    advice = forms.CharField(required=False, max_length=4000)
    change = forms.CharField(required=False, max_length=2000)
    areas = forms.ModelMultipleChoiceField(
        queryset=Area.objects.all(), required=False, to_field_name="key"
    )
    agencies = forms.ModelMultipleChoiceField(
        queryset=Agency.objects.all(), required=False, to_field_name="key"
    )

    seen = forms.CharField(required=False, max_length=64)

    def clean_safety_line(self) -> str:
        """One line, whatever was pasted."""
        return " ".join(str(self.cleaned_data["safety_line"]).split())

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
        return Edit(
            content=self.content(assessed),
            areas=facts["areas"],
            agencies=facts["agencies"],
            seen=facts["seen"],
        )


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


def first_fault(form: forms.Form) -> str:
    """The first thing that does not fit, as a sentence."""
    return next(str(errors[0]) for errors in form.errors.values())
