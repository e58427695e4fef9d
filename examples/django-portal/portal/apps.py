"""What Django asks of an application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
