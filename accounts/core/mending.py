"""Where a party can put right what it was refused for: the one table of such pages."""

from enum import StrEnum


class Mend(StrEnum):
    """Paths of one's own pages; a refusal carries one as its link, pages show it and the API tells it as `help`."""

    VERIFICATION = "/me/verification"  # hand in documents or licences
    STANDING = "/me/standing"  # see on which facts a restriction rests, and object
    PARTIES = "/me/organisations"  # act for another party, or ask who owns this one
    KEYS = "/me/account/keys"  # withdraw a key
