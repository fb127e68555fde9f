"""A form that was refused, shown again with all that was typed in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from tocsin.desk.statuses import status_of
from tocsin.errors import Error


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What a page needs to show such a form again.

    Attributes:
        form: name of the form on its page.
        error: what happened, and the way out.
        typed: what was typed, by field.
    """

    form: str
    error: Error
    typed: Mapping[str, str]

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return status_of(self.error)


def retry(form: str, error: Error, request: HttpRequest) -> Retry:
    """The form of this request, refused for this error."""
    return Retry(form=form, error=error, typed=request.POST.dict())
