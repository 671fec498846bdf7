"""Which column of a file is what: header names as shops and their tills write them, Russian and English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.people.text import fold
from core.sales.reasons import ImportFileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SYNONYMS: Mapping[str, str] = {
    "customer": """
        customer customer_id customerid client client_id clientid buyer buyer_id user_id external_id id
        клиент id_клиента клиент_id код_клиента номер_клиента покупатель id_покупателя код_покупателя""",
    "telegram": """
        telegram telegram_id telegramid tg tg_id chat_id телеграм телеграмм id_телеграм телеграм_id""",
    "phone": "phone phone_number tel telephone mobile телефон номер_телефона тел моб мобильный",
    "email": "email e_mail mail почта эл_почта электронная_почта емейл имейл",
    "order": """
        order order_id orderid order_number invoice invoice_id invoiceno invoice_no transaction_id receipt
        заказ номер_заказа id_заказа заказ_id n_заказа no_заказа чек номер_чека счет номер_счета""",
    "date": """
        date timestamp datetime time created created_at paid_at order_date purchase_date purchased_at
        invoicedate дата дата_заказа дата_покупки дата_оплаты дата_и_время время дата_создания""",
    "amount": """
        amount sum total total_amount revenue order_total paid value
        сумма итого стоимость сумма_заказа сумма_покупки оплачено выручка""",
    "product": """
        product product_name item sku goods товар название_товара наименование продукт услуга""",
    "category": "category product_category group категория группа раздел категория_товара",
    "currency": "currency currency_code cur валюта код_валюты",
    "country": "country страна",
    "city": "city town город",
    "name": "name customer_name client_name full_name first_name имя фио имя_клиента клиент_имя",
}
_ROLE_OF = {name: role for role, names in SYNONYMS.items() for name in names.split()}
_WORD = re.compile(r"\W+")
_EXAMPLES = {"customer": "customer_id", "date": "date", "amount": "amount"}
CUSTOMER_ROLES = ("telegram", "customer", "phone", "email")


def role_of(header: str) -> str | None:
    """Return what a column of this name holds, or None.

    >>> role_of(" Номер заказа "), role_of("E-Mail"), role_of("Сумма, ₽"), role_of("weather")
    ('order', 'email', 'amount', None)
    """
    words = _WORD.sub("_", fold(header.replace("№", " n "))).strip("_")
    return _ROLE_OF.get(words) or _ROLE_OF.get(re.sub(r"_(руб|р|rub|usd|eur|gbp)$", "", words))


def map_columns(header: Sequence[str]) -> dict[str, int]:
    """Return role → position; raises ImportFileError when a needed column is missing or named twice."""
    found: dict[str, int] = {}
    for position, name in enumerate(header):
        role = role_of(name)
        if role is None:
            continue
        if role in found:
            raise ImportFileError("two-columns", first=header[found[role]], second=name, what=role)
        found[role] = position
    _require(found, header)
    return found


def _require(found: Mapping[str, int], header: Sequence[str]) -> None:
    missing = [role for role in ("date", "amount") if role not in found]
    if not any(role in found for role in CUSTOMER_ROLES):
        missing.insert(0, "customer")
    if missing:
        names = ", ".join(name.strip()[:40] for name in header[:20] if name.strip()) or "nothing"
        raise ImportFileError("no-column", what=missing[0], found=names, example=_EXAMPLES[missing[0]])
