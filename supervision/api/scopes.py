"""Which scopes a client of the OAuth server may ask for: those of its agency, and not one more."""

from typing import Any

from oauth2_provider.scopes import SettingsScopes

from supervision.selectors import agencies


class AgencyScopes(SettingsScopes):
    """The scopes of the agency behind the application; asking for another is refused as invalid_scope."""

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return agencies.scopes_of_application(application.pk) if application else []

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        # Who may read nothing gets no token at all: the default is then a scope that nobody has.
        return self.get_available_scopes(application) or ["none"]
