"""Playbooks: conversations that ship ready, switched on and off by name; each is a YAML file here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from core import clock
from core.mailing import campaigns
from core.mailing.campaigns import CampaignError, Draft, Variant
from core.mailing.letters import Words
from core.mailing.models import Campaign, CampaignVariant

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Playbook:
    """A shipped playbook and whether it is on; `title` and `about` by language."""

    name: str
    title: dict[str, str]
    about: dict[str, str]
    is_on: bool = False
    campaign_id: int | None = None
    due_at: datetime | None = None


@lru_cache(maxsize=16)
def _read(name: str) -> dict[str, Any]:
    from ruamel.yaml import YAML

    path = FOLDER / f"{name}.yaml"
    if name not in names():
        raise CampaignError(f"There is no playbook {name!r}; there are: {', '.join(names())}.")
    body: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return body


def names() -> list[str]:
    """Return the names of the shipped playbooks."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def draft(name: str, zone: ZoneInfo) -> Draft:
    """Return a playbook as a campaign, in the business's time zone."""
    body = _read(name)
    return Draft(
        name=body["title"]["ru"],
        audience=body["audience"],
        variants=[_variant(given) for given in body["variants"]],
        purpose=body["purpose"],
        repeat=body["repeat"],
        occasion=body["occasion"],
        segment=body["segment"],
        expires_hours=body["expires_hours"],
        time_zone=str(zone),
    )


def _variant(given: dict[str, Any]) -> Variant:
    return Variant(
        {
            language: Words(text, buttons=_buttons(given.get("buttons", []), language))
            for language, text in given["text"].items()
        },
        given.get("rule"),
    )


def _buttons(rows: list[list[dict[str, Any]]], language: str) -> list[list[dict[str, str]]]:
    return [[{**button, "text": button["text"][language]} for button in row] for row in rows]


def list_(session: Session) -> list[Playbook]:
    """Return every shipped playbook with its state."""
    found = {
        row.key: row for row in session.scalars(select(Campaign).where(Campaign.key.in_(map(_key, names()))))
    }
    playbooks = []
    for name in names():
        body, row = _read(name), found.get(_key(name))
        is_on = row is not None and row.state in campaigns.OPEN_STATES
        playbooks.append(
            Playbook(
                name,
                body["title"],
                body["about"],
                is_on,
                row.id if row else None,
                row.due_at if row and is_on else None,
            )
        )
    return playbooks


def switch_on(session: Session, name: str, now: datetime, zone: ZoneInfo) -> int:
    """Let a playbook write from its next hour on; returns its campaign. Switching on twice changes nothing.

    The campaign is the same after every switch, so nobody gets a letter twice in one silence; its texts are
    those shipped now.
    """
    key, plan = _key(name), draft(name, zone)
    known = session.scalar(select(Campaign.id).where(Campaign.key == key))
    campaign_id = campaigns.create(session, plan, key, now)
    if campaigns.status_of(session, campaign_id) in campaigns.OPEN_STATES:
        return campaign_id
    if known is not None:
        session.execute(delete(CampaignVariant).where(CampaignVariant.campaign_id == campaign_id))
        campaigns.add_variants(session, campaign_id, plan, now)
    first = _next(_read(name)["at"], zone, now)
    waiting = {"state": "scheduled", "due_at": first, "started_at": None, "planned_until": 0, "error": None}
    session.execute(
        update(Campaign).where(Campaign.id == campaign_id).values(**waiting, time_zone=plan.time_zone)
    )
    return campaign_id


def switch_off(session: Session, name: str) -> None:
    """Let a playbook write no more; letters it had planned expire. Switching off twice changes nothing."""
    row = session.scalar(select(Campaign).where(Campaign.key == _key(name)))
    if row is not None and row.state in campaigns.OPEN_STATES:
        campaigns.pause(session, row.id)


def _key(name: str) -> str:
    return f"playbook:{name}"


def _next(at: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the first moment after now at this wall-clock time."""
    day = clock.local_day(now, zone)
    for ahead in range(2):
        wall = time.fromisoformat(at)
        moment = clock.day_start(day + timedelta(days=ahead), zone).astimezone(zone)
        moment = moment.replace(hour=wall.hour, minute=wall.minute)
        if moment > now:
            break
    return moment.astimezone(now.tzinfo)
