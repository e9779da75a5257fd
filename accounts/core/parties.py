"""What kinds of party there are, how large they are, and what a notice can be about."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """Every party is an organisation; PERSON is somebody acting for themselves."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    SOLE_PROPRIETOR = "sole_proprietor"
    INSTITUTE = "institute"
    UNIVERSITY = "university"
    PUBLIC = "public"
    COOPERATIVE = "cooperative"
    SOCIAL = "social"
    OTHER = "other"


class Size(StrEnum):
    """Bands of the 2011 standard for small and medium enterprises; the band differs by industry, so it is declared."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SMALL_OR_MEDIUM = frozenset({Size.MICRO, Size.SMALL, Size.MEDIUM})


class NoticeKind(StrEnum):
    """What a notice is about; people choose by kind what reaches their mailbox."""

    ACCOUNT = "account"
    VERIFICATION = "verification"
    MATCH = "match"
    DEAL = "deal"
    MESSAGE = "message"
    COMPLAINT = "complaint"
    CREDIT = "credit"
    IMPORT = "import"
    SEARCH = "search"
    SUPERVISION = "supervision"


# Matches and messages come often: they wait on the page unless somebody asks for mail.
MAILED_UNLESS_TOLD = frozenset(set(NoticeKind) - {NoticeKind.MATCH, NoticeKind.MESSAGE, NoticeKind.IMPORT})
