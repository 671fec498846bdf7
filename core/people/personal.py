"""Personal data of a person passes through one column type, so that encrypting it is one change."""

from __future__ import annotations

import re

import phonenumbers
from sqlalchemy import String, TypeDecorator

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")


class PersonalText(TypeDecorator[str]):
    """A phone, e-mail or other personal text."""

    impl = String
    cache_ok = True


def normal_phone(text: str) -> str | None:
    """Return the phone as +79121234567, or None where it cannot be one; local numbers are read as Russian."""
    digits = text.strip()
    if digits[:1] == "7" and len(re.sub(r"\D", "", digits)) == 11:
        digits = "+" + digits
    try:
        number = phonenumbers.parse(digits, "RU")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def normal_email(text: str) -> str | None:
    """Return the e-mail trimmed and casefolded, or None where it is not one."""
    cleaned = text.strip().casefold()
    return cleaned if _EMAIL.fullmatch(cleaned) and len(cleaned) <= 254 else None
