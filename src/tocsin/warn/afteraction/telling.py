"""Says a report in sentences, none of which claims more than is on record."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tocsin.warn.afteraction.measuring import Interval, Missing, Report
from tocsin.warn.afteraction.story import Means, Spoken, Story, Version

NAMED = 20
"""Names in one sentence; the tables have all of them."""


def sentences(report: Report) -> tuple[str, ...]:
    """The report in sentences, in the order in which things happened."""
    story = report.story
    return (
        *_opening(report),
        *_call(story),
        *_oral(story),
        *_written(report),
        *_ending(story),
        *_disorder(report.intervals),
    )


def in_words(length: timedelta) -> str:
    """A length of time in its two largest units: `37 s`, `3 min 6 s`, `2 h 5 min`, `1 d 3 h`."""
    seconds = length.total_seconds()
    if seconds < 10 and seconds != int(seconds):
        return f"{seconds:.1f} s"
    whole = round(seconds)
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    at = next((n for n, (_, size) in enumerate(units) if whole >= size), len(units) - 1)
    parts: list[str] = []
    rest = whole
    for name, size in units[at : at + 2]:
        count, rest = divmod(rest, size)
        parts.append(f"{count} {name}" if count or not parts else "")
    return " ".join(part for part in parts if part)


def exact_time(moment: datetime, zone: str) -> str:
    """A moment to the second with its offset: `2026-03-01 21:05:06 (-07:00)`."""
    local = moment.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} ({offset[:3]}:{offset[3:5]})"


def _opening(report: Report) -> Iterator[str]:
    story = report.story
    if story.is_exercise:
        yield "This was an exercise."
    at = exact_time(report.as_of, story.zone)
    yield f"This is what was on record at {at}; what was not entered is not in it."


def _call(story: Story) -> Iterator[str]:
    began, ended = story.call_began_at, story.call_ended_at
    if began is None:
        yield "The beginning of a call is not on record: nothing is measured from it."
    else:
        lasted = f" and lasted {in_words(ended - began)}" if ended and ended >= began else ""
        yield f"The call began {exact_time(began, story.zone)}{lasted}."
    for what, moment in (
        ("recording was sealed", story.sealed_at),
        ("first transcript stood", story.heard_at),
    ):
        yield _after(f"The {what}", ended, moment, "the call ended")
    yield _after("The first draft of a warning stood", began, story.drafted_at, "the call began")


def _after(what: str, since: datetime | None, moment: datetime | None, start: str) -> str:
    if moment is None:
        return f"{what}: no time is on record."
    if since is None or moment < since:
        return f"{what.rstrip(',')}: how long after {start} cannot be told from the record."
    return f"{what} {in_words(moment - since)} after {start}."


def _oral(story: Story) -> Iterator[str]:
    for means in Means:
        told = [one for one in story.spoken if one.means is means]
        yield f"Oral warning by {means}: {_oral_of(story, told)}"


def _oral_of(story: Story, told: Sequence[Spoken]) -> str:
    if not told:
        return "none is on record. That does not say that there was none."
    times = sorted(one.told_at for one in told if one.told_at)
    if not times:
        return f"{_count(len(told), 'is', 'are')} on record; no time is on record."
    without = len(told) - len(times)
    rest = f", {without} without a time" if without else ""
    began, first = story.call_began_at, times[0]
    after = f", {in_words(first - began)} after the call began" if began and first >= began else ""
    last = f"; the last {exact_time(times[-1], story.zone)}" if len(times) > 1 else ""
    on_record = _count(len(told), "is", "are")
    return f"{on_record} on record{rest}; the first {exact_time(first, story.zone)}{after}{last}."


def _written(report: Report) -> Iterator[str]:
    story = report.story
    if not story.versions:
        yield "Written warning: none was released."
    for version in story.versions:
        at = exact_time(version.released_at, story.zone)
        yield _after(
            f"Written warning, version {version.version} ({version.kind}), was released {at},",
            story.call_began_at,
            version.released_at,
            "the call began",
        )
        yield from _reach(version, report)


def _reach(version: Version, report: Report) -> Iterator[str]:
    """How far one version came, with everybody who is missing."""
    name = f"Version {version.version}"
    if version.messages:
        yield _handed(name, version)
    asked = [one for one in version.people if one.must_acknowledge]
    if not asked:
        yield f"{name} asked nobody to acknowledge."
        return
    answered = sum(not one.is_missing for one in asked)
    interval = next(
        one
        for one in report.intervals
        if one.version == version.version and one.end == "acknowledged"
    )
    yield f"{name}: {answered} of {len(asked)} have acknowledged{_pace(interval)}."
    missing = [one for one in report.missing if one.version == version.version]
    if missing:
        yield f"{name}, not acknowledged: {_names(missing)}."


def _handed(name: str, version: Version) -> str:
    of = len(version.messages)
    sent = sum(one.sent_at is not None for one in version.messages)
    delivered = sum(one.delivered_at is not None for one in version.messages)
    failed = sum(one.failed_at is not None for one in version.messages)
    unknown = sum(one.delivered_at is None and one.failed_at is None for one in version.messages)
    return (
        f"{name}: gateways took {sent} of {of} messages and reported {delivered} as delivered; "
        f"{failed} failed; of {unknown} it is not on record whether they arrived."
    )


def _pace(interval: Interval) -> str:
    if not interval.n or interval.last is None:
        return ""
    half, most = _reached(interval.median), _reached(interval.p90)
    last = in_words(interval.last)
    return f": half of all {half}, nine in ten of all {most}; the last answer came after {last}"


def _reached(length: timedelta | None) -> str:
    return "not reached" if length is None else f"within {in_words(length)}"


def _names(missing: Sequence[Missing]) -> str:
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    return ", ".join(f"{one.name} ({one.agency})" for one in missing[:NAMED]) + more


def _ending(story: Story) -> Iterator[str]:
    if story.end is None:
        yield "No end of the bulletin is on record."
    else:
        at = exact_time(story.ended_at, story.zone) if story.ended_at else "at a time not on record"
        yield f"The bulletin was {_ended(story.end)} {at}."
    if story.stood_down_at is None:
        yield "Stand-down: no time is on record."
    else:
        yield f"Stand-down: {exact_time(story.stood_down_at, story.zone)}."


def _ended(end: str) -> str:
    return "not renewed and expired" if end == "expired" else end


def _disorder(intervals: Iterable[Interval]) -> Iterator[str]:
    for one in intervals:
        if one.disordered:
            version = f" of version {one.version}" if one.version else ""
            yield (
                f'From "{one.start}" to "{one.end}"{version}: {one.disordered} of {one.of} have '
                "their times in the wrong order on record, and are not measured."
            )


def _count(n: int, one: str, several: str) -> str:
    return f"{n} {one if n == 1 else several}"
