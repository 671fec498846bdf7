"""A campaign in a file: what it says is what is made, every mistake has its line, nothing is sent twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import Database
from core.mailing import campaign_file, filed, ledger
from core.mailing.campaign_parts import FILE_KINDS, CampaignFileError
from core.mailing.campaigns import CampaignError
from core.mailing.models import Campaign, CampaignVariant, Content
from core.people import topics
from core.segments import presets
from tests.mailing.people import add_people, change, launch_all, states

MOSCOW = ZoneInfo("Europe/Moscow")
PLAIN = "name: Spring\naudience: status = active\npurpose: service\ncontent:\n  ru:\n    text: Привет!\n"
WHOLE = """\
name: Spring sale   # comments and layout are nobody's business
audience: status in (active, stopped)
membership: frozen
topic: Скидки
silent: true
schedule: {at: 2026-03-05 12:00, zone: Asia/Yekaterinburg}
expires_hours: 48
variants:
  - rule: purchases >= 1
    content:
      ru:
        text: |
          Спасибо, что покупаете, {{ first_name | default: "друг" }}!
        photo: spring.jpg
        buttons:
          - [{text: В магазин, url: "https://example.org"}, {text: Опрос, quiz: nps}]
content:
  ru: {text: Весна}
  en: {text: Spring}
"""


def read(folder: Path, text: str, now: datetime) -> campaign_file.CampaignFile:
    path = folder / "campaign.yaml"
    path.write_text(text, encoding="utf-8")
    return campaign_file.read(path, MOSCOW, now)


async def test_a_whole_file_becomes_the_campaign_it_describes(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "spring.jpg").write_bytes(b"a picture")
    db.write_now(topics.add, "Скидки | Sales", "k", now)
    made = db.write_now(filed.post, read(tmp_path, WHOLE, now), now)

    def stored(session: object) -> tuple[Campaign, list[Content]]:
        return session.get_one(Campaign, made.campaign_id), list(session.scalars(select(Content)))  # type: ignore[attr-defined]

    row, contents = db.read_now(stored)
    assert (made.is_new, row.state, row.is_live, row.is_silent, row.expires_hours) == (
        True, "scheduled", False, True, 48,
    )  # fmt: skip
    assert row.due_at == datetime(2026, 3, 5, 7, 0, tzinfo=UTC)
    assert [(one.kind, one.language) for one in contents] == [("photo", ""), ("text", "en"), ("text", "")]
    assert contents[0].file_path == str(tmp_path / "spring.jpg")
    assert contents[0].buttons == [
        [{"text": "В магазин", "url": "https://example.org"}, {"text": "Опрос", "action": "quiz.nps"}]
    ]
    assert not contents[0].text.endswith("\n")


async def test_the_same_file_twice_sends_once_and_another_text_under_its_key_is_refused(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    db.write_now(add_people, 3, now)
    first = db.write_now(filed.post, read(tmp_path, PLAIN, now), now)
    launch_all(db, now)
    again = db.write_now(filed.post, read(tmp_path, "# a comment\n" + PLAIN, now), now)
    assert (again.campaign_id, again.is_new, again.state) == (first.campaign_id, False, "running")
    with pytest.raises(CampaignError, match="said something else; nothing was sent"):
        db.write_now(filed.post, read(tmp_path, PLAIN.replace("Привет", "Превед"), now), now)
    assert db.read_now(states, first.campaign_id) == {"planned": 3}
    other = db.write_now(filed.post, read(tmp_path, "key: once more\n" + PLAIN, now), now)
    assert other.is_new


async def test_a_moment_that_is_over_is_a_mistake_only_before_the_campaign_was_made(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    timed = PLAIN + "schedule: {at: 2026-03-03 12:00}\n"
    late = now + timedelta(days=9)
    with pytest.raises(CampaignFileError, match=r"campaign\.yaml:7:16: this moment is over; choose a later"):
        db.write_now(filed.post, read(tmp_path, timed, late), late)
    made = db.write_now(filed.post, read(tmp_path, timed, now), now)
    assert db.write_now(filed.post, read(tmp_path, timed, late), late).campaign_id == made.campaign_id


async def test_a_dry_run_counts_what_planning_then_does_and_stores_nothing(
    db: Database, now: datetime, tmp_path: Path
) -> None:
    db.write_now(add_people, 10, now)
    db.write_now(change, 1, status="stopped")
    db.write_now(change, 2, status="blocked")
    text = PLAIN.replace("status = active", "status in (active, stopped, blocked)")
    file = read(tmp_path, text + "schedule: {at: 2026-03-03 12:00}\n", now)
    found = db.read_now(filed.foresee, file, now, 4.0)
    assert (found.audience, found.will_get, found.reasons) == (10, 8, {"opted_out": 1, "blocked": 1})
    assert found.finishes_at == datetime(2026, 3, 3, 9, 0, 2, tzinfo=UTC)
    assert db.read_now(lambda session: session.scalars(select(Campaign)).all()) == []
    made = db.write_now(filed.post, file, now)
    launch_all(db, now + timedelta(days=2))
    totals = db.read_now(ledger.totals, made.campaign_id)
    assert (totals.audience, totals.pending, totals.reasons) == (10, 8, found.reasons)


@pytest.mark.parametrize(
    ("change_to", "told"),
    [
        (("name: Spring", "nmae: Spring"), "1:1: unknown key `nmae`; did you mean `name`?"),
        (("name: Spring\n", ""), "`name` is missing; add `name: …` here"),
        (("purpose: service", "purpose: advert"), "3:10: `purpose` is one of advertising, service; did you"),
        (("audience: status = active\n", ""), "whom to write to; give it `audience:` (a rule) or `segment:`"),
        (("text: Привет!", "text: ''"), "5:3: the letter is empty; give it a `text:`"),
        (("text: Привет!", "text: 5"), "6:11: `text` should be a valid string; change '5'"),
        (
            ("text: Привет!", "video: no.mp4\n    voice: no.ogg"),
            "carries one file; keep `video:` or `voice:`",
        ),
        (("text: Привет!", "photo: no.jpg"), "6:12: there is no file no.jpg; put it beside this one"),
        (
            ("Привет!", "x\n    buttons:\n      - [{text: a}]"),
            "8:10: a button does one thing;",
        ),
        (("name: Spring", "name: Spring\nschedule: tomorrow"), "2:11: this is no schedule; write `now`"),
        (("name: Spring", "name: S\nschedule: {at: noon}"), "2:16: 'noon' is no moment; write it as 2026-11"),
        (("name: Spring", "name: S\nschedule: {an: noon}"), "2:16: unknown key `an`"),
        (
            ("name: Spring", "name: S\nschedule: {at: 2026-03-05 12:00, zone: Moscow}"),
            "There is no time zone 'Moscow'",
        ),
        (("name: Spring", "name: Spring\nname: b"), "2:1: the key `name` stands here a second time"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_remedy(
    tmp_path: Path, now: datetime, change_to: tuple[str, str], told: str
) -> None:
    with pytest.raises(CampaignFileError) as error:
        read(tmp_path, PLAIN.replace(*change_to), now)
    assert told in str(error.value)
    assert "campaign.yaml:" in str(error.value)


@pytest.mark.parametrize(
    ("change_to", "told"),
    [
        (("status = active", "statsu = active"), "campaign.yaml:2:11: line 1, column 1: unknown field"),
        (("audience: status = active", "segment: nobody"), "campaign.yaml:2:10: line 1"),
        (("purpose: service", "topic: Ничто"), "campaign.yaml:3:8:"),
        (("Привет!", "Привет, <b>!"), "campaign.yaml:6:11: The text, line 1, column 9: the tag <b> is never"),
    ],
)
async def test_what_does_not_fit_this_base_is_told_at_its_line_too(
    db: Database, tmp_path: Path, now: datetime, change_to: tuple[str, str], told: str
) -> None:
    with pytest.raises(CampaignFileError) as error:
        db.write_now(filed.post, read(tmp_path, PLAIN.replace(*change_to), now), now)
    assert told in str(error.value)


@pytest.mark.parametrize("kind", FILE_KINDS)
async def test_a_letter_carries_any_kind_of_file(
    db: Database, now: datetime, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "file.bin").write_bytes(b"a file")
    text = PLAIN.replace("text: Привет!", f"{kind}: file.bin")
    made = db.write_now(filed.post, read(tmp_path, text, now), now)

    def kept(session: Session) -> list[str]:
        mine = CampaignVariant.campaign_id == made.campaign_id
        query = select(Content.kind).join(CampaignVariant, CampaignVariant.content_id == Content.id)
        return list(session.scalars(query.where(mine)))

    assert set(db.read_now(kept)) == {kind}


DOCS = Path(__file__).parents[2] / "docs" / "campaigns.md"


async def test_the_files_shown_in_the_docs_are_campaigns(db: Database, now: datetime, tmp_path: Path) -> None:
    db.write_now(presets.install, now)
    shown = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1:]
    db.write_now(topics.add, "Скидки | Sales", "k", now)
    (tmp_path / "spring.jpg").write_bytes(b"a picture")
    for block in shown:
        assert db.write_now(filed.post, read(tmp_path, block.split("```")[0], now), now).is_new
    assert shown
