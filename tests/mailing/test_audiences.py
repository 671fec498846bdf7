"""Planning: every person of the audience gets one row, whatever crashes or runs twice."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from core.db import Database
from core.errors import KvizorError
from core.mailing import audiences, campaigns, dry_run, ledger
from core.mailing.campaigns import CampaignError, Variant
from core.mailing.content import ContentError
from core.mailing.letters import Words
from core.mailing.models import Campaign, CampaignVariant, Content, Delivery
from core.people.models import Profile
from core.segments.models import Membership, Segment
from tests.mailing.people import (
    EVERYBODY,
    add_people,
    change,
    draft,
    launch_all,
    planned_campaign,
    reasons,
    states,
)

EARLIER = timedelta(days=1)


def contents_of(session: Session, campaign_id: int) -> dict[int, str]:
    rows = session.execute(
        select(Delivery.subscriber_id, Content.text)
        .join(Content, Content.id == Delivery.content_id)
        .where(Delivery.campaign_id == campaign_id)
    )
    return {who: text for who, text in rows}  # noqa: C416 - Row is no tuple for dict()


async def test_the_dry_run_says_exactly_what_planning_then_does(db: Database, now: datetime) -> None:
    db.write_now(add_people, 10, now - EARLIER)
    for who, facts in {
        2: {"status": "blocked"},
        3: {"status": "stopped"},
        4: {"advertising_consent_at": None},
        5: {"status": "known", "telegram_id": None},
    }.items():
        db.write_now(change, who, **facts)
    campaign_id = db.write_now(planned_campaign, now, audience=EVERYBODY, purpose="advertising")

    seen = db.read_now(dry_run.preview, campaign_id, now, 2.0)
    launch_all(db, now)

    assert seen.audience == 10
    assert seen.will_get == 6
    assert seen.seconds == 3.0
    assert seen.finishes_at == now + timedelta(seconds=3)
    assert seen.reasons == {"blocked": 1, "opted_out": 1, "no_advertising_consent": 1, "no_chat": 1}
    total = db.read_now(ledger.totals, campaign_id)
    assert (total.audience, total.pending, total.suppressed, total.reasons) == (10, 6, 4, seen.reasons)


async def test_the_first_variant_that_holds_is_sent_in_the_persons_language(
    db: Database, now: datetime
) -> None:
    db.write_now(add_people, 3, now - EARLIER)
    db.write_now(add_people, 3, now - EARLIER, first=4, language="en")
    rich = update(Profile).where(Profile.subscriber_id.in_([1, 4])).values(purchases_count=3)
    db.write_now(lambda session: session.execute(rich) and None)
    variants = [
        Variant({"ru": Words("купили"), "en": Words("bought")}, rule="purchases >= 1"),
        Variant({"ru": Words("все")}),
    ]
    campaign_id = db.write_now(planned_campaign, now, variants=variants)
    launch_all(db, now)

    assert db.read_now(contents_of, campaign_id) == {
        1: "купили",
        2: "все",
        3: "все",
        4: "bought",
        5: "все",
        6: "все",
    }


async def test_whom_no_variant_fits_is_counted_with_the_reason(db: Database, now: datetime) -> None:
    db.write_now(add_people, 2, now - EARLIER)
    variants = [Variant({"ru": Words("купили")}, rule="purchases >= 1")]
    campaign_id = db.write_now(planned_campaign, now, variants=variants)
    launch_all(db, now)

    assert db.read_now(reasons, campaign_id) == dict.fromkeys((1, 2), ("suppressed", "no_variant"))


async def test_planning_resumes_after_a_crash_and_nobody_is_planned_twice(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(add_people, 2500, now - EARLIER)
    campaign_id = db.write_now(planned_campaign, now)
    windows = audiences._plan_window
    calls = 0

    def crash_at_the_third(*args: object) -> int | None:
        nonlocal calls
        calls += 1
        if calls >= 3:
            raise ConnectionError("killed")
        return windows(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(audiences, "_plan_window", crash_at_the_third)
    with pytest.raises(ConnectionError):
        launch_all(db, now)
    monkeypatch.undo()
    halfway = db.read_now(states, campaign_id)["planned"]
    launch_all(db, now)

    assert 0 < halfway < 2500
    assert db.read_now(states, campaign_id) == {"planned": 2500}
    assert db.read_now(campaigns.status, campaign_id).state == "running"


async def test_two_planners_at_once_never_double(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(add_people, 2200, now - EARLIER)
    campaign_id = db.write_now(planned_campaign, now)
    windows = audiences._plan_window

    def another_is_faster(session: Session, order: object, after: int, upto: int) -> int | None:
        monkeypatch.setattr(audiences, "_plan_window", windows)
        windows(session, order, after, upto)  # type: ignore[arg-type]
        return windows(session, order, after, upto)  # type: ignore[arg-type]

    monkeypatch.setattr(audiences, "_plan_window", another_is_faster)
    launch_all(db, now)  # finds that the other one is further and leaves it to him
    assert db.read_now(campaigns.status, campaign_id).state == "planning"
    launch_all(db, now)

    assert db.read_now(states, campaign_id) == {"planned": 2200}


async def test_a_paused_planning_stops_and_goes_on_where_it_was(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(add_people, 2200, now - EARLIER)
    campaign_id = db.write_now(planned_campaign, now)
    windows = audiences._plan_window

    def pause_after_one(session: Session, *args: object) -> int | None:
        planned = windows(session, *args)  # type: ignore[arg-type]
        monkeypatch.setattr(audiences, "_plan_window", windows)
        campaigns.pause(session, campaign_id)
        return planned

    monkeypatch.setattr(audiences, "_plan_window", pause_after_one)
    launch_all(db, now)
    assert 0 < db.read_now(states, campaign_id)["planned"] < 2200
    launch_all(db, now)
    assert db.read_now(campaigns.status, campaign_id).state == "paused"

    db.write_now(campaigns.resume, campaign_id)
    assert db.read_now(campaigns.status, campaign_id).state == "planning"
    launch_all(db, now)
    assert db.read_now(states, campaign_id) == {"planned": 2200}


async def test_a_sparse_base_is_planned_in_wider_windows(db: Database, now: datetime) -> None:
    for first in range(1, 60_000, 5_000):
        db.write_now(add_people, 1, now - EARLIER, first=first)
    campaign_id = db.write_now(planned_campaign, now)
    launch_all(db, now)

    assert db.read_now(states, campaign_id) == {"planned": 12}


def stay(session: Session, who: int, entered: datetime, left: datetime | None = None) -> None:
    segment = session.scalar(select(Segment).where(Segment.name == "quiet_ones"))
    if segment is None:
        segment = Segment(
            name="quiet_ones", title_ru="Тихие", title_en="Quiet", rule="purchases = 0", created_at=entered
        )
        session.add(segment)
        session.flush()
    if left is not None:
        session.execute(update(Membership).where(Membership.subscriber_id == who).values(left_at=left))
        return
    session.execute(insert(Membership).values(segment_id=segment.id, subscriber_id=who, entered_at=entered))


async def run_through(db: Database, campaign_id: int, now: datetime) -> int:
    """Plan what is due and end all of it; returns how many letters there were."""
    launch_all(db, now)
    count = db.write_now(ledger.close_planned, campaign_id, ledger.State.SENT, "", now, 1000)
    assert db.write_now(campaigns.finish, campaign_id, now)
    return count


async def test_a_repeating_campaign_writes_once_in_each_stay(db: Database, now: datetime) -> None:
    db.write_now(add_people, 3, now - EARLIER)
    for who in (1, 2):
        db.write_now(stay, who, now)
    fields = {"repeat": "daily", "occasion": "stay", "segment": "quiet_ones", "audience": "purchases = 0"}
    campaign_id = db.write_now(planned_campaign, now, **fields)
    day = timedelta(days=1)

    assert await run_through(db, campaign_id, now) == 2
    assert db.read_now(campaigns.status, campaign_id).due_at == now + day
    assert await run_through(db, campaign_id, now + day) == 0
    db.write_now(stay, 1, now, now + day)  # he left …
    db.write_now(stay, 3, now + day)
    assert db.read_now(dry_run.preview, campaign_id, now + day).will_get == 1
    assert await run_through(db, campaign_id, now + 2 * day) == 1
    db.write_now(stay, 1, now + 2 * day)  # … and came back: another silence
    assert await run_through(db, campaign_id, now + 3 * day) == 1


async def test_a_repeating_campaign_by_run_writes_every_time(db: Database, now: datetime) -> None:
    db.write_now(add_people, 3, now - EARLIER)
    campaign_id = db.write_now(planned_campaign, now, repeat="weekly", occasion="run")

    assert await run_through(db, campaign_id, now) == 3
    assert await run_through(db, campaign_id, now + timedelta(days=7)) == 3
    launch_all(db, now + timedelta(days=8))
    assert db.read_now(campaigns.status, campaign_id).state == "scheduled"


@pytest.mark.parametrize(
    ("due", "now", "after"),
    [
        ("2026-03-28T09:00+00:00", "2026-03-28T09:30+00:00", "2026-03-29T08:00+00:00"),  # summer time begins
        ("2026-10-24T08:00+00:00", "2026-10-24T09:30+00:00", "2026-10-25T09:00+00:00"),  # and ends
        ("2026-05-01T08:00+00:00", "2026-05-09T07:00+00:00", "2026-05-09T08:00+00:00"),  # off for a week
    ],
)
def test_the_next_run_keeps_the_wall_clock_and_leaves_out_what_was_missed(
    due: str, now: str, after: str
) -> None:
    from zoneinfo import ZoneInfo

    moments = [datetime.fromisoformat(text) for text in (due, now, after)]

    assert campaigns.next_due(moments[0], "daily", ZoneInfo("Europe/Berlin"), moments[1]) == moments[2]


async def test_the_same_key_makes_one_campaign(db: Database, now: datetime) -> None:
    first = db.write_now(campaigns.create, draft(), "update:5", now)

    assert db.write_now(campaigns.create, draft(name="Другая"), "update:5", now) == first
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(CampaignVariant))) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"variants": []}, "has nothing to send"),
        ({"variants": [Variant({"ru": Words("<b>x")})]}, "never closed"),
        ({"audience": "purchase = 0"}, "purchase"),
        ({"variants": [Variant({"ru": Words("x")}, rule="purchases >=")]}, "line 1"),
        ({"repeat": "hourly"}, "daily or weekly"),
        ({"occasion": "stay", "segment": "nowhere"}, "does not exist"),
        ({"occasion": "sometimes"}, "once, run, stay"),
    ],
)
async def test_what_cannot_be_sent_is_not_even_drafted(
    db: Database, now: datetime, fields: dict[str, object], said: str
) -> None:
    with pytest.raises(KvizorError, match=said):
        db.write_now(campaigns.create, draft(**fields), "key", now)

    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(Campaign))) == 0
    assert db.read_now(lambda s: s.scalar(select(func.count()).select_from(Content))) == 0


async def test_a_campaign_moves_only_along_its_states(db: Database, now: datetime) -> None:
    campaign_id = db.write_now(campaigns.create, draft(), "key", now)

    for verb, args in (
        (campaigns.pause, ()), (campaigns.resume, ()),
    ):  # fmt: skip
        with pytest.raises(CampaignError, match="is draft and cannot"):
            db.write_now(verb, campaign_id, *args)
    db.write_now(campaigns.launch, campaign_id, now)
    db.write_now(campaigns.launch, campaign_id, now)
    db.write_now(campaigns.cancel, campaign_id, now)
    with pytest.raises(CampaignError, match="is cancelled and cannot be cancelled"):
        db.write_now(campaigns.cancel, campaign_id, now)
    with pytest.raises(CampaignError, match="There is no campaign 99"):
        db.read_now(campaigns.status, 99)


def test_a_content_error_is_something_the_owner_can_mend() -> None:
    assert issubclass(ContentError, KvizorError)


async def test_a_campaign_whose_rule_no_longer_reads_waits_alone(db: Database, now: datetime) -> None:
    db.write_now(add_people, 3, now - EARLIER)
    broken = db.write_now(planned_campaign, now, audience=EVERYBODY)
    sound = db.write_now(planned_campaign, now, key="sound", audience=EVERYBODY)
    db.write_now(
        lambda s: s.execute(update(Campaign).where(Campaign.id == broken).values(audience="purchase = 0"))
    )
    launch_all(db, now)
    stopped = db.read_now(lambda s: s.get_one(Campaign, broken))
    assert (stopped.state, "purchases" in (stopped.error or "")) == ("paused", True)
    assert db.read_now(ledger.totals, sound).audience == 3
