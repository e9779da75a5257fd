"""Forms about proofs of identity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.core.levels import CaseKind, identity_kind
from accounts.services.verification import Claim
from frontend.forms.fields import DayField
from marketplace.directions import LICENCES

ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One to six files; gives their contents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Files(attrs={"accept": ACCEPTED}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial).read() for file in files or [None]]


class MoreFilesForm(forms.Form):
    pages = FilesField(
        label=_("Pictures or PDF files"),
        help_text=_("JPEG, PNG, WebP or PDF, up to 6 files of 20 MB. Position and camera data are removed."),
    )


class ClaimForm(MoreFilesForm):
    """The base of all three: when the document ends, and the document."""

    kind: CaseKind
    document_until = DayField(
        label=_("Document valid until"), required=False, help_text=_("Leave empty when it holds without end.")
    )

    @property
    def claim(self) -> Claim:
        given = {name: value for name, value in self.cleaned_data.items() if name != "pages"}
        return Claim(kind=self.kind, **given)


class PersonForm(ClaimForm):
    kind = CaseKind.PERSON
    name = forms.CharField(label=_("Name as on the document"), max_length=80)
    number = forms.CharField(
        label=_("Number of the document"),
        max_length=32,
        help_text=_(
            "Resident identity card, residence permit, travel permit or passport. Only its last four places are kept."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("name", "number", "document_until", "pages")


class BusinessForm(ClaimForm):
    kind = CaseKind.ORGANISATION
    representative = forms.CharField(label=_("Legal representative"), max_length=80)
    field_order = ("representative", "document_until", "pages")


class LicenceForm(ClaimForm):
    kind = CaseKind.LICENCE
    licence = forms.ChoiceField(
        label=_("Which licence"), choices=lambda: [(code, str(label)) for code, label in LICENCES.items()]
    )
    name = forms.CharField(label=_("Holder as on the document"), max_length=160)
    number = forms.CharField(label=_("Number of the document"), max_length=64)
    field_order = ("licence", "name", "number", "document_until", "pages")


class CertificateForm(ClaimForm):
    kind = CaseKind.CERTIFICATE
    name = forms.CharField(
        label=_("Who certified"), max_length=160, help_text=_("A certification body, or an on-site report.")
    )
    number = forms.CharField(label=_("Number of the document"), max_length=64)
    field_order = ("name", "number", "document_until", "pages")


FORMS: dict[CaseKind, type[ClaimForm]] = {
    form.kind: form for form in (PersonForm, BusinessForm, LicenceForm, CertificateForm)
}


def kinds_for(organisation_kind: str) -> list[CaseKind]:
    """Return what a party of this kind can have verified, its identity first."""
    return [identity_kind(organisation_kind), CaseKind.LICENCE, CaseKind.CERTIFICATE]


class DecisionForm(forms.Form):
    """A reviewer's word: reason, and the day the document ends if it names one."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant reads it. Needed unless you approve."),
    )
    document_until = DayField(label=_("Document valid until"), required=False)
