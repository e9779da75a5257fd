"""What people fill in within a deal: reasons, hand-ins, payments, invoices, quotes."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from common.uploads import EXTENSIONS
from frontend.forms.fields import MomentField, YuanField
from marketplace.services.quotes import Offer

DELIVERABLE_NAMES = ",".join(EXTENSIONS)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The other side reads it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CancelForm(ReasonForm):
    shown_fee_fen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class SubmitForm(forms.Form):
    note = forms.CharField(
        label=_("What is handed in"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, picture, Word, Excel, ZIP, DWG, DXF, STEP, STL, CSV or text, up to 20 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": DELIVERABLE_NAMES}),
    )


class ReworkForm(forms.Form):
    reason = forms.CharField(label=_("What must be done again"), max_length=500)


class ShipForm(forms.Form):
    waybill = forms.CharField(label=_("Waybill number"), required=False, max_length=100)


class AcceptDeliveryForm(forms.Form):
    quantity = forms.IntegerField(label=_("Good quantity"), min_value=0)


class SendBackForm(forms.Form):
    reason = forms.CharField(label=_("What is wrong with it"), max_length=500)


# What a step of a milestone or a delivery asks first; every other step is the press of a button.
_ASKED: dict[tuple[str, str], type[forms.Form]] = {
    ("milestone", "submit"): SubmitForm,
    ("milestone", "ask_rework"): ReworkForm,
    ("delivery", "ship"): ShipForm,
    ("delivery", "accept"): AcceptDeliveryForm,
    ("delivery", "return"): SendBackForm,
}


def part_form(
    kind: str, move: str, code: UUID, data: Any = None, files: Any = None, *, initial: Any = None
) -> forms.Form | None:
    """Return the form that `move` of the part `code` asks, with ids of its own; None where it asks nothing."""
    asked = _ASKED.get((kind, move))
    return asked(data, files, auto_id=f"{move}-{code}-%s", initial=initial) if asked else None


class PaidForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("How it was paid"),
        choices=[
            ("offline", _("Bank transfer or cash, outside the platform")),
            ("sandbox", _("Sandbox, to try it out")),
        ],
    )
    reference = forms.CharField(label=_("Receipt number"), max_length=100)


class InvoiceForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("ordinary", _("Ordinary VAT invoice")), ("special", _("Special VAT invoice"))]
    )
    title = forms.CharField(label=_("Invoice title"), max_length=200)
    tax_code = forms.CharField(label=_("Taxpayer number"), max_length=20)
    email = forms.EmailField(label=_("Send it to"))


class InvoiceNumberForm(forms.Form):
    number = forms.CharField(label=_("Invoice number"), max_length=20)


class InquiryForm(forms.Form):
    closes_at = MomentField(label=_("Quotes are taken until"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)
    note = forms.CharField(
        label=_("What providers should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CounterForm(forms.Form):
    unit_price_fen = YuanField(label=_("Unit price you would pay"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class OfferForm(forms.Form):
    """A provider's price, time and validity; milestones stand beside it as rows."""

    unit_price_fen = YuanField(label=_("Unit price"))
    setup_fen = YuanField(label=_("Setting up, once"), required=False)
    starts_at = MomentField(label=_("Begin"))
    ends_at = MomentField(label=_("All done by"))
    valid_until = MomentField(label=_("The quote stands until"))
    note = forms.CharField(
        label=_("How you would do it"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def offer(self, milestones: Any = ()) -> Offer:
        fields = dict(self.cleaned_data)
        fields["setup_fen"] = fields["setup_fen"] or 0
        fields.pop("listing", None)
        return Offer(**fields, milestones=tuple(milestones))


class QuoteForm(OfferForm):
    """The same, with the listing from which one quotes."""

    listing = forms.ChoiceField(label=_("From which of your listings"))
    field_order = ["listing"]

    def __init__(self, *args: Any, listings: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["listing"].choices = listings  # type: ignore[attr-defined]  # a choice field


class FilesInput(forms.FileInput):
    """Takes several files at once."""

    allow_multiple_selected = True


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    files = forms.FileField(  # type: ignore[assignment]  # a declared field, which Django keeps apart
        label=_("Files"),
        required=False,
        help_text=_("Up to five, each up to 20 MB: PDF, picture, Word, Excel, ZIP, DWG, DXF, STEP, STL, CSV or text."),
        widget=FilesInput(attrs={"accept": DELIVERABLE_NAMES, "multiple": True}),
    )
