"""How often one caller may call."""

from rest_framework.throttling import AnonRateThrottle, ScopedRateThrottle, UserRateThrottle


class AnonymousRate(AnonRateThrottle):
    scope = "anonymous"


class UserRate(UserRateThrottle):
    scope = "user"


class ScarceRate(ScopedRateThrottle):
    """For the few operations that cost much or invite guessing; the view names its `throttle_scope`."""


THROTTLES = [AnonymousRate, UserRate, ScarceRate]
