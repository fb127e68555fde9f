"""One gate per kind of object: who may see what. Not there and not yours look the same."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tocsin import assess
from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models import (
    Arrival,
    Bulletin,
    Call,
    ForeignAlert,
    Order,
    Publication,
    Recipient,
    Task,
    Threat,
)
from tocsin.errors import NotAllowed, NotFound

Row = TypeVar("Row", bound=Model)


def require(person: Person, act: Act) -> None:
    """Return when the person may do it.

    Raises:
        NotAllowed: the person may not; it says who could.
    """
    if not person.is_active:
        raise NotAllowed(f"{person.name}'s account is closed.")
    assess.require(person.as_assessor(), act)


def centers_of(person: Person) -> QuerySet[Agency]:
    """The dispatch centers whose record a person works with: his own, or the one serving him."""
    agency = person.agency
    if agency.kind == Agency.Kind.DISPATCH:
        return Agency.objects.filter(pk=agency.pk)
    return Agency.objects.filter(served=agency)


def staff_of(center: Agency) -> QuerySet[Person]:
    """The active people of a center and of the agencies that it serves."""
    own = Q(agency=center) | Q(agency__center=center)
    return Person.objects.filter(own, is_active=True).select_related("agency__center")


def staff_for(person: Person) -> QuerySet[Person]:
    """The people for whom this person may enter when they work."""
    people = Person.objects.filter(is_active=True).select_related("agency__center")
    if person.may(Act.ADMINISTER):
        return people
    centers = centers_of(person)
    return people.filter(Q(agency__in=centers) | Q(agency__center__in=centers))


def calls_for(person: Person) -> QuerySet[Call]:
    """The calls a person may see."""
    if not person.may(Act.SEE_CALLS):
        return Call.objects.none()
    return Call.objects.filter(center__in=centers_of(person))


def threats_for(person: Person) -> QuerySet[Threat]:
    """The threats a person may see: of his center, or with a bulletin that concerns his agency."""
    if not person.may(Act.SEE_CALLS):
        return Threat.objects.none()
    concerned = Q(bulletins__recipients__agency=person.agency)
    return Threat.objects.filter(Q(center__in=centers_of(person)) | concerned).distinct()


def bulletins_for(person: Person) -> QuerySet[Bulletin]:
    """The bulletins of the threats a person may see."""
    return Bulletin.objects.filter(threat__in=threats_for(person))


def own_bulletins(person: Person) -> QuerySet[Recipient]:
    """What this person was or is to be told, with the bulletin."""
    return Recipient.objects.filter(person=person).select_related("bulletin__threat__center")


def tasks_for(person: Person) -> QuerySet[Task]:
    """The open tasks of the person's center."""
    if not person.may(Act.SEE_CALLS):
        return Task.objects.none()
    return Task.objects.filter(center__in=centers_of(person), done_at=None)


def arrivals_for(person: Person) -> QuerySet[Arrival]:
    """What was sent to the person's center, refused arrivals too."""
    if not person.may(Act.SEE_CALLS):
        return Arrival.objects.none()
    return Arrival.objects.filter(center__in=centers_of(person))


def alerts_for(person: Person) -> QuerySet[ForeignAlert]:
    """The alerts from elsewhere that came to the person's center, refused ones too."""
    if not person.may(Act.SEE_CALLS):
        return ForeignAlert.objects.none()
    return ForeignAlert.objects.filter(center__in=centers_of(person))


def publications_for(person: Person) -> QuerySet[Publication]:
    """The messages to the public of the person's center, asked for or approved."""
    if not person.may(Act.SEE_CALLS):
        return Publication.objects.none()
    return Publication.objects.filter(bulletin__threat__center__in=centers_of(person))


def orders_for(person: Person) -> QuerySet[Order]:
    """The orders a person may see: of the threats he may see, or that concern his center's own."""
    if not person.may(Act.SEE_CALLS):
        return Order.objects.none()
    centers = centers_of(person)
    named = Q(agencies=person.agency) | Q(agencies__center__in=centers)
    joined = Q(joinings__agency=person.agency) | Q(joinings__agency__center__in=centers)
    return Order.objects.filter(Q(threat__in=threats_for(person)) | named | joined).distinct()


def find_person(login: str) -> Person:
    """The active person with this login.

    Raises:
        NotFound: there is none.
    """
    row = Person.objects.filter(login__iexact=login, is_active=True).first()
    if row is None:
        raise NotFound(f"Nobody has the login {login!r}.", way_out="Check it in the county file.")
    return row


def find_call(number: str, person: Person) -> Call:
    """The call, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    return _one(calls_for(person).filter(number=number), f"call {number}")


def find_threat(number: str, person: Person) -> Threat:
    """The threat, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    return _one(threats_for(person).filter(number=number), f"threat {number}")


def find_order(number: str, person: Person) -> Order:
    """The order, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    found = orders_for(person).filter(number=number).select_related("threat__center")
    return _one(found, f"order {number}")


def find_bulletin(number: str, version: int, person: Person) -> Bulletin:
    """The version of a bulletin, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    found = bulletins_for(person).filter(number=number, version=version)
    return _one(found, f"bulletin {number} version {version}")


def _one(found: QuerySet[Row], name: str) -> Row:
    row = found.first()
    if row is None:
        raise NotFound(
            f"There is no {name} that you may see.", way_out="Check the number, or ask its center."
        )
    return row
