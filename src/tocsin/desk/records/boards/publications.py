"""Messages to the public: what would be said, what was found in it, what waits and what stands."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from tocsin.desk.people.models import Area, Person
from tocsin.desk.records.access import centers_of, find_bulletin, publications_for
from tocsin.desk.records.ground import areas_of
from tocsin.desk.records.models import Bulletin, Publication
from tocsin.desk.records.publishing import (
    Checked,
    Issue,
    Proposal,
    check_proposal,
    ends_at,
    issue_of,
    live_publication,
    message_of,
    next_issue,
    proposal_from,
)
from tocsin.desk.records.queries import is_exercise
from tocsin.errors import NotFound, OutOfTurn
from tocsin.warn import BulletinKind
from tocsin.warn.cap import Finding, Level, PublicText
from tocsin.warn.septets import fitting_septets, foreign_characters

SHORT, LONG = 90, 360
"""Septets of a phone's two texts (47 CFR 10.430)."""

SHOWN = 50
"""Messages that are over which the list shows."""

UNNUMBERED = "P-preview"
"""What stands for the number before there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneText:
    """One text for phones, and how much room it takes.

    Attributes:
        language: such as en-US.
        most: septets that there are.
        septets: that it takes.
        foreign: characters that phones have no sign for.
    """

    language: str
    text: str
    most: int
    septets: int
    foreign: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether a phone can show it."""
        return self.septets <= self.most and not self.foreign


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPreview:
    """A proposal as the public would get it now.

    Attributes:
        proposal: what was proposed.
        areas: names of its ground.
        ends_at: when it would be over; None where that cannot be said.
        findings: rules that it does not keep, errors first.
        obstacle: why it cannot be asked for or approved; None where it can.
        phones: its texts for phones.
        content: the CAP message; empty where none can be made.
        seen: fingerprint of all this.
    """

    proposal: Proposal
    areas: tuple[str, ...]
    ends_at: datetime | None
    findings: tuple[Finding, ...]
    obstacle: OutOfTurn | None
    phones: tuple[PhoneText, ...]
    content: str
    seen: str

    @property
    def errors(self) -> int:
        """How many rules it breaks that have to be kept."""
        return sum(one.rule.level is Level.ERROR for one in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPage:
    """What the page of a bulletin shows of its messages to the public.

    Attributes:
        bulletin: the version whose page it is.
        live: what the public is told now; None where nothing.
        waiting: what waits for a second person; None where nothing does.
        past: the messages before, latest first.
        areas: the ground from which a person chooses.
        is_exercise: nothing of it is told to the public.
        is_in_force: a version of the bulletin is.
        is_signed: messages leave with our signature.
    """

    bulletin: Bulletin
    live: Publication | None
    waiting: Publication | None
    past: tuple[Publication, ...]
    areas: tuple[Area, ...]
    is_exercise: bool
    is_in_force: bool
    is_signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationPage:
    """One message to the public.

    Attributes:
        row: as it is kept.
        preview: as it would be now; once approved, as it was sealed.
        is_own: this person asked for it, so another one approves.
        is_live: the public is told this now.
        address: where everybody finds it; empty until it is approved.
        is_signed: messages leave with our signature.
    """

    row: Publication
    preview: PublicPreview
    is_own: bool
    is_live: bool
    address: str
    is_signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicList:
    """All messages to the public: those that wait, those that stand, those that are over."""

    waiting: tuple[Publication, ...]
    live: tuple[Publication, ...]
    past: tuple[Publication, ...]


def public_list(person: Person, *, now: datetime) -> PublicList:
    """What the person's center asks and tells the public."""
    rows = _shown(publications_for(person))
    standing = rows.filter(approved_at__isnull=False, ended_at=None, expires_at__gt=now)
    live = tuple(standing.exclude(kind=BulletinKind.CANCEL.value))
    waiting = tuple(rows.filter(approved_at=None, refused_at=None))
    shown = [row.pk for row in (*live, *waiting)]
    return PublicList(waiting=waiting, live=live, past=tuple(rows.exclude(pk__in=shown)[:SHOWN]))


def public_page(number: str, version: int, person: Person, *, now: datetime) -> PublicPage:
    """The page of a bulletin's messages to the public, for the people of its center.

    Raises:
        NotFound: there is no such bulletin, or it is another center's.
    """
    bulletin = find_bulletin(number, version, person)
    center = bulletin.threat.center
    if not centers_of(person).filter(pk=center.pk).exists():
        raise NotFound(f"{bulletin} is {center.name}'s: its people tell the public of it.")
    rows = _shown(Publication.objects.filter(bulletin__number=number))
    live = live_publication(bulletin, now=now)
    waiting = rows.filter(approved_at=None, refused_at=None).first()
    others = rows.exclude(pk__in=[row.pk for row in (live, waiting) if row])
    in_force = Bulletin.objects.filter(number=number, state=Bulletin.State.RELEASED)
    return PublicPage(
        bulletin=bulletin,
        live=live,
        waiting=waiting,
        past=tuple(others),
        areas=tuple(areas_of(center)),
        is_exercise=is_exercise(bulletin),
        is_in_force=in_force.exists(),
        is_signed=bool(settings.TOCSIN_CAP_KEY),
    )


def preview_proposal(page: PublicPage, proposal: Proposal, *, now: datetime) -> PublicPreview:
    """The proposal as the public would get it, were it asked for and approved now."""
    number = page.live.number if page.live else UNNUMBERED
    try:
        issue = next_issue(page.bulletin, page.live, identifier=f"{number}.next", now=now)
    except OutOfTurn as error:
        return _without_message(proposal, error)
    return _preview(proposal, issue, now=now)


def publication_page(
    number: str, version: int, person: Person, *, now: datetime
) -> PublicationPage:
    """One message to the public with all that its page shows.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = _shown(publications_for(person))
    row = rows.filter(number=number, version=version).first()
    if row is None:
        raise NotFound(
            f"There is no public message {number} version {version} that you may see.",
            way_out="Open the list again.",
        )
    live = live_publication(row.bulletin, now=now)
    address = f"{settings.TOCSIN.address}/feeds/cap/{row.identifier}.xml"
    return PublicationPage(
        row=row,
        preview=_of_row(row, now=now),
        is_own=row.asked_by_id == person.pk,
        is_live=live is not None and live.pk == row.pk,
        address=address if row.approved_at else "",
        is_signed=bool(settings.TOCSIN_CAP_KEY),
    )


def _of_row(row: Publication, *, now: datetime) -> PublicPreview:
    proposal = proposal_from(row.words)
    if row.approved_at:
        return _seen(
            proposal,
            Checked(content=message_of(row), findings=(), obstacle=None),
            ends_at=row.expires_at,
        )
    try:
        issue = issue_of(row, now=now)
    except OutOfTurn as error:
        return _without_message(proposal, error)
    return _preview(proposal, issue, now=now)


def _preview(proposal: Proposal, issue: Issue, *, now: datetime) -> PublicPreview:
    checked = check_proposal(proposal, issue, now=now)
    return _seen(proposal, checked, ends_at=ends_at(proposal, issue, now=now))


def _without_message(proposal: Proposal, error: OutOfTurn) -> PublicPreview:
    return _seen(proposal, Checked(content=b"", findings=(), obstacle=error), ends_at=None)


def _seen(proposal: Proposal, checked: Checked, *, ends_at: datetime | None) -> PublicPreview:
    names = Area.objects.filter(key__in=proposal.areas).values_list("name", flat=True)
    return PublicPreview(
        proposal=proposal,
        areas=tuple(names),
        ends_at=ends_at,
        findings=checked.findings,
        obstacle=checked.obstacle,
        phones=tuple(one for text in proposal.texts for one in _phones(text, proposal)),
        content=checked.content.decode("utf-8", "replace"),
        seen=checked.fingerprint(proposal),
    )


def _phones(text: PublicText, proposal: Proposal) -> list[PhoneText]:
    if proposal.ipaws is None:
        return []
    return [
        PhoneText(
            language=text.language,
            text=words,
            most=most,
            septets=fitting_septets(words),
            foreign=tuple(str(one) for one in foreign_characters(words)[:5]),
        )
        for words, most in ((text.short, SHORT), (text.long, LONG))
    ]


def _shown(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    return rows.select_related(
        "bulletin__threat__center", "asked_by", "approved_by", "refused_by", "follows", "cap"
    )
