"""The pairing's rules once more, in plain Python, tried on every plan there is."""

import math
from collections.abc import Iterator
from datetime import datetime
from itertools import combinations

from tocsin.posture.pairing import Beat, Limits, Situation, Spot, Unit, Weights

Kept = dict[tuple[str, str], str | None]
"""A plan: each pair, in order, and the beat that it keeps."""


def km(one: Spot, other: Spot) -> float:
    """By the cosines of the sphere, not by the haversine that the product uses."""
    north, to_north = math.radians(one.latitude), math.radians(other.latitude)
    turn = math.radians(other.longitude - one.longitude)
    cosine = math.sin(north) * math.sin(to_north) + math.cos(north) * math.cos(to_north) * math.cos(
        turn
    )
    return 6371.0088 * math.acos(min(1.0, cosine)) if one != other else 0.0


class Brute:
    """Every plan of a small situation, and what each costs."""

    def __init__(
        self, situation: Situation, limits: Limits, weights: Weights, now: datetime
    ) -> None:
        self.situation, self.limits, self.weights, self.now = situation, limits, weights, now
        self.units = {unit.key: unit for unit in situation.units}
        self.beats = {beat.key: beat for beat in situation.beats}
        hand = situation.by_hand
        self.fixed = {tuple(sorted(pair)) for pair in hand.together}
        self.apart = {tuple(sorted(pair)) for pair in hand.apart}
        self.off = hand.alone | hand.desk
        alone = {self.units[key].beat for key in hand.alone}
        self.there = {b.key for b in situation.beats if b.cars or b.key in alone}

    def least(self) -> float | None:
        """The cost of the cheapest plan; None where none keeps what must be kept."""
        costs = [self.cost(plan) for plan in self.plans()]
        return min((cost for cost in costs if cost is not None), default=None)

    def plans(self) -> Iterator[Kept]:
        free = sorted(key for key in self.units if key not in self.off)
        yield from self._pairings(free, {})

    def cost(self, plan: Kept) -> float | None:
        kept = self.there | {beat for beat in plan.values() if beat is not None}
        if not self.situation.by_hand.keep <= kept:
            return None
        paired = {key for pair in plan for key in pair}
        left = [u for key, u in self.units.items() if key not in paired | self.off]
        weights = self.weights
        return (
            sum(self.pair_cost(pair, beat) for pair, beat in plan.items())
            + sum(weights.left_over + weights.trainee_alone * unit.is_trainee for unit in left)
            + self._switching(plan)
            + self._covering(sorted(set(self.beats) - kept), sorted(kept), {})
        )

    def allowed(self, pair: tuple[str, str]) -> bool:
        one, other = self.units[pair[0]], self.units[pair[1]]
        if pair in self.fixed:
            return True
        taken = {key for fixed in self.fixed for key in fixed}
        if pair in self.apart or taken & set(pair):
            return False
        for unit in (one, other):
            if self.spot(unit) is None or (unit.is_busy and unit.busy_until is None):
                return False
        if one.is_trainee and other.is_trainee:
            return False
        if not self.limits.demanded <= one.qualifications | other.qualifications:
            return False
        return (one.has_seat or other.has_seat) and self._in_time(one, other)

    def _in_time(self, one: Unit, other: Unit) -> bool:
        minutes, _ = self.meeting(one, other)
        lasts = [self._left(unit) for unit in (one, other)]
        known = [last for last in lasts if last is not None]
        if known and min(known) < minutes + self.limits.together_for.total_seconds() / 60:
            return False
        apart = abs(known[0] - known[1]) if len(known) == 2 else 0.0
        limit = self.limits.shifts_apart.total_seconds() / 60
        return apart <= limit and minutes <= self.limits.most_minutes

    def meeting(self, one: Unit, other: Unit) -> tuple[float, Spot]:
        first, second = self.spot(one), self.spot(other)
        assert first is not None
        assert second is not None
        ready, later = self._ready(one), self._ready(other)
        drive = self._minutes(km(first, second))
        if drive < 2.0:
            share = 0.0 if ready >= later else 1.0
        else:
            share = min(1.0, max(0.0, (later + drive - ready) / (2 * drive)))
        best = max(ready + share * drive, later + (1 - share) * drive)
        spot = Spot(
            longitude=first.longitude + share * (second.longitude - first.longitude),
            latitude=first.latitude + share * (second.latitude - first.latitude),
        )
        places = [
            (max(ready + self._way(first, p.spot), later + self._way(second, p.spot)), p.spot)
            for p in self.situation.places
        ]
        near = [
            found
            for found in places
            if found[0] <= min(best + self.limits.place_minutes, self.limits.most_minutes)
        ]
        return min(near, key=lambda found: found[0]) if near else (best, spot)

    def pair_cost(self, pair: tuple[str, str], beat: str | None) -> float:
        one, other = self.units[pair[0]], self.units[pair[1]]
        minutes, spot = self.meeting(one, other)
        lasts = [self._left(unit) for unit in (one, other)]
        apart = abs(lasts[0] - lasts[1]) if lasts[0] is not None and lasts[1] is not None else 0.0
        both = one.is_supervisor and other.is_supervisor
        back = 0.0
        if beat is not None:
            centre = self.beats[beat].centre
            assert centre is not None
            back = self._way(spot, centre)
        return (
            minutes + back + apart * self.weights.shift_minute + both * self.weights.two_supervisors
        )

    def spot(self, unit: Unit) -> Spot | None:
        if unit.spot is None and unit.beat is not None:
            return self.beats[unit.beat].centre
        return unit.spot

    def _pairings(self, free: list[str], plan: Kept) -> Iterator[Kept]:
        if not free:
            if self.fixed <= set(plan):
                yield plan
            return
        first, rest = free[0], free[1:]
        yield from self._pairings(rest, plan)
        for other in rest:
            if self.allowed((first, other)):
                remaining = [key for key in rest if key != other]
                for beat in self._keeps((first, other)):
                    yield from self._pairings(remaining, {**plan, (first, other): beat})

    def _keeps(self, pair: tuple[str, str]) -> list[str | None]:
        one, other = self.units[pair[0]], self.units[pair[1]]
        wanted = {one.beat, other.beat} | (self.situation.by_hand.keep - self.there)
        both = one.qualifications | other.qualifications
        fit = sorted(b for b in wanted if b is not None and self.beats[b].demands <= both)
        return list(fit) or [None]

    def _covering(self, left: list[str], kept: list[str], loads: dict[str, int]) -> float:
        """The cheapest way to cover what is left, tried in all ways."""
        if not left:
            return 0.0
        beat = self.beats[left[0]]
        bare = beat.weight * self.weights.uncovered
        best = bare + self._covering(left[1:], kept, loads)
        for by in kept:
            if self._borders(beat, self.beats[by]) and loads.get(by, 0) < self.limits.covered_each:
                assert beat.centre is not None
                centre = self.beats[by].centre
                assert centre is not None
                minutes = self._way(beat.centre, centre)
                more = {**loads, by: loads.get(by, 0) + 1}
                best = min(best, beat.weight * minutes + self._covering(left[1:], kept, more))
        return best

    def _borders(self, one: Beat, other: Beat) -> bool:
        return other.key in self._around(one) or one.key in self._around(other)

    def _around(self, beat: Beat) -> list[str]:
        if beat.neighbours is not None:
            return list(beat.neighbours)
        assert beat.centre is not None
        away = sorted(
            (km(beat.centre, other.centre), index)
            for index, other in enumerate(self.situation.beats)
            if other.key != beat.key and other.centre is not None
        )
        return [self.situation.beats[index].key for _, index in away[: self.limits.nearest]]

    def _switching(self, plan: Kept) -> float:
        total = 0.0
        for earlier in self.situation.earlier:
            first, second = sorted(earlier.units)
            if not {first, second} <= set(self.units):
                continue
            if (first, second) not in plan:
                under_way = earlier.is_under_way
                total += self.weights.broken_under_way if under_way else self.weights.broken
            elif earlier.beat is not None and plan[first, second] != earlier.beat:
                total += self.weights.other_beat
        return total

    def _ready(self, unit: Unit) -> float:
        if unit.busy_until is None:
            return 0.0
        return max(0.0, (unit.busy_until - self.now).total_seconds() / 60)

    def _left(self, unit: Unit) -> float | None:
        if unit.shift_ends_at is None:
            return None
        return (unit.shift_ends_at - self.now).total_seconds() / 60

    def _way(self, one: Spot, other: Spot) -> float:
        return self._minutes(km(one, other))

    def _minutes(self, distance: float) -> float:
        return distance * self.limits.detour / self.limits.speed * 60


def no_unit_twice(pairs: list[tuple[str, str]]) -> bool:
    """Whether no two of the pairs share a unit."""
    return all(not set(one) & set(other) for one, other in combinations(pairs, 2))
