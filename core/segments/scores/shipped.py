"""The points that ship: what an answer and an act are worth until the owner says otherwise.

One readable place for all of them, light enough for every window; docs/scores.md and the owner's window
show them.
"""

from __future__ import annotations

from core.segments.scores.lead import EventPoints, Points

ANSWERS: dict[str, dict[str, float]] = {
    "entry.role": {"owner": 10, "wholesaler": 12, "manager": 6, "freelancer": 4, "starting": 3},
    "entry.team": {"dozen": 4, "many": 6},
    "company.size": {"micro": 2, "small": 4, "medium": 6, "large": 8},
    "company.position": {"owner": 8, "director": 8, "head": 6, "buyer": 6},
    "lead.need": {"urgent": 12, "better": 8, "compare": 5},
    "lead.term": {"now": 12, "month": 8, "quarter": 4, "someday": -4},
    "lead.decides": {"me": 8, "together": 5, "boss": 2},
    "lead.budget": {"ready": 12, "planned": 8, "none": -8},
    "lead.call": {"yes": 12},
}
EVENTS = {
    "started": EventPoints(5, 30, "came"),
    "quiz_started": EventPoints(5, 30, "quiz"),
    "quiz_finished": EventPoints(20, 60, "quiz"),
    "wrote": EventPoints(15, 30, "talk"),
    "message_clicked": EventPoints(15, 30, "letters"),
    "file_taken": EventPoints(10, 30, "letters"),
    "price_viewed": EventPoints(20, 14, "interest"),
    "referred": EventPoints(20, 90, "friends"),
}
GROUP_CAPS: dict[str, float] = {
    "came": 5,
    "quiz": 20,
    "talk": 25,
    "letters": 25,
    "interest": 30,
    "friends": 25,
}

WEIGHTS: dict[str, float] = {"consumption": 0.3, "activation": 0.2, "outcome": 0.5}  # of health
NEW_DAYS = 30  # since the first purchase

POINTS = Points(answers=ANSWERS, events=EVENTS, group_caps=GROUP_CAPS)
# A file of orders knows no answers of the shipped quizzes unless they are given beside it.
EVENT_POINTS = Points(events=EVENTS, group_caps=GROUP_CAPS)
