"""What a stage may need to know about this installation; read once, by the desk or the command."""

from dataclasses import dataclass, field
from datetime import timedelta

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenConfig:
    """Limits and engines of the listening stage.

    Attributes:
        engine: registered name of the recogniser.
        longest_for: recordings longer than this are kept, but not transcribed.
        decode_for: wall-clock limit of the decoding subprocess.
        decode_memory: address-space limit of the decoding subprocess, in bytes.
        threads: most threads that one recognition may use.
    """

    engine: str = "moonshine"
    longest_for: timedelta = timedelta(hours=1)
    decode_for: timedelta = timedelta(minutes=2)
    decode_memory: int = 2048 * MEBIBYTE
    threads: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnConfig:
    """Deadlines of a warning.

    Attributes:
        listed_after: a person without acknowledgment is on the list after this.
        supervisor_after: his supervisor is told after this.
        commander_after: the watch commander of his agency is told after this.
        desk_after: his agency's desk is to be called after this.
        air_after: dispatch is to read it on the air after this.
        again_every: and again so often, until he has answered.
        audit_grace: a ladder that is so late has not moved as planned.
        expires_after: a bulletin's life unless its author says otherwise.
        renewal_before: so long before its end somebody is asked to renew it or let it end.
        lease_for: a message being sent is taken for lost after this.
        retry_after: pauses before the second, third, ... attempt; then it has failed.
    """

    listed_after: timedelta = timedelta(minutes=2)
    supervisor_after: timedelta = timedelta(minutes=5)
    commander_after: timedelta = timedelta(minutes=8)
    desk_after: timedelta = timedelta(minutes=10)
    air_after: timedelta = timedelta(minutes=12)
    again_every: timedelta = timedelta(minutes=15)
    audit_grace: timedelta = timedelta(seconds=30)
    expires_after: timedelta = timedelta(hours=12)
    renewal_before: timedelta = timedelta(minutes=30)
    lease_for: timedelta = timedelta(seconds=60)
    retry_after: tuple[timedelta, ...] = (
        timedelta(seconds=5),
        timedelta(seconds=20),
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=15),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillConfig:
    """The times in which a drill should do each thing; None where no time is set.

    Attributes:
        sealed_within: from the end of the call until the recording is sealed.
        transcript_within: until the first transcript stands.
        draft_within: until a warning is drafted.
        release_within: from the draft until a person releases it.
        handed_within: from the release until every message is handed to its channel.
        first_within, half_within, last_within: until the first, half and the last of those asked
            have acknowledged.
        desks_within: until every desk is told.
        stand_down_within: until everybody is told that it is over.
    """

    sealed_within: timedelta | None = timedelta(seconds=2)
    transcript_within: timedelta | None = timedelta(seconds=10)
    draft_within: timedelta | None = timedelta(seconds=15)
    release_within: timedelta | None = timedelta(minutes=1)
    handed_within: timedelta | None = timedelta(minutes=1)
    first_within: timedelta | None = timedelta(minutes=1)
    half_within: timedelta | None = timedelta(minutes=2)
    last_within: timedelta | None = timedelta(minutes=5)
    desks_within: timedelta | None = timedelta(minutes=10)
    stand_down_within: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureConfig:
    """Deadlines of orders and breaches, and by what units are judged.

    Attributes:
        review_after: until an order must be looked at again, unless its author says otherwise.
        supervisor_after: the supervisors of who is alone against an order are told after this.
        commander_after: the watch commander of their agency is told after this.
        again_every: and again so often, until it is over or excused.
        stale_after: a unit that was not heard of for longer is not known.
        by_hand_stale_after: the same for a unit that a dispatcher keeps by hand.
        silent_after: a feed that says nothing for longer, while an order stands, is a task.
        near_m: metres within which two units are together.
        near_for: how long they must have been so.
        speed_kmh: as the crow flies, from which minutes are estimated.
        counts_are_officers: whether a crew known by number alone consists of officers.
        two_cars_count: whether two cars standing together count as two to a car.
    """

    review_after: timedelta = timedelta(hours=8)
    supervisor_after: timedelta = timedelta(minutes=1)
    commander_after: timedelta = timedelta(minutes=3)
    again_every: timedelta = timedelta(minutes=15)
    stale_after: timedelta = timedelta(minutes=2)
    by_hand_stale_after: timedelta = timedelta(minutes=30)
    silent_after: timedelta = timedelta(minutes=2)
    near_m: int = 100
    near_for: timedelta = timedelta(seconds=30)
    speed_kmh: int = 40
    counts_are_officers: bool = False
    two_cars_count: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the stages may need to know.

    Attributes:
        upload_limit: most bytes of one recording.
        zone: IANA name of the center's time zone, in which people read times.
        address: where people reach the pages, without a slash at the end.
    """

    upload_limit: int = 512 * MEBIBYTE
    zone: str = "America/Denver"
    address: str = "http://127.0.0.1:8000"
    listen: ListenConfig = field(default_factory=ListenConfig)
    warn: WarnConfig = field(default_factory=WarnConfig)
    drill: DrillConfig = field(default_factory=DrillConfig)
    posture: PostureConfig = field(default_factory=PostureConfig)
