"""The words a complaint is made of: what it is about, what is wanted, what was found, where it may go."""

from enum import StrEnum


class Category(StrEnum):
    """The first three are the breach categories that 发改办高技〔2018〕586号 names for publication."""

    NO_LICENCE = "no_licence"
    FALSE_ADVERTISING = "false_advertising"
    DEPOSIT = "deposit"
    NOT_AS_DESCRIBED = "not_as_described"
    LATE = "late"
    QUALITY = "quality"
    PRICE = "price"
    PAYMENT = "payment"
    INVOICE = "invoice"
    DAMAGE = "damage"
    CONFIDENTIALITY = "confidentiality"
    CONDUCT = "conduct"
    OTHER = "other"


BREACHES = frozenset({Category.NO_LICENCE, Category.FALSE_ADVERTISING, Category.DEPOSIT})


class Remedy(StrEnum):
    REFUND = "refund"
    REDO = "redo"
    REPAIR = "repair"
    COMPENSATION = "compensation"
    PAYMENT = "payment"
    INVOICE = "invoice"
    TERMINATION = "termination"
    CORRECTION = "correction"
    APOLOGY = "apology"


class Finding(StrEnum):
    """What the mediator holds to have happened; only AT_FAULT weighs on the respondent's standing."""

    AT_FAULT = "at_fault"
    SHARED = "shared"
    NOT_AT_FAULT = "not_at_fault"


class Outlet(StrEnum):
    """The six ways to settle a dispute of 国发〔2015〕53号, item 23."""

    ONLINE = "online"
    ON_SITE = "on_site"
    REGULATOR = "regulator"
    THIRD_PARTY = "third_party"
    ARBITRATION = "arbitration"
    LAWSUIT = "lawsuit"
