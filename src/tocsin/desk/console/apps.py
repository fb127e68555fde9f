"""Tells Django of this room."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The room `console`."""

    name = "tocsin.desk.console"
    label = "console"
