"""Small situations of every shape, for the property tests."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tocsin.posture.pairing import (
    Beat,
    ByHand,
    Earlier,
    Limits,
    Place,
    Situation,
    Spot,
    Unit,
)

NOW = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
LIMITS = Limits(demanded=frozenset({"released"}), nearest=2, covered_each=1, seconds=5.0)


def at(east: float, north: float) -> Spot:
    """A point so many km east and north of a corner in Texas."""
    return Spot(longitude=-97.1 + east * 0.010687, latitude=32.7 + north * 0.008993)


def spots() -> st.SearchStrategy[Spot]:
    part = st.integers(0, 400).map(lambda tenth: tenth / 37)
    return st.builds(at, part, part)


def soon(most: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, most).map(lambda minutes: NOW + timedelta(minutes=minutes))


@st.composite
def units(draw: st.DrawFn, key: str, beats: list[str]) -> Unit:
    busy = draw(st.sampled_from(["", "", "", "until", "open"]))
    words = st.sampled_from(["released", "spanish"])
    return Unit(
        key=key,
        spot=draw(st.none() | spots()) if draw(st.integers(0, 4)) == 0 else draw(spots()),
        beat=draw(st.none() | st.sampled_from(beats)) if beats else None,
        shift_ends_at=draw(st.none() | soon(400)),
        qualifications=frozenset({"released"}) | draw(st.frozensets(words))
        if draw(st.integers(0, 3))
        else draw(st.frozensets(words)),
        is_supervisor=draw(st.booleans()),
        is_trainee=draw(st.integers(0, 3)) == 0,
        is_busy=bool(busy),
        busy_until=draw(soon(15)) if busy == "until" else None,
        has_seat=draw(st.integers(0, 3)) > 0,
    )


@st.composite
def beats(draw: st.DrawFn, key: str, keys: list[str]) -> Beat:
    return Beat(
        key=key,
        weight=draw(st.integers(0, 20)) / 7,
        centre=draw(spots()),
        neighbours=draw(st.none() | st.lists(st.sampled_from(keys), max_size=3).map(tuple)),
        demands=frozenset({"spanish"}) if draw(st.integers(0, 3)) == 0 else frozenset(),
        cars=int(draw(st.integers(0, 4)) == 0),
    )


@st.composite
def by_hands(draw: st.DrawFn, people: list[Unit], beat_keys: list[str]) -> ByHand:
    """Decisions that do not contradict each other, though they may ask for more than there is."""
    mixed = draw(st.permutations([unit.key for unit in people]))
    placed = {unit.key for unit in people if unit.spot is not None or unit.beat is not None}
    fixed = len(mixed) >= 2 and set(mixed[:2]) <= placed and draw(st.booleans())
    rest = list(mixed[2:] if fixed else mixed)
    alone = set(rest[:1]) if draw(st.integers(0, 3)) == 0 else set()
    desk = set(rest[1:2]) if draw(st.integers(0, 3)) == 0 else set()
    apart = [(rest[0], other) for other in rest[1:3]] if draw(st.booleans()) else []
    keep = draw(st.frozensets(st.sampled_from(beat_keys), max_size=2)) if beat_keys else frozenset()
    return ByHand(
        together=((mixed[0], mixed[1]),) if fixed else (),
        apart=tuple(apart),
        alone=frozenset(alone),
        desk=frozenset(desk),
        keep=keep if draw(st.booleans()) else frozenset(),
    )


@st.composite
def situations(draw: st.DrawFn, most: int = 6) -> Situation:
    beat_keys = [f"b{number}" for number in range(draw(st.integers(0, 4)))]
    people = [draw(units(f"u{number}", beat_keys)) for number in range(draw(st.integers(0, most)))]
    mixed = draw(st.permutations([unit.key for unit in people]))
    earlier = [
        Earlier(
            units=(mixed[number], mixed[number + 1]),
            beat=draw(st.none() | st.sampled_from(beat_keys)) if beat_keys else None,
            is_under_way=draw(st.booleans()),
        )
        for number in range(0, len(mixed) - 1, 2)
        if draw(st.booleans())
    ]
    return Situation(
        units=tuple(people),
        beats=tuple(draw(beats(key, beat_keys)) for key in beat_keys),
        places=tuple(
            Place(key=f"p{number}", spot=draw(spots())) for number in range(draw(st.integers(0, 2)))
        ),
        by_hand=draw(by_hands(people, beat_keys)),
        earlier=tuple(earlier),
    )
