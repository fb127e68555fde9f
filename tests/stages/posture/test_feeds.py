"""Units feeds: bytes in, reports and refused rows out; a bad row never spoils the others."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.reference import REFERENCE, needs
from tests.stages.posture.patrol import LIMITS, NOW
from tocsin.errors import BadUnits, SetupError
from tocsin.posture import (
    FEEDS,
    Assignment,
    Batch,
    CrewRole,
    DoubtKind,
    Member,
    Position,
    Status,
    UnitKind,
    UnitsFeed,
    open_parser,
    take,
)
from tocsin.posture.feed import LARGEST, MOST_ROWS
from tocsin.posture.shape import made_of, row_check

FEED = UnitsFeed(name="cad", agency="harlow")
EIDO = ("standards", "eido", "Samples", "Sample call transfer EIDO.json")


def row(**more: Any) -> dict[str, Any]:
    return {"call_sign": "C12", "reported_at": NOW.isoformat(), **more}


def native(value: Any, feed: UnitsFeed = FEED) -> Batch:
    return open_parser("native")(json.dumps(value).encode(), feed, now=NOW)


def table(text: str, feed: UnitsFeed = FEED) -> Batch:
    return open_parser("csv")(text.encode(), feed, now=NOW)


def eido(value: Any, feed: UnitsFeed = FEED) -> Batch:
    return open_parser("eido")(json.dumps(value).encode(), feed, now=NOW)


@pytest.mark.parametrize("name", sorted(FEEDS))
@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe\x00", b"[" * 100_000, b"null", b'"x"', b"{}", b" " * (LARGEST + 1)]
)
def test_what_is_no_message_is_refused_as_a_whole(name: str, raw: bytes) -> None:
    with pytest.raises(BadUnits):
        open_parser(name)(raw, FEED, now=NOW)


@pytest.mark.parametrize("name", sorted(FEEDS))
@given(st.binary(max_size=300))
def test_no_bytes_make_a_parser_fail_in_another_way(name: str, raw: bytes) -> None:
    try:
        open_parser(name)(raw, FEED, now=NOW)
    except BadUnits:
        return


def test_a_feed_that_nobody_knows_is_said() -> None:
    with pytest.raises(SetupError, match="telepathy"):
        open_parser("telepathy")


def test_a_full_row_becomes_a_report() -> None:
    full = row(
        agency="calder",
        kind="car",
        status="On Scene",
        crew=[
            {"person": "p1", "name": "Reed", "role": "officer"},
            {"person": "p2", "role": "trainee", "away_since": "2026-03-02T04:00:00Z"},
        ],
        crew_count=2,
        position={"lat": 39.7, "lon": -104.9, "accuracy_m": 8},
        assignment={"call": "26-1", "type": "alarm", "lat": 39.8, "lon": -104.8},
    )
    [one] = native({"units": [full]}).reports

    assert (one.key, one.kind, one.status, one.crew_count) == (
        "calder/C12",
        UnitKind.CAR,
        Status.ON_SCENE,
        2,
    )
    assert one.members == (
        Member(person="p1", name="Reed", role=CrewRole.OFFICER),
        Member(
            person="p2",
            role=CrewRole.TRAINEE,
            away_since=datetime(2026, 3, 2, 4, tzinfo=UTC),
        ),
    )
    assert one.position == Position(lon=-104.9, lat=39.7, at=NOW, accuracy_m=8.0)
    assert one.assignment == Assignment(
        call="26-1", type="alarm", position=Position(lon=-104.8, lat=39.8, at=NOW)
    )


@pytest.mark.parametrize("value", [row(), [row()], {"units": [row()]}])
def test_one_row_a_list_and_an_object_are_messages(value: object) -> None:
    assert len(native(value).reports) == 1


def test_no_call_is_something_else_than_nothing_said() -> None:
    [none, silent] = native([row(assignment=None), row(call_sign="C13")]).reports

    assert (none.ends_assignment, silent.ends_assignment) == (True, False)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"call_sign": ""}, "call_sign is empty"),
        ({"call_sign": "a/b"}, "call_sign"),
        ({"call_sign": "x" * 33}, "call_sign is longer than 32"),
        ({"reported_at": "yesterday"}, "reported_at is 'yesterday'"),
        ({"reported_at": "2026-03-02T04:05:06"}, "offset"),
        ({"reported_at": "0001-01-01T00:00:00+23:59"}, "reported_at"),
        ({"kind": "spaceship"}, "kind is 'spaceship', not one of"),
        ({"crew_count": -1}, "crew_count is not from 0 to 99"),
        ({"crew_count": True}, "crew_count is not a whole number"),
        ({"crew": [{"name": "x"}]}, "crew[0].person is missing"),
        ({"crew": [{"person": "x"}, {"person": "x"}]}, "crew[1].person is 'x' for the second"),
        ({"crew": [{"person": "x", "role": "boss"}]}, "crew[0].role is 'boss'"),
        ({"position": {"lat": "39.7", "lon": 1}}, "position.lat is not a number"),
        ({"position": {"lat": float("nan"), "lon": 1}}, "position.lat is not a number"),
        ({"position": {"lat": float("inf"), "lon": 1}}, "position.lat is not a number"),
        ({"position": {"lat": 10**400, "lon": 1}}, "position.lat is not a number"),
        ({"call_sign": "C\ud800"}, "holds characters that it cannot have"),
        ({"call_sign": "C12\n"}, "holds characters that it cannot have"),
        ({"call_sign": "C\0"}, "holds characters that it cannot have"),
        ({"assignment": {"call": 5}}, "assignment.call is not text"),
        ({"surprise": 1}, "'surprise' is no field"),
    ],
)
def test_a_bad_row_names_its_field_and_spoils_no_other(bad: dict[str, Any], words: str) -> None:
    batch = native([row(call_sign="C1"), row(**bad), row(call_sign="C2"), 7])

    assert [one.call_sign for one in batch.reports] == ["C1", "C2"]
    assert [one.row for one in batch.refused] == [2, 4]
    assert words in batch.refused[0].reason
    assert batch.refused[0].call_sign.isprintable()


def test_a_row_without_an_agency_needs_one_of_the_feed() -> None:
    [refused] = native([row()], UnitsFeed(name="cad")).refused

    assert "agency is missing" in refused.reason


def test_a_feed_that_floods_is_refused() -> None:
    with pytest.raises(BadUnits, match="more than 10,000 rows"):
        native([row()] * (MOST_ROWS + 1))


def test_a_unit_of_an_agency_that_nobody_knows_is_kept_and_doubted() -> None:
    feed = UnitsFeed(name="cad", agencies=frozenset({"harlow"}))
    [one] = native([row(agency="mars")], feed).reports

    assert [doubt.kind for doubt in one.doubts] == [DoubtKind.AGENCY]
    assert "'mars'" in one.doubts[0].text


def test_two_things_said_of_one_call_sign_at_once_are_doubted_and_repeats_are_one() -> None:
    doubled = native([row(status="break"), row(status="available")]).reports
    repeated = native([row(), row()]).reports

    assert {doubt.kind for one in doubled for doubt in one.doubts} == {DoubtKind.CALL_SIGN}
    assert len(repeated) == 1


def test_a_word_for_a_status_that_nobody_explained_is_not_known() -> None:
    feed = UnitsFeed(name="cad", agency="harlow", statuses={"10-7": "break"})
    words = ["10-7", "10-99", "In Quarters", "EN_ROUTE"]
    said = [
        one.status
        for one in native([row(status=word, call_sign=word) for word in words], feed).reports
    ]

    assert said == [Status.BREAK, Status.NOT_KNOWN, Status.STATION, Status.EN_ROUTE]


def test_swapped_positions_go_through_the_parser_and_stop_at_the_unit() -> None:
    [one] = native([row(position={"lat": -104.9, "lon": 39.7})]).reports
    taken = take(None, one, NOW, LIMITS)

    assert taken.position is None
    assert "swapped" in taken.doubts[0].text


def test_the_fast_check_knows_every_word_of_its_schema() -> None:
    with pytest.raises(SetupError, match="oneOf"):
        made_of({"oneOf": []})


SCHEMA = json.loads(
    files("tocsin.posture").joinpath("unit-report.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 101),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "car", "officer", "x y", "a\x01b", "x" * 90, " "]),
)


def objects(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that mostly fit a schema, and now and then do not."""
    if "properties" in schema:
        inner = {name: objects(one) for name, one in schema["properties"].items()}
        inner["strange"] = scalars
        needed = {name: inner.pop(name) for name in schema.get("required", ())}
        return st.one_of(st.fixed_dictionaries(needed, optional=inner), scalars)
    if "items" in schema:
        return st.one_of(st.lists(objects(schema["items"]), max_size=3), scalars)
    return scalars


@given(objects(SCHEMA))
def test_the_fast_check_and_a_full_validator_judge_alike(value: Any) -> None:
    assert (row_check()(value, "") == "") == VALIDATOR.is_valid(value)


def test_a_table_becomes_reports() -> None:
    batch = table(
        "call_sign,reported_at,kind,status,crew,crew_count,lat,lon,call,call_type\n"
        "C12,2026-03-02T04:05:06Z,Car,on scene,p1:officer:Reed; p2,2,39.7,-104.9,26-1,alarm\n"
        "C13,2026-03-02T04:05:06Z,car,available,,0,,,,\n"
    )
    one, other = batch.reports

    assert [member.shown for member in one.members or ()] == ["Reed", "p2"]
    assert (one.crew_count, one.status) == (2, Status.ON_SCENE)
    assert one.position == Position(lon=-104.9, lat=39.7, at=NOW.replace(microsecond=0))
    assert one.assignment == Assignment(call="26-1", type="alarm")
    assert (other.crew_count, other.members, other.ends_assignment) == (0, None, True)
    assert other.position is None


def test_a_table_may_have_other_columns_another_mark_and_local_times() -> None:
    feed = UnitsFeed(
        name="cad",
        agency="harlow",
        zone="America/Denver",
        columns={"call_sign": "Unit ID", "reported_at": "Stamp"},
    )
    [one] = table("\ufeffUnit ID;Stamp;Other\nC12;2026-03-01 21:05:06;x\n", feed).reports

    assert one.reported_at == NOW
    assert one.assignment is None
    assert not one.ends_assignment


def test_a_local_time_that_clocks_show_twice_is_doubted() -> None:
    feed = UnitsFeed(name="cad", agency="harlow", zone="America/Denver")
    late = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    text = "call_sign,reported_at\nC12,2026-11-01T01:30:00\n"
    [one] = open_parser("csv")(text.encode(), feed, now=late).reports

    assert one.reported_at == late
    assert [doubt.kind for doubt in one.doubts] == [DoubtKind.CLOCK]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("C13,2026-03-02T04:05:06Z,north,1", "lat is 'north', which is no number"),
        ("C13,2026-03-02T04:05:06Z,39.7,", "position.lon is missing"),
        ("C13,2026-03-02T04:05:06Z", "2 cells, and the heading 4"),
        (",2026-03-02T04:05:06Z,,", "call_sign is missing"),
    ],
)
def test_a_bad_line_of_a_table_spoils_no_other(line: str, words: str) -> None:
    batch = table(
        f"call_sign,reported_at,lat,lon\n{line}\n\nC14,2026-03-02T04:05:06Z,39.7,-104.9\n"
    )

    assert [one.call_sign for one in batch.reports] == ["C14"]
    assert words in batch.refused[0].reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("unit,when\nC12,now\n", "no column 'call_sign'"),
        ("call_sign,Call_Sign,reported_at\n", "two columns"),
        (",".join("abc" for _ in range(300)), "300 columns"),
        ('call_sign,reported_at\n"C12,x\n', "line 2"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text: str, words: str) -> None:
    with pytest.raises(BadUnits, match=words):
        table(text)


PIDF = (
    '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gml="http://www.opengis.net/gml"'
    ' xmlns:gs="http://www.opengis.net/pidflo/1.0"><tuple id="t">'
    '<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>39.7 -104.9</gml:pos>'
    '<gs:radius uom="urn:ogc:def:uom:EPSG::9001">25</gs:radius></gs:Circle></tuple></presence>'
)
STAMP = "2026-03-02T04:05:06.0-00:00".replace("-00:00", "+00:00")


def eido_of(*units: Any, place: str = PIDF, **more: Any) -> dict[str, Any]:
    by = {"lastUpdateTimeStamp": STAMP, "updatedByAgencyReference": {"$ref": "center"}}
    return {
        "$id": "urn:emergency:uid:incidentid:26-1:harlow",
        "eidoVersion": "1.0",
        "agencyComponent": [{"$id": "harlow-pd", **by}],
        "agentComponent": [{"$id": "agent-1", "agencyReference": {"$ref": "harlow-pd"}, **by}],
        "incidentComponent": [{"$id": "i", "incidentTypeCommonRegistryText": "ALARM", **by}],
        "locationComponent": [
            {
                "$id": "loc-1",
                "locationTypeDescriptionRegistryText": "UnitLocation",
                "locationByValue": place,
                **by,
            }
        ],
        "emergencyResourceComponent": list(units),
        **more,
    }


def resource(**more: Any) -> dict[str, Any]:
    return {
        "$id": "r1",
        "lastUpdateTimeStamp": STAMP,
        "updatedByAgencyReference": {"$ref": "center"},
        "emergencyResourceName": "C12",
        "emergencyResourceTypeCommonRegistryText": "Patrol Unit",
        "primaryUnitStatusRegistryText": "Assigned",
        "secondaryUnitStatusRegistryText": ["On Scene"],
        "agentReference": [{"$ref": "agent-1"}],
        "unitLocationReference": {"$ref": "loc-1"},
        **more,
    }


def test_the_units_of_an_incident_become_reports() -> None:
    [one] = eido(eido_of(resource())).reports

    assert (one.key, one.kind, one.status) == ("harlow-pd/C12", UnitKind.CAR, Status.ON_SCENE)
    assert one.position == Position(lon=-104.9, lat=39.7, at=one.reported_at, accuracy_m=25.0)
    assert one.assignment == Assignment(
        call="urn:emergency:uid:incidentid:26-1:harlow", type="ALARM"
    )
    assert one.members is None


def test_a_unit_that_is_active_elsewhere_is_on_that_incident() -> None:
    [one] = eido(eido_of(resource(activeOnIncidentId="urn:other"))).reports

    assert one.assignment == Assignment(call="urn:other")


@pytest.mark.parametrize(
    ("unit", "place", "words"),
    [
        (7, PIDF, "not an object"),
        (resource(emergencyResourceName=5), PIDF, "call_sign is not text"),
        (resource(lastUpdateTimeStamp=None), PIDF, "reported_at is not text"),
        (resource(), "<presence", "unitLocationReference"),
        (resource(), "x" * 70_000, "too large"),
        (resource(), '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "no document type"),
        (resource(), PIDF.replace("39.7", "north"), "unitLocationReference"),
    ],
)
def test_a_bad_unit_of_an_eido_is_refused_with_its_field(unit: Any, place: str, words: str) -> None:
    batch = eido(eido_of(unit, place=place))

    assert batch.reports == ()
    assert words in batch.refused[0].reason


def test_references_that_lead_nowhere_leave_the_unit_without_place() -> None:
    lost = resource(agentReference="x", unitLocationReference={"$ref": ["loc-1"]})
    [one] = eido(eido_of(lost)).reports

    assert (one.agency, one.position) == ("center", None)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(sorted(resource())),
    json_values,
    st.sampled_from(sorted(eido_of())),
    json_values,
)
def test_no_value_of_an_eido_makes_the_parser_fail_in_another_way(
    name: str, value: Any, part: str, other: Any
) -> None:
    try:
        batch = eido({**eido_of(resource(**{name: value})), part: other})
    except BadUnits:
        return
    assert len(batch.reports) + len(batch.refused) <= 3


@needs(*EIDO)
def test_the_published_sample_names_no_units() -> None:
    raw = REFERENCE.joinpath(*EIDO).read_bytes()

    assert open_parser("eido")(raw, FEED, now=NOW) == Batch(reports=(), refused=())


@needs(*EIDO)
def test_a_unit_added_to_the_published_sample_is_read() -> None:
    sample = json.loads(REFERENCE.joinpath(*EIDO).read_text(encoding="utf-8"))
    place = eido_of()["locationComponent"]
    unit = resource(agentReference=[{"$ref": "tjones.atroop@state.pa.us"}])
    sample["locationComponent"] += place
    [one] = eido({**sample, "emergencyResourceComponent": [unit]}).reports

    assert one.agency == "state.pa.us"
    assert one.position is not None
    assert one.assignment is not None
    assert one.assignment.call.startswith("urn:emergency:uid:incidentid:")
    assert one.reported_at - NOW < timedelta(seconds=1)
