"""Where the series that ship lie: each is a YAML file beside the other playbooks."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "playbooks" / "series"


# The way of a person: he comes, is sold to, buys, stays, goes; then the days of the calendar.
_WAY = [
    "welcome", "activation_nudge", "selling", "why_not_yet", "warming", "ultimatum_soft", "ultimatum_hard",
    "onboarding", "review_request", "complaint", "upsell", "vip", "renewal", "win_back",
    "farewell", "farewell_hard", "birthday", "anniversary",
]  # fmt: skip


def names() -> list[str]:
    """Return the names of the series that ship, in the order in which a person may meet them."""
    place = {name: number for number, name in enumerate(_WAY)}
    return sorted(
        (path.stem for path in FOLDER.glob("*.yaml")), key=lambda one: (place.get(one, len(_WAY)), one)
    )
