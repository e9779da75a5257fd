"""Forms about people: logging in, registering, profile, keys, mail."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.core.parties import NoticeKind
from accounts.core.tokens import Scope
from accounts.services import login
from common.errors import Refused
from frontend import words

LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
PHONE = RegexValidator(r"^[0-9+() -]{0,24}\Z", _("Digits, blanks, plus and brackets only."))


class LoginForm(AuthenticationForm):
    """Email and password; rests after too many guesses."""

    username = forms.EmailField(
        label=_("Email"), widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": _("Email and password do not belong together."),
        "inactive": _("This account is closed."),
    }

    def clean(self) -> dict[str, Any]:
        email = self.cleaned_data.get("username", "")
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        try:
            login.refuse_guessing(email, address)
        except Refused as error:
            raise forms.ValidationError(error.sentence(_now)) from error
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            login.note_failure(email, address)
            raise
        login.note_success(email, address)
        return cleaned


class RegisterForm(forms.Form):
    email = forms.EmailField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )
    display_name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters; a few words are easier to remember than signs."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=256,
    )
    phone = forms.CharField(
        label=_("Phone"), required=False, validators=[PHONE], widget=forms.TextInput(attrs={"autocomplete": "tel"})
    )


class ProfileForm(forms.Form):
    display_name = forms.CharField(label=_("Your name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), required=False, validators=[PHONE])
    language = forms.ChoiceField(label=_("Language of mail"), choices=LANGUAGES)


class KeyForm(forms.Form):
    name = forms.CharField(label=_("What uses it"), max_length=80)
    scopes = forms.ChoiceField(
        label=_("It may"), choices=[("read", _("read")), ("write", _("read and write"))], initial="read"
    )
    lasts_days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=365, initial=90)

    @property
    def wish(self) -> dict[str, Any]:
        """Return the fields as `tokens.create` takes them."""
        scopes = [Scope.READ, Scope.WRITE] if self.cleaned_data["scopes"] == "write" else [Scope.READ]
        lasts = timedelta(days=self.cleaned_data["lasts_days"])
        return {"name": self.cleaned_data["name"], "scopes": scopes, "lasts": lasts}


class MailForm(forms.Form):
    """One box per kind of notice."""

    def __init__(self, *args: Any, choices: dict[NoticeKind, bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, mail in choices.items():
            self.fields[kind.value] = forms.BooleanField(
                label=str(words.NOTICES[kind.value]), required=False, initial=mail
            )

    @property
    def chosen(self) -> dict[NoticeKind, bool]:
        return {NoticeKind(name): bool(mail) for name, mail in self.cleaned_data.items()}
