"""The forms that an order can take, as the simulation sends cars by them."""

from dataclasses import dataclass

from tocsin.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Which calls a rule is about: every call, or those of some types or priorities.

    Attributes:
        kinds: types of call by the center's names.
        priorities: priorities, whatever the type.
        every: all of them.
    """

    kinds: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    every: bool = False

    def includes(self, *, kind: str, priority: int) -> bool:
        """Whether the rule is about such a call."""
        return self.every or kind in self.kinds or priority in self.priorities


NO_CALLS = Calls()
"""A rule about no call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One way to staff and send cars.

    Attributes:
        key: its short name, unlike that of other forms.
        two_to_a_car: the officers of the roster are joined two to a car; else the crews are those
            of the roster.
        two_cars: the calls to which two cars go. For today's form these are the calls to which two
            cars go today, if any do.
    """

    key: str
    two_to_a_car: bool = False
    two_cars: Calls = NO_CALLS


AS_NOW = "as_now"
PAIRS = "two_to_a_car"
TWO_CARS = "two_cars_to_a_call"
BOTH = "both"


def usual_forms(two_cars: Calls, *, today: Calls = NO_CALLS) -> tuple[Form, ...]:
    """The four forms an order is chosen from, today's first.

    Args:
        two_cars: the calls to which the order would send two cars.
        today: the calls to which two cars go already. A pair in one car is two officers, so under
            two to a car alone one car goes to them.
    """
    return (
        Form(key=AS_NOW, two_cars=today),
        Form(key=PAIRS, two_to_a_car=True),
        Form(key=TWO_CARS, two_cars=two_cars),
        Form(key=BOTH, two_to_a_car=True, two_cars=two_cars),
    )


def check_forms(forms: tuple[Form, ...]) -> None:
    """Raise unless there are one to eight forms with keys of their own.

    Raises:
        InputError: there are none, too many, or two of one key.
    """
    keys = [form.key for form in forms]
    if not 1 <= len(keys) <= 8 or len(set(keys)) != len(keys):
        raise InputError(
            f"{len(keys)} forms cannot be compared: {', '.join(keys)[:200]}.",
            way_out="Give one to eight forms, each with a key of its own.",
        )
