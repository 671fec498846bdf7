"""The shelf of series: put there from files, switched on and off, found again; edits reach people mid-way.

A step is known by its key. A changed text is used from the next letter written out. A new step is met by
those who are not beyond its place; who stands at a removed one goes on from there when his time has come.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from core.mailing import campaigns
from core.mailing.drafting import ENROLLMENT, Draft
from core.mailing.ledger import Lane
from core.mailing.models import Campaign, CampaignVariant
from core.mailing.series import checking
from core.mailing.series.definition import SeriesError
from core.mailing.series.judging import live_rule
from core.mailing.series.models import Series, SeriesStep
from core.people import topics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.series.definition import Definition, Step
    from core.mailing.series.source import Loaded

GAP = 1000  # between the places of steps: removed ones keep theirs in between
EVERYBODY = "status = active"  # the audience of a letter that asks for nothing more


@dataclass(frozen=True, slots=True)
class Info:
    """A series as a list shows it."""

    id: int
    name: str
    title_ru: str
    title_en: str
    kind: str
    is_on: bool
    on_at: datetime | None
    error: str | None

    def title(self, language: str) -> str:
        """Return its title in a language."""
        return self.title_en if language == "en" else self.title_ru


def add(session: Session, loaded: Loaded, now: datetime, author: int | None = None) -> Info:
    """Keep a series, or give the one of this name what its file says now; on or off it stays as it is.

    Raises SeriesError naming all that is to be mended in this database: unknown segments, topics, series.
    """
    checking.check(session, loaded, now)
    given = loaded.definition
    row = session.scalar(select(Series).where(Series.name == given.name))
    if row is None:
        row = Series(name=given.name, created_at=now, created_by=author, is_on=False, revision=0)
        session.add(row)
    _fill(session, row, given, now)
    row.source = loaded.text
    session.flush()
    _keep_steps(session, row, given, now)
    return _info(session, row)


def _fill(session: Session, row: Series, given: Definition, now: datetime) -> None:
    row.title_ru, row.title_en = (title[:128] for title in given.titles)
    row.kind, row.purpose = given.kind, given.purpose
    row.topic_id = None if given.topic is None else topics.require(session, given.topic)
    row.start = asdict(given.start)
    row.again, row.again_days = given.again, given.again_days
    row.goal, row.stop = given.goal, given.stop
    row.error = None
    row.revision += 1
    row.updated_at = now


def _keep_steps(session: Session, row: Series, given: Definition, now: datetime) -> None:
    known = {
        step.key: step
        for step in session.scalars(
            select(SeriesStep).where(SeriesStep.series_id == row.id).order_by(SeriesStep.position)
        )
    }
    places = _places(list(known), [step.key for step in given.steps])
    for key, old in known.items():
        if key not in {step.key for step in given.steps}:
            old.removed_at = old.removed_at or now
            old.position = places[key]
    for step in given.steps:
        kept = known.get(step.key)
        if kept is None:
            kept = SeriesStep(series_id=row.id, key=step.key)
        kept.position = places[step.key]
        _keep_step(session, row, given, kept, step, now)
        session.add(kept)
    session.flush()


def _places(old: Sequence[str], new: Sequence[str]) -> dict[str, int]:
    """Return where each step stands; a removed one stays behind the one it followed.

    >>> _places(["a", "b", "c"], ["a", "x", "c"])
    {'a': 1000, 'x': 2000, 'c': 3000, 'b': 1001}
    """
    places = {key: (place + 1) * GAP for place, key in enumerate(new)}
    last = 0
    for key in old:
        if key in places:
            last = places[key]
        else:
            last += 1
            places[key] = last
    return places


def _keep_step(
    session: Session, row: Series, given: Definition, kept: SeriesStep, step: Step, now: datetime
) -> None:
    if kept.kind not in (None, step.kind):
        raise SeriesError(
            f"The step {step.key!r} of {row.name!r} was a {kept.kind} and cannot become a {step.kind}; "
            "give the new step a key of its own."
        )
    kept.kind, kept.delay, kept.condition = step.kind, step.delay.plain(), step.condition
    kept.removed_at = None
    detail = step.detail()
    if step.kind == "letter":
        kept.letter_key = step.letter_key or f"{row.name}/{step.key}"
        detail["texts"] = _digest(step)
        _keep_letter(session, row, given, kept, step, now, is_new_text=detail != kept.detail)
    kept.detail = detail


def _digest(step: Step) -> str:
    """Return what changes with any text, button or rule of a letter."""
    return hashlib.sha256(repr(step.variants).encode()).hexdigest()[:16]


def _keep_letter(
    session: Session, row: Series, given: Definition, kept: SeriesStep, step: Step, now: datetime,
    *, is_new_text: bool,
) -> None:  # fmt: skip
    rule = live_rule(step.condition, given.goal, given.stop)
    draft = Draft(
        name=f"{row.title_ru}: {step.key}",
        audience=rule or EVERYBODY,
        variants=step.variants,
        purpose=given.purpose,
        lane=Lane.SERIES,
        is_live=rule is not None,
        occasion=ENROLLMENT,
        topic=given.topic,
        created_by=row.created_by,
    )
    if kept.campaign_id is None:
        kept.campaign_id = campaigns.create(session, draft, f"series:{row.id}:{step.key}", now)
        _move_letters(session, [kept.campaign_id], now, is_on=row.is_on)
        return
    if is_new_text:
        session.execute(delete(CampaignVariant).where(CampaignVariant.campaign_id == kept.campaign_id))
        campaigns.add_variants(session, kept.campaign_id, draft, now)
    session.execute(
        update(Campaign)
        .where(Campaign.id == kept.campaign_id)
        .values(
            name=draft.name[:128], audience=draft.audience, is_live=draft.is_live, purpose=draft.purpose,
            topic_id=row.topic_id,
        )
    )  # fmt: skip


def _move_letters(session: Session, letters: Sequence[int], now: datetime, *, is_on: bool) -> None:
    """Let the letters of a series leave, or hold them all back."""
    state = "running" if is_on else "paused"
    moved = update(Campaign).where(Campaign.id.in_(letters), Campaign.state != state)
    session.execute(moved.values(state=state, started_at=now, error=None))


# -- on and off -----------------------------------------------------------------------------------------


def switch_on(session: Session, name: str, now: datetime) -> Info:
    """Let people enter by what happens from now on, and those who stand in it go on. Twice changes nothing.

    Raises SeriesError where it hands people on to a series that is off.
    """
    row = _row(session, name)
    if row.is_on and _info(session, row).error is None:
        return _info(session, row)
    for step in _steps(session, row.id):
        target = step.detail.get("series") if step.removed_at is None else None
        if target and not session.scalar(select(Series.is_on).where(Series.name == target)):
            raise SeriesError(
                f"The series {name!r} hands people on to {target!r}, which is off; switch that on first."
            )
    row.is_on, row.on_at, row.error, row.dated_until = True, now, None, None
    row.revision, row.updated_at = row.revision + 1, now
    _move_letters(session, _letters(session, row.id), now, is_on=True)
    session.flush()
    return _info(session, row)


def switch_off(session: Session, name: str, now: datetime) -> Info:
    """Let nobody enter, hold every letter back: who stands in it stays there until it is on again."""
    row = _row(session, name)
    if row.is_on:
        row.is_on, row.revision, row.updated_at = False, row.revision + 1, now
        _move_letters(session, _letters(session, row.id), now, is_on=False)
        session.flush()
    return _info(session, row)


def _letters(session: Session, series_id: int) -> list[int]:
    return [step.campaign_id for step in _steps(session, series_id) if step.campaign_id is not None]


def _steps(session: Session, series_id: int) -> Sequence[SeriesStep]:
    mine = select(SeriesStep).where(SeriesStep.series_id == series_id)
    return session.scalars(mine.order_by(SeriesStep.position)).all()


def _row(session: Session, name: str) -> Series:
    row = session.scalar(select(Series).where(Series.name == name))
    if row is None:
        raise SeriesError(f"There is no series {name!r}; `kvizor series list` shows those there are.")
    return row


def find(session: Session, name: str) -> Info:
    """Return one series by its name; raises SeriesError where there is none."""
    return _info(session, _row(session, name))


def by_number(session: Session, number: int) -> Info:
    """Return one series by its number; raises SeriesError where there is none."""
    row = session.get(Series, number)
    if row is None:
        raise SeriesError(f"There is no series {number}; open /series again.")
    return _info(session, row)


def all_series(session: Session) -> list[Info]:
    """Return the series that are kept, in the order of their numbers."""
    return [_info(session, row) for row in session.scalars(select(Series).order_by(Series.id))]


def _info(session: Session, row: Series) -> Info:
    error = row.error or (_held_back(session, row.id) if row.is_on else None)
    return Info(row.id, row.name, row.title_ru, row.title_en, row.kind, row.is_on, row.on_at, error)


def _held_back(session: Session, series_id: int) -> str | None:
    """Return why a letter of a series was halted by what Telegram said of it, None where none was."""
    halted = (
        select(SeriesStep.key, Campaign.error)
        .join(Campaign, Campaign.id == SeriesStep.campaign_id)
        .where(SeriesStep.series_id == series_id, Campaign.state == "paused", Campaign.error.is_not(None))
    )
    found = session.execute(halted.order_by(SeriesStep.position)).first()
    return f"The letter `{found.key}` is held back: {found.error}" if found is not None else None
