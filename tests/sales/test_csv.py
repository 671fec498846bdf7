"""Broken and foreign CSV files: every line is either read or named with its reason."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.matching import Identity
from core.sales.csv import Refused, Row, read_rows, safe_cell
from core.sales.money import read_amount, write_amount
from core.sales.orders import Options, Order, read_order
from core.sales.reasons import ImportFileError, Reason
from core.sales.text_file import detect_encoding, text_lines

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MOSCOW = Options("RUB", ZoneInfo("Europe/Moscow"))
TABLE = "Клиент;Дата;Сумма;Товар\n1;01.03.2026 12:30;1 234,50;Ёлка\n"


def read(text: str) -> list[Row | Refused]:
    return [line for batch in read_rows(iter(text.split("\n")))[1] for line in batch]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_same_table_is_read_in_every_encoding(tmp_path: Path, encoding: str, packed: bool) -> None:
    file = tmp_path / "orders.csv"
    data = TABLE.replace("\n", "\r\n").encode(encoding)
    file.write_bytes(gzip.compress(data) if packed else data)
    with text_lines(file) as lines:
        (batch,) = read_rows(lines)[1]
    assert [line.cells["product"] for line in batch if isinstance(line, Row)] == ["Ёлка"]


def test_one_damaged_byte_does_not_turn_a_whole_utf8_file_into_cp1251(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(TABLE.encode() + "2;02.03.2026;5;Сн".encode()[:-1] + b"\n")
    assert detect_encoding(file) == "utf-8-sig"
    with text_lines(file) as lines:
        (batch,) = read_rows(lines)[1]
    assert [type(line) for line in batch] == [Row, Refused]
    assert isinstance(batch[1], Refused)
    assert (batch[1].line, batch[1].reason) == (3, Reason.UNREADABLE)


def test_a_stray_quote_in_the_header_is_part_of_no_name() -> None:
    (row,) = read('"Клиент;Дата;Сумма\n1;01.03.2026;5')
    assert isinstance(row, Row)
    assert row.cells == {"customer": "1", "date": "01.03.2026", "amount": "5"}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found(mark: str) -> None:
    (row,) = read(TABLE.replace(";", mark).replace("1 234,50", "12.5"))
    assert isinstance(row, Row)
    assert row.cells == {"customer": "1", "date": "01.03.2026 12:30", "amount": "12.5", "product": "Ёлка"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('1;2026-01-01;5;"a;b"', ["a;b"]),
        ('1;2026-01-01;5;"он сказал ""да"""', ['он сказал "да"']),
        ('1;2026-01-01;5;труба 5" новая', ['труба 5" новая']),
        ('1;2026-01-01;5;"две\nстроки"\n2;2026-01-01;5;x', ["две\nстроки", "x"]),
        ('1;2026-01-01;5;"не закрыта\n2;2026-01-01;5;x', [(2, Reason.UNCLOSED_QUOTE), "x"]),
        ('1;2026-01-01;5;"не закрыта\n2;2026-01-01;5;"x"', [(2, Reason.UNCLOSED_QUOTE), "x"]),
        ("1;2026-01-01;5;a;b", [(2, Reason.TOO_MANY_FIELDS)]),
        ("1;2026-01-01;5", [""]),
        ("1;2026-01-01;5;x;", ["x"]),
        ("1;2026-01-01;5\x00;x\n\x00\x00\x00", [(2, Reason.NUL)]),
        ("\n;;;\n  \n1;2026-01-01;5;x", ["x"]),
    ],
)
def test_broken_lines(lines: str, expected: list[object]) -> None:
    found = read("id;date;amount;product\n" + lines)
    assert [
        row.cells["product"] if isinstance(row, Row) else (row.line, row.reason) for row in found
    ] == expected


def test_every_record_knows_its_line() -> None:
    found = read('sep=;\n\nid;date;amount;product\n1;x;1;"a\nb\nc"\n2;x;1;x\n\n3;x;1;x;y')
    assert [line.line for line in found] == [4, 7, 9]


@given(st.lists(st.text(alphabet='ab";\n\x00я', max_size=12), max_size=12))
def test_whatever_stands_in_a_file_nothing_is_lost_and_nothing_raises(parts: list[str]) -> None:
    lines = "\n".join(parts).split("\n")
    found = [line for batch in read_rows(iter(["id;date;amount;product", *lines]))[1] for line in batch]
    told = sum(line.text.count("\n") + 1 for line in found)
    blank = sum(not line.replace("\x00", "").strip(" ;") for line in lines)
    inside = sum(not part.replace("\x00", "").strip(" ;") for line in found for part in line.text.split("\n"))
    assert told == len(lines) - blank + inside


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        ("a;b;c\n1;2;3", "no column with the customer; it has: a, b, c"),
        ("id;amount\n1;2", "no column with the date"),
        ("id;date;сумма;total\n", "`сумма` and `total` both look like the amount"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(ImportFileError) as caught:
        read(text)
    assert words in str(caught.value)


def test_foreign_files_and_bombs_are_refused_in_a_sentence(tmp_path: Path) -> None:
    book, bomb, torn = tmp_path / "book.xlsx", tmp_path / "bomb.csv.gz", tmp_path / "torn.csv.gz"
    book.write_bytes(b"PK\x03\x04 zip")
    bomb.write_bytes(gzip.compress(b"0" * 3_000_000))
    torn.write_bytes(gzip.compress(TABLE.encode() * 100)[:-20])
    for file, words in (
        (book, "not a CSV"),
        (bomb, "more than 2 MB"),
        (torn, "damaged"),
        (tmp_path / "no", "No such"),
    ):
        with pytest.raises(ImportFileError) as caught, text_lines(file, limit_bytes=2 << 20) as lines:
            list(lines)
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("1 234,50", "RUB", 123450),
        ("1\u00a0234,50 ₽", "RUB", 123450),
        ("1234.5", "RUB", 123450),
        ("1,234.56", "USD", 123456),
        ("1.234,56", "EUR", 123456),
        ("1,234,567", "RUB", 123456700),
        ("12 руб.", "RUB", 1200),
        ("$5", "USD", 500),
        ("139.12000000000003", "GBP", 13912),
        ("168469.6", "GBP", 16846960),
        ("1500", "JPY", 1500),
        ("1,500", "JPY", 1500),
        ("1.234", "KWD", 1234),
        ("0,05", "RUB", 5),
        ("1,234", "RUB", Reason.AMBIGUOUS_AMOUNT),
        ("1.5", "JPY", Reason.TOO_PRECISE),
        ("1.2345", "RUB", Reason.TOO_PRECISE),
        ("-5", "RUB", -500),
        ("−5,00", "RUB", -500),
        ("(5.00)", "RUB", -500),
        ("-0,005", "RUB", Reason.TOO_PRECISE),
        ("0,00", "RUB", 0),
        ("-0", "RUB", 0),
        ("5 $", "RUB", Reason.BAD_AMOUNT),
        ("пять", "RUB", Reason.BAD_AMOUNT),
        ("1e5", "RUB", Reason.BAD_AMOUNT),
        ("12.34.56", "RUB", Reason.BAD_AMOUNT),
        ("", "RUB", Reason.NO_AMOUNT),
        ("9" * 30, "RUB", Reason.TOO_LARGE),
        ("٣٤", "RUB", Reason.BAD_AMOUNT),
    ],
)
def test_amounts(text: str, currency: str, expected: int | Reason) -> None:
    assert read_amount(text, currency) == expected


@given(st.integers(-(10**14), 10**14), st.sampled_from(["RUB", "JPY", "USD"]), st.sampled_from(["ru", "en"]))
def test_money_that_is_written_is_read_back(minor: int, currency: str, language: str) -> None:
    assert read_amount(write_amount(minor, currency, language), currency) == minor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T08:26:00", datetime(2026, 3, 1, 5, 26, tzinfo=UTC)),
        ("2026-03-01 8:26", datetime(2026, 3, 1, 5, 26, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 2, 28, 21, 0, tzinfo=UTC)),
        ("2026-03-01T08:26:00Z", datetime(2026, 3, 1, 8, 26, tzinfo=UTC)),
        ("2026-03-01 08:26:00+05:00", datetime(2026, 3, 1, 3, 26, tzinfo=UTC)),
        ("01.03.2026", datetime(2026, 2, 28, 21, 0, tzinfo=UTC)),
        ("1.3.2026 9:05", datetime(2026, 3, 1, 6, 5, tzinfo=UTC)),
        ("01.03.2026, 09:05:10", datetime(2026, 3, 1, 6, 5, 10, tzinfo=UTC)),
        ("03/01/2026", Reason.BAD_DATE),
        ("32.01.2026", Reason.BAD_DATE),
        ("2026-02-30", Reason.BAD_DATE),
        ("вчера", Reason.BAD_DATE),
        ("", Reason.NO_DATE),
        ("02.03.2026 12:01", Reason.FUTURE),
        ("9999-12-31", Reason.FUTURE),
        ("0001-01-01", Reason.TOO_OLD),
    ],
)
def test_dates_are_of_the_business_zone(text: str, expected: datetime | Reason) -> None:
    order = read_order(Row(2, "", {"customer": "1", "date": text, "amount": "5"}), MOSCOW, NOW)
    assert (order.at if isinstance(order, Order) else order.reason) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"customer": "17850"}, Identity(external_id="17850")),
        ({"customer": "17850.0"}, Identity(external_id="17850")),
        ({"customer": "007"}, Identity(external_id="007")),
        ({"customer": "+7 (912) 123-45-67"}, Identity(phone="+79121234567")),
        ({"customer": "Anna@Shop.RU"}, Identity(email="anna@shop.ru")),
        (
            {"telegram": "500100", "phone": "8 912 123 45 67"},
            Identity(telegram_id=500100, phone="+79121234567"),
        ),
        ({"phone": "нет", "email": "a@b.ru"}, Identity(email="a@b.ru")),
        ({"phone": "нет"}, Reason.BAD_PHONE),
        ({"telegram": "@anna"}, Reason.BAD_TELEGRAM_ID),
        ({"customer": "  "}, Reason.NO_CUSTOMER),
        ({"customer": "x" * 129}, Reason.ID_TOO_LONG),
    ],
)
def test_customers_are_read_by_any_key(cells: dict[str, str], expected: Identity | Reason) -> None:
    order = read_order(Row(2, "", {**cells, "date": "2026-01-01", "amount": "5"}), MOSCOW, NOW)
    assert (order.identity if isinstance(order, Order) else order.reason) == expected


@pytest.mark.parametrize("cell", ["=1+1", "+7912", "-5", "@x", "\tx", "\rx", "  =1"])
def test_cells_a_spreadsheet_would_run_are_neutralised(cell: str) -> None:
    assert safe_cell(cell) == "'" + cell


def test_every_reason_has_words_in_both_languages() -> None:
    assert all(reason.text("ru") != reason.text("en") for reason in Reason)
