"""What a key for programs looks like and may be allowed."""

from datetime import timedelta
from enum import StrEnum

PREFIX = "yuli_"
LASTS_AT_MOST = timedelta(days=365)


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
