"""The gate before a unit is sent: what it would break, and what would not."""

import pytest

from tests.stages.posture.patrol import (
    LAT,
    LIMITS,
    NOW,
    STEP,
    ago,
    at,
    officer,
    on,
    order,
    order_of_ground,
    unit,
)
from tocsin.errors import NotFound
from tocsin.posture import (
    Answer,
    CrewRole,
    Measure,
    Order,
    RemedyKind,
    Status,
    Unit,
    Verdict,
    check,
)

PAIRS, CALLS = Measure.TWO_TO_A_CAR, Measure.TWO_CARS_TO_A_CALL
CALL = on("26-200", type="alarm", position=at(lat=LAT + 20 * STEP))
LONE = unit("C12", officer("reed"))
FAR = at(lat=LAT + 60 * STEP)


def asked(one: Order, *units: Unit, key: str = "harlow/C12") -> Verdict:
    return check([one], units, key, CALL, NOW, LIMITS)


def test_sending_a_lone_officer_breaks_two_to_a_car() -> None:
    verdict = asked(order(), LONE)

    assert verdict.answer is Answer.BREAKS
    assert [one.reason for one in verdict.findings] == ["reed is alone in C12."]
    assert verdict.remedies == ()


def test_sending_a_pair_keeps_it() -> None:
    verdict = asked(order(), unit("C12", officer("reed"), officer("kim")))

    assert verdict.answer is Answer.KEEPS
    assert not verdict.findings


def test_without_an_order_in_force_everything_keeps_it() -> None:
    assert asked(order(ended_at=ago(minutes=1)), LONE).answer is Answer.KEEPS


def test_a_stale_unit_is_not_known() -> None:
    verdict = asked(order(), unit("C12", officer("a"), officer("b"), reported_at=ago(hours=1)))

    assert verdict.answer is Answer.NOT_KNOWN


def test_who_is_near_now_does_not_come_along() -> None:
    beside = unit("C14", officer("kim"), assignment=on("other"))
    lone = unit("C12", officer("reed"), assignment=on("other"))

    assert asked(order(), lone, beside).answer is Answer.BREAKS


def test_the_nearest_partner_is_named_with_minutes() -> None:
    near = unit("C14", officer("kim"), position=at(lat=LAT + 5 * STEP))
    far = unit("C15", officer("boone"), position=FAR)

    [remedy] = asked(order(), LONE, far, near).remedies

    assert (remedy.kind, remedy.unit) == (RemedyKind.PICK_UP, "harlow/C14")
    assert remedy.mends == {PAIRS}
    assert remedy.minutes == pytest.approx(20 * 111.195 / 11 / 60, rel=0.01)
    assert "2.2 km as the crow flies at 40 km/h" in remedy.how


@pytest.mark.parametrize(
    "other",
    [
        unit("C14", officer("kim", CrewRole.TRAINEE)),
        unit("C14", officer("kim"), status=Status.ON_SCENE),
        unit("C14", officer("kim"), assignment=on("busy")),
        unit("C14", officer("kim"), reported_at=ago(hours=1)),
        unit("C14", officer("kim"), position=None),
        unit("C14"),
    ],
    ids=["trainee", "at a scene", "on a call", "stale", "no position", "crew not said"],
)
def test_nobody_is_proposed_who_would_not_mend_it(other: Unit) -> None:
    assert asked(order(), LONE, other).remedies == ()


def test_a_pair_is_proposed_instead_and_never_torn_apart() -> None:
    pair = unit("C14", officer("kim"), officer("boone"), position=FAR)

    [remedy] = asked(order(), LONE, pair).remedies

    assert (remedy.kind, remedy.unit) == (RemedyKind.SEND_INSTEAD, "harlow/C14")


def test_the_soonest_remedy_comes_first() -> None:
    pair = unit("C14", officer("kim"), officer("boone"), position=at(lat=LAT + 19 * STEP))
    partner = unit("C15", officer("vale"), position=FAR)

    kinds = [remedy.kind for remedy in asked(order(), LONE, partner, pair).remedies]

    assert kinds == [RemedyKind.SEND_INSTEAD, RemedyKind.PICK_UP]


def test_one_car_to_a_call_gets_a_second() -> None:
    second = unit("C14", officer("kim"), position=FAR)
    verdict = asked(order(CALLS), LONE, second)

    assert verdict.answer is Answer.BREAKS
    assert [(one.kind, one.unit) for one in verdict.remedies] == [
        (RemedyKind.SEND_TOO, "harlow/C14")
    ]


def test_a_second_car_to_a_call_keeps_it() -> None:
    first = unit("C14", officer("kim"), status=Status.EN_ROUTE, assignment=on("26-200"))

    assert asked(order(CALLS), LONE, first).answer is Answer.KEEPS


def test_a_second_car_that_would_be_alone_itself_is_no_remedy() -> None:
    both = order(PAIRS, CALLS)
    lone = unit("C14", officer("kim"), position=FAR)
    pair = unit("C15", officer("vale"), officer("boone"), position=FAR)

    assert {one.kind for one in asked(both, LONE, lone).remedies} == {RemedyKind.PICK_UP}
    assert RemedyKind.SEND_TOO in {one.kind for one in asked(both, LONE, lone, pair).remedies}


def test_sending_a_unit_of_mutual_aid_into_the_ground_breaks_its_order() -> None:
    outside = unit("C12", officer("reed"), agency="calder", position=at(lat=45))

    assert asked(order_of_ground(), outside, key="calder/C12").answer is Answer.BREAKS


def test_a_unit_that_nobody_knows_is_said() -> None:
    with pytest.raises(NotFound, match="C99"):
        asked(order(), LONE, key="harlow/C99")
