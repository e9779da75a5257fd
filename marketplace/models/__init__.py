from marketplace.models.availability import AvailabilityException, AvailabilityRule
from marketplace.models.demand import Demand, DemandLeg, DemandStep, DemandVersion
from marketplace.models.imports import ColumnMapping, ImportRow, ImportRun
from marketplace.models.listing import Listing, ListingDocument, ListingPhoto, ListingStep, ListingVersion
from marketplace.models.saved_search import SavedSearch

__all__ = [
    "AvailabilityException",
    "AvailabilityRule",
    "ColumnMapping",
    "Demand",
    "DemandLeg",
    "DemandStep",
    "DemandVersion",
    "ImportRow",
    "ImportRun",
    "Listing",
    "ListingDocument",
    "ListingPhoto",
    "ListingStep",
    "ListingVersion",
    "SavedSearch",
]
