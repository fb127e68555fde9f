"""Who does not work now: the short answer about many is the long answer about each."""

from datetime import time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.world import NOW, build_world
from tocsin.desk.people.models import Duty, Person, Shift
from tocsin.desk.records.duty import is_on_duty, off_duty, with_duty

HOURS = st.builds(time, st.integers(0, 23))
SHIFTS = st.tuples(st.integers(0, 4), st.sets(st.integers(0, 6)), HOURS, HOURS)
ENTRIES = st.tuples(st.integers(0, 4), st.booleans(), st.integers(-9, 9), st.integers(1, 12))


class OffDuty(TestCase):
    """Any shifts, any entries, any hour of a week."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(SHIFTS, max_size=8), st.lists(ENTRIES, max_size=8), st.integers(0, 168))
    def test_of_many_is_the_answer_about_each(
        self,
        shifts: list[tuple[int, set[int], time, time]],
        entries: list[tuple[int, bool, int, int]],
        hour: int,
    ) -> None:
        world = build_world()
        people = [world.reed, world.kim, world.ortiz, world.boone, world.dana]
        Shift.objects.filter(person__in=people).delete()
        for who, days, starts, ends in shifts:
            Shift.objects.create(
                person=people[who], name="x", weekdays=sorted(days), starts=starts, ends=ends
            )
        now = NOW + timedelta(hours=hour)
        for who, is_on, starts_in, lasts in entries:
            start = now + timedelta(hours=starts_in)
            Duty.objects.create(
                person=people[who],
                is_on=is_on,
                starts_at=start,
                ends_at=start + timedelta(hours=lasts),
                because="x",
                entered_by=world.ortiz,
                entered_at=NOW,
            )

        found = off_duty(Person.objects.all(), now=now)

        everybody = with_duty(Person.objects.all())
        assert found == {one.pk for one in everybody if not is_on_duty(one, now=now)}
