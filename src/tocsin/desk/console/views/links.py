"""The link in a message: shows the bulletin to its one person, who says there that he has it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tocsin.desk.people.models import Person
from tocsin.desk.records.boards.bulletins import Linked, linked
from tocsin.desk.records.boards.versions import is_asked
from tocsin.desk.records.commands.acknowledgments import acknowledge_by_link, mark_opened
from tocsin.desk.records.links import key_of
from tocsin.errors import NotAllowed


# The token is the secret: who has it needs no cookie, and a page elsewhere that does not have it
# cannot forge the request. Without cookies there is nothing that CSRF could abuse.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """Show the bulletin; only the button, never the mere opening, says that its person has it."""
    now = timezone.now()
    if request.method == "POST":
        _refuse_stranger(request, token)
        acknowledge_by_link(key_of(token), now=now)
        return _private(redirect("console:acknowledge", token))
    link = linked(token)
    stranger = _stranger(request, link)
    if request.method == "GET" and not stranger:
        mark_opened(link.delivery, now=now)
    own = is_asked(link.bulletin, stranger) if stranger else False
    shown = {"link": link, "zone": link.words.zone, "stranger": stranger, "is_asked": own}
    return _private(render(request, "console/link.html", shown))


def _refuse_stranger(request: HttpRequest, token: str) -> None:
    """Nobody who is signed in answers through another's link, except in an exercise."""
    if not request.user.is_authenticated:
        return
    link = linked(token)
    stranger = _stranger(request, link)
    if stranger and not link.words.is_exercise:
        raise NotAllowed(
            f"This link is {link.delivery.person.name}'s, and {stranger.name} is signed in.",
            way_out="Answer your own bulletin, or sign out first.",
        )


def _stranger(request: HttpRequest, link: Linked) -> Person | None:
    """Who is signed in and is not the one whose link this is: somebody forwarded it."""
    person = request.user
    if isinstance(person, Person) and person.pk != link.delivery.person_id:
        return person
    return None


def _private(answer: HttpResponse) -> HttpResponse:
    """The page of one person: kept by no cache, found by no search, told to no other site."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
