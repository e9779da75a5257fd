from matching.models.proposal import Proposal, ProposalStep, Unmatched
from matching.models.round import Component, Round, RoundRecord

__all__ = ["Component", "Proposal", "ProposalStep", "Round", "RoundRecord", "Unmatched"]
