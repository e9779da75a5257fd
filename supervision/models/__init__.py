from supervision.models.agency import Agency, AgencyClient, AgencyKey, AgencyOfficer, Level
from supervision.models.change import Change
from supervision.models.read_log import ReadLog, Via
from supervision.models.statistics import StatisticsAnswer

__all__ = [
    "Agency",
    "AgencyClient",
    "AgencyKey",
    "AgencyOfficer",
    "Change",
    "Level",
    "ReadLog",
    "StatisticsAnswer",
    "Via",
]
