"""Tells Django of this room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The record of the installation."""

    name = "tocsin.desk.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
