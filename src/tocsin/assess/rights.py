"""Which role may do what: one table, asked by every write."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.errors import NotAllowed


class Role(StrEnum):
    """What a person is on duty as."""

    CALL_TAKER = "call_taker"
    SUPERVISOR = "supervisor"
    WATCH_COMMANDER = "watch_commander"
    OFFICER = "officer"
    INVESTIGATOR = "investigator"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """Something that needs a right, worded to follow 'may'."""

    SUBMIT_CALL = "submit a call"
    SEE_CALLS = "see calls and threats"
    CORRECT_READING = "correct what was read in a call"
    OPEN_THREAT = "open a threat"
    CLOSE_THREAT = "close a threat"
    ASSESS = "assess a threat"
    EDIT_BULLETIN = "edit a bulletin"
    RELEASE_BULLETIN = "release a bulletin"
    ASK_PUBLIC = "ask for a message to the public"
    APPROVE_PUBLIC = "approve a message to the public"
    ANSWER_ALERT = "answer an alert from elsewhere"
    ENTER_ANSWER = "enter who answered by radio"
    ACKNOWLEDGE_FOR = "acknowledge for another person"
    KEEP_UNITS = "keep units by hand"
    SEND_AGAINST = "send a unit against an order"
    PROPOSE_POSTURE = "propose a posture"
    ORDER_POSTURE = "order, renew or stand down a posture"
    EXCUSE_BREACH = "excuse a breach"
    RECEIVE_BULLETINS = "receive bulletins"
    ENTER_DUTY = "enter who works"
    RUN_DRILL = "run a drill"
    SEE_OUTBOX = "see the outbox"
    ADMINISTER = "administer people and agencies"


_TABLE: dict[Role, frozenset[Act]] = {
    Role.CALL_TAKER: frozenset(
        {
            Act.SUBMIT_CALL,
            Act.SEE_CALLS,
            Act.CORRECT_READING,
            Act.OPEN_THREAT,
            Act.EDIT_BULLETIN,
            Act.ANSWER_ALERT,
            Act.ENTER_ANSWER,
            Act.KEEP_UNITS,
            Act.SEND_AGAINST,
            Act.RECEIVE_BULLETINS,
        }
    ),
    Role.SUPERVISOR: frozenset(Act) - {Act.ADMINISTER, Act.ORDER_POSTURE},
    Role.WATCH_COMMANDER: frozenset(Act) - {Act.ADMINISTER},
    Role.OFFICER: frozenset({Act.RECEIVE_BULLETINS}),
    Role.INVESTIGATOR: frozenset(
        {Act.SEE_CALLS, Act.CORRECT_READING, Act.ASSESS, Act.RECEIVE_BULLETINS}
    ),
    Role.ADMINISTRATOR: frozenset({Act.ADMINISTER, Act.ENTER_DUTY, Act.SEE_OUTBOX}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    """A named person with roles, as the stages see one.

    Attributes:
        key: the record's key of the person.
        name: as it is shown and kept.
        roles: all that the person is on duty as.
    """

    key: str
    name: str
    roles: frozenset[Role]


def may(roles: frozenset[Role], act: Act) -> bool:
    """Whether any of the roles carries the right."""
    return any(act in _TABLE[role] for role in roles)


def require(person: Assessor, act: Act) -> None:
    """Return when the person has the right.

    Raises:
        NotAllowed: the person has not; it says who could.
    """
    if may(person.roles, act):
        return
    able = ", ".join(role.value.replace("_", " ") for role in Role if act in _TABLE[role])
    raise NotAllowed(f"{person.name} may not {act}.", way_out=f"Ask one of these: {able}.")
