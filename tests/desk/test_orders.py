"""An order's life: proposed, made, renewed, joined, stood down; by whom, and what is refused."""

from datetime import time, timedelta

import pytest

from tests.orders import SQUARE, a_proposal, an_order, order_facts, warned_threat
from tests.world import NOW, World, a_person, a_threat, minutes, the_draft
from tocsin.assess import Role
from tocsin.desk.people.models import Area
from tocsin.desk.records.commands import bulletins, endings, orderjoining, orders, tasks, threats
from tocsin.desk.records.models import Breach, Bulletin, Entry, Order, Task
from tocsin.desk.records.orderfacts import NamedHours
from tocsin.desk.records.standing import as_order
from tocsin.errors import BadOrder, MissingReason, NotAllowed, NotFound, OutOfTurn
from tocsin.posture import BreakPlace, Measure
from tocsin.warn.recipients import Hours


def a_breach(order: Order, unit: str = "harlow-pd/2A14") -> Breach:
    return Breach.objects.create(
        order=order, unit=unit, measure="two_to_a_car", reason="alone in a car", since=NOW,
        written_at=NOW, rung=1, rung_due_at=NOW + minutes(3),
    )  # fmt: skip


def actions(order: Order) -> list[str]:
    rows = Entry.objects.filter(subject=f"order:{order.number}").order_by("seq")
    return list(rows.values_list("action", flat=True))


def test_a_proposal_has_a_number_and_holds_for_nobody(world: World) -> None:
    row = a_proposal(world)

    assert row.number == "P-2026-000001"
    assert row.state == Order.State.PROPOSED
    assert row.deliveries.count() == 0
    assert actions(row) == ["order proposed"]


def test_who_may_propose_and_who_may_order(world: World) -> None:
    threat = warned_threat(world)
    for person in world.everybody():
        if person in {world.sato, world.ortiz}:
            continue
        with pytest.raises(NotAllowed):
            orders.propose_order(threat, order_facts(), person=person, now=NOW)
    row = a_proposal(world, threat)
    for person in world.everybody():
        if person != world.ortiz:
            with pytest.raises(NotAllowed):
                orders.make_order(row, person=person, now=NOW)
    assert orders.make_order(row, person=world.ortiz, now=NOW).ordered_by == world.ortiz


def test_a_commander_of_another_center_does_not_order_here(world: World) -> None:
    stranger = a_person("lund", world.south, Role.WATCH_COMMANDER)
    row = a_proposal(world)

    with pytest.raises(NotAllowed, match="does not work with Northside"):
        orders.make_order(row, person=stranger, now=NOW)
    orders.make_order(row, person=world.ortiz, now=NOW)
    with pytest.raises(NotAllowed):
        orders.stand_down(row, "Over.", person=stranger, now=NOW)


def test_an_order_says_all_that_its_proposal_said(world: World) -> None:
    night = Hours(
        weekdays=frozenset({4, 5}),
        starts=time(22),
        ends=time(6),
        zone="America/Denver",
    )
    row = an_order(
        world,
        measures=frozenset({Measure.NO_SOLO_BREAKS, Measure.VESTS}),
        areas=frozenset({"harlow"}),
        drawn=((SQUARE,),),
        call_types=("domestic", "alarm", "alarm"),
        shifts=(NamedHours(name="nights", hours=night),),
        breaks_at=BreakPlace.STATION,
    )
    order = as_order(row)

    assert order.measures == {Measure.NO_SOLO_BREAKS, Measure.VESTS}
    assert [area.name for area in order.scope.areas] == ["Harlow", "ground drawn for this order"]
    assert order.scope.call_types == {"domestic", "alarm"}
    assert order.scope.shifts == (night,)
    assert order.breaks_at is BreakPlace.STATION
    assert order.starts_at == NOW
    assert row.bulletin == Bulletin.objects.get(state=Bulletin.State.RELEASED)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"measures": frozenset()}, "demands nothing"),
        ({"agencies": frozenset()}, "concerns nobody"),
        ({"agencies": frozenset({"nobody"})}, "no agency 'nobody'"),
        ({"areas": frozenset({"nowhere"})}, "no area 'nowhere'"),
        ({"review_at": NOW}, "review time of the order has passed"),
        ({"review_at": NOW + timedelta(days=8)}, "within 7 days"),
        ({"call_types": ("x" * 61,)}, "types of calls"),
        ({"drawn": (((SQUARE[0], SQUARE[1], SQUARE[0]),),)}, "Piece 1 of the ground"),
        ({"statement": 4711}, "were not said in a call"),
    ],
)
def test_an_order_that_nobody_can_obey_is_not_even_proposed(
    world: World, changes: dict[str, object], what: str
) -> None:
    threat = warned_threat(world)

    with pytest.raises(BadOrder, match=what):
        orders.propose_order(threat, order_facts(**changes), person=world.sato, now=NOW)
    assert Order.objects.count() == 0


def test_a_proposal_without_a_reason_is_none(world: World) -> None:
    with pytest.raises(MissingReason):
        a_proposal(world, because="  ")


def test_an_order_whose_ground_became_empty_is_refused_when_it_is_to_be_made(world: World) -> None:
    row = a_proposal(world, agencies=frozenset(), areas=frozenset({"harlow"}))
    line = [[[-105.2, 39.1], [-105.0, 39.1], [-105.2, 39.1]]]
    Area.objects.filter(key="harlow").update(outline={"type": "Polygon", "coordinates": line})

    with pytest.raises(BadOrder, match="ground of order P-2026-000001 cannot be used"):
        orders.make_order(row, person=world.ortiz, now=NOW)

    row.refresh_from_db()
    assert row.state == Order.State.PROPOSED
    assert row.deliveries.count() == 0


def test_without_a_bulletin_in_force_an_order_would_be_told_to_nobody(world: World) -> None:
    threat = a_threat(world)
    row = a_proposal(world, threat)

    with pytest.raises(OutOfTurn, match="No bulletin") as refused:
        orders.make_order(row, person=world.ortiz, now=NOW)
    assert "Release the bulletin first" in refused.value.way_out

    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    assert orders.make_order(row, person=world.ortiz, now=NOW).state == Order.State.IN_FORCE


def test_a_proposal_whose_review_time_has_passed_is_refused(world: World) -> None:
    row = a_proposal(world)

    with pytest.raises(BadOrder, match="review time"):
        orders.make_order(row, person=world.ortiz, now=NOW + timedelta(hours=9))


def test_only_a_proposal_is_edited_dropped_or_made(world: World) -> None:
    row = a_proposal(world)
    orders.edit_order(
        row, order_facts(measures=frozenset({Measure.VESTS})), person=world.sato, now=NOW
    )
    row.refresh_from_db()
    assert row.measures == ["vests"]

    made = orders.make_order(row, person=world.ortiz, now=NOW)

    with pytest.raises(OutOfTurn):
        orders.edit_order(made, order_facts(), person=world.sato, now=NOW)
    with pytest.raises(OutOfTurn):
        orders.drop_order(made, "No.", person=world.sato, now=NOW)
    with pytest.raises(OutOfTurn):
        orders.make_order(made, person=world.ortiz, now=NOW)


def test_a_proposal_is_dropped_for_a_reason(world: World) -> None:
    row = a_proposal(world)

    with pytest.raises(MissingReason):
        orders.drop_order(row, "", person=world.sato, now=NOW)
    dropped = orders.drop_order(row, "He was found.", person=world.sato, now=NOW)

    assert dropped.state == Order.State.DROPPED
    assert dropped.ended_because == "He was found."


def test_an_overdue_review_is_a_task_until_somebody_decides_and_the_order_goes_on(
    world: World,
) -> None:
    row = an_order(world)
    late = NOW + timedelta(hours=8, minutes=5)
    assert orders.ask_for_review(now=NOW + timedelta(hours=7)) == 0

    assert orders.ask_for_review(now=late) == 1
    assert orders.ask_for_review(now=late + minutes(1)) == 0

    task = Task.objects.get(kind=orders.REVIEW, done_at=None)
    assert task.subject == f"order:{row.number}"
    row.refresh_from_db()
    assert row.state == Order.State.IN_FORCE
    assert row.review_asked_at == late

    # Whoever takes it off the board without a decision meets it again.
    tasks.finish_task(task, person=world.sato, because="Later.", now=late + minutes(2))
    assert orders.ask_for_review(now=late + minutes(3)) == 1

    orders.renew_order(
        row, late + timedelta(hours=4), "He is not found.", person=world.ortiz, now=late
    )
    assert not Task.objects.filter(kind=orders.REVIEW, done_at=None).exists()
    assert orders.ask_for_review(now=late + timedelta(hours=3)) == 0
    assert orders.ask_for_review(now=late + timedelta(hours=5)) == 1


def test_a_renewal_needs_a_reason_a_time_to_come_and_a_commander(world: World) -> None:
    row = an_order(world)
    later = NOW + timedelta(hours=12)

    with pytest.raises(MissingReason):
        orders.renew_order(row, later, " ", person=world.ortiz, now=NOW)
    with pytest.raises(BadOrder):
        orders.renew_order(row, NOW, "It goes on.", person=world.ortiz, now=NOW)
    with pytest.raises(NotAllowed):
        orders.renew_order(row, later, "It goes on.", person=world.sato, now=NOW)

    renewed = orders.renew_order(row, later, "It goes on.", person=world.ortiz, now=NOW)

    assert renewed.review_at == later
    assert [(one.because, one.by) for one in renewed.renewals.all()] == [
        ("It goes on.", world.ortiz)
    ]
    assert "order renewed" in actions(row)


def test_a_stand_down_closes_the_breaches_stops_their_ladders_and_finishes_the_tasks(
    world: World,
) -> None:
    row = an_order(world)
    breach = a_breach(row)
    late = NOW + timedelta(hours=9)
    orders.ask_for_review(now=late)
    tasks.raise_task(world.north, "alone, nobody told", f"breach:{breach.pk}", "...", now=late)

    ended = orders.stand_down(row, "He was found.", person=world.ortiz, now=late)

    breach.refresh_from_db()
    assert breach.ended_at == late
    assert breach.ended_because == "the order was stood down"
    assert breach.rung_due_at is None
    assert (ended.state, ended.ended_by) == (Order.State.STOOD_DOWN, world.ortiz)
    about = Task.objects.filter(
        done_at=None, subject__in=[f"order:{row.number}", f"breach:{breach.pk}"]
    )
    assert not about.exists()
    assert orders.ask_for_review(now=late + minutes(1)) == 0
    with pytest.raises(OutOfTurn):
        orders.stand_down(row, "Again.", person=world.ortiz, now=late)


def test_a_stand_down_needs_a_reason(world: World) -> None:
    with pytest.raises(MissingReason):
        orders.stand_down(an_order(world), "", person=world.ortiz, now=NOW)


def test_a_threat_is_not_closed_while_an_order_of_it_is_in_force(world: World) -> None:
    row = an_order(world)
    other = a_proposal(world, row.threat)
    last = Bulletin.objects.get(state=Bulletin.State.RELEASED)
    endings.cancel(last, because="He was found.", person=world.ortiz, now=NOW)

    with pytest.raises(OutOfTurn, match="has an order in force, P-2026-000001"):
        threats.close_threat(row.threat, person=world.sato, because="Over.", now=NOW)

    orders.stand_down(row, "He was found.", person=world.ortiz, now=NOW)
    threats.close_threat(row.threat, person=world.sato, because="Over.", now=NOW)
    other.refresh_from_db()
    assert other.state == Order.State.DROPPED


def test_an_agency_joins_by_its_own_commander_or_its_centers_and_leaves(world: World) -> None:
    row = an_order(world)
    chief = a_person("haas", world.sheriff, Role.WATCH_COMMANDER)
    lead = a_person("north-lead", world.north, Role.WATCH_COMMANDER)

    with pytest.raises(NotAllowed, match="does not command Calder Sheriff"):
        orderjoining.join_order(
            row, world.sheriff, "We ride with them.", person=world.ortiz, now=NOW
        )
    with pytest.raises(MissingReason):
        orderjoining.join_order(row, world.sheriff, "", person=chief, now=NOW)
    orderjoining.join_order(row, world.sheriff, "We ride with them.", person=chief, now=NOW)
    with pytest.raises(OutOfTurn, match="already"):
        orderjoining.join_order(row, world.sheriff, "Again.", person=chief, now=NOW)
    assert as_order(Order.objects.get()).agencies == {"harlow-pd", "calder-so"}

    orderjoining.leave_order(row, world.sheriff, "Short of people.", person=lead, now=NOW)

    assert as_order(Order.objects.get()).agencies == {"harlow-pd"}
    with pytest.raises(OutOfTurn, match="has not joined"):
        orderjoining.leave_order(row, world.harlow_pd, "No.", person=world.ortiz, now=NOW)
    orderjoining.join_order(row, world.sheriff, "Help has come.", person=lead, now=NOW)
    assert Order.objects.get().joinings.count() == 2


def test_a_stranger_to_the_threat_joins_nothing(world: World) -> None:
    row = an_order(world)
    lead = a_person("lund", world.south, Role.WATCH_COMMANDER)

    with pytest.raises(NotFound):
        orderjoining.join_order(row, world.south, "Neighbours.", person=lead, now=NOW)
