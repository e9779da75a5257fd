"""What the states and moves of every machine are called on pages, and in which tone they are shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise

# tone: good, wait (someone must act), live (running), done (ended well), bad (ended badly), "" (neutral)
STATES: dict[str, tuple[Word, str]] = {
    "draft": (_("Draft"), "open"),
    "published": (_("Published"), "good"),
    "paused": (_("Paused"), "wait"),
    "closed": (_("Closed"), ""),
    "withdrawn": (_("Withdrawn"), ""),
    "removed": (_("Taken down"), "bad"),
    "under_review": (_("Under review"), "wait"),
    "matched": (_("Matched"), "done"),
    "fulfilled": (_("Fulfilled"), "done"),
    "proposed": (_("Proposed"), "wait"),
    "accepted": (_("Accepted"), "good"),
    "declined": (_("Declined"), "bad"),
    "expired": (_("Expired"), ""),
    "cancelled": (_("Cancelled"), "bad"),
    "requested": (_("Requested"), "wait"),
    "confirmed": (_("Confirmed"), "good"),
    "in_use": (_("In use"), "live"),
    "in_progress": (_("In progress"), "live"),
    "completed": (_("Completed"), "done"),
    "submitted": (_("Submitted"), "wait"),
    "approved": (_("Approved"), "good"),
    "rejected": (_("Refused"), "bad"),
    "running": (_("Running"), "live"),
    "failed": (_("Failed"), "bad"),
    "open": (_("Open"), "wait"),
    "agreed": (_("Agreed"), "good"),
    "pending": (_("Waiting"), "wait"),
}

# tone: primary, quiet, danger; the question is asked before the step is taken
MOVES: dict[str, tuple[Word, str, Word]] = {
    "publish": (_("Publish"), "primary", ""),
    "pause": (_("Pause"), "quiet", ""),
    "resume": (_("Resume"), "primary", ""),
    "close": (_("Close"), "danger", _("Close it for good? It can no longer be found or ordered.")),
    "accept": (_("Accept"), "primary", ""),
    "decline": (_("Decline"), "danger", _("Decline this? The other side will be told.")),
    "confirm": (_("Confirm"), "primary", ""),
    "cancel": (_("Cancel"), "danger", _("Cancel this? The other side will be told.")),
    "start": (_("Start"), "primary", ""),
    "complete": (_("Complete"), "primary", ""),
    "withdraw": (_("Withdraw"), "danger", _("Withdraw this?")),
}


def state_word(state: str) -> tuple[Word, str]:
    """Return the label and tone of a state; an unknown one shows its own name."""
    return STATES.get(str(state), (str(state).replace("_", " "), ""))


def move_word(name: str) -> tuple[Word, str, Word]:
    """Return the label, tone and question of a move; an unknown one shows its own name."""
    return MOVES.get(name, (name.replace("_", " "), "quiet", ""))
