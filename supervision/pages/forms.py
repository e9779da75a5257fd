"""What operators and officers fill in: an authority, what it reads and where, its people and its machines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.reference import divisions
from supervision.core.reader import Scope
from supervision.pages import words

_WHOLE_COUNTRY = "000000"
MOST_DIVISIONS = 200


class DivisionsField(forms.CharField):
    """Divisions of GB/T 2260, one a line, by code or by name; gives their codes."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]
        if len(lines) > MOST_DIVISIONS:
            raise forms.ValidationError(_("At most 200 divisions."))
        found = {line: _code_of(line) for line in lines}
        unknown = [line for line, code in found.items() if code is None]
        if unknown:
            raise forms.ValidationError(
                _("No division is clearly meant by: %(lines)s."), params={"lines": ", ".join(unknown[:5])}
            )
        return sorted({code for code in found.values() if code})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{code} {words.place(code)}" for code in value)


class TerritoryForm(forms.Form):
    division_codes = DivisionsField(
        label=_("Territory"),
        help_text=_("One a line: a name such as 厦门市, or a code such as 350200. 000000 is the whole country."),
    )


class AccessForm(forms.Form):
    scopes = forms.MultipleChoiceField(
        label=_("May read"),
        choices=[(scope.value, words.SCOPES[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )


class AgencyForm(AccessForm, TerritoryForm):
    """A new authority with its territory and the most that it may read."""

    name = forms.CharField(label=_("Name of the authority"), max_length=120)
    level = forms.ChoiceField(label=_("Level"), choices=[("", "—"), *words.LEVELS.items()])
    legal_basis = forms.CharField(
        label=_("On the basis of"),
        max_length=255,
        help_text=_("The law or document, with its article, that lets it read. Everybody sees it."),
    )
    field_order = ("name", "level", "division_codes", "scopes", "legal_basis")


class OfficerForm(forms.Form):
    email = forms.EmailField(label=_("Email of the account"), max_length=254)


class ClientForm(forms.Form):
    label = forms.CharField(label=_("What machine is it for?"), max_length=80)


def _code_of(line: str) -> str | None:
    first = line.split(maxsplit=1)[0]
    if first == _WHOLE_COUNTRY or first in divisions.all_divisions():
        return first
    found = divisions.by_name(line)
    return found.code if found else None
