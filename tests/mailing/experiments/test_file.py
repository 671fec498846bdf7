"""An experiment agreed in a campaign's file: foreseen exactly, made whole, every mistake at its line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.db import Database
from core.mailing import audiences, filed
from core.mailing.campaign_parts import CampaignFileError
from core.mailing.experiments.models import Experiment
from core.mailing.models import Campaign, CampaignVariant, Delivery
from tests.mailing.people import add_people
from tests.mailing.test_campaign_file import read

TRIED = """\
name: Весна
audience: status = active
content:
  ru: {text: Скидка 10 %}
experiment:
  others:
    - ru: {text: Подарок к заказу}
    - ru: {text: Доставка даром}
  goal: purchase
  hours: 168
  shares: [2, 1, 1]
  tested: 0.5
  holdout: 0.1
  winner: auto
"""


async def test_a_file_makes_the_experiment_it_describes_as_it_was_foreseen(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    db.write_now(add_people, 2000, now)
    file = read(tmp_path, TRIED, now)
    foreseen = db.read_now(filed.foresee, file, now, 25.0)
    made = db.write_now(filed.post, file, now)
    audiences.due(db, now)
    row = db.read_now(lambda session: session.get_one(Experiment, made.campaign_id))
    assert (row.goal, row.window_hours, row.shares) == ("purchase", 168, [2.0, 1.0, 1.0])
    assert (row.tested, row.holdout, row.rollout, row.changes) == (0.5, 0.1, "auto", ["text"])
    counted = select(Delivery.arm, func.count()).group_by(Delivery.arm)
    arms: dict[int, int] = dict(db.read_now(lambda session: session.execute(counted).all()))
    assert foreseen.reasons == {"holdout": arms[-1]}
    assert foreseen.will_get == arms[0] + arms[1] + arms[2]
    assert arms[0] > 1.5 * arms[1]
    letters = db.read_now(lambda session: session.scalars(select(CampaignVariant.arm)).all())
    assert sorted(letters) == [0, 1, 2]  # type: ignore[type-var]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("goal: purchase", "goal: joy", "`goal` is one of"),
        ("holdout: 0.1", "holdout: 0.4", "5–10 %"),
        ("shares: [2, 1, 1]", "shares: [2, 1]", "a share for each"),
        ("tested: 0.5", "tested: 0", "`tested` should be"),
        ("hours: 168", "ours: 168", "`hours`"),
        ("Подарок к заказу", "Скидка 10 %", "wo variants are the same letter"),
        ("{text: Доставка даром}", '{text: "{{ сломано"}', "campaign.yaml:8:"),
    ],
)
async def test_a_mistake_in_an_experiment_is_told_and_nothing_is_made(
    db: Database, now: datetime, tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(CampaignFileError) as error:
        db.write_now(filed.post, read(tmp_path, TRIED.replace(old, new), now), now)
    assert told in str(error.value)
    assert db.read_now(lambda session: session.scalar(select(func.count(Campaign.id)))) == 0


def test_letters_by_rule_and_by_lot_do_not_mix(now: datetime, tmp_path: Path) -> None:
    variants = "variants:\n  - rule: purchases >= 1\n    content:\n      ru: {text: Спасибо}\n"
    with pytest.raises(CampaignFileError, match="by lot, not by rule"):
        read(tmp_path, TRIED + variants, now)
