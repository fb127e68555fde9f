"""Histories and rosters from files of others: read within bounds, or refused by row and column."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import posture_price as measured
from tests.reference import needs
from tocsin.errors import InputError, TooLarge
from tocsin.posture.price import Columns, read_history, read_roster
from tocsin.posture.price import table as tables

COLUMNS = Columns(
    zone="America/Denver",
    at="Time",
    kind="Type",
    priority="Pri",
    beat="Beat",
    longitude="X",
    latitude="Y",
    service_minutes="Minutes",
    number="No",
)
HEAD = "No,Time,Type,Pri,Beat,X,Y,Minutes\n"
GOOD = '7,2024-03-04 10:00:00,"FIGHT, BAR",1,adam,-104.8,39.7,31.5\n'


def read(*lines: str, columns: Columns = COLUMNS) -> object:
    return read_history((HEAD + "".join(lines)).encode(), columns)


def test_a_call_is_read_by_the_declared_columns() -> None:
    found = read_history((HEAD + GOOD).encode(), COLUMNS)

    (call,) = found.history.calls
    assert call.at == datetime(2024, 3, 4, 17, tzinfo=UTC)
    assert (call.priority, call.kind, call.beat) == (1, "FIGHT, BAR", "adam")
    assert call.place == (-104.8, 39.7)
    assert call.service_minutes == 31.5


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("8,yesterday,FIGHT,1,adam,-104.8,39.7,3\n", "Line 3, column 'Time'"),
        ("8,0999-01-01,FIGHT,1,adam,-104.8,39.7,3\n", "Line 3, column 'Time'"),
        ("8,2024-03-04,,1,adam,-104.8,39.7,3\n", "Line 3, column 'Type': it is empty"),
        ("8,2024-03-04,FIGHT,0,adam,-104.8,39.7,3\n", "Line 3, column 'Pri'"),
        ("8,2024-03-04,FIGHT,urgent,adam,-104.8,39.7,3\n", "Line 3, column 'Pri'"),
        ("8,2024-03-04,FIGHT,1,adam,west,39.7,3\n", "Line 3, column 'X'"),
        ("8,2024-03-04,FIGHT,1,adam,nan,39.7,3\n", "Line 3, column 'X'"),
        ("8,2024-03-04,FIGHT,1,adam,39.7,-104.8,3\n", "seem to be swapped"),
        ("8,2024-03-04,FIGHT,1,adam,-104.8,39.7,long\n", "Line 3, column 'Minutes'"),
        ("8,2024-03-04,FIGHT,1,adam,-104.8,39.7,inf\n", "Line 3, column 'Minutes'"),
        ("8,2024-03-04,FIGHT\n", "Line 3 has 3 fields"),
        ('8,"2024-03-04,FIGHT\n', "Line 3 is not CSV"),
        ("8,2024-03-04," + "X" * 3000 + ",1,adam,-104.8,39.7,3\n", "more than 2000 characters"),
    ],
)
def test_a_fault_is_named_by_its_row_and_column(line: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(GOOD, line)


def test_values_that_cannot_be_true_count_as_not_known() -> None:
    found = read_history(
        (HEAD + GOOD + "8,2024-03-04,A,2,,,,-5\n9,2024-03-04,A,2,,-400,-390,3\n").encode(), COLUMNS
    )

    assert [one.service_minutes for one in found.history.calls] == [None, 3.0, 31.5]
    assert found.history.calls[1].place is None
    assert found.doubts == (
        "1 service times are below 0 or over a day (first in line 3); taken as not known.",
        "1 places are not on the earth (first in line 4); taken as not known.",
    )


def test_a_row_that_comes_again_and_a_type_that_is_no_call_are_left_out_and_counted() -> None:
    columns = Columns(
        zone="UTC", at="Time", kind="Type", priority="Pri", number="No",
        leave_out=frozenset({"MEAL"}),
    )  # fmt: skip
    raw = HEAD + GOOD + GOOD + "8,2024-03-04,MEAL,1,,,,\n"

    found = read_history(raw.encode(), columns)

    assert (found.rows, len(found.history.calls), found.repeated) == (3, 1, 1)
    assert found.left_out == {"MEAL": 1}


def test_a_priority_may_be_a_word_that_the_center_declares() -> None:
    columns = Columns(zone="UTC", at="Time", kind="Type", priority="Type", priorities={"FIGHT": 1})
    with pytest.raises(InputError, match="'MEAL', whose priority is not declared"):
        read_history((HEAD + "8,2024-03-04,MEAL,1,,,,\n").encode(), columns)


def test_service_is_what_lies_between_arriving_and_clearing_also_when_clocks_change() -> None:
    columns = Columns(
        zone="America/Denver", at="at", kind="k", priority="p", arrived="on", cleared="off"
    )
    raw = (
        "at,k,p,on,off\n"
        "2024-03-10 01:00,A,1,2024-03-10 01:30,2024-03-10 03:30\n"  # 02:00 is not there
        "2024-03-11 01:00,A,1,2024-03-11 01:30,2024-03-11 03:30\n"
        "2024-03-12 01:00,A,1,,2024-03-11 03:30\n"
    )

    found = read_history(raw.encode(), columns)

    assert [one.service_minutes for one in found.history.calls] == [60.0, 120.0, None]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "0 names of columns"),
        (b"\xff\xfe\x00", "Line 1 is not UTF-8"),
        (b"No,Time\n1,\x00\n", "Line 2 holds a byte of value 0"),
        (b"Time,Time\n", "stands twice"),
        (b"Time,Type\n", "no column 'Pri'"),
    ],
)
def test_what_is_no_such_file_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_history(raw, COLUMNS)


def test_a_file_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLarge):
        read_history(b"x" * (tables.MOST_BYTES + 1), COLUMNS)
    with pytest.raises(TooLarge):
        list(tables.rows_of(b"a\n" + b"1\n" * 11, ("a",), most=10))


@pytest.mark.parametrize(
    "columns",
    [
        Columns(zone="Mars/Olympus", at="a", kind="b", priority="c"),
        Columns(zone="UTC", at="", kind="b", priority="c"),
        Columns(zone="UTC", at="a", kind="b", priority="c", longitude="x"),
        Columns(zone="UTC", at="a", kind="b", priority="c", other_priority=12),
    ],
)
def test_columns_that_cannot_be_declared_are_refused(columns: Columns) -> None:
    with pytest.raises(InputError):
        read_history(b"a,b,c\n2024-01-01,A,1\n", columns)


_TEXT = st.text(max_size=200)


@given(raw=st.binary(max_size=200) | _TEXT.map(lambda text: (HEAD + text).encode()))
def test_no_file_leaks_another_error(raw: bytes) -> None:
    for reader in (lambda: read_history(raw, COLUMNS), lambda: read_roster(raw)):
        with suppress(InputError):
            reader()


# --- rosters ---

ROSTER = "beat,days,from,to,cars,officers,longitude,latitude,neighbours\n"


def test_a_roster_adds_up_its_rows_and_goes_on_past_midnight() -> None:
    rows = (
        "adam,mon-fri,6,14,2,2,-104.8,39.7,",
        "adam,fri-sun,22,6,1,2,,,",
        "baker,all,0,24,1,1,,,adam",
    )
    raw = ROSTER + "\n".join(rows)

    adam, baker = read_roster(raw.encode()).beats

    assert adam.cars[5:7] == (1, 2)  # Monday: Sunday's night shift until 6, then the early one
    assert adam.cars[22] == 0  # Monday night
    assert adam.cars[4 * 24 + 22] == 1  # Friday night
    assert adam.officers[5] == 2
    assert adam.centre == (-104.8, 39.7)
    assert baker.cars == (1,) * 168
    assert baker.neighbours == ("adam",)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("adam,someday,6,14,2,2,,,\n", "Line 2, column 'days'"),
        ("adam,mon,6,6,2,2,,,\n", "Line 2, column 'to'"),
        ("adam,mon,6,25,2,2,,,\n", "Line 2, column 'to'"),
        ("adam,mon,6,14,-2,2,,,\n", "Line 2, column 'cars'"),
        ("adam,mon,6,14,2,1,,,\n", "'adam' has 1 officers in 2 cars in hour 6"),
        ("adam,mon,6,14,2,2,39.7,-104.8,\n", "are both swapped"),
        ("adam,mon,6,14,2,2,,,nowhere\n", "touches 'nowhere'"),
        ("adam,mon,6,14,0,0,,,\n", "no car in any hour"),
        ("", "0 beats"),
    ],
)
def test_a_roster_that_cannot_be_is_refused(line: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_roster((ROSTER + line).encode())


# --- real calls ---


@needs("incidents", "milwaukee_calls_for_service.csv.gz")
def test_three_weeks_of_real_calls_have_a_price() -> None:
    reading = measured.real_history()
    rows = gzip.decompress(measured.CALLS.read_bytes()).count(b"\n") - 1

    found = measured.real_price(reading, replications=4)

    assert reading.rows == rows
    assert len(reading.history.calls) + sum(reading.left_out.values()) == rows
    today, pairs, two, both = found.forms
    assert found.days >= 19
    calls = today.figure("calls")
    assert calls is not None
    assert calls.mean == pytest.approx(found.calls / found.days * 7, rel=0.05)
    for form in (pairs, two, both):
        slower = form.difference("response_mean", 1)
        assert slower is not None
        assert slower.low > 0
    assert any("is assumed, not known" in one for one in found.assumptions)
