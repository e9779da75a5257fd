"""What one has been told, the bell, and what reaches one's mailbox."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.selectors import notifications as selectors
from accounts.services import notifications
from frontend.forms.account import MailForm
from frontend.pagination import page_of
from frontend.requests import actor, now


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    unread_only = request.GET.get("unread") == "1"
    page = page_of(request, selectors.of(actor(request), unread_only=unread_only))
    told = [(notification, _(notification.message) % notification.params) for notification in page]
    return render(request, "notifications/index.html", {"page": page, "told": told, "unread_only": unread_only})


@require_GET
@login_required
def bell(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/_bell.html")


@require_POST
@login_required
def follow(request: HttpRequest, code: UUID) -> HttpResponse:
    """Mark as read and go where it points."""
    notification = notifications.mark_read(code, by=actor(request), at=now())
    inside = notification.link.startswith("/") and not notification.link.startswith("//")
    return HttpResponseRedirect(notification.link) if inside else redirect("notifications")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    notifications.mark_all_read(by=actor(request), at=now())
    return redirect("notifications")


@require_http_methods(["GET", "POST"])
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    form = MailForm(request.POST or None, choices=selectors.mail_choices(actor(request)))
    if request.method == "POST" and form.is_valid():
        notifications.choose(form.chosen, by=actor(request))
        messages.success(request, _("Saved."))
        return redirect("notification-settings")
    return render(request, "notifications/settings.html", {"form": form, "tab": "mail"})
