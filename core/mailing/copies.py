"""Copies already sent: their texts and buttons changed, or all of them taken back.

Such a change is a campaign of its own that amends another: one row for each copy in the same ledger, sent by
the same sender at the same pace, paused, cancelled and summed like any other. Its row has the occasion of the
copy's, by which the message to be changed is found. Telegram lets a bot take a message back for 48 hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Integer, case, delete, func, literal, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.db import CHUNK
from core.mailing import letters
from core.mailing.drafting import CampaignError
from core.mailing.ledger import DELIVERIES, Lane, State
from core.mailing.letters import Words
from core.mailing.models import Campaign, CampaignVariant, Content

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.messenger import Kind

EDIT, RECALL = "edit", "recall"
LIFE = timedelta(hours=48)  # https://core.telegram.org/bots/api#deletemessage
AT_REST = ("finished", "paused", "cancelled")
TOO_LATE = "too_late"
_COLUMNS = ["campaign_id", "subscriber_id", "occasion", "content_id", "lane", "state", "reason", "due_at"]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many copies there are, and how many of them can be changed now."""

    copies: int
    within: int


def reach(session: Session, campaign_id: int, act: str, now: datetime) -> Reach:
    """Count the copies of a campaign an edit or a recall would reach."""
    c = DELIVERIES.c
    sent = (c.campaign_id == campaign_id, c.state == State.SENT.value, c.message_id.is_not(None))
    copies = session.scalar(select(func.count()).where(*sent)) or 0
    if act == EDIT:
        return Reach(copies, copies)
    within = session.scalar(select(func.count()).where(*sent, c.finished_at > now - LIFE)) or 0
    return Reach(copies, within)


def words_of(session: Session, campaign_id: int) -> list[tuple[int, Content]]:
    """Return the contents of a campaign by their places."""
    rows = session.execute(
        select(CampaignVariant.position, Content)
        .join(Content, Content.id == CampaignVariant.content_id)
        .where(CampaignVariant.campaign_id == campaign_id)
        .order_by(CampaignVariant.position)
    )
    return [(position, content) for position, content in rows]


def edit(session: Session, campaign_id: int, fresh: Sequence[Words], key: str, now: datetime) -> int:
    """Change the copies of a campaign at rest: `fresh` are its letters in the order of its variants.

    Letters it has not sent yet get the new text too. The same key returns the change it made before. Raises
    CampaignError or ContentError.
    """
    known = session.scalar(select(Campaign.id).where(Campaign.key == key))
    if known is not None:
        return known
    original, present = _original(session, campaign_id), words_of(session, campaign_id)
    if len(fresh) != len(present):
        raise CampaignError(
            f"The campaign {original.name!r} has {len(present)} texts, here are {len(fresh)}; give each one."
        )
    amendment = _amend(session, original, EDIT, key, now)
    for (position, content), words in zip(present, fresh, strict=True):
        if words.kind != content.kind:
            raise CampaignError(
                f"A {content.kind} cannot become a {words.kind}; change the text and the buttons only."
            )
        row = CampaignVariant(campaign_id=amendment.id, position=position, language=content.language)
        row.content_id = letters.save(session, _with_file(words, content), content.language)
        session.add(row)
    session.flush()
    return amendment.id


def begin(session: Session, campaign_id: int, owner: int, key: str, now: datetime) -> int | None:
    """Begin a change of a letter with one text: a draft that waits for the new one; None where it has more.

    Raises CampaignError.
    """
    known = session.scalar(select(Campaign.id).where(Campaign.key == key))
    if known is not None:
        return known
    original = _original(session, campaign_id)
    if len(words_of(session, campaign_id)) != 1:
        return None
    draft = _amend(session, original, EDIT, key, now)
    draft.state, draft.created_by = "draft", owner
    session.flush()
    return draft.id


def put_text(session: Session, change_id: int, text: str, owner: int, message_id: int) -> None:
    """Give a change that waits its text; the buttons and the file stay. Raises ContentError."""
    draft = session.get_one(Campaign, change_id)
    ((position, content),) = words_of(session, cast("int", draft.amends_id))
    words = _with_file(Words(text, cast("Kind", content.kind), buttons=content.buttons), content)
    content_id = letters.save(session, words, content.language)
    session.execute(delete(CampaignVariant).where(CampaignVariant.campaign_id == change_id))
    session.add(CampaignVariant(campaign_id=change_id, position=position, content_id=content_id))
    draft.progress_chat_id, draft.progress_message_id = owner, message_id
    session.flush()


def launch(session: Session, change_id: int, now: datetime) -> None:
    """Let a change with its text begin; asking twice changes nothing. Raises CampaignError."""
    draft = session.get_one(Campaign, change_id, populate_existing=True)
    if draft.state == "draft":
        _original(session, cast("int", draft.amends_id))
        draft.state, draft.due_at = "planning", now
        session.flush()


def amended(session: Session, campaign_id: int) -> int | None:
    """Return whose copies a campaign changes, None for a letter."""
    return session.scalar(select(Campaign.amends_id).where(Campaign.id == campaign_id))


def recall(session: Session, campaign_id: int, key: str, now: datetime) -> int:
    """Take back the copies of a campaign at rest; those older than 48 hours stay. Raises CampaignError."""
    known = session.scalar(select(Campaign.id).where(Campaign.key == key))
    if known is not None:
        return known
    return _amend(session, _original(session, campaign_id), RECALL, key, now).id


def _original(session: Session, campaign_id: int) -> Campaign:
    row = session.get(Campaign, campaign_id, populate_existing=True)
    if row is None:
        raise CampaignError(f"There is no campaign {campaign_id}.")
    if row.act != "send":
        raise CampaignError(
            f"Campaign {campaign_id} is a change of campaign {row.amends_id}; change that one."
        )
    if row.state not in AT_REST:
        raise CampaignError(
            f"The campaign {row.name!r} is {row.state}; pause it before its copies are changed."
        )
    return row


def _amend(session: Session, original: Campaign, act: str, key: str, now: datetime) -> Campaign:
    amendment = Campaign(
        name=original.name, state="planning", purpose=original.purpose, lane=int(Lane.COPIES), audience="",
        is_live=False, is_silent=True, topic_id=original.topic_id, due_at=now, created_by=original.created_by,
        created_at=now, key=key, act=act, amends_id=original.id, time_zone=original.time_zone,
    )  # fmt: skip
    session.add(amendment)
    session.flush()
    return amendment


def _with_file(words: Words, content: Content) -> Words:
    kind = cast("Kind", content.kind)
    return Words(words.text, kind, content.file_path, content.file_id, words.buttons)


# -- planning ----------------------------------------------------------------------------------------


def plan(db: Database, campaign_id: int, now: datetime) -> bool:
    """Write one row for each copy, in windows of subscriber ids, then let the change run."""
    after, last = db.read_now(_span, campaign_id)
    while after < last:
        if not db.write_now(_plan_window, campaign_id, after, after + CHUNK, now):
            return False
        after += CHUNK
    return db.write_now(_run, campaign_id, now)


def _span(session: Session, campaign_id: int) -> tuple[int, int]:
    campaign = session.get_one(Campaign, campaign_id)
    of_original = DELIVERIES.c.campaign_id == campaign.amends_id
    ids = select(func.min(DELIVERIES.c.subscriber_id), func.max(DELIVERIES.c.subscriber_id)).where(
        of_original
    )
    first, last = session.execute(ids).one()
    return max(campaign.planned_until, (first or 1) - 1), last or 0


def _plan_window(session: Session, campaign_id: int, after: int, upto: int, now: datetime) -> bool:
    mine = update(Campaign).where(
        Campaign.id == campaign_id, Campaign.state == "planning", Campaign.planned_until < upto
    )
    if not session.execute(mine.values(planned_until=upto)).rowcount:  # type: ignore[attr-defined]
        return False
    campaign, c = session.get_one(Campaign, campaign_id, populate_existing=True), DELIVERIES.c
    window = (c.campaign_id == campaign.amends_id, c.subscriber_id > after, c.subscriber_id <= upto)
    content = _new_content(session, campaign) if campaign.act == EDIT else c.content_id
    late = c.finished_at <= now - LIFE if campaign.act == RECALL else literal(value=False)
    copies = select(
        literal(campaign.id), c.subscriber_id, c.occasion, content, literal(int(Lane.COPIES)),
        case((late, State.SUPPRESSED.value), else_=State.PLANNED.value), case((late, TOO_LATE), else_=null()),
        literal(now, c.due_at.type),
    ).where(*window, c.state == State.SENT.value, c.message_id.is_not(None))  # fmt: skip
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    into = dialect.insert(DELIVERIES).from_select(_COLUMNS, copies).on_conflict_do_nothing()
    session.connection().execute(into)
    if campaign.act == EDIT:  # who has not got it yet gets the new text
        unsent = update(DELIVERIES).where(*window, c.state == State.PLANNED.value)
        session.connection().execute(unsent.values(content_id=content))
    return True


def _new_content(session: Session, campaign: Campaign) -> Any:
    """SQL: the new content in the place of a copy's present one."""
    fresh = {position: content.id for position, content in words_of(session, campaign.id)}
    present = words_of(session, cast("int", campaign.amends_id))
    whens = {content.id: literal(fresh[position], Integer) for position, content in present}
    return case(whens, value=DELIVERIES.c.content_id, else_=DELIVERIES.c.content_id)


def _run(session: Session, campaign_id: int, now: datetime) -> bool:
    planned = update(Campaign).where(Campaign.id == campaign_id, Campaign.state == "planning")
    moved = session.execute(planned.values(state="running", started_at=now))
    campaign = session.get_one(Campaign, campaign_id, populate_existing=True)
    if campaign.act == EDIT:
        _take_over(session, campaign)
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def _take_over(session: Session, campaign: Campaign) -> None:
    """From now on the new texts are the campaign's own: a further edit begins with them."""
    for position, content in words_of(session, campaign.id):
        mine = update(CampaignVariant).where(
            CampaignVariant.campaign_id == campaign.amends_id, CampaignVariant.position == position
        )
        session.execute(mine.values(content_id=content.id))
