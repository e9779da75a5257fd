from credit.models.events import CreditEvent, Objection, RingAlert, RingMember
from credit.models.standing import Standing, StandingPoint

__all__ = ["CreditEvent", "Objection", "RingAlert", "RingMember", "Standing", "StandingPoint"]
