from matching.models.proposal import Proposal, ProposalStep, Unmatched
from matching.models.proposed_time import ProposedTime
from matching.models.round import Component, Round, RoundRecord
from matching.models.run import RoundRun
from matching.models.seed import RoundSeed
from matching.models.tentative import TentativeDeal
from matching.models.terms import Claim, RoundTerms, ScarcityShare

__all__ = [
    "Claim",
    "Component",
    "Proposal",
    "ProposalStep",
    "ProposedTime",
    "Round",
    "RoundRecord",
    "RoundRun",
    "RoundSeed",
    "RoundTerms",
    "ScarcityShare",
    "TentativeDeal",
    "Unmatched",
]
