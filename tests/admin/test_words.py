"""Every sentence of the owner's windows exists in both languages and takes the same values."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.admin import campaign_views, import_views, views
from bot.admin import segment_lists as lists
from bot.admin.callbacks import ImportTap, LetterTap, SegmentTap
from bot.texts import LOCALES, Say, Texts
from core.mailing.campaigns import Status
from core.mailing.ledger import Totals
from core.reports.overview import FamilyLine, Overview, SegmentLine
from core.reports.overview import Totals as Base
from core.sales.reasons import _SENTENCES, ImportFileError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAY = Texts()
_MESSAGE = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)


def messages(language: str) -> dict[str, set[str]]:
    """Key → the values it asks for."""
    files = sorted((LOCALES / language).glob("*.ftl"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    parts = _MESSAGE.split(text)[1:]
    return {
        key: set(re.findall(r"\$([a-z_]+)", body)) for key, body in zip(parts[::2], parts[1::2], strict=True)
    }


def test_both_languages_say_the_same() -> None:
    assert messages("ru") == messages("en")


def test_every_key_in_the_code_has_words() -> None:
    folder = Path(views.__file__).parent
    used = {
        key for file in folder.glob("*.py") for key in re.findall(r'say\("(admin-[a-z-]+)"', file.read_text())
    }
    assert used <= set(messages("ru"))


@pytest.fixture(params=["ru", "en"])
def say(request: pytest.FixtureRequest) -> Say:
    return SAY[request.param]


def test_every_reason_state_and_fault_is_said(say: Say) -> None:
    for name in (*campaign_views.REASONS, "brand_new"):
        assert "1" in campaign_views.reason(say, name, 1)
    for state in ("draft", "scheduled", "planning", "running", "paused", "finished", "cancelled"):
        status = Status(1, "Имя <b>", state, Totals(10, 5, 1, 1, 1, 1, 1, 2, {"blocked": 1}), error="why")
        text = campaign_views.progress_text(say, status)
        assert "Имя &lt;b&gt;" in text
        assert "why" in text
    values = {"what": "amount", "found": "a", "example": "b", "first": "a", "second": "b", "limit": 5}
    for code in _SENTENCES:
        error = ImportFileError(code, **values, name="n", why="w", given="g")
        assert import_views.fault(say, error)


def test_the_sum_of_a_campaign_is_its_audience(say: Say) -> None:
    totals = Totals(audience=1240, sent=1100, failed=20, suppressed=100, expired=5, unknown=5, pending=10)
    text = campaign_views.progress_text(say, Status(1, "x", "running", totals))
    shown = [
        int(re.sub(r"\D", "", line.split("—")[-1].split(":")[-1]))
        for line in text.split("\n\n")[2].split("\n")[1:]
    ]
    assert sum(shown) == 1240
    assert "99 %" in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "только что"), (130, "2 мин назад"), (7300, "2 ч назад"), (5 * 86400, "5 дней назад")],
)
def test_freshness_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert views.ago(SAY["ru"], NOW - timedelta(seconds=seconds), NOW) == words


def test_a_hundred_segments_with_long_names_fit_their_screens(say: Say) -> None:
    lines = tuple(
        SegmentLine(n, f"s{n}", "Ж" * 128, "W" * 128, f"f{n % 7}", n, -n, 0.5, NOW, "late")
        for n in range(120)
    )
    by_name = [tuple(line for line in lines if line.family == f"f{n}") for n in range(7)]
    families = tuple(FamilyLine(f"f{n}", "Ж" * 64, "W" * 64, one, n) for n, one in enumerate(by_name))
    found = Overview(lines, Base({"active": 500}), families * 15)
    shown = [(lists.overview_text(say, found, NOW), lists.overview_keyboard(say, found))]
    family = FamilyLine("own", "", "", lines, 3)
    shown += [
        (lists.family_text(say, family, page, {1, 2}), lists.family_keyboard(say, family, page))
        for page in range(lists.pages_of(len(lines)))
    ]
    for text, keyboard in shown:
        assert views.visible_length(text) <= 4096
        assert sum(map(len, keyboard.inline_keyboard)) <= 100
        assert max(map(len, keyboard.inline_keyboard)) <= 3


def test_buttons_carry_at_most_64_bytes() -> None:
    for tap in (
        SegmentTap(action="write", number=10**9),
        LetterTap(action="launch", campaign=10**15, content=10**15),
        ImportTap(action="currency", key="u" + "9" * 20, currency="RUB"),
    ):
        assert len(tap.pack().encode()) <= 64
