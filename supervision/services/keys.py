"""The keys behind the pseudonyms: made when an agency first reads in a quarter."""

from datetime import datetime

from supervision.core.pseudonym import quarter_of
from supervision.models import AgencyKey


def key_for(agency_id: int, at: datetime) -> bytes:
    """Return the agency's key for the quarter of `at`; two first readers at once get the same one."""
    key, _ = AgencyKey.objects.get_or_create(agency_id=agency_id, quarter=quarter_of(at))
    return bytes(key.secret)
