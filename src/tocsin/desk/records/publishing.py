"""A message to the public as a person proposes it, and what its CAP would be.

Its words are its own: nothing of the call, of the bulletin or of the officers comes in here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from tocsin.assess import Answer
from tocsin.desk.people.models import Area
from tocsin.desk.records.ground import as_cap_areas, home_of
from tocsin.desk.records.models import Bulletin, Publication, Threat
from tocsin.desk.records.queries import is_exercise, versions_in_force
from tocsin.errors import BadAlert, OutOfTurn
from tocsin.evidence import digest_of, open_store
from tocsin.warn import BulletinKind, blue
from tocsin.warn.cap import (
    CapMessage,
    Finding,
    Handling,
    IpawsChoice,
    Judgement,
    Level,
    Profile,
    PublicText,
    PublicWarning,
    build_public_cap,
    check_cap,
    parse_cap,
)

BLUE = "BLU"
"""The event code of a Blue Alert (83 FR 2557)."""

FEDERAL = "federal"
"""The card that no state stands behind; it alone does not make a Blue Alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a person proposes to tell the public.

    Attributes:
        texts: one for each language, English first.
        judgement: how soon, how grave, how sure, by CAP's words.
        areas: keys of the ground that it is for.
        minutes: how long it holds from its approval; None for as long as the bulletin.
        change: of an update or an end: what changed, or why.
        ipaws: what was chosen for IPAWS; None where it is not written for IPAWS.
        counties: SAME codes of the ground, six digits each.
    """

    texts: tuple[PublicText, ...]
    judgement: Judgement
    areas: tuple[str, ...]
    minutes: int | None = None
    change: str = ""
    web: str = ""
    contact: str = ""
    ipaws: IpawsChoice | None = None
    counties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The place of a message in its row of versions.

    Attributes:
        bulletin: any version of the bulletin that it belongs to.
        identifier: number and version.
        kind: whether it begins, follows or ends.
        earlier: the bytes of the versions before it that have not expired.
        holds_until: its end where nobody says another: that of the bulletin, or of what it ends.
    """

    bulletin: Bulletin
    identifier: str
    kind: BulletinKind
    earlier: tuple[bytes, ...]
    holds_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A proposal made into its message and held against the rules.

    Attributes:
        content: the bytes, not signed; empty where no message can be made of it.
        findings: rules that it does not keep, errors first.
        obstacle: why it cannot be asked for or approved as it is; None where it can.
    """

    content: bytes
    findings: tuple[Finding, ...]
    obstacle: OutOfTurn | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What has to be mended first."""
        return tuple(one for one in self.findings if one.rule.level is Level.ERROR)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """What somebody should look at."""
        return tuple(one for one in self.findings if one.rule.level is Level.REMARK)

    def fingerprint(self, proposal: Proposal) -> str:
        """Digest of the proposal and of which rules it does not keep, where."""
        found = [f"{one.rule.key} {one.place}" for one in self.findings]
        stop = self.obstacle.what if self.obstacle else ""
        return digest_of({"words": as_words(proposal), "found": found, "obstacle": stop})


def as_words(proposal: Proposal) -> dict[str, Any]:
    """The proposal as JSON for its row."""
    words = asdict(proposal)
    words |= {name: list(words[name]) for name in ("texts", "areas", "counties")}
    if proposal.ipaws:
        words["ipaws"]["blocked"] = list(proposal.ipaws.blocked)
        handling = proposal.ipaws.handling
        words["ipaws"]["handling"] = handling.value if handling else None
    return words


def proposal_from(words: Mapping[str, Any]) -> Proposal:
    """The proposal that `as_words` wrote."""
    ipaws = words["ipaws"]
    facts = {
        **words,
        "texts": tuple(PublicText(**one) for one in words["texts"]),
        "judgement": Judgement(**words["judgement"]),
        "areas": tuple(words["areas"]),
        "counties": tuple(words["counties"]),
        "ipaws": _choice_from(ipaws) if ipaws else None,
    }
    return Proposal(**facts)


def live_publication(bulletin: Bulletin, *, now: datetime) -> Publication | None:
    """What the public is told now because of this bulletin, whichever version of it began that."""
    rows = approved_of(bulletin.number).exclude(kind=BulletinKind.CANCEL.value)
    return rows.filter(ended_at=None, expires_at__gt=now).order_by("-pk").first()


def approved_of(bulletin_number: str) -> QuerySet[Publication]:
    """Every approved message of the bulletin."""
    return Publication.objects.filter(
        bulletin__number=bulletin_number, approved_at__isnull=False
    ).select_related("cap", "bulletin__threat__center")


def next_issue(
    bulletin: Bulletin, live: Publication | None, *, identifier: str, now: datetime
) -> Issue:
    """The place of a message that follows the live one, or begins where there is none.

    Raises:
        OutOfTurn: no version of the bulletin is in force.
    """
    return Issue(
        bulletin=bulletin,
        identifier=identifier,
        kind=BulletinKind.UPDATE if live else BulletinKind.ALERT,
        earlier=_earlier(live.number, now=now) if live else (),
        holds_until=_end_of(bulletin, now=now),
    )


def issue_of(row: Publication, *, now: datetime) -> Issue:
    """The place of a message that somebody has asked for.

    Raises:
        OutOfTurn: it begins or follows, and no version of the bulletin is in force.
    """
    kind = BulletinKind(row.kind)
    is_end = kind is BulletinKind.CANCEL
    return Issue(
        bulletin=row.bulletin,
        identifier=row.identifier,
        kind=kind,
        earlier=_earlier(row.number, now=now),
        holds_until=row.expires_at if is_end else _end_of(row.bulletin, now=now),
    )


def ends_at(proposal: Proposal, issue: Issue, *, now: datetime) -> datetime:
    """When the message is over: never later than the bulletin."""
    if proposal.minutes is None or issue.kind is BulletinKind.CANCEL:
        return issue.holds_until
    return min(now + timedelta(minutes=proposal.minutes), issue.holds_until)


def check_proposal(proposal: Proposal, issue: Issue, *, now: datetime) -> Checked:
    """The message that the proposal would make now, and every rule that it does not keep."""
    stop = obstacle_of(proposal, issue)
    try:
        content = draw_up(proposal, issue, now=now)
    except OutOfTurn as error:
        return Checked(content=b"", findings=(), obstacle=stop or error)
    findings = check_cap(
        parse_cap(content),
        profile=Profile.IPAWS if proposal.ipaws else Profile.CAP,
        home=home_of(issue.bulletin.threat.center),
        earlier=_messages(issue.earlier),
    )
    checked = Checked(content=content, findings=findings, obstacle=stop)
    if stop is None and checked.errors:
        said = "; ".join(f"{one.place}: {one.detail}" for one in checked.errors[:3])
        stop = OutOfTurn(
            f"The message breaks {_rules(len(checked.errors))}: {said}",
            way_out="Mend the words, then look at it again.",
        )
        return Checked(content=content, findings=findings, obstacle=stop)
    return checked


def draw_up(proposal: Proposal, issue: Issue, *, now: datetime) -> bytes:
    """The bytes of the message, not signed.

    Raises:
        OutOfTurn: it says too little, or what CAP has no word for.
    """
    center = issue.bulletin.threat.center
    areas = list(Area.objects.filter(key__in=proposal.areas))
    warning = PublicWarning(
        identifier=issue.identifier,
        kind=issue.kind,
        status="Exercise" if _is_practice(issue) else "Actual",
        sender_name=center.name,
        texts=proposal.texts,
        judgement=proposal.judgement,
        released_at=now,
        expires_at=ends_at(proposal, issue, now=now),
        zone=center.zone,
        change=proposal.change,
        web=proposal.web,
        contact=proposal.contact,
    )
    return build_public_cap(
        warning,
        sender=settings.TOCSIN_CAP_SENDER,
        areas=as_cap_areas(areas, counties=proposal.counties),
        references=[one.reference for one in _messages(issue.earlier)],
        ipaws=proposal.ipaws,
    )


def obstacle_of(proposal: Proposal, issue: Issue) -> OutOfTurn | None:
    """Why this may not go to the public whatever its words are; None where it may."""
    if _is_practice(issue):
        return OutOfTurn(
            "This is an exercise: nothing of it is told to the public.",
            way_out="Write and check it here as practice; it cannot be asked for.",
        )
    if issue.kind is not BulletinKind.ALERT and not proposal.change.strip():
        return OutOfTurn(
            "It is not said what changed since the public was told.",
            way_out="Say it in a sentence that the public may read.",
        )
    for text in proposal.texts:
        if not (text.event.strip() and text.headline.strip() and text.description.strip()):
            return OutOfTurn(
                f"The words in {text.language} are not whole.",
                way_out="Write the kind of event, the headline and what is going on.",
            )
    if proposal.ipaws and proposal.ipaws.event_code == BLUE and issue.kind != BulletinKind.CANCEL:
        return _blue_obstacle(issue.bulletin.threat)
    return None


def zone_word(zone: str, *, now: datetime) -> str:
    """The zone as EAS prints it, such as MST."""
    return f"{now.astimezone(ZoneInfo(zone)):%Z}"


def message_of(row: Publication) -> bytes:
    """The bytes of an approved message as they were sealed."""
    if row.cap is None:
        raise LookupError(f"{row} was never approved")
    with open_store(settings.TOCSIN_STORE).open(row.cap.sha256) as file:
        return file.read()


def _blue_obstacle(threat: Threat) -> OutOfTurn | None:
    rows = threat.blue_answers.select_related("person").order_by("answered_at", "pk")
    answers = [
        blue.Answered(
            key=row.criterion,
            answer=Answer(row.answer),
            reason=row.reasons,
            person=row.person.as_assessor(),
            answered_at=row.answered_at,
        )
        for row in rows
    ]
    cards = [blue.card_of(one, answers) for one in blue.jurisdictions() if one.key != FEDERAL]
    if any(card.outcome is blue.Outcome.ELIGIBLE for card in cards):
        return None
    return OutOfTurn(
        f"BLU is a Blue Alert, and by the answers on the card of {threat.number} no state's rule "
        "is met: an officer hurt, killed or missing, or a threat that named people hold to be "
        "imminent and credible.",
        way_out="Answer the questions on the Blue Alert card, or choose LEW, CDW or LAE.",
    )


def _is_practice(issue: Issue) -> bool:
    """Whether it rests on an exercise; what the public was told in earnest ends in earnest."""
    return issue.kind is not BulletinKind.CANCEL and is_exercise(issue.bulletin)


def _end_of(bulletin: Bulletin, *, now: datetime) -> datetime:
    """The end of the version in force."""
    current = versions_in_force(bulletin).order_by("-version").first()
    if current is None or current.expires_at is None or current.expires_at <= now:
        raise OutOfTurn(
            f"No version of {bulletin.number} is in force.",
            way_out="The public is told beside a bulletin in force; release one first.",
        )
    return current.expires_at


def _earlier(number: str, *, now: datetime) -> tuple[bytes, ...]:
    rows = Publication.objects.filter(number=number, cap__isnull=False, expires_at__gt=now)
    return tuple(message_of(row) for row in rows.select_related("cap").order_by("version"))


def _messages(contents: tuple[bytes, ...]) -> tuple[CapMessage, ...]:
    try:
        return tuple(parse_cap(one) for one in contents)
    except BadAlert as error:
        raise OutOfTurn(f"An earlier message cannot be read: {error.what}") from error


def _choice_from(ipaws: Mapping[str, Any]) -> IpawsChoice:
    handling = ipaws["handling"]
    facts = {
        **ipaws,
        "blocked": tuple(ipaws["blocked"]),
        "handling": Handling(handling) if handling else None,
    }
    return IpawsChoice(**facts)


def _rules(count: int) -> str:
    return "a rule of CAP" if count == 1 else f"{count} rules of CAP"
