from marketplace.models.agreement import Agreement, AgreementAcceptance
from marketplace.models.availability import AvailabilityException, AvailabilityRule
from marketplace.models.booking import Booking
from marketplace.models.calendar_feed import CalendarFeed
from marketplace.models.delivery import Delivery
from marketplace.models.demand import Demand, DemandLeg, DemandStep, DemandVersion
from marketplace.models.imports import ColumnMapping, ImportRow, ImportRun
from marketplace.models.listing import Listing, ListingDocument, ListingPhoto, ListingStep, ListingVersion
from marketplace.models.message import Message, MessageAttachment
from marketplace.models.milestone import Milestone
from marketplace.models.order import Order, OrderStep
from marketplace.models.price import PriceFigure, PriceRelease
from marketplace.models.quote import Inquiry, Quote, QuoteStep
from marketplace.models.saved_search import SavedSearch
from marketplace.models.settlement import InvoiceRequest, Settlement

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AvailabilityException",
    "AvailabilityRule",
    "Booking",
    "CalendarFeed",
    "ColumnMapping",
    "Delivery",
    "Demand",
    "DemandLeg",
    "DemandStep",
    "DemandVersion",
    "ImportRow",
    "ImportRun",
    "Inquiry",
    "InvoiceRequest",
    "Listing",
    "ListingDocument",
    "ListingPhoto",
    "ListingStep",
    "ListingVersion",
    "Message",
    "MessageAttachment",
    "Milestone",
    "Order",
    "OrderStep",
    "PriceFigure",
    "PriceRelease",
    "Quote",
    "QuoteStep",
    "SavedSearch",
    "Settlement",
]
