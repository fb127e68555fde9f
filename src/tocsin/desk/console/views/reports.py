"""The after-action report of a threat, as a page and on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from tocsin.desk.console.person import person_of
from tocsin.desk.papers import report_pdf, timeline_svg
from tocsin.desk.records.access import find_threat
from tocsin.desk.records.boards.afteraction import report_of, report_page
from tocsin.desk.records.boards.orderrecord import orders_part


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Every interval on record, measured, and who is missing."""
    threat = find_threat(number, person_of(request))
    now = timezone.now()
    page = report_page(threat, request.GET.get("bulletin", ""), now=now)
    shown = {
        "threat": threat,
        "orders": orders_part(threat, now=now),
        "page": page,
        "story": page.report.story,
        # Made of elements alone: every text in it is escaped where it is drawn.
        "timeline": mark_safe(timeline_svg(page.report)),  # noqa: S308
        "zone": threat.center.zone,
    }
    return render(request, "console/report.html", shown)


@require_safe
def report_paper(request: HttpRequest, number: str) -> HttpResponse:
    """The same as PDF, with the table of all people."""
    threat = find_threat(number, person_of(request))
    now = timezone.now()
    made = report_of(threat, request.GET.get("bulletin", ""), now=now)
    paper = report_pdf(made, orders_part(threat, now=now))
    answer = HttpResponse(paper, content_type="application/pdf")
    name = f"{threat.number}-{made.story.number}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
