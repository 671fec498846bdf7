"""Conditions: one frozen class a form, which knows its SQL, sentence, text and the value behind it."""

from core.segments.conditions.activity import Event, Purchased, Spent, Tagged
from core.segments.conditions.ahead import Ahead
from core.segments.conditions.been import WasInSegment
from core.segments.conditions.condition import FORMS, Condition, Found, Reading
from core.segments.conditions.logic import All, Any, Not, leaves
from core.segments.conditions.membership import InSegment
from core.segments.conditions.moments import Ago, Recent
from core.segments.conditions.quizzes import QuizTaken
from core.segments.conditions.reactions import Reaction
from core.segments.conditions.topics import GetsTopic
from core.segments.conditions.values import Compare, IsKnown, OneOf

__all__ = [
    "FORMS",
    "Ago",
    "Ahead",
    "All",
    "Any",
    "Compare",
    "Condition",
    "Event",
    "Found",
    "GetsTopic",
    "InSegment",
    "IsKnown",
    "Not",
    "OneOf",
    "Purchased",
    "QuizTaken",
    "Reaction",
    "Reading",
    "Recent",
    "Spent",
    "Tagged",
    "WasInSegment",
    "leaves",
]
