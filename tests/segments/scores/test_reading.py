"""Orders from a CSV: what counts, what is told, and that the sequence of lines never matters."""

from __future__ import annotations

import gzip
import random
from datetime import date
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from core.errors import KvizorError
from core.sales.reasons import ImportFileError
from core.segments.scores.orders import day_number, history, purchase_days
from core.segments.scores.reading import (
    FOREIGN,
    LATER,
    PART,
    REFUND,
    REPEATED,
    ZERO,
    OrdersFileError,
    signed_amount,
)
from tests.segments.scores.shops import given

HEAD = "customer_id,timestamp,amount,order_id\n"


def known(folder: Path, text: str | bytes, as_of: date | None = None) -> dict[str, tuple[int, float]]:
    """Number and sum of purchases by customer."""
    found = given(folder, text, as_of).orders
    past = history(found)
    return dict(zip(found.people, zip(past.count.tolist(), past.money.tolist(), strict=True), strict=True))


def test_ids_are_text(tmp_path: Path) -> None:
    text = HEAD + "007,2026-01-01,5,1\n7,2026-01-01,5,2\n7.0,2026-01-01,5,3\nNA,2026-01-01,5,4\n"
    assert list(known(tmp_path, text)) == ["007", "7", "7.0", "NA"]


@pytest.mark.parametrize(
    "raw",
    [
        (HEAD + "я,2026-01-01,5,1\n").encode("utf-8-sig"),
        (HEAD + "я,2026-01-01,5,1\n").encode("cp1251"),
        gzip.compress((HEAD + "я,2026-01-01,5,1\n").encode()),
        (HEAD + "я,2026-01-01,5,1\n").replace(",", ";").replace("\n", "\r\n").encode(),
        'order_id,note,amount,timestamp,customer_id\n1,"a,b",5,2026-01-01,"я"\n'.encode(),
    ],
    ids=["bom", "cp1251", "gzip", "semicolons", "other columns"],
)
def test_a_file_is_read_however_it_is_written(tmp_path: Path, raw: bytes) -> None:
    assert known(tmp_path, raw) == {"я": (1, 5.0)}


def test_the_same_order_again_counts_once(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-01,5,1\na,2026-01-02,7,2\na,2026-01-01,5.00,1\na,2026-01-01T00:00:00,5,1\n"
    read = given(tmp_path, text)
    assert known(tmp_path, text) == {"a": (2, 12.0)}
    assert read.notes.lines == {REPEATED: [4, 5]}
    assert read.notes.sentences() == [f"{REPEATED}: 2 (lines 4, 5)"]


def test_an_export_given_twice_changes_nothing_even_with_several_lines_an_order(tmp_path: Path) -> None:
    rows = "a,2026-01-01,5,1\na,2026-01-01,5,1\na,2026-01-01,8,1\nb,2026-01-03,2,2\n"
    assert known(tmp_path, HEAD + rows) == known(tmp_path, HEAD + rows * 3) == {"a": (1, 18.0), "b": (1, 2.0)}


def test_lines_of_one_order_are_added_up_to_one_purchase(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-01T10:00,5,1\na,2026-01-01T10:00,7,1\na,2026-01-01T10:00,-2,1\n"
    assert known(tmp_path, text) == {"a": (1, 10.0)}
    assert sorted(given(tmp_path, text).notes.lines[PART]) == [3, 4]


def test_lines_without_an_order_number_are_orders_by_themselves(tmp_path: Path) -> None:
    assert known(tmp_path, HEAD + "a,2026-01-01,5,\na,2026-01-01,5,\n") == {"a": (2, 10.0)}
    assert known(tmp_path, "customer_id,timestamp,amount\na,2026-01-01,5\na,2026-01-01,5\n") == {"a": (2, 10)}


def test_an_order_that_contradicts_an_earlier_one_is_refused_and_told(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-05,5,1\nb,2026-01-03,7,1\na,2026-01-09,5,1\n"
    read = given(tmp_path, text)
    assert known(tmp_path, text) == {"a": (0, 0.0), "b": (1, 7.0)}  # the earliest moment holds
    (kind,) = read.notes.lines
    assert kind.startswith("refused, ")
    assert read.notes.lines[kind] == [2, 4]


def test_a_refund_takes_money_off_and_is_no_purchase(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-01,50,1\na,2026-01-20,-20,1\na,2026-01-21,−5,C2\nb,2026-01-01,-3,C3\n"
    assert known(tmp_path, text) == {"a": (1, 25.0), "b": (0, -3.0)}
    read = given(tmp_path, text)
    assert read.notes.lines == {REFUND: [3, 4, 5]}
    assert history(read.orders).last[0] == day_number(date(2026, 1, 1))


def test_a_purchase_of_zero_is_a_purchase(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-01,0,1\na,2026-01-02,0.00,2\n"
    assert known(tmp_path, text) == {"a": (2, 0.0)}
    assert given(tmp_path, text).notes.lines == {ZERO: [2, 3]}


def test_two_moments_of_a_day_are_two_purchases_on_one_day(tmp_path: Path) -> None:
    orders = given(tmp_path, HEAD + "a,2026-01-01T08:00,5,1\na,2026-01-01T19:00,6,2\n").orders
    assert history(orders).count.tolist() == [2]
    assert len(purchase_days(orders)[0]) == 1


def test_days_are_those_of_the_time_zone(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-31T22:30:00Z,5,1\nb,2026-02-01T00:30:00+03:00,5,2\nc,2026-01-31 22:30,5,3\n"
    days = given(tmp_path, text).orders.day
    assert (days - day_number(date(2026, 1, 31))).tolist() == [1, 1, 0]


def test_the_future_is_left_out_and_told(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-01,5,1\na,2099-01-01,5,2\n"
    read = given(tmp_path, text)
    assert read.as_of == day_number(date(2026, 1, 2))  # the day after the last order that may be
    assert list(read.notes.lines.values()) == [[3]]
    assert "future" in read.notes.sentences()[0]


def test_orders_later_than_the_day_looked_at_are_left_out_and_those_of_the_day_are_in(tmp_path: Path) -> None:
    text = HEAD + "a,2026-01-01T23:59:59,5,1\na,2026-01-02T00:00,5,2\n"
    assert known(tmp_path, text, date(2026, 1, 1)) == {"a": (1, 5.0)}
    read = given(tmp_path, text, date(2026, 1, 1))
    assert (read.as_of, read.notes.lines) == (day_number(date(2026, 1, 1)), {LATER: [3]})


def test_a_day_looked_at_in_the_future_of_the_clock_is_allowed(tmp_path: Path) -> None:
    assert known(tmp_path, HEAD + "a,2030-01-01,5,1\n", date(2031, 1, 1)) == {"a": (1, 5.0)}


def test_every_line_that_cannot_be_read_is_told_with_its_number(tmp_path: Path) -> None:
    bad = ["a,yesterday,5,1", "a,2026-01-01,five,2", ",2026-01-01,5,3", "a,2026-02-30,5,4", "a,2026-01-01,,5"]
    bad += ["a,2026-01-01,nan,6", "a,2026-01-01,5,7,8", 'a,2026-01-01,"5', "a", "a,2026-01-01,inf,9"]
    read = given(tmp_path, HEAD + "a,2026-01-01,5,0\n" + "\n".join(bad) + "\na,2026-01-02,6,10\n")
    assert history(read.orders).money.tolist() == [11.0]
    assert sorted(line for lines in read.notes.lines.values() for line in lines) == list(range(3, 13))
    assert all(kind.startswith("refused, ") for kind in read.notes.lines)
    assert read.notes.rows == 12


def test_only_the_first_numbers_are_listed_but_all_are_counted(tmp_path: Path) -> None:
    read = given(tmp_path, HEAD + "a,2026-01-01,5,0\n" + "a,never,5,1\n" * 30)
    (sentence,) = read.notes.sentences()
    assert sentence.endswith(": 30 (lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 …)")


def test_sums_in_another_currency_are_no_sums_of_ours(tmp_path: Path) -> None:
    text = "customer_id,timestamp,amount,currency\na,2026-01-01,5,RUB\na,2026-01-02,7,RUB\n"
    text += "a,2026-01-03,100,USD\n"
    assert known(tmp_path, text) == {"a": (3, 12.0)}
    assert given(tmp_path, text).notes.lines == {FOREIGN: [4]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.345", 12.345),
        ("1234567.8", 1234567.8),
        ("1e3", 1000.0),
        ("1 234,50 ₽", 1234.5),
        ("1,234.50", 1234.5),
        ("-0.5", -0.5),
        ("(12,50)", -12.5),
        ("−7", -7.0),
        ("£3.20", 3.2),
        ("0", 0.0),
        ("0,00 руб.", 0.0),
    ],
)
def test_a_sum_is_read_as_people_and_programs_write_it(text: str, value: float) -> None:
    read = signed_amount(text)
    assert isinstance(read, tuple)
    assert read[0] == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["", "-", "nan", "inf", "1e400", "--5", "1.2.3", "five", "5 апельсинов", "1e16"]
)
def test_what_is_no_sum_is_refused(text: str) -> None:
    assert not isinstance(signed_amount(text), tuple)


def test_shuffled_lines_are_the_same_orders(tmp_path: Path) -> None:
    chance = random.Random(5)
    rows = [
        f"{chance.choice('abc')},2026-01-{chance.randint(1, 9):02},{chance.choice(['5', '0.1', '-2', '7'])},"
        f"{chance.choice(['', *map(str, range(12))])}"
        for _ in range(200)
    ]
    first = given(tmp_path, HEAD + "\n".join(rows))
    for _ in range(5):
        chance.shuffle(rows)
        again = given(tmp_path, HEAD + "\n".join(rows))
        assert again.notes.counts == first.notes.counts
        for column in ("person", "day", "amount", "refund_person", "refund_day", "refund"):
            np.testing.assert_array_equal(getattr(again.orders, column), getattr(first.orders, column))


@pytest.mark.parametrize("rows", ["", "a,2026-01-01,-5,1\n", "a,2030-01-01,5,1\n", "a,b,c,d\n"])
def test_a_file_without_a_purchase_is_told_with_what_was_in_it(tmp_path: Path, rows: str) -> None:
    with pytest.raises(OrdersFileError, match="holds no purchase") as told:
        given(tmp_path, HEAD + rows)
    assert ("line 2" in str(told.value)) == bool(rows)


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "customer_id,timestamp\na,2026-01-01\n"])
def test_a_file_that_is_no_table_of_orders_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(ImportFileError):
        given(tmp_path, text)


cells = st.sampled_from(
    ["a", "b", "", "2026-01-01", "2026-01-01T10:00", "31.12.2025", "5", "-5", "0", "1,5", '"', "x"]
)
texts = st.lists(st.lists(cells, max_size=6).map(",".join), max_size=12).map("\n".join) | st.text(
    max_size=200
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@hypothesis.given(text=texts, head=st.sampled_from([HEAD, "", "customer_id;timestamp;amount\n"]))
@hypothesis.example(text='"', head="")
def test_whatever_is_in_the_file_is_read_or_told(tmp_path: Path, text: str, head: str) -> None:
    try:
        read = given(tmp_path, (head + text).encode("utf-8", "surrogatepass"))
    except KvizorError:
        return  # told in a sentence
    told = sum(read.notes.counts.get(kind, 0) for kind in (PART, REPEATED))
    told += sum(count for kind, count in read.notes.counts.items() if kind.startswith("refused, "))
    assert len(read.orders.day) + len(read.orders.refund_day) + told == read.notes.rows


def test_equal_lines_of_different_goods_are_parts_of_an_order(tmp_path: Path) -> None:
    text = "customer_id,timestamp,amount,order_id,product\n"
    text += "a,2026-01-01,5,1,tea\na,2026-01-01,5,1,coffee\na,2026-01-01,5,1,tea\n"
    assert known(tmp_path, text) == {"a": (1, 15.0)}
    doubled = text + "a,2026-01-01,5,1,coffee\n"
    assert known(tmp_path, doubled) == {"a": (1, 10.0)}  # the whole order twice
