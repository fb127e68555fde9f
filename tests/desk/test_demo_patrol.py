"""The demonstration's cars: alone at first, paired when it is ordered, off the road in the end."""

from datetime import datetime, timedelta

import pytest

from tests.world import NOW
from tocsin.desk import demo
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.commands.county import load_county
from tocsin.desk.records.commands.demonstration import move_patrol, play_demonstration
from tocsin.desk.records.commands.threats import open_threat
from tocsin.desk.records.commands.watch import judge_units
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import Breach, Call, Order, UnitSource
from tocsin.posture import Status, Unit, UnitKind

MINUTE = timedelta(minutes=1)


@pytest.fixture
def center(db: None) -> Agency:
    """The demonstration county, with its call just played."""
    load_county(demo.county(), actor="system:test", now=NOW, password="harbor lantern 4821")
    play_demonstration(actor="system:test", now=NOW)
    return Agency.objects.get(key=demo.CENTER)


def drive(center: Agency, now: datetime) -> dict[str, Unit]:
    move_patrol(now=now)
    return dict(known_units(center, now=now).units)


def order(center: Agency, now: datetime) -> Order:
    """Two to a car for Harlowe, as it would stand."""
    sato = Person.objects.get(login="sato")
    made = Order.objects.create(
        number="P-2026-000001",
        threat=open_threat(Call.objects.get(), person=sato, now=now),
        measures=["two_to_a_car"],
        because="he said so",
        state=Order.State.IN_FORCE,
        review_at=now + timedelta(hours=8),
        proposed_at=now,
        proposed_by=sato,
        ordered_at=now,
        ordered_by=sato,
    )
    made.agencies.add(Agency.objects.get(key="harlowe-pd"))
    return made


def test_everybody_drives_alone_inside_the_county_and_moves(center: Agency) -> None:
    first = drive(center, NOW)
    later = drive(center, NOW + timedelta(seconds=30))

    assert len(first) > 10
    assert all(len(unit.members) == 1 and not unit.doubts for unit in first.values())
    assert all(unit.kind is UnitKind.CAR for unit in first.values())
    assert all(later[key].position != unit.position for key, unit in first.items())
    assert all(not unit.doubts for unit in later.values())


def test_they_pair_up_after_the_order_and_one_stays_alone(center: Agency) -> None:
    drive(center, NOW)
    order(center, NOW)
    sight = judge_units(center, None, now=NOW)
    alone = Breach.objects.filter(ended_at=None).count()

    moment = NOW
    while moment < NOW + 3.5 * MINUTE:
        moment += timedelta(seconds=10)
        drive(center, moment)
        sight = judge_units(center, sight, now=moment)

    units = known_units(center, now=moment).units
    harlowe = [unit for unit in units.values() if unit.agency == "harlowe-pd"]
    assert alone == len(harlowe)
    assert Breach.objects.filter(ended_at=None).count() == len(harlowe) % 2
    for _ in range(6):
        moment += timedelta(seconds=10)
        drive(center, moment)
        sight = judge_units(center, sight, now=moment)
    assert Breach.objects.filter(ended_at=None).count() == len(harlowe) % 2 + 1


def test_two_hours_after_the_play_they_are_off_duty(center: Agency) -> None:
    drive(center, NOW)

    units = drive(center, NOW + timedelta(hours=2))

    assert {unit.status for unit in units.values()} == {Status.OFF_DUTY}
    assert not UnitSource.objects.get().is_active
    assert move_patrol(now=NOW + timedelta(hours=3)) == 0


@pytest.mark.django_db
def test_without_the_demonstration_nobody_drives() -> None:
    assert move_patrol(now=NOW) == 0
