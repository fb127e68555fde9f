"""States of a message, and the plan of tries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.warn import TOLD, DeliveryState, can_follow, next_try_at

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
S = DeliveryState


def test_a_message_is_never_sent_before_it_is_being_sent() -> None:
    assert not can_follow(S.QUEUED, S.SENT)
    assert can_follow(S.QUEUED, S.SENDING)
    assert can_follow(S.SENDING, S.SENT)


def test_a_lost_lease_goes_back_to_the_queue() -> None:
    assert can_follow(S.SENDING, S.QUEUED)
    assert can_follow(S.UNKNOWN, S.QUEUED)
    assert not can_follow(S.SENT, S.QUEUED)


@given(st.sampled_from(list(S)))
def test_an_acknowledgment_counts_from_everywhere_and_is_final(state: DeliveryState) -> None:
    assert can_follow(state, S.ACKNOWLEDGED) is (state is not S.ACKNOWLEDGED)
    assert not can_follow(S.ACKNOWLEDGED, state)


@given(st.sampled_from(list(S)))
def test_who_opened_a_message_is_not_shown_as_less_afterwards(state: DeliveryState) -> None:
    assert can_follow(S.SEEN, state) is (state is S.ACKNOWLEDGED)


def test_what_never_left_does_not_count_as_told() -> None:
    assert {S.QUEUED, S.FAILED, S.WITHDRAWN} == set(S) - TOLD


def test_tries_follow_the_plan_and_end() -> None:
    plan = (timedelta(seconds=5), timedelta(minutes=1))

    tries = [next_try_at(number, now=NOW, retry_after=plan) for number in (1, 2, 3)]

    assert tries == [NOW + plan[0], NOW + plan[1], None]


@pytest.mark.parametrize("attempts", [1, 2, 7])
def test_without_a_plan_there_is_one_try(attempts: int) -> None:
    assert next_try_at(attempts, now=NOW, retry_after=()) is None
