"""Where one group of a score ends and the next begins: plain numbers that windows say without computing."""

from __future__ import annotations

AT_RISK_UNTIL, HIGH_UNTIL = 50, 75  # health: the last score of its group
VIP_SHARE, VIP_DAYS, VIP_PURCHASES = 0.05, 365, 3
