"""Signing in, signing out, and one's own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from tocsin.desk.console.person import person_of
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands.accounts import change_password
from tocsin.desk.records.commands.log_on import begins_with_bulletins
from tocsin.errors import NotAllowed


class RequireSignIn(LoginRequiredMiddleware):
    """Every page needs a person who is signed in, but for those that say otherwise.

    The API knows its own callers: machines have keys.
    """

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, keywords: Any
    ) -> HttpResponseBase | None:
        """The way to the sign-in, for who must go there first."""
        match = request.resolver_match
        if match and match.namespace == "api":
            return None
        return super().process_view(request, view, arguments, keywords)


class OwnPasswordFirst(MiddlewareMixin):
    """Sends who was given a password to the page where he chooses his own."""

    def process_view(
        self, request: HttpRequest, view: Any, arguments: Any, keywords: Any
    ) -> HttpResponse | None:
        """The way to the password page, for who must go there first."""
        match = request.resolver_match
        person = request.user
        if not isinstance(person, Person) or not person.must_change_password:
            return None
        # An acknowledgment waits for nothing: its link is proof enough.
        if match and match.url_name in {"password", "logout", "acknowledge"}:
            return None
        return redirect("console:password")


class SignIn(views.LoginView):
    """The page on which a person signs in."""

    template_name = "console/login.html"
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """The page that was asked for: nobody is kept from where he answers; else the first."""
        asked = self.get_redirect_url()
        return asked if asked not in {"", "/"} else _first_page(person_of(self.request))


def password(request: HttpRequest) -> HttpResponse:
    """Show the page of one's own password, and change it."""
    person = person_of(request)
    if request.method != "POST":
        return render(request, "console/password.html")
    old, new = request.POST.get("old", ""), request.POST.get("new", "")
    try:
        change_password(person, old=old, new=new, now=timezone.now())
    except NotAllowed as error:
        return render(request, "console/password.html", {"error": error}, status=422)
    update_session_auth_hash(request, person)
    messages.success(request, "Your password is changed.")
    return redirect(_first_page(person))


def _first_page(person: Person) -> str:
    """Where work begins; for an officer for whom live bulletins wait, with these."""
    has_waiting = begins_with_bulletins(person, now=timezone.now())
    return reverse("console:log_on" if has_waiting else "console:home")
