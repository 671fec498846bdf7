"""What people wrote in answer to a letter: in the quiz its button opened, or straight back to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, literal, select

from core.mailing import questions
from core.mailing.models import Campaign, CampaignVariant, Content, Delivery
from core.people.models import Event, Subscriber
from core.people.text import full_name
from core.quizzes.models import QuizRun, RunAnswer
from core.quizzes.questions import Optioned, Written
from core.quizzes.values import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.definition import Quiz
    from core.quizzes.loader import Library


@dataclass(frozen=True, slots=True)
class LetterAnswer:
    """One text of one person; `quiz` and `question` are empty where he wrote straight back."""

    telegram_id: int | None
    name: str
    username: str
    at: datetime
    quiz: str
    question: str
    text: str


def asks(session: Session, campaign_id: int, entry: str) -> list[tuple[str, str]]:
    """Return the actions of a letter's buttons that open a quiz, each with its quiz."""
    rows = session.scalars(
        select(Content.buttons)
        .join(CampaignVariant, CampaignVariant.content_id == Content.id)
        .where(CampaignVariant.campaign_id == campaign_id)
    )
    found: dict[str, str] = {}
    for button in (one for buttons in rows for row in buttons for one in row):
        quiz_id = questions.quiz_of(str(button.get("action") or ""), entry)
        if quiz_id is not None:
            found[str(button["action"])] = quiz_id
    return list(found.items())


def is_asking(session: Session, campaign_id: int) -> bool:
    """Say whether a campaign asks people anything."""
    asked = session.scalar(select(Campaign.is_question).where(Campaign.id == campaign_id))
    polls = (
        select(Content.id)
        .join(CampaignVariant, CampaignVariant.content_id == Content.id)
        .where(CampaignVariant.campaign_id == campaign_id, Content.kind == "poll")
    )
    return bool(asked) or session.scalar(polls) is not None or bool(asks(session, campaign_id, ""))


def answers_of(session: Session, library: Library, campaign_id: int, entry: str) -> list[LetterAnswer]:
    """Return every text written in answer to a campaign, the earliest first.

    Answers of a quiz count from the tap on the letter's button on.
    """
    found = list(_written_back(session, campaign_id))
    for action, quiz_id in asks(session, campaign_id, entry):
        loaded = library.quizzes.get(quiz_id)
        if loaded is not None:
            found += _in_quiz(session, campaign_id, action, loaded.quiz)
    return sorted(found, key=lambda one: (one.at, one.telegram_id or 0))


def _written_back(session: Session, campaign_id: int) -> Iterator[LetterAnswer]:
    facts = (
        select(Subscriber, Event.at, Event.detail)
        .join(Event, Event.subscriber_id == Subscriber.id)
        .join(Delivery, Delivery.subscriber_id == Subscriber.id)
        .where(Delivery.campaign_id == campaign_id, Event.kind == questions.FACT)
    )
    seen: set[tuple[int, datetime]] = set()
    for person, at, detail in session.execute(facts):
        if detail.get("campaign") == campaign_id and (person.id, at) not in seen:
            seen.add((person.id, at))
            yield _row(person, at, "", "", str(detail.get("text", "")))


def _in_quiz(session: Session, campaign_id: int, action: str, quiz: Quiz) -> Iterator[LetterAnswer]:
    tapped = literal("tap:") + cast(Delivery.id, String) + literal(f":{action}")
    texts = (
        select(Subscriber, RunAnswer.at, RunAnswer.question, RunAnswer.value)
        .join(Delivery, Delivery.subscriber_id == Subscriber.id)
        .join(Event, Event.key == tapped)
        .join(QuizRun, QuizRun.subscriber_id == Subscriber.id)
        .join(RunAnswer, RunAnswer.run_id == QuizRun.id)
        .where(
            Delivery.campaign_id == campaign_id,
            Delivery.answered_at.is_not(None),
            QuizRun.quiz == quiz.id,
            QuizRun.is_trial.is_(False),
            RunAnswer.question.in_(_open_questions(quiz)),
            RunAnswer.at >= Event.at,
        )
    )
    language = quiz.languages[0]
    for person, at, name, value in session.execute(texts):
        for text in _own_words(quiz, name, value):
            yield _row(person, at, quiz.id, quiz.by_id[name].text.of(language), text)


def _own_words(quiz: Quiz, name: str, value: Any) -> list[str]:
    """Return what stands in an answer in the person's own words."""
    if isinstance(value, str):
        return [value] if _is_text(quiz, name) else []
    values = value if isinstance(value, list) else [value]
    return [one[OTHER] for one in values if isinstance(one, dict) and OTHER in one]


def _open_questions(quiz: Quiz) -> Sequence[str]:
    """Return the questions a person may answer in his own words; a phone and an e-mail are not among them."""
    return [
        one.id
        for one in quiz.questions
        if _is_text(quiz, one.id) or (isinstance(one, Optioned) and one.other is not None)
    ]


def _is_text(quiz: Quiz, name: str) -> bool:
    question = quiz.by_id[name]
    return isinstance(question, Written) and not question.is_personal


def _row(person: Subscriber, at: datetime, quiz: str, question: str, text: str) -> LetterAnswer:
    name = full_name(person.first_name, person.last_name)
    return LetterAnswer(person.telegram_id, name, person.username, at, quiz, question, text)
