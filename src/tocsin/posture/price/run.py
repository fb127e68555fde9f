"""One run: one form's cars on one stretch of calls, event by event.

Calls wait by priority, then by time; nobody is interrupted. Of a few calls of one priority that
wait longest, a free car takes the nearest; the one that waits longest of all is passed over only so
many times. A call for two cars takes both at once: when it is first and only one is free it waits,
and what stands behind it waits with it. Service begins when the last car that was sent has arrived.
A car whose hours end finishes its call first.
"""

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from tocsin.posture.price.assumed import HOURS
from tocsin.posture.price.fleet import Flags, Fleet
from tocsin.posture.price.ground import Ground
from tocsin.posture.price.past import Indices, Numbers
from tocsin.posture.price.stretch import Stretch

_HOUR, _FREE, _HOME = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run measured, over the time that counts.

    Attributes:
        priority: of each call that came in that time.
        waited: minutes until cars were sent, for the same calls.
        responded: minutes until the last car that was sent arrived.
        busy_hours: car hours on calls.
        road_hours: car hours on the road by the roster.
        late_hours: car hours past the roster, to finish a call.
        second_hours: of the busy ones, those of second cars.
        uncovered: share of the time of today's beats in which none of their cars was free.
        queue: mean number of calls that wait.
        left_waiting: calls that wait when it ends.
    """

    priority: Indices
    waited: Numbers
    responded: Numbers
    busy_hours: float
    road_hours: float
    late_hours: float
    second_hours: float
    uncovered: float
    queue: float
    left_waiting: int


def run(stretch: Stretch, fleet: Fleet, seconds: Flags, ground: Ground) -> Outcome:
    """What happens; the same every time."""
    return _Run(stretch, fleet, seconds, ground).outcome()


class _Run:
    """The state between two events. Plain lists: they are read one at a time."""

    def __init__(self, stretch: Stretch, fleet: Fleet, seconds: Flags, ground: Ground) -> None:
        self.end = stretch.hours * 60.0
        self.at: list[float] = stretch.at.tolist()
        self.priority: list[int] = stretch.priority.tolist()
        self.service: list[float] = (stretch.service * fleet.pace).tolist()
        self.needs_two: list[bool] = seconds.tolist()
        self.stays = fleet.second_stays
        self.near_of = fleet.near_of
        self.passed = [0] * len(self.at)
        self.ground = ground
        self.homes: list[int] = fleet.homes.tolist()
        self.on_road: list[list[bool]] = fleet.on_road.T.tolist()
        self.wanted: list[list[bool]] = fleet.wanted.T.tolist()
        self.waited = [np.nan] * len(self.at)
        self.responded = [np.nan] * len(self.at)
        self.queue: list[tuple[int, int]] = []
        self.events: list[tuple[float, int, int, int]] = []
        self.first_hour = stretch.begins_hour
        self._stand_by()

    def _stand_by(self) -> None:
        """No car is on the road yet; the first hour brings them."""
        begin = self.at[0] if self.at else 0.0
        hour = int(min(0.0, begin) // 60)
        cars, beats = len(self.homes), len(self.wanted[0])
        self.is_due = [False] * cars  # on the road by the roster
        self.is_busy = [False] * cars
        self.trips = [0] * cars  # a drive home ends with the next call
        self.over_at = [0.0] * cars  # when the hours of a busy car were over
        self.free_in = [0] * beats
        self.bare_since = [hour * 60.0] * beats
        self.free = 0
        self.open = sum(0 <= at < self.end for at in self.at)
        self.busy = self.road = self.second = self.bare = self.owed = 0.0
        self.area = self.late = 0.0
        self.queued_at = hour * 60.0
        self.left_waiting = 0
        self.now_wanted = [False] * beats
        heappush(self.events, (hour * 60.0, _HOUR, hour, 0))

    def outcome(self) -> Outcome:
        """Run to the last call that counts."""
        events = self.events
        for call, at in enumerate(self.at):
            while events[0][0] <= at:
                self._happen(*heappop(events))
            if not self.queue and self.free > self.needs_two[call]:
                self._answer(at, call)
            else:
                self._count_queue(at)
                heappush(self.queue, (self.priority[call], call))
                self._send(at)
        while self.open or events[0][0] <= self.end:
            self._happen(*heappop(events))
        counts = [call for call, at in enumerate(self.at) if 0 <= at < self.end]
        return Outcome(
            priority=np.array([self.priority[call] for call in counts], dtype=np.int64),
            waited=np.array([self.waited[call] for call in counts]),
            responded=np.array([self.responded[call] for call in counts]),
            busy_hours=self.busy / 60,
            road_hours=self.road / 60,
            late_hours=self.late / 60,
            second_hours=self.second / 60,
            uncovered=self.bare / self.owed if self.owed else 0.0,
            queue=self.area / self.end,
            left_waiting=self.left_waiting,
        )

    def _happen(self, at: float, what: int, which: int, stamp: int) -> None:
        if what == _FREE:
            self._free(at, which, stamp)
        elif what == _HOUR:
            self._change_hour(at, which)
        elif self.trips[which] == stamp and not self.is_busy[which] and self.is_due[which]:
            self.ground.put_home(which)

    def _send(self, at: float) -> None:
        """Send cars while the first call in the queue can have all that it needs."""
        queue = self.queue
        while queue:
            if self.free < 1 + self.needs_two[queue[0][1]]:
                return
            self._count_queue(at)
            self._answer(at, self._next())

    def _next(self) -> int:
        """Take a call from the queue whose first could have all that it needs."""
        queue = self.queue
        rank, first = heappop(queue)
        if self.passed[first] >= self.near_of:
            return first
        some = [first]
        while queue and queue[0][0] == rank and len(some) < self.near_of:
            some.append(heappop(queue)[1])
        if len(some) == 1:
            return first
        sendable = [call for call in some if self.free > self.needs_two[call]]
        ways = [float(self.ground.minutes_to(call).min()) for call in sendable]
        chosen = sendable[ways.index(min(ways))]
        self.passed[first] += 1
        for call in some:
            if call != chosen:
                heappush(queue, (rank, call))
        return chosen

    def _answer(self, at: float, call: int) -> None:
        minutes = self.ground.minutes_to(call)
        first = int(minutes.argmin())
        way = float(minutes[first])
        self._take(at, first)
        second = -1
        if self.needs_two[call]:
            minutes[first] = np.inf
            second = int(minutes.argmin())
            way = max(way, float(minutes[second]))
            self._take(at, second)
        self.waited[call] = at - self.at[call]
        self.responded[call] = at + way - self.at[call]
        self.open -= 0 <= self.at[call] < self.end
        self._hold(at, at + way + self.service[call], first, call)
        if second >= 0:
            until = at + way + self.service[call] * self.stays
            self._hold(at, until, second, call)
            self.second += self._counted(at, until)

    def _hold(self, at: float, until: float, car: int, call: int) -> None:
        self.busy += self._counted(at, until)
        heappush(self.events, (until, _FREE, car, call))

    def _take(self, at: float, car: int) -> None:
        """The car is no longer free."""
        self.ground.take(car)
        self.is_busy[car] = True
        self._leave(at, self.homes[car])

    def _leave(self, at: float, beat: int) -> None:
        self.free -= 1
        self.free_in[beat] -= 1
        if not self.free_in[beat]:
            self.bare_since[beat] = at

    def _join(self, at: float, beat: int) -> None:
        self.free += 1
        if not self.free_in[beat]:
            self._count_bare(at, beat)
        self.free_in[beat] += 1

    def _free(self, at: float, car: int, call: int) -> None:
        """The car is done: free where it is, or off the road if its hours are over."""
        self.is_busy[car] = False
        if not self.is_due[car]:
            self.late += self._counted(self.over_at[car], at)
            return
        home_after = self.ground.put_at(car, call)
        self._join(at, self.homes[car])
        self.trips[car] += 1
        if home_after > 0:
            heappush(self.events, (at + home_after, _HOME, car, self.trips[car]))
        if self.queue:
            self._send(at)

    def _change_hour(self, at: float, hour: int) -> None:
        """Cars come and go by the roster; what is counted by the hour is counted."""
        if at == self.end:
            self.left_waiting = len(self.queue)
        of_week = (hour + self.first_hour) % HOURS
        for beat, free in enumerate(self.free_in):
            if not free:
                self._count_bare(at, beat)
        self.now_wanted = self.wanted[of_week]
        due = self.on_road[of_week]
        if 0 <= at < self.end:
            self.owed += 60.0 * sum(self.now_wanted)
            self.road += 60.0 * sum(due)
        for car, is_due in enumerate(due):
            if is_due != self.is_due[car]:
                self._change_duty(at, car, is_due=is_due)
        heappush(self.events, (at + 60.0, _HOUR, hour + 1, 0))
        self._send(at)

    def _change_duty(self, at: float, car: int, *, is_due: bool) -> None:
        self.is_due[car] = is_due
        if self.is_busy[car]:
            self.late += self._counted(self.over_at[car], at) if is_due else 0.0
            self.over_at[car] = at
        elif is_due:
            self.ground.put_home(car)
            self._join(at, self.homes[car])
        else:
            self.ground.take(car)
            self._leave(at, self.homes[car])

    def _count_bare(self, at: float, beat: int) -> None:
        """Count the time in which a beat of today's roster had no free car of its own."""
        if self.now_wanted[beat]:
            self.bare += self._counted(self.bare_since[beat], at)
        self.bare_since[beat] = at

    def _count_queue(self, at: float) -> None:
        if self.queue:
            self.area += len(self.queue) * self._counted(self.queued_at, at)
        self.queued_at = at

    def _counted(self, begin: float, end: float) -> float:
        """Minutes of this time that count."""
        return max(0.0, min(end, self.end) - max(begin, 0.0))
