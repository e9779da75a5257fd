"""The kinds of fact that the ledger takes, and where a fact may come from."""

from enum import StrEnum


class EventKind(StrEnum):
    ORDER_COMPLETED = "order_completed"
    ORDER_CANCELLED_LATE = "order_cancelled_late"
    RATING_RECEIVED = "rating_received"
    COMPLAINT_UPHELD = "complaint_upheld"
    COMPLAINT_RESOLVED = "complaint_resolved"
    VERIFICATION_PASSED = "verification_passed"
    VERIFICATION_EXPIRED = "verification_expired"
    CERTIFICATE = "certificate"
    OFFICIAL_LIST = "official_list"


class Source(StrEnum):
    """Who says so: the public code beside it names the order, rating, case or document."""

    ORDER = "order"
    RATING = "rating"
    COMPLAINT = "complaint"
    VERIFICATION = "verification"
    CERTIFIER = "certifier"
    AGENCY = "agency"


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"
    D = "D"
    NEW = "N"


class Cause(StrEnum):
    """Why a party's new deals are restricted."""

    OFFICIAL_LIST = "official_list"
    GRADE_D = "grade_D"


class ObjectionState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
