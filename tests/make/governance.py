"""Ratings, complaints and reports, with fixed boring defaults."""

import io
from datetime import datetime, timedelta

from PIL import Image

from accounts.core.actor import Actor
from governance.core.complaint_inputs import StepWords
from governance.core.complaint_terms import Category, Finding, Outlet, Remedy
from governance.core.report_states import ReportCategory
from governance.models import Complaint, Report
from governance.services import complaints, reports
from governance.services.complaints import ComplaintWords
from governance.services.ratings import RatingWords
from marketplace.models import Listing, Order
from tests.make.accounts import MONDAY_9AM, actor, mediator, organisation
from tests.make.marketplace_orders import offer, order

COMPLAINED_AT = MONDAY_9AM + timedelta(days=2)  # Wednesday 4 March 2026, 09:00 in Shanghai


def rating_words(stars: int = 5, text: str = "按期交付，质量合格") -> RatingWords:
    return RatingWords(stars, stars, stars, stars, stars, text)


def complaint_words(category: Category = Category.QUALITY, **fields) -> ComplaintWords:
    defaults = {"title": "加工件超差", "text": "三件孔径超差0.05毫米。", "remedy": Remedy.REDO}
    return ComplaintWords(category, **(defaults | fields))


def complaint(
    order_: Order | None = None, *, state: str = "submitted", at: datetime = COMPLAINED_AT, by: Actor | None = None
) -> Complaint:
    """The consumer's complaint about an agreed order, brought to `state` through the services."""
    order_ = order_ or order(state="agreed")
    made = complaints.file(
        complaint_words(), order_code=order_.code, submit=state != "draft", by=by or actor(order_.consumer), at=at
    )
    return complaint_brought_to(made, state, at=at)


# The shortest way from "submitted" to each state, as (move, party, words).
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": (),
    "acknowledged": ("acknowledge",),
    "need_info": ("acknowledge", "ask_info"),
    "not_accepted": ("acknowledge", "refuse"),
    "accepted": ("acknowledge", "accept"),
    "default_decision": ("acknowledge", "accept", "default"),
    "seller_reply": ("acknowledge", "accept", "reply"),
    "negotiation": ("acknowledge", "accept", "reply", "negotiate"),
    "mediation": ("acknowledge", "accept", "reply", "mediate"),
    "appraisal": ("acknowledge", "accept", "reply", "mediate", "appraise"),
    "proposal": ("acknowledge", "accept", "reply", "mediate", "propose"),
    "no_agreement": ("acknowledge", "accept", "reply", "mediate", "end_mediation"),
    "agreed": ("acknowledge", "accept", "reply", "settle"),
    "performing": ("acknowledge", "accept", "reply", "settle", "perform"),
    "resolved": ("acknowledge", "accept", "reply", "settle", "confirm"),
    "withdrawn": ("withdraw",),
    "escalated": ("acknowledge", "refuse", "escalate"),
    "reopened": ("acknowledge", "refuse", "reopen"),
    "archived": ("withdraw", "archive"),
}
WORDS: dict[str, StepWords] = {
    "accept": StepWords(),
    "acknowledge": StepWords(),
    "agree": StepWords(),
    "archive": StepWords(),
    "conclude": StepWords(),
    "confirm": StepWords(),
    "decide": StepWords("退款一半", 5_000, Finding.AT_FAULT),
    "default": StepWords(),
    "escalate": StepWords(outlet=Outlet.REGULATOR),
    "expire": StepWords(),
    "lapse": StepWords(),
    "mediate": StepWords(),
    "negotiate": StepWords(),
    "propose": StepWords("重做三件", None, Finding.AT_FAULT),
    "settle": StepWords(),
    "submit": StepWords(),
    "withdraw": StepWords(),
}


def step_words(move: str) -> StepWords:
    """What the step needs to say."""
    return WORDS.get(move, StepWords("说明"))


def complaint_actor(made: Complaint, party: str) -> Actor:
    """Somebody who is `party` in this complaint."""
    from accounts.core.actor import SYSTEM

    if party == "system":
        return SYSTEM
    if party == "mediator":
        return mediator()
    return actor(made.complainant if party == "complainant" else made.respondent)


_TAKEN_BY = {"default": "system", "archive": "system"} | dict.fromkeys(("reply", "perform"), "respondent")
_BY_MEDIATOR = ("acknowledge", "ask_info", "accept", "refuse", "appraise", "propose", "end_mediation")


def complaint_brought_to(made: Complaint, state: str, *, at: datetime = COMPLAINED_AT) -> Complaint:
    """Take the shortest way from "submitted" to `state`, all at one instant."""
    for move in WAYS[state]:
        party = "mediator" if move in _BY_MEDIATOR else _TAKEN_BY.get(move, "complainant")
        complaints.move(made.code, move, words=step_words(move), by=complaint_actor(made, party), at=at)
    made.refresh_from_db()
    return made


def report(listing: Listing | None = None, *, by: Actor | None = None, at: datetime = COMPLAINED_AT) -> Report:
    """A report of a published listing by a stranger."""
    return reports.file(
        listing_code=(listing or offer()).code,
        category=ReportCategory.FALSE_ADVERTISING,
        text="标称精度与检定证书不符。",
        by=by or actor(organisation()),
        at=at,
    )


def picture(colour: str = "teal") -> bytes:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return out.getvalue()
