"""The push service that chaos counts with serves tests as well."""

from tracker.chaos.push_service import Browser, PushService, Received

__all__ = ["Browser", "PushService", "Received"]
