"""Addresses of the pages and the API."""

from django.urls import include, path

from tocsin.desk.api.routes import api

urlpatterns = [
    path("api/", api.urls),
    path("feeds/", include("tocsin.desk.api.published")),
    path("", include("tocsin.desk.console.urls")),
]
