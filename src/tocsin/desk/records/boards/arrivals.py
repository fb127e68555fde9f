"""What was sent to a center and refused."""

from tocsin.desk.people.models import Person
from tocsin.desk.records.access import arrivals_for
from tocsin.desk.records.models import Arrival
from tocsin.errors import NotFound

SHOWN = 100
"""Refused arrivals that the page lists."""


def refused(person: Person) -> list[Arrival]:
    """The refused arrivals of the person's center, latest first."""
    rows = arrivals_for(person).filter(outcome=Arrival.Outcome.REFUSED)
    return list(rows.select_related("recording", "call_data", "center")[:SHOWN])


def find_arrival(pk: int, person: Person) -> Arrival:
    """The arrival, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    row = arrivals_for(person).filter(pk=pk).select_related("center").first()
    if row is None:
        raise NotFound("There is no such arrival that you may see.", way_out="Open the list again.")
    return row
