"""The application that the web server runs: the gate, the button of messages, Django."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.desk.settings")
_django = get_asgi_application()

from django.conf import settings  # noqa: E402 # Django must be ready before its rooms are entered

from tocsin.desk.api.button import Button  # noqa: E402
from tocsin.desk.api.fragments import keep_fragment  # noqa: E402
from tocsin.desk.api.gate import Gate  # noqa: E402

application = Gate(
    Button(_django),
    limit=settings.TOCSIN.upload_limit,
    uploads=frozenset({"/api/calls", "/calls/new"}),
    keep=keep_fragment,
)
