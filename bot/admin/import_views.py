"""What the owner reads about a file of purchases: before it is loaded and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.admin.callbacks import ImportTap
from bot.admin.views import button, keyboard
from bot.texts import Html
from core.sales.money import write_amount
from core.words import cut, day_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from aiogram.types import InlineKeyboardMarkup

    from bot.texts import Say
    from core.sales.imports import Preview
    from core.sales.reasons import ImportFileError
    from core.sales.tally import Tally

CURRENCIES = ("RUB", "USD", "EUR", "KZT", "BYN", "GBP")
SHOWN = 3  # lines of each kind
LONGEST_LINE = 90
COLUMNS = frozenset({"customer", "date", "amount"})


def fault(say: Say, error: ImportFileError) -> str:
    """Return why a file cannot be taken in, in the owner's language."""
    values = {name: value for name, value in error.values.items() if name != "what"}
    what = str(error.values.get("what", ""))
    if what:
        values["what"] = say(f"admin-import-column-{what}") if what in COLUMNS else what
    return say(f"admin-import-fault-{error.code}", **values)


def preview_text(say: Say, found: Preview, file_name: str, zone: ZoneInfo, base: str) -> str:
    """Return what a file would bring; nothing is loaded yet."""
    tally = found.tally
    parts = [say("admin-import-preview", file=file_name, rows=tally.rows, added=tally.purchases)]
    if tally.added:
        parts[0] += "\n" + _facts(say, tally, zone)
    parts.append(_counts(say, tally))
    if tally.first_orders:
        lines = [_order(say, order, zone) for order in tally.first_orders[:SHOWN]]
        parts.append(say("admin-import-first", lines=Html("\n".join(lines))))
    parts.append(_refused(say, tally))
    if found.is_currency_assumed:
        parts.append(say("admin-import-currency-assumed", currency=found.currency or base))
    if tally.without_rate:
        parts.append(say("admin-import-without-rate", count=tally.without_rate, base=base))
    return "\n\n".join(part for part in parts if part)


def report_text(say: Say, tally: Tally, file_name: str, zone: ZoneInfo, base: str) -> str:
    """Return what a file has brought."""
    parts = [say("admin-import-report", file=file_name, rows=tally.rows, added=tally.purchases)]
    if tally.added:
        parts[0] += "\n" + _facts(say, tally, zone)
    parts.append(_counts(say, tally))
    parts.append(_refused(say, tally, with_lines=False))
    if tally.without_rate:
        parts.append(say("admin-import-without-rate", count=tally.without_rate, base=base))
    return "\n\n".join(part for part in parts if part)


def preview_keyboard(say: Say, found: Preview, key: str) -> InlineKeyboardMarkup:
    """Return load, give up, and the currencies where the file names none."""
    currency = found.currency or ""
    rows = []
    if found.currency is not None:
        codes = list(dict.fromkeys((currency, *CURRENCIES)))[:6]
        buttons = [
            button(f"✓ {code}" if code == currency else code, _tap("currency", key, code)) for code in codes
        ]
        rows += [buttons[:3], buttons[3:]]
    drop = button(say("admin-button-drop"), _tap("drop", key, currency))
    if found.tally.added:
        load = button(say("admin-button-load", count=found.tally.added), _tap("go", key, currency))
        return keyboard(*rows, [load], [drop])
    return keyboard(*rows, [drop])


def _facts(say: Say, tally: Tally, zone: ZoneInfo) -> str:
    sums = ", ".join(
        write_amount(total, currency, say.language) for currency, total in sorted(tally.sums.items())
    )
    first = tally.first_at.astimezone(zone) if tally.first_at else None
    last = tally.last_at.astimezone(zone) if tally.last_at else None
    dates = f"{first:%d.%m.%Y} – {last:%d.%m.%Y}" if first and last else ""
    return say("admin-import-facts", sum=sums, dates=dates, people=tally.new_people)


def _counts(say: Say, tally: Tally) -> str:
    counts = {
        "refunds": tally.refunds,
        "zeros": tally.zeros,
        "joined": tally.joined,
        "repeated": tally.repeated,
        "refused": tally.refused_count,
    }
    return "\n".join(say(f"admin-import-{what}", count=count) for what, count in counts.items() if count)


def _refused(say: Say, tally: Tally, *, with_lines: bool = True) -> str:
    if not tally.refused_count:
        return ""
    reasons = [
        say("admin-import-reason", reason=reason.text(say.language), count=count)
        for reason, count in tally.refused.most_common(6)
    ]
    lines: Sequence[str] = ()
    if with_lines:
        lines = [
            say("admin-import-refused-line", line=str(one.line), text=_short(one.text))
            for one in tally.first_refused[:SHOWN]
        ]
    return "\n".join((*reasons, *lines))


def _order(say: Say, order: Any, zone: ZoneInfo) -> str:
    kind, who = order.identity.named()[-1 if order.identity.external_id is None else 0]
    buyer = order.identity.external_id or (who if kind else "")
    return say(
        "admin-import-order",
        at=day_and_time(order.at, zone),
        sum=write_amount(order.amount, order.currency, say.language),
        buyer=_short(buyer, 40),
    )


def _short(text: str, most: int = LONGEST_LINE) -> str:
    return cut(" ".join(text.split()), most)


def _tap(action: Any, key: str, currency: str) -> str:
    return ImportTap(action=action, key=key, currency=currency or "-").pack()
