"""The ladder's plan: in order of time, frozen as it was, and without an end of its own."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tocsin.config import WarnConfig
from tocsin.warn import (
    Ladder,
    Rung,
    Step,
    ladder_from,
    ladder_json,
    ladder_of,
    next_move_at,
)

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)


def seconds(most: int = 7200) -> st.SearchStrategy[timedelta]:
    return st.integers(0, most).map(lambda number: timedelta(seconds=number))


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    afters = sorted(draw(st.lists(seconds(), min_size=1, max_size=6)))
    rungs = tuple(Rung(step=draw(st.sampled_from(list(Step))), after=after) for after in afters)
    again = timedelta(seconds=draw(st.integers(1, 3600)))
    return Ladder(rungs=rungs, again_every=again)


def test_the_ladder_lists_first_and_reads_on_the_air_last() -> None:
    ladder = ladder_of(WarnConfig())

    assert [rung.step for rung in ladder.rungs] == [
        Step.LIST, Step.SUPERVISOR, Step.COMMANDER, Step.DESK, Step.AIR,
    ]  # fmt: skip
    assert next_move_at(ladder, 0, since=NOW) == NOW + timedelta(minutes=2)


def test_settings_in_another_order_make_a_ladder_in_order_of_time() -> None:
    ladder = ladder_of(WarnConfig(air_after=timedelta(seconds=30)))

    assert ladder.rungs[0].step is Step.AIR


@given(ladders(), st.integers(0, 40))
def test_a_ladder_never_ends_and_never_goes_back(ladder: Ladder, number: int) -> None:
    assert ladder.rung(number).after <= ladder.rung(number + 1).after
    if number >= len(ladder.rungs):
        assert ladder.rung(number).step is ladder.rungs[-1].step


@given(ladders(), seconds(86_400))
def test_what_is_due_is_every_rung_whose_time_has_come_and_no_other(
    ladder: Ladder, waited: timedelta
) -> None:
    due = ladder.due_by(waited)

    assert all(ladder.rung(number).after <= waited for number in range(due))
    assert ladder.rung(due).after > waited


@given(ladders())
def test_a_frozen_ladder_is_the_same_when_it_is_read_again(ladder: Ladder) -> None:
    assert ladder_from(ladder_json(ladder)) == ladder
