"""Coming in: logging in, registering, and a forgotten password."""

from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.middleware import ACTING_FOR
from accounts.selectors import actors, organisations
from accounts.services import registration
from common.errors import Refused
from frontend import refusals
from frontend.demo import DEMO_ACCOUNTS
from frontend.forms.account import LoginForm, RegisterForm
from frontend.requests import now

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Login(auth.LoginView):
    """The log-in page; in demo mode it lists the demo's accounts."""

    form_class = LoginForm
    template_name = "account/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let whoever belongs to one organisation act for it from the start; others choose."""
        response = super().form_valid(form)
        places = organisations.memberships_of(actors.actor_for(form.get_user())).exclude(organisation__kind="person")
        if len(places) == 1:
            self.request.session[ACTING_FOR] = str(places[0].organisation.code)
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"demo_accounts": DEMO_ACCOUNTS}


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def register(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("me")
    form = RegisterForm(request.POST or None)
    if form.is_valid():
        try:
            user = registration.register(**form.cleaned_data, language=get_language() or "zh-hans", at=now())
        except Refused as error:
            refusals.at_form(form, error)
        else:
            login(request, user, backend=BACKEND)
            return HttpResponseRedirect(_next(request))
    return render(request, "account/register.html", {"form": form, "next": request.GET.get("next", "")})


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else str(reverse_lazy("me"))


class PasswordReset(auth.PasswordResetView):
    template_name = "account/password_reset.html"
    email_template_name = "account/password_reset_mail.txt"
    subject_template_name = "account/password_reset_subject.txt"
    success_url = reverse_lazy("password-reset-sent")


class PasswordResetSent(auth.PasswordResetDoneView):
    template_name = "account/password_reset_sent.html"


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordResetConfirm(auth.PasswordResetConfirmView):
    template_name = "account/password_reset_confirm.html"
    success_url = reverse_lazy("login")
    post_reset_login = False


class PasswordChange(auth.PasswordChangeView):
    template_name = "account/password_change.html"
    success_url = reverse_lazy("account")
