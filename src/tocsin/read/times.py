"""Finds when, and puts it into a fixed form where the call's own start leaves no doubt."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tocsin.read.mentions import merged
from tocsin.read.passage import Mention, Passage
from tocsin.read.pattern import Hit, lexicon
from tocsin.read.statement import Field
from tocsin.read.tokens import Gap

LONGEST_EVENT = 9
NOON = 12
HALF_DAY = 12
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
_UNITS = {"min": 60, "mins": 60, "minute": 60, "minutes": 60, "hour": 3600, "hours": 3600}
_WORD_COUNTS = {"a": 1.0, "an": 1.0, "half": 0.5, "twenty": 20.0, "thirty": 30.0, "forty": 40.0}


def times(passage: Passage, started_at: datetime | None) -> list[Mention]:
    """Every time that the caller names, in order."""
    found = []
    for hit in lexicon("times.txt").search(passage.tokens):
        end = _event_end(passage, hit) if hit.rule == "event" else hit.end
        spoken = passage.words(hit.start, end)
        fixed = _fixed(hit.rule, spoken, started_at) if started_at else None
        found.append(
            Mention(
                field=Field.TIME,
                start=hit.start,
                end=end,
                rule=f"time_{hit.rule}",
                normalised=fixed.isoformat() if fixed else "",
            )
        )
    return merged(found)


def _event_end(passage: Passage, hit: Hit) -> int:
    """The end of the clause that tells the event: "when she comes out for her smoke"."""
    end = hit.end
    clause = passage.clause_of[end - 1]
    while end < len(passage.tokens) and end - hit.start < LONGEST_EVENT:
        is_new = passage.clause_of[end] != clause
        if passage.tokens[end].gap >= Gap.PAUSE or (is_new and end > hit.start + 2):
            break
        clause = passage.clause_of[end]
        end += 1
    return end


def _fixed(rule: str, spoken: Sequence[str], started_at: datetime) -> datetime | None:
    if rule == "delay":
        seconds = _seconds(spoken)
        return started_at + timedelta(seconds=seconds) if seconds else None
    return _moment(spoken, started_at) if rule == "moment" else None


def _seconds(spoken: Sequence[str]) -> float:
    """The length of "in ten minutes", "an hour", "half an hour"; 0 where it is vague."""
    unit = next((_UNITS[word] for word in spoken if word in _UNITS), 0)
    counts = [count for word in spoken if (count := _count(word)) is not None]
    if not unit or not counts or "few" in spoken or "couple" in spoken:
        return 0
    return unit * (0.5 if "half" in spoken else counts[0])


def _count(word: str) -> float | None:
    if word.isascii() and word.isdigit():
        return float(word)
    if word in _NUMBERS:
        return float(_NUMBERS.index(word))
    return _WORD_COUNTS.get(word)


def _moment(spoken: Sequence[str], started_at: datetime) -> datetime | None:
    day = _day(spoken, started_at)
    clock = _clock(spoken)
    if day is None or clock is None:
        return None
    hour, minute = clock
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _day(spoken: Sequence[str], started_at: datetime) -> datetime | None:
    if "tomorrow" in spoken:
        return started_at + timedelta(days=1)
    if "tonight" in spoken or "today" in spoken:
        return started_at
    weekday = next((_DAYS.index(word) for word in spoken if word in _DAYS), None)
    if weekday is None or weekday == started_at.weekday():
        return None
    return started_at + timedelta(days=(weekday - started_at.weekday()) % 7)


def _clock(spoken: Sequence[str]) -> tuple[int, int] | None:
    """Hour and minute on the 24-hour clock; None where the half of the day is not said."""
    if "noon" in spoken:
        return NOON, 0
    for word in spoken:
        if word[:1].isdigit() and word.isascii():
            return _digits(word, spoken)
        if word in _NUMBERS[1 : NOON + 1]:
            return _half_of_day(_NUMBERS.index(word), 0, spoken)
    return None


def _digits(word: str, spoken: Sequence[str]) -> tuple[int, int] | None:
    parts = word.replace(".", ":").split(":")
    if len(parts) == 1 and len(word) == len("1500"):
        parts = [word[:2], word[2:]]
        is_military = True
    else:
        is_military = False
    if not all(part.isdigit() for part in parts):
        return None
    hour, minute = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
    if hour >= 24 or minute >= 60:
        return None
    return (hour, minute) if is_military or hour > NOON else _half_of_day(hour, minute, spoken)


def _half_of_day(hour: int, minute: int, spoken: Sequence[str]) -> tuple[int, int] | None:
    said = set(spoken)
    if said & {"pm", "afternoon", "evening", "tonight"} or ("p" in said and "m" in said):
        is_late = True
    elif said & {"am", "morning"} or ("a" in said and "m" in said):
        is_late = False
    else:
        return None
    return hour % HALF_DAY + (HALF_DAY if is_late else 0), minute
