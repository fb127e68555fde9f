"""The county: agencies, areas and people, loaded from a file and shown as they are."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.assess import Act
from tocsin.desk.console.forms import CountyForm, first_fault
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import retry
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.county import county as county_of
from tocsin.desk.records.commands.county import Loaded, load_county
from tocsin.errors import Error, InputError


@require_http_methods(["GET", "HEAD", "POST"])
def county(request: HttpRequest) -> HttpResponse:
    """Show the county, and load a county file."""
    person = person_of(request)
    require(person, Act.ADMINISTER)
    again = None
    if request.method == "POST":
        try:
            loaded = _load(request)
        except Error as error:
            again = retry("load", error, request)
        else:
            told = f"{loaded.agencies} agencies, {loaded.areas} areas, {loaded.people} people"
            messages.success(request, f"The county file is loaded: {told}.")
            return redirect("console:county")
    shown = {"county": county_of(now=timezone.now()), "retry": again}
    return render(request, "console/county.html", shown, status=again.status if again else 200)


def _load(request: HttpRequest) -> Loaded:
    form = CountyForm(request.POST, request.FILES)
    if not form.is_valid():
        raise InputError(first_fault(form))
    given = form.cleaned_data
    return load_county(
        given["county"].read(),
        actor=person_of(request),
        now=timezone.now(),
        password=given["password"],
    )
