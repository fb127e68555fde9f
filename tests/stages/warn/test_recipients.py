"""Who is to be told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess import Role
from tocsin.warn import Candidate, choose_recipients

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 9, 6, 17, 45, tzinfo=DENVER)
TEN_AT_NIGHT = NOW.replace(hour=22, minute=0)


def a_candidate(key: str = "reed", **changes: object) -> Candidate:
    facts = {
        "key": key,
        "agency": "harlow-pd",
        "roles": frozenset({Role.OFFICER}),
        "is_on_duty": True,
    }
    return Candidate(**(facts | changes))  # type: ignore[arg-type] # a builder of keywords


REASONS = {"harlow-pd": ("answers for Harlow", "Harlow Police is concerned")}


def test_everybody_on_duty_in_an_agency_concerned_is_told_and_knows_why() -> None:
    chosen = choose_recipients([a_candidate("reed"), a_candidate("kim")], reasons=REASONS)

    assert [one.key for one in chosen] == ["reed", "kim"]
    assert chosen[0].why == REASONS["harlow-pd"]


def test_who_is_off_duty_or_elsewhere_is_not_told() -> None:
    chosen = choose_recipients(
        [a_candidate(is_on_duty=False), a_candidate(agency="coast-guard")], reasons=REASONS
    )

    assert chosen == ()


def test_who_has_no_right_to_bulletins_is_not_told() -> None:
    clerk = a_candidate(roles=frozenset({Role.ADMINISTRATOR}))

    assert choose_recipients([clerk], reasons=REASONS) == ()


def test_who_comes_on_duty_next_is_told_where_the_next_shift_is() -> None:
    night = a_candidate(is_on_duty=False, comes_on_at=TEN_AT_NIGHT)
    later = a_candidate("kim", is_on_duty=False, comes_on_at=TEN_AT_NIGHT + timedelta(minutes=1))
    never = a_candidate("wolfe", is_on_duty=False)
    everybody = [night, later, never]

    assert choose_recipients(everybody, reasons=REASONS) == ()
    (chosen,) = choose_recipients(everybody, reasons=REASONS, until=TEN_AT_NIGHT)
    assert chosen.key == "reed"
    assert chosen.why == (*REASONS["harlow-pd"], "comes on duty 22:00")
    assert chosen.comes_on_at == TEN_AT_NIGHT


def test_who_is_on_duty_now_does_not_come_on_duty() -> None:
    on_duty = a_candidate(comes_on_at=TEN_AT_NIGHT)
    (chosen,) = choose_recipients([on_duty], reasons=REASONS, until=TEN_AT_NIGHT)

    assert chosen.why == REASONS["harlow-pd"]
    assert chosen.comes_on_at is None


def test_a_chosen_role_is_told_in_every_agency_but_only_on_duty() -> None:
    commander = frozenset({Role.WATCH_COMMANDER, Role.OFFICER})
    chosen = choose_recipients(
        [
            a_candidate("ortiz", roles=commander),
            a_candidate("monroe", roles=commander, agency="coast-guard"),
            a_candidate("kessler", roles=commander, agency="tannery-pd", is_on_duty=False),
            a_candidate("hale", agency="coast-guard"),
        ],
        reasons=REASONS,
        roles=frozenset({Role.WATCH_COMMANDER}),
    )

    assert {one.key: one.why for one in chosen} == {
        "ortiz": (*REASONS["harlow-pd"], "every watch commander is told"),
        "monroe": ("every watch commander is told",),
    }


def test_a_person_who_stands_twice_is_told_once_with_all_reasons() -> None:
    reasons = REASONS | {"keystone-pd": ("answers for Keystone", "answers for Harlow")}
    (chosen,) = choose_recipients(
        [a_candidate(), a_candidate(agency="keystone-pd")], reasons=reasons
    )

    assert chosen.why == (
        "answers for Harlow",
        "Harlow Police is concerned",
        "answers for Keystone",
    )


CANDIDATES = st.lists(
    st.builds(
        a_candidate,
        st.sampled_from(["reed", "kim", "ortiz", "sato"]),
        agency=st.sampled_from(["harlow-pd", "coast-guard"]),
        roles=st.frozensets(st.sampled_from(list(Role))),
        is_on_duty=st.booleans(),
        comes_on_at=st.none()
        | st.integers(0, 1440).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    )
)
ROLES = st.frozensets(st.sampled_from(list(Role)))


@given(candidates=CANDIDATES, roles=ROLES, minutes=st.integers(0, 1440))
def test_choosing_more_never_tells_fewer(
    candidates: list[Candidate], roles: frozenset[Role], minutes: int
) -> None:
    few = choose_recipients(candidates, reasons=REASONS)
    many = choose_recipients(
        candidates, reasons=REASONS, roles=roles, until=NOW + timedelta(minutes=minutes)
    )

    assert {one.key for one in few} <= {one.key for one in many}
    assert len({one.key for one in many}) == len(many)
    assert all(one.why and len(set(one.why)) == len(one.why) for one in many)
    assert {one.key for one in many} <= {one.key for one in candidates}
