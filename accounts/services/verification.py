"""Proofs of identity: handed in, checked by the machine, decided by people, expired by the clock."""
