"""Money as files write it, turned into an integer of minor units; exponents as in ISO 4217."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from core.sales.reasons import Reason

LARGEST = 10**15  # minor units; a thousand such purchases still fit a 64-bit sum
DEFAULT_EXPONENT = 2
_codes = re.compile("[A-Z]{3}").findall
# ISO 4217 (2024): currencies whose minor unit is not a hundredth; all others in CURRENCIES have two digits.
EXPONENTS = {
    **dict.fromkeys(_codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"), 0),
    **dict.fromkeys(_codes("BHD IQD JOD KWD LYD OMR TND"), 3),
    **dict.fromkeys(_codes("CLF UYW"), 4),
}
CURRENCIES = frozenset(EXPONENTS) | frozenset(_codes("""
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS
    VES WST XCD YER ZAR ZMW ZWG
"""))  # fmt: skip
_SIGNS = {
    "₽": "RUB", "руб": "RUB", "р": "RUB", "rur": "RUB", "$": "USD", "€": "EUR", "£": "GBP",
    "₸": "KZT", "₴": "UAH", "сум": "UZS",
}  # fmt: skip
_SHOWN = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£"}
_NUMBER = re.compile(r"(?P<minus>[-−–(]?)(?P<body>[0-9][0-9.,]*)\)?")
_GAPS = re.compile(r"[\s\u00a0\u202f\u2009'’_]+")
_EDGES = re.compile(r"^(?P<head>[^\d\-−–(.,]*)(?P<number>.*?)(?P<tail>[^\d)]*)$", re.DOTALL)
_NOISE = Decimal("0.0001")  # of a minor unit: what a spreadsheet's floating point adds


def exponent(currency: str) -> int:
    """Return how many decimal digits the currency has."""
    return EXPONENTS.get(currency, DEFAULT_EXPONENT)


def read_currency(text: str) -> str | None:
    """Return the ISO code meant by `rub`, `руб.`, `₽`, or None.

    >>> read_currency("руб."), read_currency("gbp"), read_currency("???")
    ('RUB', 'GBP', None)
    """
    plain = text.strip().strip(".").casefold()
    code = _SIGNS.get(plain, plain.upper())
    return code if code in CURRENCIES else None


def read_amount(text: str, currency: str) -> int | Reason:
    """Return minor units of the currency, below zero for a refund, or why the text is no amount.

    >>> read_amount("1 234,50", "RUB"), read_amount("1,234.5", "USD"), read_amount("1200 ¥", "JPY")
    (123450, 123450, <Reason.BAD_AMOUNT: 'bad_amount'>)
    """
    edges = _EDGES.match(_GAPS.sub("", text))
    if edges is None or not edges["number"]:
        return Reason.BAD_AMOUNT if text.strip() else Reason.NO_AMOUNT
    if any(read_currency(sign) != currency for sign in (edges["head"], edges["tail"]) if sign.strip(".")):
        return Reason.BAD_AMOUNT
    number = _NUMBER.fullmatch(edges["number"].rstrip("."))
    if number is None:
        return Reason.BAD_AMOUNT
    digits = exponent(currency)
    plain = _decimal_text(number["body"], digits)
    if isinstance(plain, Reason):
        return plain
    return _minor(Decimal(plain), digits, is_negative=bool(number["minus"]))


def _decimal_text(body: str, digits: int) -> str | Reason:
    """Decide which of comma and dot parts the decimals: the last one, if it stands alone."""
    marks = [character for character in body if character in ".,"]
    if not marks:
        return body
    last = marks[-1]
    whole, _, part = body.rpartition(last)
    if marks.count(last) > 1:  # 1.234.567: the mark parts thousands, there are no decimals
        return body.replace(last, "") if len(set(marks)) == 1 and _grouped(body, last) else Reason.BAD_AMOUNT
    if len(marks) > 1:  # 1,234.50
        other = "," if last == "." else "."
        return f"{whole.replace(other, '')}.{part}" if _grouped(whole, other) else Reason.BAD_AMOUNT
    if len(part) == 3 and digits != 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        return whole + part if digits == 0 else Reason.AMBIGUOUS_AMOUNT
    return f"{whole}.{part or '0'}"


def _grouped(text: str, mark: str) -> bool:
    head, *rest = text.split(mark)
    return 1 <= len(head) <= 3 and all(len(group) == 3 for group in rest)


def _minor(value: Decimal, digits: int, *, is_negative: bool) -> int | Reason:
    scaled = value.scaleb(digits)
    if scaled > LARGEST:
        return Reason.TOO_LARGE
    minor = int(scaled.to_integral_value(ROUND_HALF_UP))
    if abs(scaled - minor) > _NOISE:
        return Reason.TOO_PRECISE
    return -minor if is_negative else minor


def major(minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal of whole ones."""
    return Decimal(minor).scaleb(-exponent(currency))


def write_amount(minor: int, currency: str, language: str) -> str:
    """Return money as a person reads it: `8 911 407,90 ₽` in Russian, `8,911,407.90 RUB` in English.

    Russian writes kopecks only where there are any; in English `1,500` could be one and a half as well.

    >>> [write_amount(minor, "RUB", "ru").replace("\u00a0", " ") for minor in (123450, 150000)]
    ['1 234,50 ₽', '1 500 ₽']
    >>> write_amount(123450, "GBP", "en"), write_amount(150000, "GBP", "en")
    ('1,234.50 GBP', '1,500.00 GBP')
    """
    digits = exponent(currency)
    digits = 0 if language == "ru" and minor % 10**digits == 0 else digits
    plain = f"{major(minor, currency):,.{digits}f}"
    if language == "ru":
        plain = plain.replace(",", "\u00a0").replace(".", ",")
        return f"{plain}\u00a0{sign(currency)}"
    return f"{plain} {currency}"


def sign(currency: str) -> str:
    """Return the sign of a currency, or its code."""
    return _SHOWN.get(currency, currency)
