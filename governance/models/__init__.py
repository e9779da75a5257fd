from governance.models.complaint import Complaint, ComplaintStep, Evidence, Pause
from governance.models.rating import Rating
from governance.models.report import Report, ReportStep

__all__ = ["Complaint", "ComplaintStep", "Evidence", "Pause", "Rating", "Report", "ReportStep"]
