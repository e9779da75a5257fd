"""One of everything, belonging to one party, and everybody who might ask for it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.core.actor import Role
from accounts.core.levels import CaseKind
from accounts.core.tokens import Scope
from accounts.models import Notification
from accounts.services import notifications, organisations, tokens, verification
from accounts.services.verification import Claim
from credit.core.kinds import EventKind
from credit.services import ledger
from governance.services import evidence, ratings
from marketplace.core.search import Filters
from marketplace.services import (
    attachments,
    availability,
    calendar_feeds,
    imports,
    inquiries,
    messages,
    quotes,
    saved_searches,
)
from matching.models import RoundRun
from matching.services import round_runs
from tests import make
from tests.accounts import pictures
from tests.supervision.api import ask_for_token

NOBODY = "00000000-0000-0000-0000-000000000000"
MOVES = {
    "listings": "publish",
    "demands": "publish",
    "orders": "start",
    "bookings": "start",
    "milestones": "submit",
    "deliveries": "ship",
    "quotes": "decline",
    "proposals": "decline",
    "complaints": "reply",
    "reports": "triage",
    "desk/verification": "approve",
}
WORDS = {"direction_code": "equipment", "kind": "licence", "topic": "trust", "uidb64": "x", "token": "y"}
# Rows that a refused request may write all the same: sessions, and who tried to read what.
_BOOKKEEPING = ("django_session", "supervision_readlog", "accounts_apitoken", "accounts_user")
_WRITE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


class World:
    """Owner's things by the last fixed words before a code in an address, and a client per actor."""

    def __init__(self) -> None:
        at = timezone.now()
        self.owner, self.consumer = make.organisation(), make.organisation()
        by, other = make.actor(self.owner), make.actor(self.consumer)
        user = get_user_model().objects.get(pk=by.user_id)
        self.codes: dict[str, Any] = {}
        self._accounts(by, user, at)
        self._deals(by, other)
        self._governance(by, other)
        self.clients = self._clients(user)
        self.cookies = {name: client.cookies.copy() for name, client in self.clients.items()}

    def _accounts(self, by, user, at) -> None:
        member = self.owner.memberships.get(user=make.member(self.owner))
        letter, secret = organisations.invite(
            self.owner.code, email="x@y.test", role=Role.MEMBER, by=by, at=make.MONDAY_9AM
        )
        claim = Claim(CaseKind.LICENCE, licence="road_transport", name=self.owner.name, number="1")
        case = verification.submit(self.owner.pk, claim, [pictures.pdf()], by=by, at=make.MONDAY_9AM)
        verification.run_checks(case.code, at=make.MONDAY_9AM)
        notifications.notify(user_ids=[user.pk], kind="deal", message="x", at=make.MONDAY_9AM)
        key, _ = tokens.create(name="t", scopes=[Scope.READ], by=by, at=at)
        self.member = member.user
        self.codes |= {
            "organisations": self.owner.code,
            "providers": self.owner.code,
            "members": member.code,
            "api/v1/invitations": letter.code,
            "organisations/invitations": letter.code,
            "invitations": secret,
            "verification": case.code,
            "verifications": case.code,
            "verification/documents": case.documents.get().code,
            "verifications/documents": case.documents.get().code,
            "notifications": Notification.objects.filter(user=user).latest("id").code,
            "keys": key.code,
        }

    def _deals(self, by, other) -> None:
        at = make.MONDAY_9AM
        draft = make.listing(self.owner, published=False)
        order = make.order(make.offer(owner=self.owner), consumer=self.consumer, state="agreed")
        task = make.order(make.offer("skills", owner=self.owner), consumer=self.consumer, state="agreed")
        lot = make.order(make.offer("capacity", owner=self.owner), consumer=self.consumer, state="agreed")
        wanted = make.demand(self.owner)
        inquiry = inquiries.open_for(wanted.code, closes_at=at + timedelta(days=2), by=by, at=at)
        start = at + timedelta(days=3)
        offer = quotes.Offer(9_000, start, start + timedelta(days=2), valid_until=at + timedelta(days=9))
        quote = quotes.submit(inquiry.code, make.offer(owner=self.consumer).code, offer, by=other, at=at)
        sent = messages.send_in_order(
            order.code, text="图纸", files=[messages.Upload("a.png", pictures.licence())], by=by, at=at
        )
        proposal = make.proposal(consumer=self.owner, provider=self.consumer)
        search = saved_searches.save("搜索", Filters(words="铣床"), by=by, at=at)
        closed = availability.add_exception(
            draft.code, start=start, end=start + timedelta(days=2), is_open=False, reason="检修", by=by, at=at
        )
        photo = attachments.add_photo(draft.code, make.picture(), by=by, at=at)
        sheet = attachments.add_document(draft.code, make.picture(), title="样本", by=by, at=at)
        table = "设备名称,设备类型,单价\n车床甲,数控车床,120\n".encode()
        run = imports.upload(BytesIO(table), "a.csv", kind="listings", direction_code="equipment", by=by, at=at)
        asked = round_runs.ask(by=make.operator(), at=at)
        RoundRun.objects.update(state="running", begun_at=at)  # another one may be asked for
        self.order, self.task = order, task
        # What a body may name: something of the owner's, and something of the consumer's.
        self.named = {
            "listing": (order.listing.code, quote.listing.code),
            "demand": (wanted.code, make.demand(self.consumer).code),
            "order": (order.code, task.code),
        }
        self.codes |= {
            "listings": draft.code,
            "listings/exceptions": closed.code,
            "listings/photos": photo.code,
            "listings/documents": sheet.code,
            "imports": run.code,
            "demands": make.demand(self.owner, published=False).code,
            "demands/now": order.listing.code,
            "listings/now": wanted.code,
            "orders": order.code,
            "bookings": order.bookings.first().code,
            "milestones": task.milestones.first().code,
            "deliveries": lot.deliveries.first().code,
            "inquiries": inquiry.code,
            "inquiries/ask": wanted.code,
            "quotes": quote.code,
            "quotes/for": inquiry.code,
            "messages/files": sent.attachments.get().code,
            "proposals": proposal.code,
            "rounds": proposal.round.code,
            "rounds/runs": asked.code,
            "saved-searches": search.code,
            "calendars": calendar_feeds.renew(by=by, at=at),
            "directions": "equipment",
        }

    def _governance(self, by, other) -> None:
        complaint = make.complaint(self.order, state="accepted")
        page = evidence.add(complaint.code, make.picture(), by=other, at=make.COMPLAINED_AT)
        done = make.order(make.offer(owner=self.owner), consumer=self.consumer, state="completed")
        rating = ratings.submit(done.code, make.rating_words(), by=other, at=make.COMPLAINED_AT)
        fact = make.credit_event(self.owner, kind=EventKind.ORDER_CANCELLED_LATE)
        disputed = make.credit_event(self.owner, kind=EventKind.ORDER_CANCELLED_LATE)
        self.codes |= {
            "complaints": complaint.code,
            "evidence": page.code,
            "reports": make.report(by=by).code,
            "ratings": rating.code,
            "credit": fact.code,
            "objections": ledger.contest(disputed.code, reason="有误", by=by, at=make.MONDAY_9AM).code,
            "alerts": make.ring_alert(self.owner).code,
            "standing": fact.code,
        }

    def _clients(self, user) -> dict[str, Client]:
        officer = make.officer()
        issued = make.agency_client()
        reading = get_user_model().objects.get(pk=make.officer(issued.client.agency).user_id)
        self.codes |= {
            "clients": issued.client.code,
            "agencies": issued.client.agency.code,
            "agencies/officers": reading.code,
        }
        people = {
            "anonymous": None,
            "stranger": (make.organisation(), None),
            "owner": (self.owner, user),
            "member": (self.owner, self.member),
            "reviewer": (None, make.user(staff=(Role.REVIEWER,))),
            "operator": (None, make.user(staff=(Role.OPERATOR,))),
            "regulator": (None, get_user_model().objects.get(pk=officer.user_id)),
        }
        self.token = ask_for_token(issued).json()["access_token"]
        return {name: _client(*who) if who else _client(None, None) for name, who in people.items()}

    def address(self, route: str) -> str:
        """Return a real address of a route: the owner's things in the places of codes."""
        return "/" + re.sub(
            r"\^|\$|<(?:\w+:)?(\w+)>|\(\?P<(\w+)>([^)]*)\)", lambda found: self._fill(route, found), route
        ).replace("\\", "")

    def _fill(self, route: str, found: re.Match) -> str:
        name = found[1] or found[2]
        if name is None:
            return ""
        before = [word for word in re.split(r"[/^]", route[: found.start()]) if word and not re.search(r"[<(]", word)]
        if name == "move":
            return found[3].split("|")[0] if found[3] else MOVES.get("/".join(before[-2:]), MOVES.get(before[-1], "x"))
        if name == "name":
            return "orders"
        if name in WORDS and not route.startswith("calendars"):
            return WORDS[name]
        return self.thing(before)

    def thing(self, before: list[str]) -> str:
        """Return the code of the owner's thing that an address names after these fixed words."""
        for key in ("/".join(before[-3:]), "/".join(before[-2:]), before[-1]):
            if key in self.codes:
                return str(self.codes[key])
        return NOBODY

    def ask(self, actor: str, method: str, route: str) -> tuple[int, list[str]]:
        """Return the status of an empty request, and which tables it wrote to; everything is undone."""
        client, headers = self.clients[actor], {}
        # Logging out, or choosing a language, ends with its request.
        client.cookies = SimpleCookie({name: morsel.value for name, morsel in self.cookies[actor].items()})
        if actor == "regulator" and route.startswith("supervision/v1/"):
            headers = {"Authorization": f"Bearer {self.token}"}
        body = {"content_type": "application/json"} if method not in {"GET", "DELETE"} and "api/" in route else {}
        written: list[str] = []

        def watch(execute, sql, params, many, context):
            if (found := _WRITE.match(sql)) and found[2].lower() not in _BOOKKEEPING:
                written.append(found[2])
            return execute(sql, params, many, context)

        with transaction.atomic(), connection.execute_wrapper(watch):
            answer = client.generic(method, self.address(route), headers=headers, **body)
            if stream := getattr(answer, "file_to_stream", None):
                stream.close()  # closing the answer itself would close the database connection
            transaction.set_rollback(True)
        status = answer.status_code
        return (401 if status == 302 and answer["Location"].startswith("/login") else status), written


def _client(organisation, user) -> Client:
    client = Client(raise_request_exception=False)
    if organisation is None and user is None:
        return client
    client.force_login(user or organisation.memberships.earliest("id").user)
    if organisation is not None:
        session = client.session
        session["acting_for"] = str(organisation.code)
        session.save()
    return client


def routes() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every route of the site with the methods that its handler knows."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns, before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
            known = ("get", "post", "put", "patch", "delete")
            yield route, tuple(name.upper() for name in known if hasattr(view, name)) if view else ("GET", "POST")
