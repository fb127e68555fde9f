"""A person corrects what the machine read; both stay, and the machine's is never changed."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.assess import Act
from tocsin.desk.console.forms import first_fault
from tocsin.desk.console.marking import (
    FIELDS,
    MOST_ROWS,
    MOST_SHOWN,
    CorrectionForm,
    Row,
    checked,
    first_typed,
    marks_from,
    rows_from,
    rows_of,
    with_more,
)
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records import correcting
from tocsin.desk.records.access import find_call, require
from tocsin.desk.records.boards.corrections import Base, base_of
from tocsin.desk.records.commands import corrections
from tocsin.desk.records.commands.access import record_view
from tocsin.errors import Error, InputError, OutOfTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entered:
    """What was sent, row by row."""

    form: CorrectionForm
    rows: tuple[Row, ...]


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show a reading as a form, and keep what this person corrects of it."""
    person = person_of(request)
    base = base_of(find_call(number, person), version)
    require(person, Act.CORRECT_READING)
    if request.method != "POST":
        return _first(request, base, person)
    typed = _Entered(form=CorrectionForm(request.POST), rows=rows_from(request.POST.dict()))
    if request.POST.get("then") == "rows":
        return _page(request, base, typed, rows=with_more(typed.rows))
    rows = checked(typed.rows, base.row.text)
    try:
        kept = _keep(base, typed.form, rows, person)
    except Error as error:
        base = base_of(base.row.call, version)
        return _page(request, base, typed, rows=rows, again=retry("correct", error, request))
    messages.success(request, f"Your correction counts now, as version {kept} under your name.")
    return redirect("console:call", number)


def _keep(base: Base, form: CorrectionForm, rows: tuple[Row, ...], person: Person) -> int:
    """The correction is on record; its version.

    Raises:
        InputError: something in the form cannot be taken.
    """
    if not form.is_valid():
        raise InputError(first_fault(form))
    if faulty := [row for row in rows if row.fault]:
        many = "A row" if len(faulty) == 1 else f"{len(faulty)} rows"
        raise InputError(f"{many} could not be taken; each says why.")
    given = form.amendment(marks_from(rows, base.labels.spans[MOST_SHOWN:]))
    kept = corrections.correct(
        base.row,
        given,
        seen=form.cleaned_data["seen"],
        reason=form.cleaned_data["reason"],
        person=person,
        now=timezone.now(),
    )
    return kept.version


def _first(request: HttpRequest, base: Base, person: Person) -> HttpResponse:
    call = base.row.call
    if not request.htmx:  # type: ignore[attr-defined] # the middleware puts it there
        subject = f"call:{call.number}"
        record_view(call.center, subject, action="viewed", person=person, now=timezone.now())
    form = CorrectionForm(initial=first_typed(base.labels, base.seen))
    return _page(request, base, _Entered(form=form, rows=rows_of(base.labels.spans, base.row.text)))


def _seen(base: Base, form: CorrectionForm, again: Retry | None) -> object:
    """The version that the form is made from: a newer one only once its person was told of it."""
    is_told = again is not None and isinstance(again.error, OutOfTurn)
    return base.seen if is_told else form["seen"].value()


def _page(
    request: HttpRequest,
    base: Base,
    entered: _Entered,
    *,
    rows: tuple[Row, ...] | None = None,
    again: Retry | None = None,
) -> HttpResponse:
    call = base.row.call
    shown = {
        "here": reverse("console:correct_reading", args=[call.number, base.row.version]),
        "call": call,
        "base": base,
        "form": entered.form,
        "rows": entered.rows if rows is None else rows,
        "fields": FIELDS,
        "pieces": correcting.cut_up(base.row.text, base.labels.spans),
        "beyond": max(0, len(base.labels.spans) - MOST_SHOWN),
        "most": MOST_ROWS,
        "seen": _seen(base, entered.form, again),
        "zone": call.center.zone,
        "retry": again,
    }
    return render(request, "console/correct.html", shown, status=again.status if again else 200)
