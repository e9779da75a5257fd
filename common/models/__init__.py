from common.models.audit import AuditEntry

__all__ = ["AuditEntry"]
