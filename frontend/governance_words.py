"""What complaints, reports and ratings are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise

# Merged into frontend.words, which explains the tones.
STATES: dict[str, tuple[Word, str]] = {
    "complaint.draft": (_("Draft"), "open"),
    "complaint.submitted": (_("Submitted"), "wait"),
    "complaint.acknowledged": (_("Received"), "wait"),
    "complaint.need_info": (_("More information needed"), "wait"),
    "complaint.accepted": (_("Accepted, reply awaited"), "live"),
    "complaint.not_accepted": (_("Not accepted"), "bad"),
    "complaint.seller_reply": (_("Replied"), "live"),
    "complaint.negotiation": (_("Both sides talking"), "live"),
    "complaint.mediation": (_("In mediation"), "live"),
    "complaint.appraisal": (_("Waiting for an appraisal"), "wait"),
    "complaint.proposal": (_("Proposal to answer"), "wait"),
    "complaint.no_agreement": (_("No agreement"), "bad"),
    "complaint.agreed": (_("Agreed, to be done"), "good"),
    "complaint.performing": (_("Done, to be confirmed"), "wait"),
    "complaint.resolved": (_("Resolved"), "done"),
    "complaint.withdrawn": (_("Withdrawn"), ""),
    "complaint.default_decision": (_("No reply, platform decides"), "wait"),
    "complaint.escalated": (_("Taken elsewhere"), "bad"),
    "complaint.reopened": (_("Reopened"), "wait"),
    "complaint.archived": (_("Archived"), ""),
    "report.received": (_("Received"), "wait"),
    "report.triaged": (_("Being checked"), "live"),
    "report.verified": (_("Found true"), "bad"),
    "report.unfounded": (_("Not confirmed"), ""),
    "report.measure": (_("Taken down"), "bad"),
    "report.clue_sent": (_("Passed to the authority"), "live"),
    "report.informed": (_("Answered"), "done"),
}

MOVES: dict[str, tuple[Word, str, Word]] = {
    "complaint.submit": (_("Submit the complaint"), "primary", ""),
    "complaint.acknowledge": (_("Confirm receipt"), "primary", ""),
    "complaint.ask_info": (_("Ask for more information"), "quiet", ""),
    "complaint.give_info": (_("Give the information"), "primary", ""),
    "complaint.accept": (_("Accept the complaint"), "primary", _("Accept it? The order stands still from now on.")),
    "complaint.refuse": (_("Do not accept"), "danger", ""),
    "complaint.reply": (_("Reply"), "primary", ""),
    "complaint.default": (_("No reply in time"), "quiet", ""),
    "complaint.settle": (_("Take the offer"), "primary", _("Take the offer and settle?")),
    "complaint.negotiate": (_("Talk further"), "quiet", ""),
    "complaint.say": (_("Send a message"), "quiet", ""),
    "complaint.mediate": (_("Ask for mediation"), "quiet", _("Hand it to a mediator?")),
    "complaint.propose": (_("Make a proposal"), "primary", ""),
    "complaint.appraise": (_("Order an appraisal"), "quiet", ""),
    "complaint.appraised": (_("Enter the appraisal"), "primary", ""),
    "complaint.agree": (_("Accept the proposal"), "primary", _("Accept the proposal? It binds you once both have.")),
    "complaint.conclude": (_("Both sides agree"), "quiet", ""),
    "complaint.decline": (_("Decline the proposal"), "danger", ""),
    "complaint.end_mediation": (_("End without agreement"), "danger", ""),
    "complaint.decide": (_("Decide"), "primary", ""),
    "complaint.perform": (_("Say that it is done"), "primary", ""),
    "complaint.confirm": (_("Confirm that it is put right"), "primary", ""),
    "complaint.lapse": (_("No objection in time"), "quiet", ""),
    "complaint.breach": (_("It was not done"), "danger", ""),
    "complaint.escalate": (_("Take it elsewhere"), "quiet", ""),
    "complaint.reopen": (_("Reopen"), "quiet", ""),
    "complaint.withdraw": (_("Withdraw"), "danger", _("Withdraw the complaint?")),
    "complaint.expire": (_("No answer in time"), "quiet", ""),
    "complaint.archive": (_("Put into the archive"), "quiet", ""),
    "report.triage": (_("Start checking"), "primary", ""),
    "report.verify": (_("Found true"), "primary", ""),
    "report.dismiss": (_("Not confirmed"), "quiet", ""),
    "report.measure": (_("Take down"), "danger", _("Take it down now?")),
    "report.send_clue": (_("Pass to the authority"), "quiet", ""),
    "report.inform": (_("Answer the reporter"), "primary", ""),
}

# governance.core.complaint_terms
CATEGORIES: dict[str, Word] = {
    "no_licence": _("No licence"),
    "false_advertising": _("False advertising"),
    "deposit": _("Deposit"),
    "not_as_described": _("Not as described"),
    "late": _("Late"),
    "quality": _("Quality"),
    "price": _("Price"),
    "payment": _("Payment"),
    "invoice": _("Invoice"),
    "damage": _("Damage"),
    "confidentiality": _("Confidentiality"),
    "conduct": _("Conduct"),
    "other": _("Something else"),
}
REMEDIES: dict[str, Word] = {
    "refund": _("Money back"),
    "redo": _("Do it again"),
    "repair": _("Repair"),
    "compensation": _("Compensation"),
    "payment": _("Payment of what is due"),
    "invoice": _("An invoice"),
    "termination": _("End of the deal"),
    "correction": _("A correction"),
    "apology": _("An apology"),
}
FINDINGS: dict[str, Word] = {
    "at_fault": _("The respondent is at fault"),
    "shared": _("Both have a share in it"),
    "not_at_fault": _("The respondent is not at fault"),
}
OUTLETS: dict[str, Word] = {
    "online": _("Online dispute resolution"),
    "on_site": _("The platform's desk on site"),
    "regulator": _("Market regulator (12315)"),
    "third_party": _("Mediation by a third party"),
    "arbitration": _("Arbitration"),
    "lawsuit": _("Court"),
}
PARTIES: dict[str, Word] = {
    "complainant": _("Complainant"),
    "respondent": _("Respondent"),
    "mediator": _("Mediator"),
    "system": _("Clock"),
    "staff": _("Staff"),
}
# Who has to act in a state, as the reader is told.
TURNS: dict[str, str] = {
    "draft": "complainant",
    "submitted": "mediator",
    "acknowledged": "mediator",
    "need_info": "complainant",
    "accepted": "respondent",
    "seller_reply": "complainant",
    "negotiation": "both",
    "mediation": "mediator",
    "appraisal": "mediator",
    "proposal": "both",
    "agreed": "respondent",
    "performing": "complainant",
    "default_decision": "mediator",
    "reopened": "mediator",
}
REPORT_CATEGORIES: dict[str, Word] = {
    "prohibited": _("Prohibited goods or services"),
    "no_licence": _("No licence"),
    "false_advertising": _("False advertising"),
    "fraud": _("Fraud"),
    "infringement": _("Infringes rights"),
    "personal_data": _("Shows personal data"),
    "price": _("Unlawful price"),
    "other": _("Something else"),
}

# governance.core.stars.DIMENSIONS, of a provider and of a consumer
OF_PROVIDER: dict[str, Word] = {
    "as_described": _("As described"),
    "on_time": _("On time"),
    "quality": _("Quality"),
    "conduct": _("Communication"),
}
OF_CONSUMER: dict[str, Word] = {
    "as_described": _("Need as described"),
    "on_time": _("Accepted and paid on time"),
    "quality": _("Cooperation"),
    "conduct": _("Communication"),
}

# governance.data.limits: what each limit is called
LIMITS: dict[str, Word] = {
    "complaint.acknowledge": _("Confirm receipt of a complaint"),
    "complaint.accept": _("Accept or refuse a complaint"),
    "complaint.give_info": _("Give missing information"),
    "complaint.reply": _("Reply to an accepted complaint"),
    "complaint.negotiate": _("Settle between the two sides"),
    "complaint.propose": _("Make a proposal in mediation"),
    "complaint.answer": _("Answer a proposal"),
    "complaint.decide": _("Decide when no reply came"),
    "complaint.perform": _("Do what was agreed"),
    "complaint.confirm": _("Confirm or object"),
    "complaint.close": _("From acceptance to the end"),
    "complaint.reopen": _("Reopen a complaint"),
    "complaint.archive": _("Archive a closed complaint"),
    "complaint.regulator_accept": _("A regulator accepts or refuses"),
    "complaint.hard_stop": _("Mediation ends at the latest"),
    "complaint.too_old": _("Oldest wrong that is dealt with"),
    "rating.seal": _("Ratings open at the latest"),
    "rating.reply": _("Reply to a rating"),
    "report.triage": _("Start checking a report"),
    "report.verify": _("Check a report"),
    "report.measure": _("Act on a confirmed report"),
    "report.inform": _("Answer the reporter"),
}
UNITS: dict[str, Word] = {
    "working_days": _("working days"),
    "calendar_days": _("days"),
    "years": _("years"),
}

LABELS: dict[str, dict[str, Word]] = {
    "category": CATEGORIES,
    "remedy": REMEDIES,
    "finding": FINDINGS,
    "outlet": OUTLETS,
    "party": PARTIES,
    "report": REPORT_CATEGORIES,
    "limit": LIMITS,
    "limit_unit": UNITS,
}


def label(value: str, kind: str) -> Word:
    """Return what `value` of one of the kinds of `LABELS` is called; an unknown one shows its own name."""
    return LABELS[kind].get(str(value), str(value).replace("_", " "))


def dimensions(*, of_provider: bool) -> dict[str, Word]:
    """Return the named dimensions in which one side is rated."""
    return OF_PROVIDER if of_provider else OF_CONSUMER
