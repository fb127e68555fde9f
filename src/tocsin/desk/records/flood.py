"""How much of one units feed is taken in a second; what is more is refused before it is read."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.errors import TooMany

MESSAGES = 20
"""Messages of one source that this process takes in a second."""

ROWS = 10_000
"""Rows of one source that this process takes in a second."""

SAID_EVERY = timedelta(seconds=5)
"""A flood is written down this often, not for each message of it."""


@dataclass(slots=True)
class _Second:
    """What came of a source in one second of the clock."""

    number: int
    messages: int = 0
    rows: int = 0


class Floodgate:
    """Counts what comes, source by source; it remembers one second of each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[int, _Second] = {}
        self._said: dict[int, datetime] = {}

    def admit_message(self, source: int, *, now: datetime) -> None:
        """Return where one more message of the source may be read now.

        Raises:
            TooMany: too many came in this second.
        """
        with self._lock:
            second = self._second(source, now)
            second.messages += 1
            if second.messages > MESSAGES:
                raise TooMany(
                    f"The feed sends more than {MESSAGES} messages a second; this one is not read.",
                    way_out="Put more units into one message, and send fewer of them.",
                )

    def admit_rows(self, source: int, rows: int, *, now: datetime) -> None:
        """Return where so many more rows of the source may be taken now.

        Raises:
            TooMany: too many came in this second.
        """
        with self._lock:
            second = self._second(source, now)
            if second.rows + rows > ROWS:
                raise TooMany(
                    f"The feed sends more than {ROWS:,} rows a second; this message is not taken.",
                    way_out="Send each unit once a second at the most.",
                )
            second.rows += rows

    def is_news(self, source: int, *, now: datetime) -> bool:
        """Whether the flood of this source was not written down a moment ago."""
        with self._lock:
            said = self._said.get(source)
            if said is not None and timedelta(0) <= now - said < SAID_EVERY:
                return False
            self._said[source] = now
            return True

    def _second(self, source: int, now: datetime) -> _Second:
        number = int(now.timestamp())
        second = self._seconds.get(source)
        if second is None or second.number != number:
            second = self._seconds[source] = _Second(number)
        return second
