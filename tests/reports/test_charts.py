"""Charts are pictures a phone can show, whatever the titles and numbers."""

from __future__ import annotations

import struct
import zlib
from datetime import date, timedelta

import pytest

from core.reports.charts import WIDTH, overview_chart, plain, segment_chart, signed
from core.reports.overview import SegmentLine
from core.reports.segment import Point


def size_of(png: bytes) -> tuple[int, int]:
    """Decode the picture wholly and return width and height."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, data = 8, b""
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert (
            zlib.crc32(kind + body) == struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0]
        )
        data += body if kind == b"IDAT" else b""
        place += 12 + length
    width, height = struct.unpack(">II", png[16:24])
    assert len(zlib.decompress(data)) == height * (width * 4 + 1)
    return width, height


def line(number: int, title: str, size: int, change: int | None, error: str | None = None) -> SegmentLine:
    return SegmentLine(number, f"s{number}", title, title, "own", size, change, 0.1, None, error)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_overview_is_a_picture_as_wide_as_a_phone(language: str) -> None:
    lines = [
        line(1, "🔥 Горячие 💎", 1_234_567, 99_999),
        line(2, "Очень длинное название сегмента, которое не поместится в строку никак", 0, None),
        line(3, "价格 $x_{2$ и $5 <b>&amp;", 12, -5, "stale"),
    ]
    width, height = size_of(overview_chart(lines, language))
    assert width == WIDTH
    assert 300 < height < 700


def test_a_base_without_segments_and_one_with_sixty_have_a_picture() -> None:
    assert size_of(overview_chart([], "ru"))[0] == WIDTH
    many = [line(number, f"Часть {number}", number, 0) for number in range(60)]
    width, height = size_of(overview_chart(many, "ru"))
    assert width == WIDTH
    assert height < 2200  # Telegram refuses pictures whose sides differ twentyfold or sum to over 10,000


@pytest.mark.parametrize("count", [0, 1, 2, 60])
def test_the_history_of_any_length_is_a_picture(count: int) -> None:
    points = [
        Point(date(2026, 1, 1) + timedelta(days=day), day % 7, day % 3, day % 2) for day in range(count)
    ]
    assert size_of(segment_chart(points, "Молчат 30 дней", "ru")) == (WIDTH, 810)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("🔥 Горячие 💎", "Горячие"),
        ("Сумма ₽ № 5 — «да»", "Сумма ₽ № 5 — «да»"),
        ("👨‍👩‍👧 семья ❤️", "семья"),
        ("a\nb\tc", "a b c"),
    ],
)
def test_what_the_font_cannot_draw_is_left_out(text: str, expected: str) -> None:
    assert plain(text, 50) == expected


def test_changes_carry_their_sign() -> None:
    assert [signed(change, "ru") for change in (1290, -45, 0, None)] == ["+1\u00a0290", "−45", "0", ""]
