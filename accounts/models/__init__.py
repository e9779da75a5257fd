from accounts.models.api_token import ApiToken
from accounts.models.notification import Notification, NotificationSetting
from accounts.models.organisation import Invitation, Membership, Organisation
from accounts.models.user import StaffRole, User
from accounts.models.verification import VerificationCase, VerificationCheck, VerificationDocument, VerificationStep

__all__ = [
    "ApiToken",
    "Invitation",
    "Membership",
    "Notification",
    "NotificationSetting",
    "Organisation",
    "StaffRole",
    "User",
    "VerificationCase",
    "VerificationCheck",
    "VerificationDocument",
    "VerificationStep",
]
