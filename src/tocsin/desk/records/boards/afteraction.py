"""The after-action report of one bulletin, for the page and the paper."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.desk.records.models import Threat
from tocsin.desk.records.story import numbers_of, story_of
from tocsin.warn.afteraction import Interval, Report, after_action, in_words, sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalLine:
    """One interval with its lengths in words; `version` 0 is about all of it."""

    start: str
    end: str
    version: int
    n: int
    of: int
    lengths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage:
    """What the page of a report shows.

    Attributes:
        report: what is on record, measured.
        numbers: of all released bulletins of the threat, the last one first.
        sentences: the report in words.
        intervals: those of which anything should have happened.
    """

    report: Report
    numbers: tuple[str, ...]
    sentences: tuple[str, ...]
    intervals: tuple[IntervalLine, ...]


def report_of(threat: Threat, number: str, *, now: datetime) -> Report:
    """The report on this bulletin, or on the last one where none is named.

    Raises:
        NotFound: the threat has no released bulletin of this number.
    """
    numbers = numbers_of(threat)
    return after_action(story_of(threat, number or next(iter(numbers), "")), now=now)


def report_page(threat: Threat, number: str, *, now: datetime) -> ReportPage:
    """The same, with its sentences and its table.

    Raises:
        NotFound: the threat has no released bulletin of this number.
    """
    report = report_of(threat, number, now=now)
    return ReportPage(
        report=report,
        numbers=tuple(numbers_of(threat)),
        sentences=sentences(report),
        intervals=tuple(_line(one) for one in report.intervals if one.of),
    )


def _line(one: Interval) -> IntervalLine:
    lengths = (one.first, one.median, one.p90, one.last)
    return IntervalLine(
        start=one.start,
        end=one.end,
        version=one.version,
        n=one.n,
        of=one.of,
        lengths=tuple(_length(length, one) for length in lengths),
    )


def _length(length: timedelta | None, one: Interval) -> str:
    if length is not None:
        return in_words(length)
    return "not reached" if one.n else "not on record"
