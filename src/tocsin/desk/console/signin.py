"""Signing in, signing out, and one's own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash, views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from tocsin.desk.console.person import person_of
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands.accounts import change_password


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
        if match and match.url_name in {"password", "logout"}:
            return None
        return redirect("console:password")


class SignIn(views.LoginView):
    """The page on which a person signs in."""

    template_name = "console/login.html"
    redirect_authenticated_user = True


def password(request: HttpRequest) -> HttpResponse:
    """Show the page of one's own password, and change it."""
    person = person_of(request)
    if request.method == "POST":
        change_password(
            person,
            old=request.POST.get("old", ""),
            new=request.POST.get("new", ""),
            now=timezone.now(),
        )
        update_session_auth_hash(request, person)
        messages.success(request, "Your password is changed.")
        return redirect("console:home")
    return render(request, "console/password.html")
