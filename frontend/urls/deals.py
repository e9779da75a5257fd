"""Deals: orders with their parts, messages and money; quotes; one's own calendar."""

from django.urls import path, re_path

from frontend.views import calendars, deal_messages, deal_parts, orders, quotes

urlpatterns = [
    path("orders", orders.index, name="orders"),
    path("orders/calendar", calendars.index, name="calendar"),
    path("orders/calendar/renew", calendars.renew, name="calendar-renew"),
    path("orders/calendar/revoke", calendars.revoke, name="calendar-revoke"),
    path("calendars/<str:token>.ics", calendars.feed, name="calendar-feed"),
    path("orders/<uuid:code>", orders.page, name="order"),
    path("orders/<uuid:code>/document", orders.document, name="order-document"),
    path("orders/<uuid:code>/accept", orders.accept, name="order-accept"),
    path("orders/<uuid:code>/pledge", orders.accept, name="order-pledge"),
    path("orders/<uuid:code>/cancel", orders.cancel, name="order-cancel"),
    path("orders/<uuid:code>/book", deal_parts.book, name="order-book"),
    path("orders/<uuid:code>/messages", deal_messages.send, name="order-messages"),
    path("orders/<uuid:code>/messages/thread", deal_messages.thread, name="order-thread"),
    path("orders/<uuid:code>/messages/read", deal_messages.read, name="order-messages-read"),
    path("orders/<uuid:code>/paid", deal_messages.paid, name="order-paid"),
    path("orders/<uuid:code>/paid/confirm", deal_messages.paid_confirmed, name="order-paid-confirm"),
    path("orders/<uuid:code>/invoice", deal_messages.invoice, name="order-invoice"),
    path("orders/<uuid:code>/invoice/issued", deal_messages.invoice_issued, name="order-invoice-issued"),
    re_path(
        r"^orders/(?P<code>[0-9a-f-]{36})/(?P<move>refuse|withdraw|hold|release)$",
        orders.reasoned,
        name="order-reasoned",
    ),
    path("orders/<uuid:code>/<slug:move>", orders.move, name="order-move"),
    path("messages/files/<uuid:code>", deal_messages.file, name="message-file"),
    path("bookings/<uuid:code>/<slug:move>", deal_parts.move_booking, name="booking-move"),
    path("milestones/<uuid:code>/file", deal_parts.milestone_file, name="milestone-file"),
    path("milestones/<uuid:code>/<slug:move>", deal_parts.move_milestone, name="milestone-move"),
    path("deliveries/<uuid:code>/<slug:move>", deal_parts.move_delivery, name="delivery-move"),
    path("inquiries", quotes.index, name="inquiries"),
    path("inquiries/ask/<uuid:code>", quotes.ask, name="inquiry-new"),
    path("inquiries/<uuid:code>", quotes.page, name="inquiry"),
    path("inquiries/<uuid:code>/close", quotes.close, name="inquiry-close"),
    path("inquiries/<uuid:code>/quote", quotes.new, name="quote-give"),
    path("quotes/for/<uuid:code>", quotes.offer, name="quote-new"),
    re_path(r"^quotes/(?P<code>[0-9a-f-]{36})/(?P<move>revise|answer)$", quotes.change, name="quote-change"),
    path("quotes/<uuid:code>/<slug:move>", quotes.move, name="quote-move"),
]
