"""What an outcome may claim, over any rule and any answers."""

from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess import Answer, Assessor, Role
from tocsin.warn.blue import (
    Answered,
    Card,
    Criterion,
    Group,
    Jurisdiction,
    Line,
    Needs,
    Outcome,
    Question,
    card_of,
    changed,
    changes_of,
    fails_of,
    open_of,
    rests_of,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LINE = Line(text="x", source="x", is_verified=True)
PEOPLE = tuple(
    Assessor(key=name, name=name, roles=frozenset({Role.WATCH_COMMANDER})) for name in "ABC"
)


def a_criterion(key: str, *, is_verified: bool = True) -> Criterion:
    question = Question(key=key, text=f"Is {key} so?", yes=f"{key} is so", no=f"{key} is not so")
    return Criterion(question=question, meaning="", source="a law", is_verified=is_verified)


def a_jurisdiction(*parts: Criterion | Group) -> Jurisdiction:
    return Jurisdiction(
        key="utopia",
        name="Utopia",
        law=LINE,
        requested_by=LINE,
        issued_by=LINE,
        steps=(LINE,),
        ends=(LINE,),
        rule=Group(needs=Needs.ALL, parts=parts),
        fields=(),
        notes=(),
    )


@st.composite
def rules(draw: st.DrawFn) -> Jurisdiction:
    """Any tree of groups in which each criterion stands once."""
    numbers = count()

    def part(depth: int) -> Criterion | Group:
        if depth == 0 or draw(st.booleans()):
            return a_criterion(f"q{next(numbers)}", is_verified=draw(st.booleans()))
        parts = tuple(part(depth - 1) for _ in range(draw(st.integers(1, 3))))
        return Group(needs=draw(st.sampled_from(Needs)), parts=parts)

    return a_jurisdiction(*(part(3) for _ in range(draw(st.integers(1, 3)))))


@st.composite
def answered_rules(draw: st.DrawFn) -> tuple[Jurisdiction, list[Answered]]:
    rule = draw(rules())
    one = st.builds(
        Answered,
        key=st.sampled_from([criterion.key for criterion in rule.criteria]),
        answer=st.sampled_from(Answer),
        reason=st.just("because"),
        person=st.sampled_from(PEOPLE),
        answered_at=st.integers(0, 9).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    )
    unique = st.lists(one, max_size=20, unique_by=lambda a: (a.key, a.person.key, a.answered_at))
    return rule, draw(unique)


def last_of(answers: list[Answered], key: str) -> set[Answer]:
    """The last answers of all people to a question, worked out another way."""
    given_by = {
        person.key: [a for a in answers if a.key == key and a.person is person] for person in PEOPLE
    }
    return {max(few, key=lambda a: a.answered_at).answer for few in given_by.values() if few}


def holds(part: Criterion | Group, is_so: dict[str, bool]) -> bool:
    if isinstance(part, Criterion):
        return is_so[part.key]
    inner = [holds(one, is_so) for one in part.parts]
    return all(inner) if part.needs is Needs.ALL else any(inner)


@given(answered_rules())
def test_eligible_is_only_what_people_said_yes_to_with_one_voice(
    case: tuple[Jurisdiction, list[Answered]],
) -> None:
    rule, answers = case
    agreed = {one.key: last_of(answers, one.key) == {Answer.YES} for one in rule.criteria}

    is_eligible = card_of(rule, answers).outcome is Outcome.ELIGIBLE

    assert is_eligible is holds(rule.rule, agreed)


@given(answered_rules())
def test_not_eligible_is_only_what_no_open_line_could_still_turn(
    case: tuple[Jurisdiction, list[Answered]],
) -> None:
    rule, answers = case
    hoped = {one.key: last_of(answers, one.key) != {Answer.NO} for one in rule.criteria}

    is_ruled_out = card_of(rule, answers).outcome is Outcome.NOT_ELIGIBLE

    assert is_ruled_out is not holds(rule.rule, hoped)


def with_one_more(part: Group, at: list[int], extra: Criterion) -> Group:
    """The group with a criterion added to the group that lies under these indices."""
    groups = [place for place, one in enumerate(part.parts) if isinstance(one, Group)]
    if not at or not groups:
        return Group(needs=part.needs, parts=(*part.parts, extra))
    chosen = groups[at[0] % len(groups)]
    inner = part.parts[chosen]
    assert isinstance(inner, Group)
    parts = list(part.parts)
    parts[chosen] = with_one_more(inner, at[1:], extra)
    return Group(needs=part.needs, parts=tuple(parts))


@given(answered_rules(), st.lists(st.integers(0, 5), max_size=3))
def test_a_line_that_nobody_has_answered_never_makes_a_case_eligible(
    case: tuple[Jurisdiction, list[Answered]], at: list[int]
) -> None:
    rule, answers = case
    longer = a_jurisdiction(*with_one_more(rule.rule, at, a_criterion("extra")).parts)

    if card_of(rule, answers).outcome is not Outcome.ELIGIBLE:
        assert card_of(longer, answers).outcome is not Outcome.ELIGIBLE


@given(answered_rules())
def test_a_further_no_never_makes_a_case_eligible(
    case: tuple[Jurisdiction, list[Answered]],
) -> None:
    rule, answers = case
    for one in rule.criteria:
        late = NOW + timedelta(hours=1)
        no = Answered(key=one.key, answer=Answer.NO, reason="x", person=PEOPLE[0], answered_at=late)
        if card_of(rule, answers).outcome is not Outcome.ELIGIBLE:
            assert card_of(rule, [*answers, no]).outcome is not Outcome.ELIGIBLE


def without(part: Group, keys: set[str]) -> Group | None:
    """The group with its unverified criteria gone; None where nothing is left."""
    kept: list[Criterion | Group] = []
    for one in part.parts:
        left = without(one, keys) if isinstance(one, Group) else (None if one.key in keys else one)
        if left is not None:
            kept.append(left)
    return Group(needs=part.needs, parts=tuple(kept)) if kept else None


@given(answered_rules())
def test_an_outcome_that_claims_verified_lines_stands_without_the_others(
    case: tuple[Jurisdiction, list[Answered]],
) -> None:
    rule, answers = case
    card = card_of(rule, answers)
    assert set(card.doubtful) <= {one.key for one in rule.criteria if not one.is_verified}
    if card.outcome is Outcome.NOT_ELIGIBLE and not card.rests_on_unverified:
        best = {
            one.key: not one.is_verified or last_of(answers, one.key) != {Answer.NO}
            for one in rule.criteria
        }
        assert not holds(rule.rule, best)
    if card.outcome is Outcome.ELIGIBLE and not card.rests_on_unverified:
        worst = {
            one.key: one.is_verified and last_of(answers, one.key) == {Answer.YES}
            for one in rule.criteria
        }
        assert holds(rule.rule, worst)


@given(answered_rules())
def test_the_sentences_follow_the_outcome(case: tuple[Jurisdiction, list[Answered]]) -> None:
    rule, answers = case
    card = card_of(rule, answers)

    assert fails_of(card) or card.outcome is not Outcome.NOT_ELIGIBLE
    assert not (card.outcome is Outcome.ELIGIBLE and (fails_of(card) or open_of(card)))
    assert not (card.outcome is Outcome.NOT_YET and (not open_of(card) or rests_of(card)))
    assert changes_of(card)
    assert all(one.endswith(".") and "\n" not in one for one in changes_of(card))
    assert changed(card, card) == ()


def states(card: Card) -> list[str]:
    return [one.state for one in card.asked]


@given(answered_rules(), st.randoms())
def test_the_order_in_which_answers_come_changes_nothing(
    case: tuple[Jurisdiction, list[Answered]], dice: Random
) -> None:
    rule, answers = case
    mixed = list(answers)
    dice.shuffle(mixed)

    assert states(card_of(rule, mixed)) == states(card_of(rule, answers))
