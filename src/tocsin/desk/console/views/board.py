"""The board: what is new, what is open, what must be done, what came in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk import demo
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import find_threat
from tocsin.desk.records.boards.calls import latest_calls
from tocsin.desk.records.boards.orders import orders_in_force
from tocsin.desk.records.boards.posture import joint_for
from tocsin.desk.records.boards.preflight import severe_for
from tocsin.desk.records.boards.tasks import find_task, open_tasks
from tocsin.desk.records.boards.threats import closed_threats, open_threats
from tocsin.desk.records.commands.demonstration import play_demonstration
from tocsin.desk.records.commands.tasks import finish_task
from tocsin.desk.records.commands.threats import take_threat
from tocsin.errors import Error


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page on which this person's work begins."""
    person = person_of(request)
    if person.may(Act.SEE_CALLS):
        return _board(request, person)
    return redirect("console:county" if person.may(Act.ADMINISTER) else "console:mine")


@require_safe
def alarm(request: HttpRequest) -> HttpResponse:
    """The threats that nobody has taken, for pages that show nothing else that moves."""
    return render(request, "console/parts/alarm.html")


@require_POST
def take(request: HttpRequest, number: str) -> HttpResponse:
    """The threat is this person's."""
    person = person_of(request)
    take_threat(find_threat(number, person), person=person, now=timezone.now())
    return redirect("console:threat", number)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """The task is done, by this person's sentence."""
    person = person_of(request)
    task = find_task(pk, person)
    because = request.POST.get("because", "")
    try:
        finish_task(task, person=person, because=because, now=timezone.now())
    except Error as error:
        return _board(request, person, again=retry(f"task-{pk}", error, request))
    messages.success(request, "The task is done, under your name.")
    return redirect("console:home")


@require_POST
def play(request: HttpRequest) -> HttpResponse:
    """The demonstration call comes in."""
    call = play_demonstration(actor=person_of(request), now=timezone.now())
    messages.success(
        request, f"The demonstration call came in as {call.number}. It is being heard now."
    )
    return redirect("console:home")


def _board(request: HttpRequest, person: Person, *, again: Retry | None = None) -> HttpResponse:
    tasks = open_tasks(person)
    # A task says it already, until somebody is done with it.
    is_said = any(one.kind == "preflight" for one in tasks)
    threats = open_threats(person)
    shown = {
        "here": "/",
        "threats": threats,
        "has_both": len({one.is_exercise for one in threats}) > 1,
        "closed": closed_threats(person),
        "joint": joint_for(person, now=timezone.now()),
        "orders": orders_in_force(person, now=timezone.now()),
        "tasks": tasks,
        "calls": latest_calls(person),
        "severe": 0 if is_said else severe_for(person),
        "has_demonstration": person.agency.key == demo.CENTER,
        "retry": again,
    }
    status = again.status if again else 200
    return render(request, "console/board.html", shown, status=status)
