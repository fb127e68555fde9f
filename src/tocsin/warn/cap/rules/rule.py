"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tocsin.warn.cap.ground import Ring
from tocsin.warn.cap.message import CapMessage, InfoBlock

CAP_TEXT = "CAP 1.2"
IPAWS_TEXT = "IPAWS profile 1.0"
EAS_TEXT = "47 CFR 11.31"
WEA_CLASSES = "47 CFR 10.400"
WEA_LENGTH = "47 CFR 10.430"
WEA_GROUND = "47 CFR 10.450"
PRACTICE = "practice"


class Level(StrEnum):
    """What a finding means: the message is wrong, or somebody should look."""

    ERROR = "error"
    REMARK = "remark"


class Profile(StrEnum):
    """Whose rules a message must keep."""

    CAP = "CAP 1.2"
    IPAWS = "IPAWS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message, and what a rule may know beside it.

    Attributes:
        home: outer rings of our ground as (longitude, latitude) pairs; empty where not known.
        earlier: the messages before it that concern the same event.
    """

    message: CapMessage
    home: Sequence[Ring] = ()
    earlier: Sequence[CapMessage] = ()

    def infos(self) -> Iterator[tuple[str, InfoBlock]]:
        """Each block with its place, such as "info 1 (en-US)"."""
        for number, info in enumerate(self.message.infos, start=1):
            yield f"info {number} ({info.language[:20]})", info


Found = Iterator[tuple[str, str]]
"""Where something is wrong, and what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule that no schema checks.

    Attributes:
        key: stays the same, so that findings can be counted and documents refer to it.
        sentence: what a message that keeps it does.
        source: where the rule stands.
        profile: for whom it holds; CAP's rules hold for every message.
    """

    key: str
    sentence: str
    source: str
    level: Level
    profile: Profile
    check: Callable[[Case], Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that a message does not keep, where, and what stands there."""

    rule: Rule
    place: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule.level}: {self.place}: {self.detail} [{self.rule.key}]"


def rule(
    key: str, source: str, *, profile: Profile = Profile.CAP, remark: bool = False
) -> Callable[[Callable[[Case], Found]], Rule]:
    """Make a rule of a function that yields where it is broken; its docstring is the sentence."""

    def make(check: Callable[[Case], Found]) -> Rule:
        level = Level.REMARK if remark else Level.ERROR
        sentence = " ".join((check.__doc__ or "").split())
        return Rule(
            key=key, sentence=sentence, source=source, level=level, profile=profile, check=check
        )

    return make
