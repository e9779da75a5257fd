"""What the states and moves of every machine are called on pages, and in which tone they are shown."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.reference import divisions
from frontend import governance_words

Word = str | Promise

# tone: good, wait (someone must act), live (running), done (ended well), bad (ended badly), open (not yet shown) or "".
# A key may be "machine.name" where one machine means something of its own by the name.
STATES: dict[str, tuple[Word, str]] = {
    "accepted": (_("Accepted"), "good"),
    "agreed": (_("Agreed"), "good"),
    "approved": (_("Approved"), "good"),
    "awarded": (_("Awarded"), "done"),
    "cancelled": (_("Cancelled"), "bad"),
    "closed": (_("Closed"), ""),
    "completed": (_("Completed"), "done"),
    "confirmed": (_("Confirmed"), "good"),
    "countered": (_("Counter-offer made"), "wait"),
    "declined": (_("Declined"), "bad"),
    "draft": (_("Draft"), "open"),
    "expired": (_("Expired"), ""),
    "failed": (_("Failed"), "bad"),
    "fulfilled": (_("Fulfilled"), "done"),
    "in_progress": (_("In progress"), "live"),
    "in_use": (_("In use"), "live"),
    "matched": (_("Matched"), "done"),
    "no_show": (_("Not used"), "bad"),
    "on_hold": (_("On hold"), "wait"),
    "open": (_("Open"), "good"),
    "paused": (_("Paused"), "wait"),
    "pending": (_("Waiting"), "wait"),
    "planned": (_("Planned"), "open"),
    "pledged": (_("Pledged"), "wait"),
    "proposed": (_("Proposed"), "wait"),
    "published": (_("Published"), "good"),
    "refused": (_("Refused"), "bad"),
    "rejected": (_("Refused"), "bad"),
    "removed": (_("Taken down"), "bad"),
    "requested": (_("Requested"), "wait"),
    "returned": (_("Sent back"), "bad"),
    "rework": (_("To be reworked"), "wait"),
    "running": (_("Running"), "live"),
    "shipped": (_("Shipped"), "live"),
    "submitted": (_("Submitted"), "wait"),
    "taken_down": (_("Taken down"), "bad"),
    "under_review": (_("Under review"), "wait"),
    "checking": (_("Being checked"), "live"),
    "in_review": (_("With a reviewer"), "wait"),
    "needs_more": (_("More is needed"), "wait"),
    "revoked": (_("Revoked"), "bad"),
    "withdrawn": (_("Withdrawn"), ""),
    "settlement.confirmed": (_("Paid"), "done"),
    "settlement.due": (_("Payment due"), "wait"),
    "settlement.reported": (_("Payment reported"), "live"),
    "proposal.offered": (_("Supplier accepts"), "live"),
    "proposal.wanted": (_("Buyer accepts"), "live"),
    # imports and their rows
    "import.uploaded": (_("Uploaded, not checked"), "open"),
    "import.checking": (_("Being checked"), "live"),
    "import.checked": (_("Checked"), "wait"),
    "import.committing": (_("Being imported"), "live"),
    "import.committed": (_("Imported"), "good"),
    "import.undoing": (_("Being undone"), "live"),
    "import.undone": (_("Undone"), ""),
    "import.failed": (_("Failed"), "bad"),
    "import.discarded": (_("Discarded"), ""),
    "round run.done": (_("Done"), "good"),
    "row.ready": (_("Ready"), "good"),
    "row.faulty": (_("Faulty"), "bad"),
    "row.suspicious": (_("Suspicious"), "wait"),
    "row.duplicate": (_("Duplicate"), "wait"),
    "row.loaded": (_("Imported"), "done"),
    "row.undone": (_("Undone"), ""),
}

# tone: primary, quiet, danger; the question is asked before the step is taken
MOVES: dict[str, tuple[Word, str, Word]] = {
    "accept": (_("Accept"), "primary", ""),
    "answer": (_("Answer"), "primary", ""),
    "ask_rework": (_("Ask for rework"), "quiet", ""),
    "award": (_("Award"), "primary", _("Award this quote? The others will be declined.")),
    "cancel": (_("Cancel"), "danger", _("Cancel this? The other side will be told.")),
    "close": (_("Close"), "danger", _("Close it for good? It can no longer be found or ordered.")),
    "complete": (_("Confirm completion"), "primary", ""),
    "confirm": (_("Confirm"), "primary", ""),
    "counter": (_("Counter-offer"), "quiet", ""),
    "decline": (_("Decline"), "danger", _("Decline this? The other side will be told.")),
    "finish": (_("Finish"), "primary", ""),
    "hold": (_("Put on hold"), "quiet", ""),
    "miss": (_("Mark as not used"), "danger", _("Mark this time as not used?")),
    "pause": (_("Pause"), "quiet", ""),
    "match": (_("Mark as covered"), "quiet", ""),
    "pledge": (_("Pledge"), "primary", ""),
    "publish": (_("Publish"), "primary", ""),
    "refuse": (_("Decline"), "danger", _("Decline this? The other side will be told.")),
    "release": (_("Let it go on"), "primary", ""),
    "reopen": (_("Reopen"), "quiet", ""),
    "resume": (_("Resume"), "primary", ""),
    "return": (_("Send back"), "quiet", ""),
    "revise": (_("Revise"), "quiet", ""),
    "ship": (_("Mark as shipped"), "primary", ""),
    "start": (_("Start"), "primary", ""),
    "submit": (_("Submit"), "primary", ""),
    "withdraw": (_("Withdraw"), "danger", _("Withdraw this?")),
}

STATES |= governance_words.STATES
MOVES |= governance_words.MOVES


def state_word(state: str, machine: str = "") -> tuple[Word, str]:
    """Return the label and tone of a state; an unknown one shows its own name."""
    return STATES.get(f"{machine}.{state}") or STATES.get(str(state), (str(state).replace("_", " "), ""))


def move_word(name: str, machine: str = "") -> tuple[Word, str, Word]:
    """Return the label, tone and question of a move; an unknown one shows its own name."""
    return MOVES.get(f"{machine}.{name}") or MOVES.get(name, (name.replace("_", " "), "quiet", ""))


# matching.core.explain.Why: what kept a need from a partner
WHYS: dict[str, Word] = {
    "may_not_deal": _("Its owner may not agree to such a deal at present"),
    "no_limit": _("It names no price limit"),
    "nobody_offers": _("Nobody offers it yet"),
    "too_far": _("All offers are beyond reach"),
    "not_free": _("Offers in reach are not free in the period"),
    "not_licensed": _("Free ones lack a licence or verification"),
    "too_dear": _("The cheapest asks more than the limit"),
    "too_large": _("Providers near may not take on so large a sum"),
    "poor_fit": _("Affordable ones do not do what is needed"),
    "nothing_to_share": _("It would cost more than it is worth"),
    "incomplete": _("A part, or the whole quantity, cannot be filled"),
    "others_gained_more": _("Scarce supply went to others who gained more"),
    "not_decided": _("This part could not be computed this time"),
}


def why_word(why: str) -> Word:
    """Return the sentence for what kept a need from a partner."""
    return WHYS.get(why, why.replace("_", " "))


# credit.core.kinds.Grade: what each grade tells a reader
GRADES: dict[str, Word] = {
    "A": _("Very reliable"),
    "B": _("Reliable"),
    "C": _("Watch out"),
    "D": _("Unreliable"),
    "N": _("New: too few orders to judge"),
}

# credit.core.kinds.EventKind
FACTS: dict[str, Word] = {
    "order_completed": _("Orders completed"),
    "order_cancelled_late": _("Orders cancelled late"),
    "rating_received": _("Ratings received"),
    "complaint_upheld": _("Complaints upheld"),
    "complaint_resolved": _("Complaints settled"),
    "verification_passed": _("Identity verified"),
    "verification_expired": _("Identity verification run out"),
    "certificate": _("Certificates"),
    "official_list": _("On an official list"),
}

# credit.core.kinds.Source
FACT_SOURCES: dict[str, Word] = {
    "order": _("Order"),
    "rating": _("Rating"),
    "complaint": _("Complaint"),
    "verification": _("Identity verification"),
    "certifier": _("Certifier"),
    "agency": _("Authority"),
}

# accounts.core.levels.Level
LEVELS: dict[int, Word] = {
    0: _("Mail address only"),
    1: _("Person verified"),
    2: _("Organisation verified"),
    3: _("Organisation and licence verified"),
    4: _("Certified by a third party or on site"),
}

# accounts.core.parties
KINDS: dict[str, Word] = {
    "person": _("Person"),
    "enterprise": _("Enterprise"),
    "sole_proprietor": _("Sole proprietor"),
    "institute": _("Research institute"),
    "university": _("University"),
    "public": _("Public institution"),
    "cooperative": _("Cooperative"),
    "social": _("Social organisation"),
    "other": _("Other"),
}
SIZES: dict[str, Word] = {
    "micro": _("Micro enterprise"),
    "small": _("Small enterprise"),
    "medium": _("Medium enterprise"),
    "large": _("Large enterprise"),
}


# marketplace.selectors.slots.Cell
HOURS: dict[str, Word] = {"free": _("free"), "taken": _("taken"), "closed": _("closed"), "past": _("too soon")}

# accounts.core.actor.Role
ROLES: dict[str, Word] = {
    "owner": _("Owner"),
    "manager": _("Manager"),
    "member": _("Member"),
    "operator": _("Operator"),
    "reviewer": _("Reviewer"),
    "mediator": _("Mediator"),
    "regulator": _("Regulator"),
}

# accounts.core.parties.NoticeKind
NOTICES: dict[str, Word] = {
    "account": _("Account and organisation"),
    "verification": _("Identity verification"),
    "match": _("New match proposals"),
    "deal": _("Quotes, orders and bookings"),
    "message": _("Messages in deals"),
    "complaint": _("Complaints and reports"),
    "credit": _("Standing and ratings"),
    "import": _("Imports"),
    "search": _("Saved searches"),
    "supervision": _("Supervision"),
}

# accounts.core.levels.CaseKind, and the icon of each
CASES: dict[str, tuple[Word, str]] = {
    "person": (_("Identity document"), "user"),
    "organisation": (_("Business licence"), "building-2"),
    "licence": (_("Licence of a trade"), "badge-check"),
    "certificate": (_("Certificate of a third party"), "shield-check"),
}

# accounts.core.checks
CHECKS: dict[str, Word] = {
    "number": _("Form of the number"),
    "quality": _("Picture"),
    "reading": _("Reading by machine"),
    "name": _("Name in the document"),
    "number_read": _("Number in the document"),
    "duplicates": _("Used elsewhere"),
    "validity": _("Validity"),
    "registry": _("Official register"),
}
OUTCOMES: dict[str, tuple[Word, str]] = {
    "passed": (_("passed"), "good"),
    "warned": (_("look closer"), "wait"),
    "failed": (_("does not fit"), "bad"),
    "unknown": (_("not done"), ""),
}

# What happened, in the history of a verification.
STEPS: dict[str, Word] = {
    "submit": _("Documents handed in"),
    "queue": _("Looked at by the machine, passed to a person"),
    "pass": _("Passed by the machine"),
    "approve": _("Approved by a reviewer"),
    "refuse": _("Refused by a reviewer"),
    "ask": _("A reviewer asked for more"),
    "confirm": _("Confirmed after a second look"),
    "revoke": _("Revoked by a reviewer"),
    "resubmit": _("More was handed in"),
    "withdraw": _("Withdrawn by the applicant"),
    "lapse": _("Lapsed: nothing more came"),
    "warn": _("Reminded that it will end"),
    "expire": _("Ended"),
}

# What a reviewer may do with a verification.
DECISIONS: dict[str, Word] = {
    "approve": _("Approve"),
    "refuse": _("Refuse"),
    "ask": _("Ask for more"),
    "confirm": _("Confirm the machine's pass"),
    "revoke": _("Revoke"),
}


def place(division_code: str) -> str:
    """Return the names of a division from the province down; empty for none."""
    return divisions.full_name(division_code) if division_code else ""


# marketplace.directions.Lifecycle: how a deal of the direction runs
LIFECYCLES: dict[str, Word] = {
    "slots": _("Booked by the hour: pick free hours, the provider confirms, the hours used are billed."),
    "milestones": _("Done as a task: agree on parts and dates, each part is handed in, accepted and paid."),
    "quantity": _("Made in quantity: an order may be split over several plants and is delivered week by week."),
    "bundle": _("Put together from parts: every part finds its supplier, or none of it is ordered."),
}


# The same in two or three words, for tables.
LIFECYCLE_NAMES: dict[str, Word] = {
    "slots": _("by the hour"),
    "milestones": _("by milestones"),
    "quantity": _("by quantity"),
    "bundle": _("as a bundle"),
}

# What comes next under an agreed order, by how it is performed and who reads it; a bundle is told at its legs.
NEXT_STEPS: dict[tuple[str, str], Word] = {
    ("slots", "consumer"): _(
        "At the booked time the provider presses start and finish here; you pay for the hours used."
    ),
    ("slots", "provider"): _(
        "At the booked time press start, and finish when the use is over; the hours used are billed."
    ),
    ("milestones", "consumer"): _(
        "The provider hands in each milestone here by its date; you accept it or ask for rework."
    ),
    ("milestones", "provider"): _("Hand in each milestone here by its date; the buyer accepts it or asks for rework."),
    ("quantity", "consumer"): _("The provider marks each delivery as shipped here; you accept it or send it back."),
    ("quantity", "provider"): _("Mark each delivery as shipped here; the buyer accepts it or sends it back."),
}

# marketplace.models.Order.Source
ORDER_SOURCES: dict[str, Word] = {"request": _("direct request"), "quote": _("quote"), "match": _("match")}

# governance.core.stars.DIMENSIONS
DIMENSIONS: dict[str, Word] = {
    "as_described": _("As described"),
    "on_time": _("On time"),
    "quality": _("Quality"),
    "conduct": _("Conduct"),
}
