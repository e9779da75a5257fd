"""Forms about organisations and who belongs to them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.core.actor import Role
from accounts.core.parties import OrganisationKind
from frontend import words
from frontend.forms.fields import DayField
from frontend.forms.place import PlaceFields

KINDS = [(kind.value, words.KINDS[kind.value]) for kind in OrganisationKind if kind is not OrganisationKind.PERSON]
SIZES = [("", "—"), *words.SIZES.items()]
ROLES = [(role.value, words.ROLES[role.value]) for role in (Role.OWNER, Role.MANAGER, Role.MEMBER)]


class DescriptionForm(PlaceFields):
    """What a party says about itself."""

    size = forms.ChoiceField(label=_("Size"), choices=SIZES, required=False)
    founded_on = DayField(label=_("Founded on"), required=False)
    introduction = forms.CharField(
        label=_("Introduction"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    ABOUT = ("size", "founded_on", "introduction")

    @property
    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in self.ABOUT]

    @classmethod
    def initial_of(cls, thing: Any) -> dict[str, Any]:
        own = {name: getattr(thing, name) for name in cls.ABOUT}
        return PlaceFields.initial_of(thing) | own

    @property
    def description(self) -> dict[str, Any]:
        """Return the fields as `organisations.create` and `edit` take them, the place in WGS-84."""
        cleaned = self.cleaned_data
        own = {name: cleaned[name] for name in self.ABOUT}
        return own | self.place_columns()


class OrganisationForm(DescriptionForm):
    """A whole organisation, while its identity may still be changed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    name = forms.CharField(label=_("Name as on the licence"), max_length=160)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 places, as printed on the licence.")
    )
    IDENTITY = ("name", "credit_code", "kind")

    @property
    def identity(self) -> list[forms.BoundField]:
        return [self[name] for name in self.IDENTITY]

    @classmethod
    def initial_of(cls, thing: Any) -> dict[str, Any]:
        return super().initial_of(thing) | {name: getattr(thing, name) for name in cls.IDENTITY}

    @property
    def description(self) -> dict[str, Any]:
        return super().description | {name: self.cleaned_data[name] for name in self.IDENTITY}


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("Email"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial="member")


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
