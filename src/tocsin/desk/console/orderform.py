"""What people type and choose for an order, as the commands take it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from tocsin.desk.console.forms import by_key
from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.boards.ground import read_grounds
from tocsin.desk.records.boards.shiftlines import read_shifts
from tocsin.desk.records.orderfacts import LONGEST_REASON, OrderFacts
from tocsin.errors import Error
from tocsin.posture import BreakPlace, Measure

PLACES = ((BreakPlace.ANYWHERE.value, "anywhere"), (BreakPlace.STATION.value, "at a station"))
"""Where breaks are taken, in words."""


class OrderForm(forms.Form):
    """All that a proposal says; moments and shifts by the clock of the center's zone."""

    measures = forms.MultipleChoiceField(
        choices=[(one.value, one.value) for one in Measure],
        error_messages={"required": "No measure was chosen. Choose one at least."},
    )
    agencies = by_key(Agency.objects.all())
    areas = by_key(Area.objects.all())
    ground = forms.CharField(required=False, strip=False, max_length=200_000)
    call_types = forms.CharField(required=False, max_length=3000)
    shifts = forms.CharField(required=False, max_length=2000)
    breaks_at = forms.ChoiceField(choices=PLACES)
    review_at = forms.CharField(
        max_length=40,
        error_messages={"required": "It was not typed when the order is looked at again."},
    )
    because = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={"required": "It is not said why this is ordered. Say it in a sentence."},
    )
    quote = forms.CharField(required=False, max_length=LONGEST_REASON)
    statement = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, *given: Any, zone: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self._zone = zone

    def clean_review_at(self) -> datetime:
        """The moment as the center's clock shows it."""
        return moment_from(self.cleaned_data["review_at"], self._zone)

    def clean(self) -> dict[str, Any]:
        """Ground and shifts are read here, so that their faults stand beside the others."""
        facts = self.cleaned_data
        for name, read in (("ground", self._ground), ("shifts", self._shifts)):
            if name not in self.errors:
                try:
                    facts[name] = read(facts.get(name, ""))
                except Error as error:
                    self.add_error(name, error.for_person())
        return facts

    @property
    def facts(self) -> OrderFacts:
        """All of it, as the commands take it."""
        facts = self.cleaned_data
        types = (one.strip() for one in facts["call_types"].split(","))
        return OrderFacts(
            measures=frozenset(Measure(one) for one in facts["measures"]),
            because=facts["because"],
            review_at=facts["review_at"],
            agencies=frozenset(row.key for row in facts["agencies"]),
            areas=frozenset(row.key for row in facts["areas"]),
            drawn=facts["ground"],
            call_types=tuple(one for one in types if one),
            shifts=facts["shifts"],
            breaks_at=BreakPlace(facts["breaks_at"]),
            statement=facts["statement"],
            quote=facts["quote"],
        )

    def _ground(self, text: str) -> tuple[Any, ...]:
        pieces = read_grounds(text)
        return tuple(tuple(tuple(map(tuple, ring)) for ring in rings) for rings in pieces)

    def _shifts(self, text: str) -> tuple[Any, ...]:
        return read_shifts(text, zone=self._zone)


class ReviewForm(forms.Form):
    """Until when an order goes on, and why."""

    review_at = forms.CharField(
        max_length=40,
        error_messages={"required": "It was not typed when the order is looked at again."},
    )
    because = forms.CharField(required=False, max_length=LONGEST_REASON)

    def __init__(self, *given: Any, zone: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self._zone = zone

    def clean_review_at(self) -> datetime:
        """The moment as the center's clock shows it."""
        return moment_from(self.cleaned_data["review_at"], self._zone)


def moment_from(text: str, zone: str) -> datetime:
    """A moment as the clock in the zone shows it.

    Raises:
        ValidationError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
        known = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
        known.timestamp()
    except (ValueError, OverflowError) as error:
        raise forms.ValidationError(
            f"{text!r} is no date and time. Write it as in 2026-03-01 21:04."
        ) from error
    return known


def field_moment(moment: datetime, zone: str) -> str:
    """A moment as a field for date and time holds it."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
