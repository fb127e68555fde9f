"""Pre-flight: what would keep somebody from being told tonight."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tocsin.warn.preflight import (
    ChannelState,
    DutyDesk,
    Expiring,
    Fault,
    Finding,
    Readiness,
    Severity,
    Staff,
    Way,
    preflight,
)
from tocsin.warn.recipients import Hours, is_on_duty

NOW = datetime(2026, 9, 6, 23, 45, tzinfo=UTC)  # Sunday 17:45 in Denver
EMAIL = Way(channel="email", value="reed@harlowe.example")
SMS = Way(channel="sms", value="555-0215")
CHANNELS = (ChannelState(name="email"), ChannelState(name="sms"))
DRY = ChannelState(name="console", reaches_people=False)


def hours(starts: str, ends: str) -> Hours:
    return Hours(
        weekdays=frozenset(range(7)),
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        zone="America/Denver",
    )


ALWAYS = hours("00:00", "00:00")


def a_person(name: str = "James Reed", **changes: Any) -> Staff:
    facts: dict[str, Any] = {
        "key": f"person:{name.split()[-1].lower()}",
        "name": name,
        "agency": "harlowe-pd",
        "ways": (
            Way(channel="email", value=f"{name}@harlowe.example"),
            Way(channel="sms", value=f"sms of {name}"),
        ),
        "phones": (f"phone of {name}",),
        "shifts": (ALWAYS,),
        "supervisor": "person:ortiz",
    }
    return Staff(**(facts | changes))


ORTIZ = a_person("Rafael Ortiz", supervisor="person:ortiz", leads=True)
DESK = DutyDesk(
    agency="harlowe-pd",
    name="Harlowe Police Department",
    zone="America/Denver",
    number="555-0120",
    ways=(Way(channel="email", value="desk@harlowe.example"),),
)


def findings(*staff: Staff, **changes: Any) -> list[Finding]:
    facts: dict[str, Any] = {"staff": (*staff, ORTIZ), "desks": (DESK,), "channels": CHANNELS}
    return list(preflight(Readiness(**(facts | changes)), now=NOW))


def the_one(*staff: Staff, **changes: Any) -> Finding:
    (found,) = findings(*staff, **changes)
    assert found.way_out
    return found


def test_where_all_is_well_nothing_is_found() -> None:
    assert findings(a_person()) == []


def test_a_person_without_an_address_is_found() -> None:
    found = the_one(a_person(ways=()))

    assert (found.severity, found.fault) == (Severity.SEVERE, Fault.NO_WAY)
    assert (found.subject, found.who) == ("person:reed", "James Reed")
    assert found.sentence == "James Reed has no address: no warning would arrive."


def test_a_person_whose_only_channel_fails_is_found_with_the_sentence_of_the_error() -> None:
    down = ChannelState(name="sms", trouble="The gateway refuses the key")
    found = findings(a_person(ways=(SMS,)), channels=(CHANNELS[0], down))

    assert [one.sentence for one in found] == [
        "James Reed has no channel that works. sms: The gateway refuses the key.",
        "The channel sms does not work: The gateway refuses the key. "
        "James Reed and Rafael Ortiz would be told on it.",
        "Rafael Ortiz can be told on one channel only: email.",
    ]
    assert [one.severity for one in found] == [Severity.SEVERE, Severity.SEVERE, Severity.WARNING]


def test_an_address_on_a_channel_that_is_not_set_up_leads_nowhere() -> None:
    found = the_one(a_person(ways=(Way(channel="pager", value="17"),)))

    assert found.sentence == ("James Reed has no channel that works. pager: it is not set up here.")


def test_two_addresses_on_one_channel_are_one_channel_only() -> None:
    second = Way(channel="email", value="reed@home.example")
    found = the_one(a_person(ways=(EMAIL, second)))

    assert (found.severity, found.fault) == (Severity.WARNING, Fault.ONE_WAY)
    assert found.sentence == "James Reed can be told on one channel only: email."


def test_people_who_would_be_told_only_on_this_machine_are_one_finding() -> None:
    names = ("James Reed", "Yun Kim", "Dario Costa", "Eli Brandt")
    staff = (a_person(name, ways=(Way(channel="console", value=name),)) for name in names)
    found = the_one(*staff, channels=(*CHANNELS, DRY))

    assert (found.severity, found.fault, found.who) == (Severity.SEVERE, Fault.DRY_RUN, "console")
    assert found.sentence == (
        "Nothing that is sent on console leaves this machine, and James Reed, Yun Kim, "
        "Dario Costa and 1 more would be told on nothing else."
    )


def test_a_phone_that_two_share_is_found_however_it_is_written() -> None:
    found = the_one(
        a_person("James Reed", phones=("(555) 010-0215",)),
        a_person("Yun Kim", ways=(EMAIL, Way(channel="sms", value="+1 555 0100215"))),
    )

    assert (found.severity, found.fault) == (Severity.WARNING, Fault.SHARED)
    assert found.who == "James Reed and Yun Kim"
    assert "share (555) 010-0215" in found.sentence


def test_an_own_number_on_two_channels_is_not_shared() -> None:
    both = (SMS, Way(channel="email", value="x"))

    assert findings(a_person(ways=both, phones=("555 0215",))) == []


def test_a_person_nobody_can_call_is_noted() -> None:
    found = the_one(a_person(phones=()))

    assert (found.severity, found.fault) == (Severity.NOTE, Fault.NO_PHONE)


def test_who_does_not_work_today_is_not_looked_at() -> None:
    tuesdays = Hours(weekdays=frozenset({1}), starts=time(8), ends=time(16), zone="America/Denver")

    assert findings(a_person(ways=(), shifts=(tuesdays,))) == []
    assert findings(a_person(ways=(), shifts=())) == []
    assert the_one(a_person(ways=(), shifts=(hours("08:00", "16:00"),))).fault is Fault.NO_WAY


def test_a_missing_supervisor_is_found_and_for_who_leads_only_noted() -> None:
    officer = the_one(a_person(supervisor=""))
    leader = the_one(a_person(supervisor="", leads=True))
    gone = the_one(a_person(supervisor="person:nobody"))

    assert officer.sentence.startswith("James Reed has no supervisor")
    assert (officer.severity, leader.severity) == (Severity.WARNING, Severity.NOTE)
    assert gone.sentence.startswith("The supervisor of James Reed is no active person")


def test_a_supervisor_whom_nothing_reaches_is_found_though_he_is_off() -> None:
    tull = a_person("Marcus Tull", ways=(), shifts=())
    found = the_one(a_person(supervisor="person:tull"), tull)

    assert found.fault is Fault.NO_SUPERVISOR
    assert found.sentence.startswith("Marcus Tull, who supervises James Reed, has no channel")


def test_an_agency_with_nobody_on_the_next_shift_is_found_in_its_own_time() -> None:
    days = a_person(shifts=(hours("06:00", "18:00"),), supervisor="person:reed")
    found = preflight(Readiness(staff=(days,), desks=(DESK,), channels=CHANNELS), now=NOW)

    assert [one.sentence for one in found] == [
        "Nobody is on duty at Harlowe Police Department from Sunday 18:00 until Monday 06:00."
    ]
    assert found[0].severity is Severity.SEVERE


def test_an_agency_without_anybody_is_found() -> None:
    empty = DutyDesk(agency="x-pd", name="X Police", zone="America/Denver", number="555-0100")
    found = findings(desks=(DESK, empty))

    assert "Nobody is on duty at X Police from now until Monday 17:45." in found[0].sentence


def test_a_desk_needs_a_number_and_an_address() -> None:
    def of(number: str, *ways: Way) -> tuple[Severity, Fault]:
        desk = DutyDesk(
            agency="harlowe-pd", name="Harlowe", zone="America/Denver", number=number, ways=ways
        )
        found = the_one(desks=(desk,))
        return found.severity, found.fault

    assert of("") == (Severity.SEVERE, Fault.NO_DESK)
    assert of("", Way(channel="pager", value="17")) == (Severity.SEVERE, Fault.NO_DESK)
    assert of("", EMAIL) == (Severity.WARNING, Fault.NO_DESK_NUMBER)
    assert of("555-0120") == (Severity.NOTE, Fault.NO_DESK_ADDRESS)


def test_a_channel_that_fails_is_severe_only_where_somebody_needs_it() -> None:
    unused = ChannelState(name="voice", trouble="No answer.")
    unknown = ChannelState(name="push", is_checked=False)
    fails, unchecked = findings(channels=(*CHANNELS, unused, unknown))

    assert (fails.severity, fails.sentence) == (
        Severity.WARNING,
        "The channel voice does not work: No answer.",
    )
    assert (unchecked.severity, unchecked.sentence) == (
        Severity.WARNING,
        "The channel push has not been checked yet.",
    )


def test_what_expires_is_worse_the_sooner_it_does() -> None:
    def of(left: timedelta) -> list[Severity]:
        thing = Expiring(name="signing certificate", expires_at=NOW + left)
        return [one.severity for one in findings(expiring=(thing,))]

    assert of(timedelta(days=31)) == []
    assert of(timedelta(days=30)) == [Severity.NOTE]
    assert of(timedelta(days=7)) == [Severity.WARNING]
    assert of(timedelta(0)) == [Severity.SEVERE]


WAYS = st.builds(
    Way, channel=st.sampled_from(["email", "sms", "console", "pager"]), value=st.text(max_size=3)
)
SHIFTS = st.builds(
    hours, st.sampled_from(["00:00", "06:00", "18:00"]), st.sampled_from(["06:00", "18:00"])
)
STAFF = st.builds(
    a_person,
    st.sampled_from(["Ana Rios", "Kurt Weller", "Joan Tibbs"]),
    ways=st.lists(WAYS, max_size=3).map(tuple),
    shifts=st.lists(SHIFTS, max_size=2).map(tuple),
    supervisor=st.sampled_from(["", "person:ortiz", "person:rios", "person:gone"]),
)


@given(
    staff=st.lists(STAFF, unique_by=lambda person: person.key, max_size=3),
    is_down=st.booleans(),
)
def test_the_worst_comes_first_and_nobody_out_of_reach_is_missed(
    staff: list[Staff], is_down: bool
) -> None:
    email = ChannelState(name="email", trouble="Down." if is_down else "")
    readiness = Readiness(
        staff=tuple(staff), desks=(DESK,), channels=(email, ChannelState(name="sms"), DRY)
    )
    found = preflight(readiness, now=NOW)
    order = [list(Severity).index(one.severity) for one in found]
    real = {"sms"} if is_down else {"sms", "email"}

    assert order == sorted(order)
    for person in staff:
        works = any(
            is_on_duty(person.shifts, NOW + timedelta(minutes=15 * step)) for step in range(96)
        )
        is_reached = bool(real & {way.channel for way in person.ways})
        own = {one.fault for one in found if one.subject == person.key}
        if works and not is_reached:
            is_dry = any(one.fault is Fault.DRY_RUN for one in found)
            assert Fault.NO_WAY in own or is_dry
        if is_reached or not works:
            assert Fault.NO_WAY not in own
