"""An order's record: minutes in breach, excuses, overrides, the price foretold and paid."""

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.histories import COLUMNS, FIRST, ROSTER, a_history, compute
from tests.postures import a_standing_order
from tests.visiting import at, main_of
from tests.world import NOW, World, minutes
from tocsin.desk.records.boards.orderrecord import OrderPart, order_part, orders_part
from tocsin.desk.records.commands.histories import give_history, give_roster
from tocsin.desk.records.commands.prices import ask_price
from tocsin.desk.records.models import Breach, Excuse, Order, Override
from tocsin.posture import Measure

PAIRS = Measure.TWO_TO_A_CAR.value
END = NOW + timedelta(hours=8)


def a_breach(
    order: Order, unit: str, since: datetime, ended_at: datetime | None, **more: Any
) -> None:
    Breach.objects.create(
        order=order, unit=unit, measure=PAIRS, since=since, ended_at=ended_at,
        reason="alone", written_at=since, **more,
    )  # fmt: skip


def an_excuse(order: Order, unit: str, world: World, **more: Any) -> Excuse:
    facts: dict[str, Any] = {
        "measure": PAIRS, "because": "guards the bank", "by": world.sato,
        "starts_at": NOW + minutes(10), "until": NOW + minutes(20), **more,
    }  # fmt: skip
    return Excuse.objects.create(order=order, unit=unit, **facts)


def part_of(order: Order, *, now: datetime = END) -> OrderPart:
    found = order_part(order, now=now)
    assert found
    return found


def stood_down(world: World, **more: Any) -> Order:
    return a_standing_order(
        world,
        **{
            "state": Order.State.STOOD_DOWN, "ended_at": END, "ended_by": world.ortiz,
            "ended_because": "He is in custody.", **more,
        },
    )  # fmt: skip


def rows_of(part: OrderPart, title: str) -> tuple[tuple[str, ...], ...]:
    return next((table.rows for table in part.tables if table.title == title), ())


def test_minutes_are_counted_by_unit_with_what_was_excused_and_what_nobody_knew(
    world: World,
) -> None:
    order = stood_down(world)
    gone = [[(NOW + minutes(50)).isoformat(), (NOW + minutes(55)).isoformat()]]
    a_breach(order, "harlow-pd/1A", NOW, NOW + minutes(30))
    a_breach(order, "harlow-pd/2B", NOW + minutes(40), NOW + minutes(60), unseen=gone)
    an_excuse(order, "harlow-pd/1A", world)

    part = part_of(order)

    assert (part.record.minutes, part.record.minutes_excused) == (45, 10)
    assert part.record.minutes_not_known == 5
    assert rows_of(part, "Minutes in breach by unit") == (
        ("harlow-pd/1A", "30 min"), ("harlow-pd/2B", "15 min"),
    )  # fmt: skip
    words = " ".join(part.sentences)
    assert "Breaches: 2, of 2 units; 45 min in breach over all units, of which 10 min" in words
    assert "For 5 min more it was not known" in words
    assert "Stood down 2026-03-02 05:05:06 (-07:00) by Ortiz, after 8 h: He is in custody." in words


def test_an_excuse_that_was_taken_back_counts_until_then(world: World) -> None:
    order = stood_down(world)
    a_breach(order, "harlow-pd/1A", NOW, NOW + minutes(30))
    an_excuse(
        order, "harlow-pd/1A", world,
        withdrawn_at=NOW + minutes(14), withdrawn_by=world.ortiz,
    )  # fmt: skip

    part = part_of(order)

    assert part.record.minutes_excused == 4
    [row] = rows_of(part, "Excuses")
    assert "taken back by Ortiz" in row[3]
    assert row[4:] == ("guards the bank", "Sato")


def test_a_breach_that_was_out_of_sight_to_the_end_is_not_counted_as_seen(world: World) -> None:
    order = stood_down(world)
    a_breach(order, "harlow-pd/1A", NOW, None, unseen_since=NOW + minutes(10))

    part = part_of(order)

    assert part.record.minutes == 10
    assert part.record.minutes_not_known == 8 * 60 - 10


def test_who_sent_a_unit_against_it_and_what_no_feed_shows_is_said(world: World) -> None:
    order = stood_down(world, measures=[PAIRS, Measure.VESTS.value])
    row = Override.objects.create(
        center=world.north, unit="harlow-pd/1A", call="C-1", verdict={}, because="Nobody else.",
        by=world.sato, actor="person:sato", at=NOW + minutes(3),
    )  # fmt: skip
    row.orders.add(order)

    part = part_of(order)

    [line] = rows_of(part, "Sent against the order")
    assert line[1:] == ("harlow-pd/1A", "C-1", "Sato", "Nobody else.")
    words = " ".join(part.sentences)
    assert "No breach was seen. Units that no feed shows" in words
    assert "No feed shows whether this was kept: Everybody wears the vest." in words


def test_a_proposal_has_no_record_and_an_order_in_force_has_one_as_of_now(world: World) -> None:
    proposed = a_standing_order(world, state=Order.State.PROPOSED, ordered_at=None, ordered_by=None)
    standing = a_standing_order(world, threat=proposed.threat)
    a_breach(standing, "harlow-pd/1A", NOW, None)

    assert order_part(proposed, now=END) is None
    [part] = orders_part(proposed.threat, now=NOW + minutes(7))
    assert not part.is_ended
    assert part.record.minutes == 7
    assert "It is still in force: everything here is as of now." in part.sentences


# The price


@pytest.fixture
def priced(world: World) -> Order:
    """An order whose price was computed before it was given, and which has ended."""
    order = a_standing_order(world, state=Order.State.PROPOSED, ordered_at=None, ordered_by=None)
    a_history(world, now=NOW - minutes(5))
    give_roster(world.north, ROSTER, name="cars.csv", person=world.ortiz, now=NOW - minutes(5))
    compute(ask_price(order, person=world.sato, now=NOW - minutes(4)), now=NOW - minutes(3))
    Order.objects.filter(pk=order.pk).update(
        state=Order.State.STOOD_DOWN, ordered_at=NOW, ordered_by=world.ortiz,
        ended_at=END, ended_by=world.ortiz, ended_because="Over.",
    )  # fmt: skip
    order.refresh_from_db()
    return order


def answered_csv() -> bytes:
    """Calls each ten minutes over five weeks: sent after two minutes, there after six."""
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(["time", "type", "priority", "longitude", "latitude", "minutes", "sent", "there"])
    for number in range(5 * 7 * 144):
        begun = FIRST + minutes(10 * number)
        there = (begun + minutes(6)).isoformat()
        sent = (begun + minutes(2)).isoformat()
        rows.writerow([begun.isoformat(), "NOISE", 3, -105.1, 39.2, 20, sent, there])
    return out.getvalue().encode()


def test_without_calls_of_its_time_what_it_did_cost_is_said_to_be_unknown(
    world: World, priced: Order
) -> None:
    words = " ".join(part_of(priced).sentences)

    assert "Sato had a price computed. What it did cost is not known" in words


def test_the_price_foretold_stands_beside_the_price_paid(world: World, priced: Order) -> None:
    columns = replace(COLUMNS, sent="sent", arrived="there")
    later = END + timedelta(days=9)
    give_history(
        world.north, answered_csv(), columns, name="after.csv", person=world.ortiz, now=later
    )

    part = part_of(priced, now=later)

    rows = {row[0]: row for row in rows_of(part, "Price foretold and price paid")}
    assert rows["calls, priority 3"][3] == "48"
    assert rows["wait for a car, mean, priority 3"][3] == "2.0 minutes"
    response = rows["time until all cars sent are there, mean, priority 3"]
    assert response[1] != "-"
    assert response[3] == "6.0 minutes"
    assert "against 48 calls of the order's time, from after.csv" in " ".join(part.sentences)


def test_an_order_that_nobody_had_priced_says_so(world: World) -> None:
    assert "No price was computed before it was ordered" in " ".join(
        part_of(stood_down(world)).sentences
    )


# Where it stands


def test_the_record_is_in_the_after_action_report_and_on_its_paper(world: World) -> None:
    order = stood_down(world)
    a_breach(order, "harlow-pd/1A", NOW, NOW + minutes(30), persons=["reed"])
    an_excuse(order, "harlow-pd/1A", world, because="<b>guards</b> the bank")
    path = f"/threats/{order.threat.number}/report"

    answer = at(world.ortiz).get(path)
    page = main_of(answer)
    paper = at(world.ortiz).get(f"{path}.pdf")

    assert f"Order {order.number}: two to a car" in page
    assert "30 min in breach over all units" in page
    assert "<b>guards" not in answer.content.decode()
    pages = PdfReader(BytesIO(paper.content)).pages
    text = " ".join(" ".join(one.extract_text().split()) for one in pages)
    assert f"Order {order.number}: two to a car" in text
    assert "30 min in breach over all units" in text
    assert "guards</b> the bank" in text
