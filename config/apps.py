from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from common import events
        from config.subscriptions import SUBSCRIPTIONS

        events.connect(SUBSCRIPTIONS)
