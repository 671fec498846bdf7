"""Lessons: what a quiz's result promises to send later, planned in the ledger when the quiz is finished.

Each lesson is one campaign without an owner, running as long as anybody waits for it; its deliveries are
written one by one, the occasion is the run. The person asked for them, so their purpose is service; a stop
or a block ends them by its reason like any other letter.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from core.mailing import campaigns
from core.mailing.campaigns import Draft, Variant
from core.mailing.content import ContentError
from core.mailing.ledger import DELIVERIES, Lane, State
from core.mailing.letters import Words
from core.mailing.models import Campaign, CampaignVariant, Content
from core.people.activity import Fact, record_many
from core.people.models import Subscriber
from core.quizzes.models import QuizRun
from core.quizzes.records import version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from core.mailing.messenger import Kind
    from core.quizzes.definition import Lesson, Result
    from core.quizzes.loader import Library, Loaded

AGAIN_AFTER = timedelta(days=30)  # a quiz taken again brings the same lesson only after so long
_HEAD = "lesson:"  # of the keys of all lessons' campaigns
_NOT_GOT = (State.SUPPRESSED, State.FAILED, State.EXPIRED)
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_PIPE = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\s*(\|\s*default:\s*\"[^\"{}]*\"\s*)?\}\}")


@dataclass(frozen=True, slots=True)
class Planned:
    """How many lessons a finished run brings; `problems` name those that cannot be sent as written."""

    count: int = 0
    problems: tuple[str, ...] = ()


def plan(session: Session, library: Library, run_id: int, now: datetime) -> Planned:
    """Plan the lessons of a finished run; asked again it plans nothing twice.

    A lesson the person got or still waits for from a run of the last 30 days is not planned again.
    """
    run = session.get(QuizRun, run_id)
    loaded = version(session, library, run.version_hash) if run is not None else None
    if run is None or loaded is None or run.finished_at is None or run.is_trial:
        return Planned()
    found = next((one for one in loaded.quiz.results if one.id == run.result), None)
    if found is None:
        return Planned()
    count, problems = 0, []
    for place, lesson in enumerate(found.lessons):
        try:
            campaign_id = _campaign(session, loaded, found, place, now)
        except ContentError as error:
            problems.append(f"{loaded.quiz.id}.{found.id}, lesson {place + 1}: {error}")
            continue
        if not _has_it(session, run, _family(loaded, found, place), now):
            due_at = run.finished_at + timedelta(hours=lesson.after_hours)
            count += _deliver(session, campaign_id, run, due_at)
    return Planned(count, tuple(problems))


def took_files(session: Session, ids: Sequence[int], now: datetime) -> int:
    """The file of a lesson was sent: a fact of its quiz, once a letter; other deliveries are passed over.

    Returns how many facts were new.
    """
    table = DELIVERIES.c
    rows = session.execute(
        select(func.coalesce(table.parent_id, table.id), table.subscriber_id, Campaign.key, Content.file_path)
        .join(Campaign, Campaign.id == table.campaign_id)
        .join(Content, Content.id == table.content_id)
        .join(Subscriber, Subscriber.id == table.subscriber_id)
        .where(table.id.in_(ids), Campaign.key.startswith(_HEAD), Content.file_path.is_not(None))
        .where(Subscriber.erased_at.is_(None))
    )
    facts = []
    for delivery_id, who, key, path in rows:
        quiz, _, place = key.removeprefix(_HEAD).partition(":")[0].split(".")
        detail = {"quiz": quiz, "file": PurePath(path).name, "lesson": int(place) + 1}
        facts.append(Fact(who, "file_taken", now, detail, f"lesson:{delivery_id}:file"))
    return record_many(session, facts, now)


def _family(loaded: Loaded, found: Result, place: int) -> str:
    """The name of a lesson whatever its wording: the head of the keys of its campaigns."""
    return f"{_HEAD}{loaded.quiz.id}.{found.id}.{place}:"


def _campaign(session: Session, loaded: Loaded, found: Result, place: int, now: datetime) -> int:
    """Return the campaign of a lesson as it is worded now, made at its first use."""
    lesson = found.lessons[place]
    contents = {language: _words(loaded, lesson, language) for language in loaded.quiz.languages}
    key = _family(loaded, found, place) + _digest(list(contents.values()))
    by_key = select(Campaign.id).where(Campaign.key == key)
    known = session.scalar(by_key)
    if known is not None:
        return known
    draft = Draft(
        name=f"{loaded.quiz.title.of(loaded.quiz.languages[0])}: {found.id} {place + 1}",
        audience="status = active",
        variants=[Variant(contents)],
        purpose="service",
        lane=Lane.TRANSACTIONAL,
        is_live=False,
        occasion="run",
    )
    try:
        with session.begin_nested():
            campaign_id = campaigns.create(session, draft, key, now)
    except IntegrityError:  # another transaction made it meanwhile
        return session.scalars(by_key).one()
    running = update(Campaign).where(Campaign.id == campaign_id)
    session.execute(running.values(state="running", due_at=now, started_at=now))
    return campaign_id


def _words(loaded: Loaded, lesson: Lesson, language: str) -> Words:
    path = loaded.file(lesson.file.of(language) if lesson.file is not None else None)
    kind: Kind = "text"
    if path is not None:
        kind = "photo" if path.suffix.lower() in _PICTURES else "document"
    text = as_letter(lesson.text.of(language), loaded.quiz.id)
    return Words(text, kind, file_path=_named(path))


def _named(path: Path | None) -> str | None:
    return str(path) if path is not None else None


def as_letter(text: str, quiz_id: str) -> str:
    """Return a quiz's text as a letter: its pipes name the latest answers of that quiz.

    >>> as_letter('{{ first_name | default: "friend" }}, you are {{ role }}', "shop")
    '{{ first_name | default: "friend" }}, you are {{ quiz.shop.role }}'
    """
    parts, end = [], 0
    for pipe in _PIPE.finditer(text):
        name = pipe[1] if pipe[1] == "first_name" else f"quiz.{quiz_id}.{pipe[1].replace('.', '_')}"
        parts += [_plain(text[end : pipe.start()]), f"{{{{ {name} {pipe[2] or ''}}}}}"]
        end = pipe.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    return text.replace("{%", '{{ "{%" }}')


def _digest(contents: Sequence[Words]) -> str:
    """Tell wordings and files apart: a file changed in place is uploaded anew."""
    said = []
    for words in contents:
        said += [words.text, words.kind, words.file_path or "", _stamp(words.file_path)]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


def _stamp(path: str | None) -> str:
    if path is None:
        return ""
    from pathlib import Path

    found = Path(path).stat()
    return f"{found.st_size}:{found.st_mtime_ns}"


def _has_it(session: Session, run: QuizRun, family: str, now: datetime) -> bool:
    """Whether another run of the last 30 days brought or will bring this lesson, however it was worded."""
    table = DELIVERIES.c
    got = (
        select(table.id)
        .join(Campaign, Campaign.id == table.campaign_id)
        .where(
            Campaign.key.startswith(family, autoescape=True),
            table.subscriber_id == run.subscriber_id,
            table.due_at > now - AGAIN_AFTER,
            table.state.not_in(_NOT_GOT),
        )
    )
    return session.execute(got.limit(1)).first() is not None


def _deliver(session: Session, campaign_id: int, run: QuizRun, due_at: datetime) -> int:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = {
        "campaign_id": campaign_id,
        "subscriber_id": run.subscriber_id,
        "occasion": f"run:{run.id}",
        "content_id": _content(session, campaign_id, run.language),
        "lane": int(Lane.TRANSACTIONAL),
        "state": State.PLANNED.value,
        "due_at": due_at,
    }
    added = dialect.insert(DELIVERIES).values(row).on_conflict_do_nothing().returning(DELIVERIES.c.id)
    if session.execute(added).first() is None:
        return 0
    finished = update(Campaign).where(Campaign.id == campaign_id, Campaign.state == "finished")
    session.execute(finished.values(state="running", finished_at=None))
    return 1


def _content(session: Session, campaign_id: int, language: str) -> int:
    """Return what a reader of a language gets: his wording, else the first language's."""
    rows = session.execute(
        select(CampaignVariant.language, CampaignVariant.content_id).where(
            CampaignVariant.campaign_id == campaign_id
        )
    )
    by_language: dict[str, int] = {row.language: row.content_id for row in rows}
    return by_language.get(language) or by_language[""]
