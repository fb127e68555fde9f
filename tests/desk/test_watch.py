"""The watch: who breaks an order is on record, since when, and silence makes nobody safe."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.postures import (
    a_standing_order,
    a_unit,
    an_officer,
    open_breaches,
    put_units,
)
from tests.world import NOW, World
from tocsin.desk.records.commands.breaches import excuse_breach, withdraw_excuse
from tocsin.desk.records.commands.watch import centers_to_judge, judge_alone, judge_units
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import Breach, Entry, Order, Task, Watch
from tocsin.desk.records.unitrows import unit_as_json, unit_from_json
from tocsin.errors import InputError, MissingReason, NotAllowed, OutOfTurn
from tocsin.posture import (
    Assignment,
    CrewRole,
    Doubt,
    DoubtKind,
    Measure,
    Position,
    Status,
    Unit,
    UnitKind,
)

ALONE, PAIR = "harlow-pd/C12", "harlow-pd/C14"


def second(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.django_db
def test_who_is_alone_against_an_order_is_on_record_at_the_first_look(world: World) -> None:
    order = a_standing_order(world)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed")),
        a_unit("C14", an_officer("kim"), an_officer("vale"), position=None),
    )

    judge_units(world.north, None, now=NOW)

    (row,) = Breach.objects.all()
    assert (row.unit, row.measure, row.persons) == (ALONE, "two_to_a_car", ["reed"])
    assert row.since == row.written_at == NOW
    assert row.rung_due_at == NOW + timedelta(minutes=1)
    assert Entry.objects.filter(action="breach began", subject=f"order:{order.number}").count() == 1
    watch = Watch.objects.get()
    assert (watch.judged_version, watch.judged_at) == (watch.version, NOW)
    assert watch.findings[order.number]["two_to_a_car"] == {"broken": 1, "kept": 1}


@pytest.mark.django_db
def test_a_partner_ends_the_breach_and_its_ladder(world: World) -> None:
    order = a_standing_order(world)
    put_units(world.north, a_unit("C12", an_officer("reed")))
    sight = judge_units(world.north, None, now=NOW)
    later = NOW + second(20)
    put_units(world.north, a_unit("C12", an_officer("reed"), an_officer("kim"), now=later))

    judge_units(world.north, sight, now=later)

    (row,) = Breach.objects.all()
    assert row.ended_at == later
    assert row.rung_due_at is None
    assert open_breaches(order) == []
    assert Entry.objects.filter(action="breach ended").count() == 1


@pytest.mark.django_db
def test_silence_ends_no_breach_and_says_since_when_nobody_knows(world: World) -> None:
    order = a_standing_order(world)
    put_units(world.north, a_unit("C12", an_officer("reed")))
    sight = judge_units(world.north, None, now=NOW)
    silent = NOW + timedelta(minutes=3)

    sight = judge_units(world.north, sight, now=silent)

    row = Breach.objects.get()
    assert row.unseen_since == silent
    assert row.ended_at is None
    heard = silent + second(30)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=heard))
    judge_units(world.north, sight, now=heard)
    row.refresh_from_db()
    assert row.unseen_since is None
    assert row.unseen == [[silent.isoformat(), heard.isoformat()]]
    actions = Entry.objects.filter(subject=f"order:{order.number}").order_by("seq")
    assert list(actions.values_list("action", flat=True)) == [
        "breach began",
        "breach out of sight",
        "breach in sight again",
    ]


@pytest.mark.django_db
def test_nothing_is_written_where_nothing_changed(world: World) -> None:
    a_standing_order(world)
    put_units(world.north, a_unit("C12", an_officer("reed")))
    sight = judge_units(world.north, None, now=NOW)
    before = Entry.objects.count()

    judge_units(world.north, sight, now=NOW + second(1))

    assert Entry.objects.count() == before
    assert Breach.objects.count() == 1


@pytest.mark.django_db
def test_another_worker_knows_since_when_two_cars_stand_together(world: World) -> None:
    order = a_standing_order(world)
    near = Position(lon=-105.1, lat=39.2, at=NOW)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed"), position=near),
        a_unit("C14", an_officer("kim"), position=near),
    )
    judge_units(world.north, None, now=NOW)
    assert len(open_breaches(order)) == 2
    later = NOW + second(31)
    moved = Position(lon=-105.1, lat=39.2, at=later)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed"), now=later, position=moved),
        a_unit("C14", an_officer("kim"), now=later, position=moved),
    )

    judge_units(world.north, None, now=later)  # it remembers nothing: the record does

    assert open_breaches(order) == []


@pytest.mark.django_db
def test_an_excuse_stops_the_ladder_and_the_breach_comes_back_when_it_ends(world: World) -> None:
    order = a_standing_order(world)
    put_units(world.north, a_unit("C12", an_officer("reed")))
    sight = judge_units(world.north, None, now=NOW)
    until = NOW + timedelta(minutes=1)

    excuse_breach(
        Breach.objects.get(),
        because="he drives the prisoner to the hospital door",
        until=until,
        person=world.sato,
        now=NOW + second(5),
    )

    assert Breach.objects.get().rung_due_at is None
    sight = judge_units(world.north, sight, now=until - second(1))
    assert Breach.objects.get().rung_due_at is None
    judge_units(world.north, sight, now=until)
    row = Breach.objects.get()
    assert row.rung_due_at == until + timedelta(minutes=1)
    assert open_breaches(order) == [(ALONE, "two_to_a_car")]
    assert Entry.objects.filter(action="excuse over, breach goes on").count() == 1


@pytest.mark.django_db
def test_an_excuse_that_is_taken_back_counts_no_more(world: World) -> None:
    a_standing_order(world)
    put_units(world.north, a_unit("C12", an_officer("reed")))
    sight = judge_units(world.north, None, now=NOW)
    excuse = excuse_breach(
        Breach.objects.get(),
        because="his partner is buying water",
        until=NOW + timedelta(minutes=30),
        person=world.sato,
        now=NOW,
    )
    later = NOW + second(10)

    withdraw_excuse(excuse, because="the partner went home", person=world.ortiz, now=later)
    judge_units(world.north, sight, now=later)

    assert Breach.objects.get().rung_due_at == later + timedelta(minutes=1)
    with pytest.raises(OutOfTurn):
        withdraw_excuse(excuse, because="again", person=world.ortiz, now=later)


@pytest.mark.django_db
def test_an_excuse_needs_a_right_a_reason_and_an_end(world: World) -> None:
    a_standing_order(world)
    put_units(world.north, a_unit("C12", an_officer("reed")))
    judge_units(world.north, None, now=NOW)
    row, soon = Breach.objects.get(), NOW + timedelta(minutes=10)

    with pytest.raises(NotAllowed):
        excuse_breach(row, because="why not", until=soon, person=world.dana, now=NOW)
    with pytest.raises(MissingReason):
        excuse_breach(row, because=" ", until=soon, person=world.sato, now=NOW)
    for until in (NOW, NOW + timedelta(hours=13)):
        with pytest.raises(InputError):
            excuse_breach(row, because="he may", until=until, person=world.sato, now=NOW)
    assert not Entry.objects.filter(action="breach excused").exists()


@pytest.mark.django_db
def test_an_order_that_cannot_be_read_is_a_task_and_blinds_no_other(world: World) -> None:
    crossed = {
        "type": "Polygon",
        "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]],
    }
    broken = a_standing_order(world, agencies=[], ground=crossed)
    good = a_standing_order(world, threat=broken.threat)
    put_units(world.north, a_unit("C12", an_officer("reed")))

    judge_units(world.north, None, now=NOW)

    assert open_breaches(good) == [(ALONE, "two_to_a_car")]
    assert Task.objects.get(kind="order not judged").subject == f"order:{broken.number}"


@pytest.mark.django_db
def test_an_order_that_was_stood_down_is_broken_by_nobody(world: World) -> None:
    a_standing_order(world, state=Order.State.STOOD_DOWN, ended_at=NOW)
    put_units(world.north, a_unit("C12", an_officer("reed")))

    judge_units(world.north, None, now=NOW)

    assert not Breach.objects.exists()


@pytest.mark.django_db
def test_a_mutual_aid_unit_inside_the_ground_falls_under_the_order(world: World) -> None:
    order = a_standing_order(world, agencies=[], areas=[world.harlow])
    put_units(
        world.north,
        a_unit("X7", an_officer("olsen"), agency="far-pd"),
        a_unit("X8", an_officer("berg"), agency="far-pd", position=Position(
            lon=-104.7, lat=39.2, at=NOW)),
    )  # fmt: skip

    judge_units(world.north, None, now=NOW)

    assert open_breaches(order) == [("far-pd/X7", "two_to_a_car")]


@pytest.mark.django_db
def test_the_mirror_brings_in_only_what_changed_and_misses_nothing(world: World) -> None:
    put_units(world.north, a_unit("C12"), a_unit("C14"))
    first = known_units(world.north, now=NOW)
    put_units(world.north, a_unit("C14", status=Status.BREAK), now=NOW)

    second_look = known_units(world.north, now=NOW)

    assert (first.version, second_look.version) == (1, 2)
    assert second_look.units[PAIR].status is Status.BREAK
    assert second_look.units[ALONE] is first.units[ALONE]
    assert ALONE not in known_units(world.north, now=NOW + timedelta(hours=25)).units


moments = st.datetimes(
    min_value=NOW.replace(tzinfo=None) - timedelta(days=1),
    max_value=NOW.replace(tzinfo=None),
).map(lambda one: one.replace(tzinfo=NOW.tzinfo))
words = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=12)
positions = st.builds(
    Position,
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    at=moments,
    accuracy_m=st.none() | st.floats(0, 500),
)
units = st.builds(
    Unit,
    call_sign=words,
    agency=words,
    reported_at=moments,
    heard_at=moments,
    source=words,
    kind=st.sampled_from(UnitKind),
    members=st.lists(
        st.builds(an_officer, words, st.sampled_from(CrewRole), away_since=st.none() | moments),
        max_size=3,
    ).map(tuple),
    crew_count=st.none() | st.integers(0, 9),
    crew_at=st.none() | moments,
    status=st.sampled_from(Status),
    status_at=st.none() | moments,
    status_since=st.none() | moments,
    position=st.none() | positions,
    assignment=st.none()
    | st.builds(
        Assignment,
        call=words,
        type=words,
        position=st.none() | positions,
        since=st.none() | moments,
    ),
    assignment_at=st.none() | moments,
    doubts=st.lists(
        st.builds(Doubt, kind=st.sampled_from(DoubtKind), text=words, at=moments), max_size=2
    ).map(tuple),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(unit=units)
def test_a_unit_comes_back_from_its_row_as_it_went_in(unit: Unit) -> None:
    assert unit_from_json(unit_as_json(unit)) == unit


@pytest.mark.django_db
@pytest.mark.parametrize("measure", list(Measure))
def test_every_measure_can_be_ordered_and_judged(world: World, measure: Measure) -> None:
    a_standing_order(world, measures=[measure.value])
    put_units(world.north, a_unit("C12", an_officer("reed")))

    judge_units(world.north, None, now=NOW)

    assert Watch.objects.get().judged_at == NOW


@pytest.mark.django_db
def test_a_center_is_judged_when_units_changed_and_every_two_seconds(world: World) -> None:
    a_standing_order(world)
    assert centers_to_judge(now=NOW) == []
    put_units(world.north, a_unit("C12", an_officer("reed")))
    assert centers_to_judge(now=NOW) == [world.north]

    assert judge_alone(world.north, None, now=NOW) is not None

    assert centers_to_judge(now=NOW + second(1)) == []
    assert centers_to_judge(now=NOW + second(2)) == [world.north]
    put_units(world.north, a_unit("C14", an_officer("kim")))
    assert centers_to_judge(now=NOW + second(1)) == [world.north]


@pytest.mark.django_db
def test_one_worker_at_a_time_judges_a_center(world: World) -> None:
    put_units(world.north, a_unit("C12"))
    address = connection.get_connection_params()
    address.pop("cursor_factory", None)
    address.pop("context", None)
    with psycopg.connect(**address) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [0x77617463, world.north.pk])
        assert judge_alone(world.north, None, now=NOW) is None
        other.execute("SELECT pg_advisory_unlock(%s, %s)", [0x77617463, world.north.pk])
        assert judge_alone(world.north, None, now=NOW) is not None
