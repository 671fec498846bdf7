"""Why a line of a file was refused or a file could not be read, in words for the owner (ru, en)."""

from __future__ import annotations

from enum import StrEnum

from core.errors import KvizorError


class Reason(StrEnum):
    """One reason for refusing a line; the value is stable and stands in stored counts."""

    UNCLOSED_QUOTE = "unclosed_quote"
    NUL = "nul"
    UNREADABLE = "unreadable"
    TOO_MANY_FIELDS = "too_many_fields"
    NO_CUSTOMER = "no_customer"
    BAD_TELEGRAM_ID = "bad_telegram_id"
    BAD_PHONE = "bad_phone"
    BAD_EMAIL = "bad_email"
    ID_TOO_LONG = "id_too_long"
    NO_AMOUNT = "no_amount"
    BAD_AMOUNT = "bad_amount"
    AMBIGUOUS_AMOUNT = "ambiguous_amount"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"
    BAD_CURRENCY = "bad_currency"
    NO_DATE = "no_date"
    BAD_DATE = "bad_date"
    TOO_OLD = "too_old"
    FUTURE = "future"
    CONFLICT = "conflict"

    def text(self, language: str) -> str:
        """Return the reason in words, in `ru` or `en`."""
        russian, english = _TEXTS[self]
        return russian if language == "ru" else english


_TEXTS: dict[Reason, tuple[str, str]] = {
    Reason.UNCLOSED_QUOTE: ("кавычка открыта и не закрыта", "a quote is opened and never closed"),
    Reason.NUL: ("нулевой байт внутри строки", "a NUL byte inside the line"),
    Reason.UNREADABLE: ("нечитаемые символы", "unreadable characters"),
    Reason.TOO_MANY_FIELDS: ("полей больше, чем в заголовке", "more fields than the header has"),
    Reason.NO_CUSTOMER: ("не указан покупатель", "no customer given"),
    Reason.BAD_TELEGRAM_ID: ("Telegram id не число", "the Telegram id is not a number"),
    Reason.BAD_PHONE: ("не похоже на телефон", "not a phone number"),
    Reason.BAD_EMAIL: ("не похоже на e-mail", "not an e-mail address"),
    Reason.ID_TOO_LONG: ("номер длиннее 128 символов", "an id longer than 128 characters"),
    Reason.NO_AMOUNT: ("не указана сумма", "no amount given"),
    Reason.BAD_AMOUNT: ("сумма не число", "the amount is not a number"),
    Reason.AMBIGUOUS_AMOUNT: (
        "сумму можно понять двояко: запятая или точка отделяет тысячи или копейки?",
        "the amount reads two ways: does the comma or dot part thousands or decimals?",
    ),
    Reason.TOO_PRECISE: (
        "в сумме больше знаков после запятой, чем бывает у этой валюты",
        "more decimals than the currency has",
    ),
    Reason.TOO_LARGE: ("слишком большая сумма", "the amount is too large"),
    Reason.BAD_CURRENCY: ("неизвестная валюта", "unknown currency"),
    Reason.NO_DATE: ("не указана дата", "no date given"),
    Reason.BAD_DATE: (
        "дата не читается: нужна 2026-03-01 12:30 или 01.03.2026 12:30",
        "unreadable date: write 2026-03-01 12:30 or 01.03.2026 12:30",
    ),
    Reason.TOO_OLD: ("дата раньше 1970 года", "a date before 1970"),
    Reason.FUTURE: ("дата в будущем", "a date in the future"),
    Reason.CONFLICT: (
        "этот номер заказа уже загружен с другой суммой, датой, товаром или покупателем",
        "this order id is known with another amount, date, product or customer",
    ),
}


class ImportFileError(KvizorError):
    """The whole file cannot be taken in; `code` and `values` let the bot say it in the owner's language."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(_SENTENCES[code].format(**values))
        self.code = code
        self.values = values


_SENTENCES = {
    "empty": "The file is empty; the first line must name the columns.",
    "no-column": "The first line names no column with the {what}; it has: {found}. "
    "Name one of them e.g. `{example}`.",
    "two-columns": "The columns `{first}` and `{second}` both look like the {what}; rename one of them.",
    "too-big": "The file holds more than {limit} MB of text; split it and load the parts one by one.",
    "broken-archive": "The .gz archive is damaged; pack the file again.",
    "not-text": "This is not a CSV text file; in Excel choose Save as, CSV UTF-8.",
    "unreadable": "The file {name} cannot be read: {why}.",
    "unwritable": "The file of refused lines {name} cannot be written: {why}.",
    "currency": "`{given}` is no currency; write three letters as in ISO 4217, e.g. RUB.",
}
