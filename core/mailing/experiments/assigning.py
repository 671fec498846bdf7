"""Assigning: in the statement that plans an audience, who gets which variant and who is written nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, case, func, literal, null, select

from core.mailing.experiments import holdout
from core.mailing.experiments.models import Experiment
from core.mailing.experiments.split import PRIME, edges, place
from core.mailing.models import CampaignVariant
from core.people.models import Subscriber

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from core.mailing.recipients import Choice, People

HELD = -1  # the arm of those who are written nothing
REASON = "holdout"


def applied(
    session: Session, campaign_id: int | None, people: People, content_of: Callable[[list[Choice]], Any]
) -> People:
    """Return the SQL over an audience with its experiment in it; without one, as it was.

    While variants are tried, only their part of the audience is planned. Once the rest is to be written to,
    everybody without a row gets the chosen variant and belongs to no arm.
    """
    found = None if campaign_id is None else session.get(Experiment, campaign_id, populate_existing=True)
    if found is None:
        return people
    reason = _reason(people, found)
    contents = [content_of(_choices(session, found.campaign_id, arm)) for arm in range(len(found.shares))]
    if found.rest_arm is not None:
        return replace(people, content=contents[found.rest_arm], reason=reason)
    arm = _arm(found)
    content = case(*((arm == number, one) for number, one in enumerate(contents)), else_=null())
    return replace(
        people,
        where=[*people.where, *_tried(found)],
        content=content,
        reason=reason,
        arm=case((reason.is_(None), arm), (reason == REASON, literal(HELD, Integer)), else_=null()),
    )


def narrowed(people: People, found: Experiment) -> People:
    """Return the SQL over an audience without those held out and those who wait for the winner."""
    return replace(people, where=[*people.where, *_tried(found)], reason=_reason(people, found))


def _reason(people: People, found: Experiment) -> ColumnElement[str | None]:
    held = place(holdout.SALT, Subscriber.id) < int(PRIME * found.holdout)
    return func.coalesce(people.reason, case((held, REASON))) if found.holdout else people.reason


def _arm(found: Experiment) -> ColumnElement[int]:
    here = place(found.salt, Subscriber.id)
    *ends, _ = edges(found.shares)
    last = len(found.shares) - 1
    steps = [(here < end, literal(number, Integer)) for number, end in enumerate(ends)]
    return case(*steps, else_=literal(last, Integer)) if steps else literal(last, Integer)


def _tried(found: Experiment) -> list[ColumnElement[bool]]:
    """Whether a person belongs to the part of the audience on which the variants are tried."""
    if found.tested >= 1:
        return []
    return [place(f"{found.salt}:tried", Subscriber.id) < int(PRIME * found.tested)]


def _choices(session: Session, campaign_id: int, arm: int) -> list[Choice]:
    """Rule, language and content of one variant's rows, and of those that are for everyone."""
    rows = session.execute(
        select(CampaignVariant.rule, CampaignVariant.language, CampaignVariant.content_id)
        .where(
            CampaignVariant.campaign_id == campaign_id,
            (CampaignVariant.arm == arm) | CampaignVariant.arm.is_(None),
        )
        .order_by(CampaignVariant.position)
    )
    return [(rule, language, content_id) for rule, language, content_id in rows]
