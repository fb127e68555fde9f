"""What every page may show of its surroundings."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from tocsin import __version__


def desk(request: HttpRequest) -> dict[str, Any]:
    """Version and time zone of the installation."""
    return {"version": __version__, "zone": settings.TOCSIN.zone}
