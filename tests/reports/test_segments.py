"""The overview, the card and the table of a segment say what is stored, and the file is whole."""

from __future__ import annotations

import csv
import errno
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from core.db import Database
from core.people.models import Profile, Subscriber
from core.quizzes.models import Answer
from core.reports import csv_table, tables
from core.reports.overview import overview
from core.reports.segment import Point, card, points
from core.segments.errors import SegmentError
from core.segments.models import Membership, Segment, SegmentDay, SegmentRule

NOW = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)  # 3 March in Moscow
TODAY = date(2026, 3, 3)


def add_segment(session: Session, number: int, members: Sequence[int], family: str = "own") -> None:
    session.execute(
        insert(Segment),
        [
            {
                "id": number,
                "name": f"s{number}",
                "title_ru": f"Часть {number}",
                "title_en": f"Part {number}",
                "family": family,
                "rule": "unanswered >= 3",
                "size": len(members),
                "created_at": NOW,
                "refreshed_at": NOW,
            }
        ],
    )
    if members:
        session.execute(
            insert(Membership),
            [
                {"segment_id": number, "subscriber_id": who, "entered_at": NOW, "left_at": None}
                for who in members
            ],
        )


def add_people(session: Session, count: int, **facts: object) -> list[int]:
    ids = list(range(1, count + 1))
    session.execute(
        insert(Subscriber),
        [{"id": who, "telegram_id": who, "status": "active", "created_at": NOW, **facts} for who in ids],
    )
    session.execute(insert(Profile), [{"subscriber_id": who, "touched_at": NOW} for who in ids])
    return ids


def days(session: Session, number: int, sizes: dict[int, int]) -> None:
    rows = [
        {"segment_id": number, "day": TODAY - timedelta(days=ago), "size": size, "entered": 2, "left": 1}
        for ago, size in sizes.items()
    ]
    session.execute(insert(SegmentDay), rows)


async def test_the_overview_tells_sizes_shares_and_the_change_over_a_week(db: Database) -> None:
    def story(session: Session) -> None:
        ids = add_people(session, 10)
        session.execute(update(Subscriber).where(Subscriber.id <= 2).values(status="blocked"))
        session.execute(update(Subscriber).where(Subscriber.id == 3).values(status="erased"))
        add_segment(session, 1, ids[:3], "external")
        add_segment(session, 2, ids[:2], "silence")
        add_segment(session, 3, ids[:6], "external")
        session.execute(update(Segment).where(Segment.id == 2).values(error="too slow"))
        days(session, 1, {20: 9, 9: 5, 6: 4, 0: 3})
        days(session, 3, {6: 4, 0: 6})
        found = overview(session, NOW)
        assert [(line.name, line.size, line.change) for line in found.lines] == [
            ("s3", 6, None),
            ("s1", 3, -2),
            ("s2", 2, None),
        ]
        assert found.lines[1].share == pytest.approx(3 / 9)
        assert found.lines[2].error == "too slow"
        assert (found.totals.base, found.totals.active, found.totals.blocked) == (9, 7, 2)

    db.write_now(story)


async def test_moves_made_by_a_new_rule_are_nobodys_own(db: Database) -> None:
    def story(session: Session) -> list[tuple[str, int, int]]:
        for number in (1, 2):
            add_segment(session, number, ())
            days(session, number, {6: 4, 0: 3})
        rules = ((1, NOW - timedelta(days=6)), (2, NOW - timedelta(days=6)), (2, NOW))
        session.execute(
            insert(SegmentRule),
            [{"segment_id": number, "rule": "purchases = 0", "since": since} for number, since in rules],
        )
        return [(line.name, line.entered, line.left) for line in overview(session, NOW).lines]

    assert db.write_now(story) == [("s1", 2, 1), ("s2", 0, 0)]


async def test_a_day_without_a_refresh_is_like_the_day_before(db: Database) -> None:
    def story(session: Session) -> list[Point]:
        add_segment(session, 1, ())
        days(session, 1, {100: 7, 3: 9, 1: 4})
        return points(session, 1, NOW, days=5)

    found = db.write_now(story)
    assert [point.size for point in found] == [7, 9, 9, 4, 4]
    assert [point.entered for point in found] == [0, 2, 0, 2, 0]
    assert (found[0].day, found[-1].day) == (TODAY - timedelta(days=4), TODAY)


async def test_a_young_segment_has_no_days_before_its_first(db: Database) -> None:
    def story(session: Session) -> list[Point]:
        add_segment(session, 1, ())
        days(session, 1, {2: 5})
        return points(session, 1, NOW)

    assert [(point.day, point.size) for point in db.write_now(story)] == [
        (TODAY - timedelta(days=ago), 5) for ago in (2, 1, 0)
    ]


async def test_the_card_tells_rule_answers_money_and_people(db: Database) -> None:
    def story(session: Session) -> None:
        ids = add_people(session, 6, first_name="Анна", last_name="Ёжикова")
        add_segment(session, 1, ids[:4])
        said = {1: "owner", 2: "owner", 3: "manager", 4: "freelancer", 5: "manager"}
        session.execute(
            insert(Answer),
            [
                {
                    "subscriber_id": who,
                    "quiz": "entry",
                    "question": "role",
                    "folded": role,
                    "answered_at": NOW,
                }
                for who, role in said.items()
            ],
        )
        session.execute(
            insert(Answer),
            [
                {"subscriber_id": 1, "quiz": "entry", "question": name, "folded": "8", "answered_at": NOW}
                for name in ("result", "score")  # the outcome of a run, which nobody was asked
            ],
        )
        for who, total in ((1, 500), (2, 700), (6, 10_000)):
            session.execute(
                update(Profile)
                .where(Profile.subscriber_id == who)
                .values(purchases_count=2, purchases_total=total)
            )
        found = card(session, "s1", NOW)
        assert "3" in found.sentence("ru")
        assert found.sentence("ru") != found.sentence("en")
        assert [(line.option, line.count) for line in found.answers] == [
            ("owner", 2),
            ("freelancer", 1),
            ("manager", 1),
        ]
        assert (found.money.buyers, found.money.purchases, found.money.total) == (2, 4, 1200)
        assert [person.id for person in found.sample] == [4, 3, 2, 1]
        assert found.sample[0].name == "Анна Ёжикова"
        assert card(session, 1, NOW) == found
        with pytest.raises(SegmentError, match="no segment 'nothing'"):
            card(session, "nothing", NOW)

    db.write_now(story)


async def test_an_exported_table_opens_in_a_spreadsheet_and_runs_nothing(
    db: Database, tmp_path: Path
) -> None:
    def story(session: Session) -> None:
        ids = add_people(
            session, 3, first_name='=HYPERLINK("http://x")', last_name='a;"b"\nc', phone="+79121234567"
        )
        add_segment(session, 1, ids)
        session.execute(update(Profile).values(purchases_total=123450, last_purchase_at=NOW))

    db.write_now(story)
    file = tmp_path / "s1.csv"
    assert tables.export_segment(db, "s1", file, language="ru", currency="RUB") == 3
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    assert (rows[0]["Статус"], rows[0]["Язык"]) == ("активен", "русский")
    assert rows[0]["Имя"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["Фамилия"] == 'a;"b"\nc'
    assert rows[0]["Телефон"] == "'+79121234567"
    assert rows[0]["Сумма покупок"] == "1234,50"
    assert rows[0]["Последняя покупка"] == "2026-03-03 01:00"


async def test_an_empty_segment_gives_a_header_and_an_unknown_one_a_sentence(
    db: Database, tmp_path: Path
) -> None:
    db.write_now(add_segment, 1, ())
    assert tables.export_segment(db, "s1", tmp_path / "a.csv") == 0
    with pytest.raises(SegmentError):
        tables.export_segment(db, "nothing", tmp_path / "b.csv")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("missing/c.csv", "there is no folder .*missing; make it"),
        ("file/c.csv", "file is no folder"),
        ("folder", "it is a folder; name a file in it"),
        ("/proc/c.csv", "there is no folder /proc|may not write there"),
        ("/dev/full", "the disk is full; free some space"),
    ],
)
async def test_a_place_that_takes_no_file_is_told_with_its_own_remedy(
    db: Database, tmp_path: Path, place: str, words: str
) -> None:
    db.write_now(add_segment, 1, ())
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(tables.ExportError, match=f"cannot be written: .*{words}"):
        tables.export_segment(db, "s1", tmp_path / place)


async def test_a_full_disk_leaves_no_part_of_a_file_behind(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    db.write_now(add_segment, 1, ())
    monkeypatch.setattr(csv_table, "count_rows", full)
    with pytest.raises(tables.ExportError, match="free some space"):
        tables.export_segment(db, "s1", tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


async def test_a_file_that_is_not_whole_is_not_handed_out(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.write_now(lambda session: add_segment(session, 1, add_people(session, 3)))
    monkeypatch.setattr(csv_table, "count_rows", lambda *_: 2)
    with pytest.raises(tables.ExportError, match="not whole"):
        tables.export_segment(db, "s1", tmp_path / "a.csv")
    assert not (tmp_path / "a.csv").exists()


async def test_memory_of_an_export_does_not_grow_with_its_rows(db: Database, tmp_path: Path) -> None:
    db.write_now(lambda session: add_segment(session, 1, add_people(session, 30_000)))
    tracemalloc.start()
    assert tables.export_segment(db, "s1", tmp_path / "a.csv") == 30_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 15_000_000
