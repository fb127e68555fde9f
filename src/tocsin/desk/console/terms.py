"""For how long: the forms of a renewal, and of hours in which somebody works or does not."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tocsin.desk.console.forms import HOURS
from tocsin.desk.records.commands.duty import DutyHours


class RenewForm(forms.Form):
    """For how long a bulletin goes on, and why."""

    hours = forms.TypedChoiceField(
        choices=[(str(one), str(one)) for one in HOURS],
        coerce=lambda text: timedelta(hours=int(text)),
        error_messages={"required": "It was not chosen for how long."},
    )
    because = forms.CharField(required=False, max_length=1000)


class DutyForm(forms.Form):
    """When a person works, or does not, and why; where no beginning is typed it is now."""

    person = forms.CharField(
        max_length=80, error_messages={"required": "It was not chosen who works or does not."}
    )
    works = forms.ChoiceField(
        choices=[("yes", "yes"), ("no", "no")],
        error_messages={"required": "It was not chosen whether he works."},
    )
    starts_at = forms.CharField(required=False, max_length=40)
    ends_at = forms.CharField(
        max_length=40, error_messages={"required": "It was not typed until when."}
    )
    because = forms.CharField(required=False, max_length=200)

    def __init__(self, *given: Any, zone: str, now: datetime, **named: Any) -> None:
        super().__init__(*given, **named)
        self._zone, self._now = ZoneInfo(zone), now

    def clean_starts_at(self) -> datetime:
        """The beginning as the clock in the zone shows it."""
        text = self.cleaned_data["starts_at"]
        return self._moment(text) if text else self._now

    def clean_ends_at(self) -> datetime:
        """The end as the clock in the zone shows it."""
        return self._moment(self.cleaned_data["ends_at"])

    @property
    def hours(self) -> DutyHours:
        """The hours, as the command takes them."""
        facts = self.cleaned_data
        return DutyHours(
            is_on=facts["works"] == "yes",
            starts_at=facts["starts_at"],
            ends_at=facts["ends_at"],
            because=facts["because"],
        )

    def _moment(self, text: str) -> datetime:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise forms.ValidationError(
                f"{text!r} is no date and time. Write it as in 2026-03-01 21:04."
            ) from error
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
