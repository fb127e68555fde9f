"""Our errors as pages: what happened and what to do, with the status that fits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from tocsin.desk.statuses import status_of
from tocsin.errors import Error


class ErrorPages(MiddlewareMixin):
    """Shows an error that a view let pass, as a page or as the part of one that asked."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of one of our errors; anything else is Django's to report."""
        if not isinstance(error, Error):
            return None
        part = "console/parts/mistake.html" if request.htmx else "console/mistake.html"  # type: ignore[attr-defined]
        return render(request, part, {"error": error}, status=status_of(error))
