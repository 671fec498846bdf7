"""The journal of past experiments and what it says to try next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.mailing.experiments.journal import Past, suggestion

TEXT = Past(1, "Весна", "finished", "tap", ("text",), 2, 0.0, "winner", 1, None, None)
BUTTONS = replace(TEXT, changes=("buttons",))
FILE = replace(TEXT, changes=("file",))
SAME = replace(TEXT, outcome="same", winner=None)
HELD = replace(TEXT, changes=(), variants=1, holdout=0.1, goal="purchase", outcome="same", winner=None)


@pytest.mark.parametrize(
    ("found", "tried_next"),
    [
        ([], "start"),
        ([replace(TEXT, outcome=None, winner=None, state="draft")], "start"),
        ([replace(TEXT, outcome=None, winner=None, state="running"), TEXT], "wait"),
        ([replace(TEXT, outcome="srm", winner=None)], "split"),
        ([TEXT], "buttons"),
        ([BUTTONS], "text"),
        ([replace(TEXT, changes=("text", "buttons"))], "text"),  # of two at once nobody knows which did it
        ([BUTTONS, TEXT], "file"),
        ([SAME, replace(SAME, outcome="disagree"), TEXT], "larger"),
        ([SAME, TEXT], "buttons"),
        ([FILE, BUTTONS, TEXT], "holdout"),
        ([HELD, FILE, BUTTONS, TEXT], "again"),
        ([HELD], "text"),
    ],
)
def test_what_to_try_next_follows_from_what_was_tried(found: list[Past], tried_next: str) -> None:
    assert suggestion(found) == tried_next
