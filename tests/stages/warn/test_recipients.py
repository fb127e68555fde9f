"""Who is to be told."""

from tocsin.assess import Role
from tocsin.warn import Candidate, choose_recipients


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
