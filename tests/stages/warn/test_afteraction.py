"""The after-action report: what is measured, who is missing, and what is not claimed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stories import BEGAN, a_person, a_story, a_version, after
from tocsin.warn import BulletinKind
from tocsin.warn.afteraction import (
    Interval,
    Means,
    Report,
    Spoken,
    Story,
    Version,
    Warned,
    after_action,
    exact_time,
    in_words,
    measure,
    sentences,
    timeline,
)

NOW = after(14 * 3600)


def report_on(story: Story) -> Report:
    return after_action(story, now=NOW)


def told(story: Story) -> str:
    return "\n".join(sentences(report_on(story)))


def interval(report: Report, end: str, version: int = 0) -> Interval:
    return next(one for one in report.intervals if (one.end, one.version) == (end, version))


def seconds(*lengths: float | None) -> list[timedelta | None]:
    return [None if one is None else timedelta(seconds=one) for one in lengths]


def test_written_and_oral_warnings_are_measured_apart() -> None:
    report = report_on(a_story())

    assert interval(report, "written warning", 1).first == timedelta(minutes=3)
    assert interval(report, "told by desk notice").first == timedelta(seconds=90)
    assert interval(report, "told by radio").first == timedelta(minutes=2)


def test_the_missing_stay_in_the_measure() -> None:
    one = interval(report_on(a_story()), "acknowledged", 1)

    assert (one.n, one.of) == (2, 3)
    assert [one.first, one.median, one.p90, one.last] == seconds(40, 100, None, 100)


def test_half_and_nine_in_ten_are_those_by_which_so_many_of_all_had_it() -> None:
    ten = [(BEGAN, after(n)) for n in range(1, 11)]

    whole = measure("a", "b", ten)
    assert [whole.first, whole.median, whole.p90, whole.last] == seconds(1, 5, 9, 10)
    halved = measure("a", "b", [*ten, *[(BEGAN, None)] * 10])
    assert [halved.first, halved.median, halved.p90, halved.last] == seconds(1, 10, None, 10)


def test_what_has_no_time_is_said_to_have_none() -> None:
    untimed = (Spoken(to="Harlow desk", means=Means.DESK), Spoken(to="Calder", means=Means.DESK))

    assert "Oral warning by desk notice: 2 are on record; no time is on record." in told(
        a_story(spoken=untimed)
    )
    nothing = told(a_story(spoken=(), drafted_at=None, stood_down_at=None))
    assert "none is on record. That does not say that there was none." in nothing
    assert "The first draft of a warning stood: no time is on record." in nothing
    assert "Stand-down: no time is on record." in nothing


def test_without_a_call_nothing_is_measured_from_it() -> None:
    report = report_on(a_story(call_began_at=None))

    assert interval(report, "written warning", 1).n == 0
    assert interval(report, "acknowledged", 1).n == 2
    assert "The beginning of a call is not on record" in "\n".join(sentences(report))


def test_times_in_the_wrong_order_are_counted_and_not_measured() -> None:
    story = a_story(sealed_at=after(30))
    one = interval(report_on(story), "recording sealed")

    assert (one.n, one.disordered, one.first) == (0, 1, None)
    assert 'From "call ended" to "recording sealed": 1 of 1 have their times in the wrong' in told(
        story
    )


def test_the_missing_are_named_with_their_agencies() -> None:
    assert "Version 1, not acknowledged: Kim (Harlow Police)." in told(a_story())
    many = tuple(a_person(f"Officer {n:03}") for n in range(50))
    said = told(a_story(versions=(a_version(people=many, messages=()),)))
    assert "Officer 019 (Harlow Police) and 30 more." in said


def test_a_correction_keeps_the_answers_that_stood() -> None:
    earlier = a_person("Reed", acknowledged_at=after(100))
    version = a_version(
        version=2,
        kind=BulletinKind.CORRECTION,
        people=(earlier, a_person("Kim")),
        messages=(),
    )
    report = report_on(a_story(versions=(version,)))

    assert interval(report, "acknowledged", 2).disordered == 0
    assert [one.name for one in report.missing] == ["Kim"]


def test_who_was_not_asked_is_not_missing() -> None:
    version = a_version(people=(a_person("Vale", must_acknowledge=False),), messages=())

    assert report_on(a_story(versions=(version,))).missing == ()
    assert "Version 1 asked nobody to acknowledge." in told(a_story(versions=(version,)))


def test_gateways_are_believed_only_in_what_they_said() -> None:
    assert (
        "Version 1: gateways took 2 of 3 messages and reported 1 as delivered; 1 failed; "
        "of 1 it is not on record whether they arrived." in told(a_story())
    )


def test_nothing_on_record_makes_a_report_too() -> None:
    empty = Story(number="B-1", center="North", zone="UTC", is_exercise=False)
    report = report_on(empty)

    assert "Written warning: none was released." in sentences(report)
    assert timeline(report).begins_at == NOW
    assert all(one.n == 0 for one in report.intervals)


def test_an_exercise_says_so_first() -> None:
    assert sentences(report_on(a_story(is_exercise=True)))[0] == "This was an exercise."


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (0, "0 s"),
        (1.5, "1.5 s"),
        (37, "37 s"),
        (59.7, "1 min"),
        (186, "3 min 6 s"),
        (7500, "2 h 5 min"),
        (97200, "1 d 3 h"),
    ],
)
def test_lengths_are_said_in_two_units(length: float, words: str) -> None:
    assert in_words(timedelta(seconds=length)) == words


def test_times_carry_their_offset() -> None:
    assert exact_time(BEGAN, "America/Denver") == "2026-03-01 21:02:06 (-07:00)"
    assert exact_time(BEGAN, "Asia/Kolkata") == "2026-03-02 09:32:06 (+05:30)"


def test_the_timeline_has_a_lane_for_each_kind_and_a_curve_of_the_answers() -> None:
    line = timeline(report_on(a_story()))
    lanes = {lane.name: lane for lane in line.lanes}

    assert [mark.label for mark in lanes["call"].marks] == [
        "began",
        "ended",
        "sealed",
        "transcript",
    ]
    assert lanes["told orally"].untimed == 1
    assert [mark.label for mark in lanes["told orally"].marks] == [
        "desk notice: Harlow desk",
        "radio: all units",
    ]
    assert [mark.label for mark in lanes["written"].marks] == [
        "draft",
        "version 1, alert",
        "expired",
        "stand-down",
    ]
    assert lanes["escalated"].marks[0].at == after(480)
    assert line.curves[0].of == 3
    assert line.curves[0].steps == ((after(220), 1), (after(280), 2))
    assert (line.begins_at, line.ends_at) == (BEGAN, after(13 * 3600))


MOMENTS = st.none() | st.integers(-500, 5000).map(after)


@st.composite
def people(draw: st.DrawFn) -> tuple[Warned, ...]:
    several = draw(st.lists(st.tuples(st.booleans(), MOMENTS, MOMENTS, MOMENTS), max_size=20))
    return tuple(
        a_person(
            f"P{n}",
            must_acknowledge=asked,
            seen_at=seen,
            acknowledged_at=acknowledged,
            escalated_at=escalated,
        )
        for n, (asked, seen, acknowledged, escalated) in enumerate(several)
    )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    versions = tuple(
        Version(
            version=n,
            kind=draw(st.sampled_from(list(BulletinKind))),
            released_at=after(draw(st.integers(-500, 5000))),
            people=draw(people()),
        )
        for n in range(1, draw(st.integers(1, 4)))
    )
    spoken = draw(st.lists(st.tuples(st.sampled_from(list(Means)), MOMENTS), max_size=5))
    return replace(
        a_story(versions=versions),
        call_began_at=draw(MOMENTS),
        call_ended_at=draw(MOMENTS),
        sealed_at=draw(MOMENTS),
        spoken=tuple(Spoken(to="x", means=means, told_at=at) for means, at in spoken),
        stood_down_at=draw(MOMENTS),
    )


@given(stories())
def test_no_interval_is_negative_and_none_counts_more_than_there_are(story: Story) -> None:
    for one in report_on(story).intervals:
        lengths = [one.first, one.median, one.p90, one.last]
        known = [length for length in lengths if length is not None]
        assert known == sorted(known)
        assert all(length >= timedelta(0) for length in known)
        assert one.n + one.disordered <= one.of
        assert (one.first is None) == (one.n == 0)


@given(stories())
def test_missing_is_exactly_who_was_asked_and_has_not_acknowledged(story: Story) -> None:
    found = {(one.version, one.key) for one in report_on(story).missing}

    assert found == {
        (version.version, one.key)
        for version in story.versions
        for one in version.people
        if one.must_acknowledge and one.acknowledged_at is None
    }


@given(stories())
def test_every_moment_on_the_timeline_lies_within_it(story: Story) -> None:
    line = timeline(report_on(story))
    moments: list[datetime] = [mark.at for lane in line.lanes for mark in lane.marks]
    moments += [at for curve in line.curves for at, _ in curve.steps]

    assert all(line.begins_at <= at <= line.ends_at for at in moments)
    assert all(len(curve.steps) <= curve.of for curve in line.curves)
    assert sentences(report_on(story))
