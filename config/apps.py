from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from common import events
        from config.subscriptions import SUBSCRIPTIONS

        events.connect(SUBSCRIPTIONS)
        if settings.DEMO:
            from config.demo import accounts
            from frontend.demo import DEMO_ACCOUNTS

            DEMO_ACCOUNTS.show(accounts.listed(), accounts.PASSWORD)
