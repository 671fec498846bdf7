"""Guards: what an owner should hear of without asking, each with a threshold and one thing to do about it."""

from core.reports.guards.finding import Finding
from core.reports.guards.limits import LIMITS, Limit, Limits, limits
from core.reports.guards.state import Alarm, alarm, mark_told, shown, snooze, watch

__all__ = [
    "LIMITS",
    "Alarm",
    "Finding",
    "Limit",
    "Limits",
    "alarm",
    "limits",
    "mark_told",
    "shown",
    "snooze",
    "watch",
]
