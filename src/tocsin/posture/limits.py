"""The limits by which units are judged: settings of a center, each with its unit and default."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Settings of the judging. The defaults are assumptions, not findings.

    Attributes:
        stale_after: a unit that was not heard of for longer is not known.
        by_hand_stale_after: the same for a unit that a dispatcher keeps by hand.
        position_stale_after: a position that is older says nothing of who is near.
        crew_stale_after: a crew that was said longer ago is not known.
        oldest: a report that is older is refused: an old day repeated.
        ahead: how far the clock of a feed may run before ours.
        hour_within: a time this close to a whole hour away is taken for a clock set wrongly.
        fastest_m_s: metres a second above which a move is doubted.
        jump_over_m: metres below which a move is never doubted: the scatter of receivers.
        reused_after: a call sign silent for longer, then with another crew, is doubted.
        doubt_for: how long a doubt is shown after it was last seen.
        near_m: metres within which two units are together.
        near_for: how long they must have been so, unless both are at the same call.
        two_cars_count: whether two cars standing together count as two to a car.
        counts_are_officers: whether a crew known by number alone consists of officers.
        second_car_within: how long after the first car's arrival the second may still be coming.
        speed_m_s: metres a second, as the crow flies, from which minutes are estimated.
        ground: outline (degrees) outside which no position is believed; None for no check.
    """

    stale_after: timedelta = timedelta(minutes=2)
    by_hand_stale_after: timedelta = timedelta(minutes=30)
    position_stale_after: timedelta = timedelta(minutes=1)
    crew_stale_after: timedelta = timedelta(hours=14)
    oldest: timedelta = timedelta(hours=6)
    ahead: timedelta = timedelta(seconds=30)
    hour_within: timedelta = timedelta(seconds=90)
    fastest_m_s: float = 70.0
    jump_over_m: float = 500.0
    reused_after: timedelta = timedelta(hours=1)
    doubt_for: timedelta = timedelta(minutes=5)
    near_m: float = 100.0
    near_for: timedelta = timedelta(seconds=30)
    two_cars_count: bool = True
    counts_are_officers: bool = False
    second_car_within: timedelta = timedelta(minutes=3)
    speed_m_s: float = 11.0
    ground: Any = None
