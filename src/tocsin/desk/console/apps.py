"""Tells Django of this room."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The pages."""

    name = "tocsin.desk.console"
    label = "console"
