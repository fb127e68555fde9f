"""The application that the web server runs: lines of units, the gate, the button, Django."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.desk.settings")
_django = get_asgi_application()

from django.conf import settings  # noqa: E402 # Django must be ready before its rooms are entered

from tocsin.desk.api.button import Button  # noqa: E402
from tocsin.desk.api.fragments import keep_fragment  # noqa: E402
from tocsin.desk.api.gate import FRAME, Gate  # noqa: E402
from tocsin.desk.api.unitlines import UnitLines  # noqa: E402
from tocsin.desk.api.units import PATH as UNITS  # noqa: E402
from tocsin.posture.feed import LARGEST  # noqa: E402
from tocsin.posture.price.table import MOST_BYTES  # noqa: E402

TABLE = MOST_BYTES + FRAME
"""Most bytes of a body that brings a table of calls or cars."""

application = UnitLines(
    Gate(
        Button(_django),
        limit=settings.TOCSIN.upload_limit,
        uploads=frozenset({"/api/calls", "/calls/new"}),
        keep=keep_fragment,
        bounds={UNITS: LARGEST, "/price/calls": TABLE, "/price/cars": TABLE},
    )
)
