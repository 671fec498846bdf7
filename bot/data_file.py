"""The file of /mydata: a page to read and the same for programs, packed together."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from core.words import day_and_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from bot.texts import Say

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;"
    "background:#fff}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.5rem}"
    "table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .7rem;border-bottom:1px solid #ddd;"
    "white-space:pre-wrap;overflow-wrap:break-word;max-width:28rem}th{color:#666;font-weight:600;"
    "white-space:nowrap}.quiet{color:#888}"
    "@media(prefers-color-scheme:dark){body{background:#181a1b;color:#ddd}th,td{border-color:#333}}"
)


OURS = frozenset({"consents", "letters"})  # what we wrote: read without its markup
_TAG = re.compile(r"</?(?:b|i|u|s|a|code|pre|blockquote)(?:\s[^<>]*)?>")


def pack(say: Say, found: Mapping[str, Any], business: str, zone: ZoneInfo) -> bytes:
    """Return the archive: my-data.html, its moments by the clock of `zone`, and my-data.json."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.html", page(say, found, business, zone))
        archive.writestr("my-data.json", json.dumps(found, ensure_ascii=False, indent=2))
    return packed.getvalue()


def page(say: Say, found: Mapping[str, Any], business: str, zone: ZoneInfo) -> str:
    """Return the page; whatever a person wrote about himself stands in it as text, never as markup."""
    title = say("mydata-title", business=business)
    made = say("mydata-made", moment=_cell(say, found["made_at"], zone))
    sections = [_section(say, name, rows, zone) for name, rows in found.items() if name != "made_at"]
    return (
        f'<!doctype html><html lang="{say.language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style><h1>{title}</h1><p>{made}</p>{''.join(sections)}</html>"
    )


def _section(say: Say, name: str, rows: Any, zone: ZoneInfo) -> str:
    head = f"<h2>{escape(_title(say, name))}</h2>"
    if not rows:
        return f'{head}<p class="quiet">{say("mydata-empty")}</p>'
    if name in OURS:
        rows = [{**row, "text": unescape(_TAG.sub("", row["text"] or ""))} for row in rows]
    if isinstance(rows, dict):
        lines = [(key, value) for key, value in rows.items() if value not in (None, "")]
        body = "".join(
            f"<tr><th>{_label(say, key)}</th><td>{_cell(say, one, zone)}</td></tr>" for key, one in lines
        )
        return f"{head}<table>{body}</table>"
    columns = [key for key in rows[0] if any(row.get(key) not in (None, "") for row in rows)]
    top = "".join(f"<th>{_label(say, key)}</th>" for key in columns)
    lines_html = "".join(
        "<tr>" + "".join(f"<td>{_cell(say, row.get(key), zone)}</td>" for key in columns) + "</tr>"
        for row in rows
    )
    count = say("mydata-rows", count=len(rows))
    return f'{head}<p class="quiet">{count}</p><table><tr>{top}</tr>{lines_html}</table>'


def _title(say: Say, name: str) -> str:
    try:
        return say(f"mydata-{name}")
    except LookupError:  # a table that has no words yet is shown by its name
        return say("mydata-other", name=name)


def _label(say: Say, name: str) -> str:
    try:
        return say(f"mydata-field-{name}")
    except LookupError:
        return escape(name)


def _cell(say: Say, value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("mydata-yes" if value else "mydata-no")
    if isinstance(value, dict | list):
        return escape(json.dumps(value, ensure_ascii=False))
    moment = _moment(value) if isinstance(value, str) else None
    if moment is not None:
        return day_and_time(moment, zone)
    return escape(str(value))


def _moment(text: str) -> datetime | None:
    if len(text) < 20 or text[10:11] != "T":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
