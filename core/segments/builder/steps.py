"""Steps of the builder: what a tap or a typed text makes of a draft. Nothing is written here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.segments import catalogue
from core.segments.builder.families import FAMILIES
from core.segments.builder.forms import FORMS, form_of, forms_for, value_of
from core.segments.builder.sheet import Line, Sheet, opened
from core.segments.builder.subjects import Subject, Subjects
from core.segments.builder.values import Option, matching, options
from core.segments.conditions import Compare, OneOf
from core.segments.errors import SegmentError
from core.segments.language import parse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library
    from core.segments.conditions import Condition
    from core.segments.drafts import Draft
    from core.segments.words import Language

PAGE = 12  # choices on a screen
_BACK = {"value": "form", "form": "subject", "subject": "family", "family": "sheet", "line": "sheet"}


class UnfitError(SegmentError):
    """What was tapped or typed does not fit here; `kind` says why to programs: old, value, nothing, same."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"this does not fit here: {kind}")
        self.kind = kind


class Builder:
    """One owner's draft at one moment, in his language."""

    def __init__(
        self, session: Session, draft: Draft, library: Library, language: Language, now: datetime
    ) -> None:
        self._session = session
        self._draft = draft
        self._library = library
        self._language = language
        self._subjects = Subjects(session, library, language, now, draft.segment)

    @property
    def sheet(self) -> Sheet:
        """The lines of the draft."""
        return opened(self._draft.rule, any_of=self._draft.any_of)

    def tap(self, action: str, pick: int) -> Draft:
        """Return what a button makes of the draft. Raises UnfitError or RuleError."""
        handler = _TAPS.get(action)
        if handler is None:
            raise UnfitError("old")
        return handler(self, pick)

    def type(self, text: str) -> Draft:
        """Return what a typed text makes of it: a search, a value, a line. Raises as `tap` does."""
        match self._draft.step:
            case "family" | "subject":
                return self._search(text)
            case "value":
                return self._typed_value(text)
            case "linetext":
                return self._typed_line(text)
        raise UnfitError("old")

    # -- the sheet --------------------------------------------------------------------------------

    def _go(self, step: str, **pending: Any) -> Draft:
        return replace(self._draft, step=step, pending=pending)

    def _with(self, sheet: Sheet) -> Draft:
        return replace(self._draft, rule=sheet.rule(), any_of=sheet.any_of, step="sheet", pending={})

    def _home(self, _pick: int) -> Draft:
        return self._go("sheet")

    def _mode(self, _pick: int) -> Draft:
        sheet = self.sheet
        return self._with(replace(sheet, any_of=not sheet.any_of))

    def _add(self, _pick: int) -> Draft:
        return self._go("family")

    def _line(self, pick: int) -> Draft:
        self._place(pick)
        return self._go("line", line=pick)

    def _negate(self, _pick: int) -> Draft:
        return self._with(self.sheet.turned(self._place(self._draft.pending.get("line"))))

    def _remove(self, _pick: int) -> Draft:
        return self._with(self.sheet.without(self._place(self._draft.pending.get("line"))))

    def _change(self, _pick: int) -> Draft:
        """Ask anew about the subject of a line; what only text can say is typed."""
        place = self._place(self._draft.pending.get("line"))
        line = self.sheet.lines[place]
        subject = None if line.is_deep else self._subjects.of_line(line.condition)
        if subject is None:
            return self._go("linetext", line=place)
        return self._ask(subject, {"line": place, "negated": line.negated, "was": form_of(line.condition)})

    def _place(self, place: Any) -> int:
        if not isinstance(place, int) or not 0 <= place < len(self.sheet.lines):
            raise UnfitError("old")
        return place

    # -- a line being put together ----------------------------------------------------------------

    def _family(self, pick: int) -> Draft:
        family = _at(FAMILIES, pick)
        return self._list(self._subjects.of(family), family=family)

    def _search(self, text: str) -> Draft:
        found = self._subjects.like(text)
        if not found:
            raise UnfitError("nothing")
        return self._list(found, found=text[:64])

    def _list(self, subjects: list[Subject], **kept: Any) -> Draft:
        if not subjects:
            raise UnfitError("nothing")
        listed = [[one.key, one.title, one.count, one.has_data] for one in subjects]
        return self._go("subject", options=listed, page=0, **kept)

    def _subject(self, pick: int) -> Draft:
        key, title = _at(self._options(), pick)[:2]
        return self._ask(self._by_key(key, title), {"back": self._draft.pending.get("family")})

    def _ask(self, subject: Subject, kept: dict[str, Any]) -> Draft:
        kept |= {"subject": subject.key, "title": subject.title}
        forms = forms_for(subject)
        if len(forms) == 1:
            return self._formed(subject, forms[0].key, kept)
        return self._go("form", options=[[one.key, one.said(self._language)] for one in forms], **kept)

    def _form(self, pick: int) -> Draft:
        key = _at(self._options(), pick)[0]
        return self._formed(self._present(), key, dict(self._draft.pending))

    def _formed(self, subject: Subject, form: str, kept: dict[str, Any]) -> Draft:
        return self._next(subject, {**kept, "form": form, "filled": [], "chosen": []})

    def _next(self, subject: Subject, kept: dict[str, Any]) -> Draft:
        """Ask for the next value, or put the line where it belongs."""
        form, place = FORMS[kept["form"]], len(kept["filled"])
        if place == len(form.needs):
            condition = parse(form.text(subject, kept["filled"]), catalogue.known(self._session))
            line = Line(_short(condition), bool(kept.get("negated")))
            return self._with(self.sheet.put(line, kept.get("line")))
        found = options(self._session, subject, form, place, self._library, self._language)
        listed = [[one.value, one.label, one.count] for one in found]
        return self._go("value", **{**kept, "options": listed, "page": 0, "need": form.needs[place]})

    def _value(self, pick: int) -> Draft:
        value = _at(self._options(), pick)[0]
        pending = self._draft.pending
        if pending["need"] != "values":
            return self._filled(value)
        chosen = [one for one in pending["chosen"] if one != value]
        if len(chosen) == len(pending["chosen"]):
            chosen.append(value)
        return self._go("value", **{**pending, "chosen": chosen})

    def _finish(self, _pick: int) -> Draft:
        chosen = self._draft.pending.get("chosen")
        if not chosen:
            raise UnfitError("value")
        return self._filled(", ".join(chosen))

    def _typed_value(self, text: str) -> Draft:
        pending = self._draft.pending
        need, listed = pending["need"], self._options()
        if need not in ("values", "product"):
            value = value_of(need, text)
        else:
            value = matching([Option(one[0], one[1]) for one in listed], text)
        if value is None:
            raise UnfitError("value")
        if need != "values":
            return self._filled(value)
        known = {one[0] for one in listed}
        more = listed if value in known else [[value, " ".join(text.split())[:64], None], *listed]
        chosen = list(dict.fromkeys([*pending["chosen"], value]))
        return self._go("value", **{**pending, "chosen": chosen, "options": more, "page": 0})

    def _filled(self, value: str) -> Draft:
        pending = self._draft.pending
        return self._next(self._present(), {**pending, "filled": [*pending["filled"], value]})

    def _typed_line(self, text: str) -> Draft:
        condition = parse(text, catalogue.known(self._session))
        place = self._place(self._draft.pending.get("line"))
        return self._with(self.sheet.put(Line(condition), place))

    def _more(self, _pick: int) -> Draft:
        pending = self._draft.pending
        pages = max((len(self._options()) + PAGE - 1) // PAGE, 1)
        return self._go(self._draft.step, **{**pending, "page": (pending.get("page", 0) + 1) % pages})

    def _back(self, _pick: int) -> Draft:
        pending, step = self._draft.pending, _BACK.get(self._draft.step, "sheet")
        if step == "form":
            kept: dict[str, Any] = {
                key: pending[key] for key in ("line", "negated", "back") if key in pending
            }
            subject = self._present()
            if len(forms_for(subject)) > 1:
                return self._ask(subject, kept)
            step = "subject"
        if step == "subject":
            family = pending.get("back")
            return self._list(self._subjects.of(family), family=family) if family else self._home(0)
        return self._go(step)

    def _present(self) -> Subject:
        pending = self._draft.pending
        return self._by_key(pending.get("subject", ""), pending.get("title", ""))

    def _by_key(self, key: str, title: str) -> Subject:
        return replace(self._subjects.by_key(key), title=title)

    def _options(self) -> list[list[Any]]:
        found: list[list[Any]] = self._draft.pending.get("options", [])
        return found


def _short(condition: Condition) -> Condition:
    """Return a list of one value as the comparison it is."""
    if isinstance(condition, OneOf) and len(condition.values) == 1:
        return Compare(condition.field, "!=" if condition.excluded else "=", condition.values[0])
    return condition


def _at(listed: Any, pick: int) -> Any:
    if not 0 <= pick < len(listed):
        raise UnfitError("old")
    return listed[pick]


_TAPS: dict[str, Callable[[Builder, int], Draft]] = {
    "sheet": Builder._home,
    "mode": Builder._mode,
    "add": Builder._add,
    "line": Builder._line,
    "negate": Builder._negate,
    "remove": Builder._remove,
    "change": Builder._change,
    "family": Builder._family,
    "subject": Builder._subject,
    "form": Builder._form,
    "value": Builder._value,
    "finish": Builder._finish,
    "more": Builder._more,
    "back": Builder._back,
}
