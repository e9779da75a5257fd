from matching.models.proposal import Proposal, ProposalStep, Unmatched
from matching.models.round import Component, Round, RoundRecord
from matching.models.run import RoundRun
from matching.models.tentative import TentativeDeal

__all__ = ["Component", "Proposal", "ProposalStep", "Round", "RoundRecord", "RoundRun", "TentativeDeal", "Unmatched"]
