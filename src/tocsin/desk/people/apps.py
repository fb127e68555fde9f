"""Tells Django of this room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people of the installation."""

    name = "tocsin.desk.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
